"""Reporting duties in time: what is due, kept and missed."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import get_editable
from core.editing import RowForm, edit_page
from core.permissions import can
from core.templatetags.ui import plain_text
from programme.access import programme_view
from programme.governance import duties
from programme.governance.calendar import DUTY_SHAPES
from programme.governance.forms import KeepForm, SkipForm
from programme.governance.views.shared import act, both_ways
from programme.models import DutyOccurrence, Programme, ReportingDuty

State = DutyOccurrence.State
#: Answered times on a page of the list.
ANSWERED = 20


def duty_address(programme: Programme) -> str:
    return reverse("programme:duty_list", args=[programme.slug])


@require_safe
@programme_view("governance.view")
def duty_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Duties with their cadence and how they were kept; missed and coming times first, answered ones after."""
    rows = list(
        ReportingDuty.objects.filter(programme=programme)
        .select_related("owner", "from_body")
        .prefetch_related("to_bodies")
        .annotate(
            **{state: Count("occurrences", filter=Q(occurrences__state=state)) for state in State.values}
        )
    )
    times = duties.occurrences(programme)
    answered = times.exclude(state__in=(State.DUE, State.MISSED))
    page = Paginator(answered, ANSWERED).get_page(request.GET.get("page"))
    context = {
        "duties": rows, "cadences": duties.two_cadences(rows), "kept_by": duties.KEPT_BY,
        "missed": _told(request.user, duties.missed(programme)),
        "coming": _told(request.user, _next_of_each(times)),
        "answered": _told(request.user, page.object_list), "page": page,
    }  # fmt: skip
    return TemplateResponse(request, "programme/duty_list.html", context)


def _next_of_each(times: Any) -> list[DutyOccurrence]:
    """The due time of each duty that comes first, by day; the calendar has the others."""
    coming = times.filter(state=State.DUE).order_by("duty_id", "due_on", "id").distinct("duty_id")
    return sorted(coming, key=lambda row: (row.due_on, row.duty.position))


def _told(user: Any, rows: Any) -> list[dict[str, Any]]:
    """Due times with their shape, and whether the person may answer them."""
    return [
        {"row": row, "shape": DUTY_SHAPES[row.state], "may_keep": can(user, "duty.keep", row)} for row in rows
    ]


def _occurrence(request: HttpRequest, programme: Programme, pk: int) -> DutyOccurrence:
    row: DutyOccurrence = get_editable(duties.occurrences(programme), request.user, "duty.keep", pk=pk)
    return row


@both_ways
@programme_view("duty.keep")
def duty_keep(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Says that a duty was done: on which day and who was told."""
    row = _occurrence(request, programme, pk)

    def save(form: RowForm, by: Any) -> Any:
        given = form.cleaned_data
        return duties.keep(occurrence=row, on=given["kept_on"], told=given["told"], note=given["note"], by=by)

    return edit_page(
        request, KeepForm, row, title=_("Done: %(duty)s") % {"duty": plain_text(row.duty, "what")},
        back=duty_address(programme), save=save, submit=_("Mark as done"),
    )  # fmt: skip


@both_ways
@programme_view("duty.keep")
def duty_skip(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Says that a duty is not needed this time, and why."""
    row = _occurrence(request, programme, pk)
    return edit_page(
        request, SkipForm, row, title=_("Not needed this time: %(duty)s") % {"duty": plain_text(row.duty, "what")},
        back=duty_address(programme),
        save=lambda form, by: duties.skip(occurrence=row, note=form.cleaned_data["note"], by=by),
    )  # fmt: skip


@require_POST
@programme_view("duty.keep")
def duty_undo(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Takes an answer back."""
    row = _occurrence(request, programme, pk)
    return act(
        request, lambda: duties.undo(occurrence=row, today=programme.today(), by=request.user),
        told=_("The answer was taken back."), back=duty_address(programme),
    )  # fmt: skip


def counts_by_state(programme: Programme) -> dict[str, int]:
    """How many due times are in each state."""
    found: dict[str, int] = defaultdict(int)
    for state, count in (
        DutyOccurrence.objects.filter(programme=programme)
        .order_by()
        .values_list("state")
        .annotate(Count("pk"))
    ):
        found[state] = count
    return found
