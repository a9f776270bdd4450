"""Bodies with their seats, and the tasks of the sides of leading the change."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import get_editable
from core.editing import add_page, edit_page
from core.permissions import can
from core.templatetags.ui import plain_text
from programme.access import programme_view
from programme.governance.forms import SeatForm, TaskForm
from programme.governance.meetings import end_seat, seats
from programme.governance.register import VIEW, decisions_for
from programme.governance.views.shared import act, both_ways
from programme.models import Body, Meeting, Membership, PerspectiveTask, Programme, ReportingDuty

#: Rows of each list of a body's page; the rest is on the list's own page.
SHOWN = 8


def body_address(programme: Programme, key: str) -> str:
    return reverse("programme:body_detail", args=[programme.slug, key])


@require_safe
@programme_view(VIEW)
def body_detail(request: HttpRequest, programme: Programme, key: str) -> HttpResponse:
    """A body's task and decisions; to who sees governance also its seats, meetings and duties."""
    body = get_object_or_404(Body, programme=programme, key=key)
    decisions = decisions_for(programme, request.user).filter(body=body)
    context = {"body": body, "decisions": decisions[:SHOWN], "decision_count": decisions.count()}
    if can(request.user, "governance.view", programme):
        now, past = seats(body, programme.today())
        meetings = Meeting.objects.filter(programme=programme, body=body)
        duties = ReportingDuty.objects.filter(programme=programme).select_related("from_body")
        context |= {
            "sees_all": True, "sees_meetings": can(request.user, "register.view", programme),
            "seats": now, "past_seats": past, "meetings": meetings[:SHOWN],
            "meeting_count": meetings.count(), "gives": duties.filter(from_body=body),
            "gets": duties.filter(recipients__body=body), "may_edit": can(request.user, "governance.edit", body),
            "may_call": can(request.user, "meeting.edit", programme),
        }  # fmt: skip
    return TemplateResponse(request, "programme/body_detail.html", context)


@both_ways
@programme_view("governance.edit")
def seat_add(request: HttpRequest, programme: Programme, key: str) -> HttpResponse:
    body = get_editable(Body.objects.filter(programme=programme), request.user, "governance.edit", key=key)
    back = body_address(programme, key)
    return add_page(
        request, SeatForm, programme, title=_("Add a member: %(body)s") % {"body": plain_text(body)}, back=back,
        instance=Membership(programme=programme, body=body), initial={"starts_on": programme.today()},
        done=lambda row: back,
    )  # fmt: skip


def _seat(request: HttpRequest, programme: Programme, pk: int) -> Membership:
    rows = Membership.objects.filter(programme=programme).select_related("body", "user")
    seat: Membership = get_editable(rows, request.user, "governance.edit", pk=pk)
    return seat


@both_ways
@programme_view("governance.edit")
def seat_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    seat = _seat(request, programme, pk)
    return edit_page(
        request,
        SeatForm,
        seat,
        title=_("Edit a seat"),
        back=body_address(programme, seat.body.key),
    )


@require_POST
@programme_view("governance.edit")
def seat_end(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Ends a seat today."""
    seat = _seat(request, programme, pk)
    return act(
        request, lambda: end_seat(membership=seat, on=programme.today(), by=request.user),
        told=_("The seat was ended."), back=body_address(programme, seat.body.key),
    )  # fmt: skip


@both_ways
@programme_view("governance.edit")
def task_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Who does a task of a side of leading the change."""
    rows = PerspectiveTask.objects.filter(programme=programme)
    task = get_editable(rows, request.user, "governance.edit", pk=pk)
    back = f"{reverse('programme:governance', args=[programme.slug])}#task-{task.pk}"
    return edit_page(request, TaskForm, task, title=plain_text(task), back=back)
