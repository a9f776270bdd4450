"""Pages about reading Sotkanet's figures: the runs, one run, and the values that wait for somebody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from config import limits
from core.access import get_editable
from core.permissions import may_somewhere
from kpis.models import Indicator
from kpis.refreshing import selectors
from kpis.refreshing.forms import DecideForm
from kpis.refreshing.quarantine import decide
from kpis.refreshing.runs import ask, links_of
from kpis.services import ids_of
from programme.access import programme_view
from programme.models import Programme


@require_safe
@programme_view("kpi.view")
def refresh_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    page = Paginator(selectors.runs_of(programme), limits.PAGE_ROWS).get_page(request.GET.get("page"))
    return TemplateResponse(
        request,
        "kpis/refresh_list.html",
        {
            "page": page,
            "runs": [(run, *selectors.run_state(run)) for run in page],
            "service": selectors.service(),
            "failing": selectors.failing(programme),
            "waiting": selectors.waiting_values(programme).count(),
            "sources": links_of(programme).count(),
        },
    )


@require_safe
@programme_view("kpi.view")
def refresh_detail(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """The whole page, or its figures when htmx asks for them while the run is under way."""
    run = get_object_or_404(selectors.runs_of(programme), pk=pk)
    run.programme = programme
    part = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"
    kind, word = selectors.run_state(run)
    response = TemplateResponse(
        request,
        "kpis/_refresh_run.html" if part else "kpis/refresh_detail.html",
        {
            "run": run,
            "kind": kind,
            "word": word,
            "active": selectors.is_active(run),
            "done": run.asked - run.left,  # type: ignore[attr-defined]
            "items": selectors.items_of(run),
        },
    )
    response["Vary"] = "HX-Request, HX-Boosted"
    return response


@require_POST
@programme_view("kpi.refresh")
def refresh_start(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Asks for all figures of the programme; who asks twice sees the same run."""
    if not links_of(programme).exists():
        messages.info(request, _("No indicator has a source in Sotkanet yet."))
        return redirect("kpis:refresh_list", programme.slug)
    return redirect("kpis:refresh_detail", programme.slug, ask(programme=programme, by=request.user).pk)


@require_POST
@programme_view("kpi.refresh")
def indicator_refresh(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Asks for the figures of one indicator."""
    indicator = get_editable(
        Indicator.objects.filter(programme=programme), request.user, "kpi.refresh", pk=pk
    )
    if not links_of(programme, indicator).exists():
        messages.info(request, _("This indicator has no source in Sotkanet."))
        return redirect("kpis:indicator_detail", programme.slug, pk)
    run = ask(programme=programme, indicator=indicator, by=request.user)
    return redirect("kpis:refresh_detail", programme.slug, run.pk)


@require_safe
@programme_view("kpi.view")
def quarantine_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    return _quarantine(request, programme, DecideForm(), set())


@require_POST
@programme_view("kpi.edit")
def quarantine_decide(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Takes or refuses the chosen values (`act`)."""
    form, chosen = DecideForm(request.POST), ids_of(request.POST.getlist("value"))
    take = request.POST.get("act") == "take"
    if form.is_valid() and not chosen:
        form.add_error(None, _("Tick the values that you decide on."))
    if not form.is_valid():
        return _quarantine(request, programme, form, chosen, status=422)
    done = decide(
        programme=programme, values=chosen, take=take, reason=form.cleaned_data["reason"], by=request.user,
        on=programme.today(),
    )  # fmt: skip
    _say(request, done.decided, done.gone, take)
    return redirect("kpis:quarantine_list", programme.slug)


def _say(request: HttpRequest, decided: int, gone: int, take: bool) -> None:
    if decided and take:
        messages.success(
            request,
            ngettext("%(n)s value was taken.", "%(n)s values were taken.", decided) % {"n": decided},
        )
    elif decided:
        messages.success(
            request,
            ngettext("%(n)s value was refused.", "%(n)s values were refused.", decided) % {"n": decided},
        )
    if gone:
        messages.info(
            request,
            ngettext(
                "%(n)s value no longer waited: somebody decided on it, or the source took it back.",
                "%(n)s values no longer waited: somebody decided on them, or the source took them back.",
                gone,
            )
            % {"n": gone},
        )


def _quarantine(
    request: HttpRequest, programme: Programme, form: Any, chosen: set[int], status: int = 200
) -> HttpResponse:
    rows = selectors.waiting_values(programme)
    page = Paginator(rows, limits.PAGE_ROWS).get_page(request.GET.get("page"))
    return TemplateResponse(
        request,
        "kpis/quarantine_list.html",
        {
            "form": form,
            "page": page,
            "lines": selectors.as_lines(page),
            "chosen": chosen,
            "decided": selectors.as_lines(selectors.decided_values(programme)[:DECIDED]),
            "may_decide": may_somewhere(request.user, "kpi.edit", programme),
        },
        status=status,
    )


#: Decisions shown below those that are still to be made.
DECIDED = 20
