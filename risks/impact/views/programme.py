"""Impact areas of the programme, the groups that changes touch, and how its promises are kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Max, ProtectedError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access import get_editable
from core.editing import add_page, edit_page
from core.history import own_context
from core.permissions import can
from core.templatetags.ui import plain_text
from programme.access import programme_view
from programme.models import Programme
from programme.page_selectors import statements_of
from risks.impact import selectors
from risks.impact.exports import promises_csv
from risks.impact.forms import AreaForm, GroupForm, StatementForm, WatchForm
from risks.impact.watching import watch, watched_of
from risks.models import (
    AffectedGroup,
    ImpactArea,
    ImpactStatement,
    ImpactWatch,
    ProductionAnalysis,
    Promise,
    PromiseCheck,
)

READ_AND_SEND = require_http_methods(["GET", "HEAD", "POST"])
EDIT = "impact.edit"


# --- areas --------------------------------------------------------------------------------------------------------


@require_safe
@programme_view("risk.view")
def impact_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Every area: which way it moves and why, what is watched, and what measures say of it."""
    analyses = ProductionAnalysis.objects.filter(programme=programme).select_related("measure", "service")
    context = {
        "lines": selectors.area_lines(programme),
        "groups": list(AffectedGroup.objects.filter(programme=programme)),
        "analyses": list(analyses),
        "notes": statements_of(programme, "impact_note"),
        "may_edit": can(request.user, EDIT, programme),
    }
    return TemplateResponse(request, "risks/impact_list.html", context)


@require_safe
@programme_view("risk.view")
def impact_detail(request: HttpRequest, programme: Programme, key: str) -> HttpResponse:
    """One area with the answer of every measure that was held against it."""
    area = _area(programme, key)
    context = {
        "area": area,
        "watched": watched_of([area])[area.pk],
        "checks": selectors.assessments_of(area),
        "may_edit": can(request.user, EDIT, area),
    }
    return TemplateResponse(request, "risks/impact_detail.html", context)


def _area(programme: Programme, key: str) -> ImpactArea:
    rows = ImpactArea.objects.filter(programme=programme).prefetch_related("statements")
    area: ImpactArea = get_object_or_404(rows, key=key)
    area.programme = programme
    return area


def _area_page(area: ImpactArea) -> str:
    return reverse("risks:impact_detail", args=[area.programme.slug, area.key])


@READ_AND_SEND
@programme_view(EDIT)
def impact_edit(request: HttpRequest, programme: Programme, key: str) -> HttpResponse:
    area = _area(programme, key)
    title = _("Edit: %(name)s") % {"name": plain_text(area)}
    return edit_page(request, AreaForm, area, title=title, back=_area_page(area))


@READ_AND_SEND
@programme_view(EDIT)
def impact_statement_add(request: HttpRequest, programme: Programme, key: str) -> HttpResponse:
    """A new sentence, last in the list."""
    area = _area(programme, key)
    position = (area.statements.aggregate(last=Max("position"))["last"] or 0) + 1
    row = ImpactStatement(programme=programme, area=area, position=position, key=f"{area.key}/own-{position}")
    return add_page(
        request, StatementForm, programme, title=_("Add what the programme says"), back=_area_page(area),
        done=lambda _row: _area_page(area), instance=row, context={"lead": plain_text(area)},
    )  # fmt: skip


def _statement(request: HttpRequest, programme: Programme, pk: int) -> ImpactStatement:
    rows = ImpactStatement.objects.filter(programme=programme).select_related("area")
    row: ImpactStatement = get_editable(rows, request.user, EDIT, pk=pk)
    row.programme = row.area.programme = programme
    return row


@READ_AND_SEND
@programme_view(EDIT)
def impact_statement_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    row = _statement(request, programme, pk)
    return edit_page(
        request, StatementForm, row, title=_("Edit what the programme says"), back=_area_page(row.area),
        context={"lead": plain_text(row.area)},
    )  # fmt: skip


