"""Entered values: those of an indicator, one of them, and the queue of those that wait for approval."""

from __future__ import annotations

import re
from secrets import token_urlsafe
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.access import get_editable
from core.editing import add_page, edit_page, submitted_once
from core.permissions import can, require
from kpis.models import Indicator, ManualValue
from kpis.values import entering, selectors
from kpis.values.forms import ManualValueForm, ReturnForm
from kpis.values.indicator_views import both_ways, crumbs, editable_indicator
from programme.access import programme_view
from programme.models import Programme


def _list_of(indicator: Indicator) -> str:
    return reverse("kpis:value_list", args=[indicator.programme.slug, indicator.pk])


def _values(programme: Programme) -> Any:
    return ManualValue.objects.filter(programme=programme).select_related(
        "indicator__owner", "source_link", "entered_by", "decided_by", "observation"
    )


def _up(indicator: Indicator) -> list[tuple[Any, str]]:
    return [*crumbs(indicator), (_("Entered values"), _list_of(indicator))]


@require_safe
@programme_view("kpi.view")
def value_list(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """What people have entered for the indicator, with its state, and the sources that feed it."""
    indicator = get_object_or_404(
        Indicator.objects.filter(programme=programme).select_related("owner"), pk=pk
    )
    indicator.programme = programme
    context = {
        "indicator": indicator, "values": selectors.shown_values(_values(programme).filter(indicator=indicator)),
        "up": crumbs(indicator), "may_enter": can(request.user, "kpi.enter", indicator),
        "may_edit": can(request.user, "kpi.edit", indicator),
        "sources": selectors.own_sources(indicator), "coverage": selectors.coverage_of(indicator),
        "is_judged": selectors.is_judged(indicator), "inputs": selectors.stated_inputs(indicator),
        "year": programme.today().year,
    }  # fmt: skip
    return TemplateResponse(request, "kpis/value_list.html", context)


@both_ways
@programme_view("kpi.enter")
def value_add(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """A value of one period; `?of=<id>` begins with an earlier value that is corrected, `?baseline=1` marks it."""
    indicator = editable_indicator(request, programme, pk, "kpi.enter")
    return add_page(
        request, ManualValueForm, programme, title=_("Enter a value"), back=_list_of(indicator),
        done=lambda row: _list_of(indicator), make=lambda form, by: entering.enter(value=form.instance, by=by),
        instance=ManualValue(programme=programme, indicator=indicator), initial=_first(request, indicator),
        template="kpis/value_edit.html", context={"up": _up(indicator), "indicator": indicator},
        submit=_("Send for approval"), told=_("The value was entered. It counts when somebody else has approved it."),
    )  # fmt: skip


def _first(request: HttpRequest, indicator: Indicator) -> dict[str, Any]:
    """The values with which the form of a new value begins."""
    of, today = request.GET.get("of", ""), indicator.programme.today()
    if of.isascii() and of.isdigit() and len(of) < 19:
        before = ManualValue.objects.filter(indicator=indicator, pk=int(of)).first()
        if before is not None:
            names = (
                "year",
                "term",
                "month",
                "region_role",
                "breakdown",
                "value",
                "count",
                "base_count",
                "is_baseline",
            )
            return {name: getattr(before, name) for name in names} | {
                "source_link": before.source_link_id, "source": before.source, "note": before.note,
            }  # fmt: skip
    first: dict[str, Any] = {"year": today.year - 1, "is_baseline": request.GET.get("baseline") == "1"}
    if indicator.cycle_months == 1:
        first |= {"year": today.year, "month": today.month}
    return first


@require_safe
@programme_view("kpi.view")
def value_detail(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """One entered value beside what counts now, and what may be done with it."""
    return _detail(request, get_object_or_404(_values(programme), pk=pk), programme)


def _detail(
    request: HttpRequest, value: ManualValue, programme: Programme, form: ReturnForm | None = None
) -> HttpResponse:
    value.programme = value.indicator.programme = programme
    waits, is_own = value.state == ManualValue.State.ENTERED, value.entered_by_id == request.user.pk
    context = {
        "value": selectors.shown_value(value), "indicator": value.indicator, "now": entering.latest_of(value),
        "up": _up(value.indicator), "is_own": is_own,
        "may_decide": waits and not is_own and can(request.user, "kpi.approve", value),
        "waits_for_others": waits and is_own,
        "may_edit": is_own and value.state != ManualValue.State.APPROVED and can(request.user, "kpi.enter", value),
        "may_correct": value.state == ManualValue.State.APPROVED and can(request.user, "kpi.enter", value),
        "form": form or ReturnForm(initial={"token": token_urlsafe(24)}),
    }  # fmt: skip
    return TemplateResponse(
        request, "kpis/value_detail.html", context, status=422 if form is not None and form.errors else 200
    )


@both_ways
@programme_view("kpi.enter")
def value_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Corrects a value of one's own that waits or was returned."""
    value: ManualValue = get_editable(_values(programme), request.user, "kpi.enter", pk=pk)
    if value.entered_by_id not in (None, request.user.pk):
        raise PermissionDenied(entering.BY_OTHERS)
    value.programme = value.indicator.programme = programme
    if value.state == ManualValue.State.APPROVED:
        return redirect(
            f"{reverse('kpis:value_add', args=[programme.slug, value.indicator_id])}?of={value.pk}"
        )

    def save(form: Any, by: Any) -> Any:
        return entering.enter_again(
            value=value, fields=form.entered, version=form.shown.get("version"), by=by
        )

    return edit_page(
        request, ManualValueForm, value, title=_("Correct the value"), back=_list_of(value.indicator), save=save,
        template="kpis/value_edit.html", context={"up": _up(value.indicator), "indicator": value.indicator},
        submit=_("Send for approval"),
    )  # fmt: skip


# --- deciding -----------------------------------------------------------------------------------------------------


@require_safe
@programme_view("kpi.approve")
def value_queue(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Every value of the programme that waits for approval."""
    rows = selectors.shown_values(entering.waiting([programme]), with_now=True)
    context = {
        "rows": rows, "own": sum(one.row.entered_by_id == request.user.pk for one in rows),
        "files": selectors.waiting_files(programme),
    }  # fmt: skip
    return TemplateResponse(request, "kpis/value_queue.html", context)


@require_POST
@programme_view("kpi.approve")
def value_approve(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Makes one value count."""
    value: ManualValue = get_editable(_values(programme), request.user, "kpi.approve", pk=pk)
    value.programme = value.indicator.programme = programme
    try:
        entering.approve(value=value, by=request.user, on=programme.today())
    except ValidationError as refused:
        if refused.code == "own":
            raise PermissionDenied(entering.NOT_OWN) from refused
        messages.error(request, " ".join(refused.messages))
        return redirect("kpis:value_detail", programme.slug, value.pk)
    messages.success(request, _("The value was approved and counts."))
    return redirect(_list_of(value.indicator))


@require_POST
@programme_view("kpi.approve")
def value_return(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Returns one value with the reason."""
    value: ManualValue = get_editable(_values(programme), request.user, "kpi.approve", pk=pk)
    value.programme = value.indicator.programme = programme
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _detail(request, value, programme, form)
    try:
        with submitted_once(form.cleaned_data["token"], request.user) as sending:
            if not sending.is_repeat:
                entering.give_back(
                    value=value, reason=form.cleaned_data["reason"], by=request.user, on=programme.today()
                )
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("The value was returned."))
    return redirect("kpis:value_detail", programme.slug, value.pk)


@require_POST
@programme_view("kpi.approve")
def values_approve(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Approves the ticked values (`row` is id:version); own ones and those that moved are left."""
    require(request.user, "kpi.approve", programme)
    found = entering.approve_many(
        programme=programme,
        versions=_versions(request.POST.getlist("row")),
        by=request.user,
        on=programme.today(),
    )
    if found.done:
        told = ngettext("%(n)s value was approved.", "%(n)s values were approved.", found.done)
        messages.success(request, told % {"n": found.done})
    if found.own:
        messages.error(request, _("Values you entered yourself wait for somebody else."))
    if found.left:
        told = ngettext(
            "%(n)s value was left: look at it again.",
            "%(n)s values were left: look at them again.",
            found.left,
        )
        messages.error(request, told % {"n": found.left})
    if not (found.done or found.own or found.left):
        messages.error(request, _("Tick at least one value."))
    return redirect("kpis:value_queue", programme.slug)


def _versions(texts: list[str]) -> dict[int, int]:
    """Ids and versions of ticked rows; what is none is left out."""
    pairs = (re.fullmatch(r"([0-9]{1,18}):([0-9]{1,9})", text, re.ASCII) for text in texts[:500])
    return {int(found[1]): int(found[2]) for found in pairs if found}