@READ_AND_SEND
@programme_view(EDIT)
def impact_statement_remove(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    row = _statement(request, programme, pk)
    return _remove(request, row, _("Remove what the programme says"), plain_text(row), _area_page(row.area))


@READ_AND_SEND
@programme_view(EDIT)
def impact_watch_add(request: HttpRequest, programme: Programme, key: str) -> HttpResponse:
    """An indicator of the programme that would show the effect."""
    area = _area(programme, key)

    def make(form: Any, by: Any) -> ImpactWatch:
        given = form.cleaned_data
        return watch(area=area, indicator=given["indicator"], note=given.get("note") or "", by=by)

    return add_page(
        request, WatchForm, programme, title=_("Watch an indicator"), back=_area_page(area),
        done=lambda _row: _area_page(area), instance=ImpactWatch(programme=programme, area=area), make=make,
        context={"lead": plain_text(area)},
    )  # fmt: skip


@READ_AND_SEND
@programme_view(EDIT)
def impact_watch_remove(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    rows = ImpactWatch.objects.filter(programme=programme).select_related("area")
    row = get_editable(rows, request.user, EDIT, pk=pk)
    row.area.programme = programme
    lead = plain_text(row.indicator) if row.indicator is not None else plain_text(row.area)
    return _remove(request, row, _("Watch the indicator no more"), lead, _area_page(row.area))


def _remove(request: HttpRequest, row: Any, title: str, lead: str, back: str) -> HttpResponse:
    """Asks first; the history keeps what it was."""
    problem = ""
    if request.method == "POST":
        try:
            with transaction.atomic(), own_context(user=request.user.pk):
                row.delete()
        except ProtectedError:
            problem = _("Measures have answers about it: it stays.")
        else:
            messages.success(request, _("Removed."))
            return redirect(back)
    context = {"title": title, "lead": lead, "back": back, "problem": problem}
    return TemplateResponse(request, "risks/impact_remove.html", context, status=422 if problem else 200)


# --- groups ---------------------------------------------------------------------------------------------------------


def _groups_page(programme: Programme) -> str:
    return f"{reverse('risks:impact_list', args=[programme.slug])}#groups"


@READ_AND_SEND
@programme_view(EDIT)
def impact_group_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A new group, last in the list: every measure is asked about it from now on."""
    last = AffectedGroup.objects.filter(programme=programme).aggregate(last=Max("position"))["last"] or 0

    back = _groups_page(programme)
    return add_page(
        request, GroupForm, programme, title=_("Add a group of people"), back=back, done=lambda _row: back,
        instance=AffectedGroup(programme=programme, position=last + 1, key=f"own-{last + 1}"),
    )  # fmt: skip


def _group(request: HttpRequest, programme: Programme, pk: int) -> AffectedGroup:
    row: AffectedGroup = get_editable(
        AffectedGroup.objects.filter(programme=programme), request.user, EDIT, pk=pk
    )
    row.programme = programme
    return row


@READ_AND_SEND
@programme_view(EDIT)
def impact_group_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    row = _group(request, programme, pk)
    return edit_page(
        request, GroupForm, row, title=_("Edit the group of people"), back=_groups_page(programme)
    )


@READ_AND_SEND
@programme_view(EDIT)
def impact_group_remove(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """A group that measures have answered about stays."""
    row = _group(request, programme, pk)
    return _remove(request, row, _("Remove the group of people"), plain_text(row), _groups_page(programme))


# --- promises -------------------------------------------------------------------------------------------------------


@require_safe
@programme_view("risk.view")
def promise_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Every promise across the measures: kept, at risk, broken, not relevant, not looked at."""
    report = selectors.promise_report(programme)
    return TemplateResponse(request, "risks/promise_list.html", {"report": report})


@require_safe
@programme_view("risk.view")
def promise_detail(request: HttpRequest, programme: Programme, key: str) -> HttpResponse:
    """The measures that gave one answer about a promise, or all of them."""
    promise = get_object_or_404(Promise, programme=programme, key=key)
    answers = {"": _("not looked at")} | {str(one): str(one.label) for one in PromiseCheck.Answer}
    answer = request.GET.get("answer")
    if answer is not None and answer not in answers and answer != "none":
        raise Http404
    wanted = "" if answer == "none" else answer
    context = {
        "promise": promise,
        "answer": answer,
        "word": answers[wanted] if wanted is not None else "",
        "answered": selectors.answers_about(promise, wanted),
    }
    return TemplateResponse(request, "risks/promise_detail.html", context)


@require_safe
@programme_view("risk.view")
def promise_export(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Every answer about promises as a table."""
    answer = HttpResponse(promises_csv(programme), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{programme.slug}-promises.csv"'
    return answer
