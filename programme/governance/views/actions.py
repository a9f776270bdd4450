"""Action points: what somebody promised to do by a day."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import get_editable
from core.editing import add_page, edit_page
from core.permissions import can, require
from programme.access import programme_view
from programme.governance import meetings
from programme.governance.forms import ActionForm
from programme.governance.saving import save_action
from programme.governance.views.shared import act, both_ways
from programme.models import ActionPoint, Programme

ENDED = 50


def action_address(programme: Programme, pk: int | None = None) -> str:
    return reverse("programme:action_list", args=[programme.slug]) + (f"#action-{pk}" if pk else "")


@require_safe
@programme_view("register.view")
def action_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Open action points by their day, then those that ended; `?mine=1` shows one's own."""
    rows = ActionPoint.objects.filter(programme=programme).select_related(
        "owner", "meeting__body", "decision"
    )
    mine = request.GET.get("mine") == "1"
    if mine:
        rows = rows.filter(owner=request.user.pk)
    open_rows = list(
        rows.filter(state=ActionPoint.State.OPEN).order_by(F("due_on").asc(nulls_last=True), "id")
    )
    ended = rows.exclude(state=ActionPoint.State.OPEN).order_by(F("done_on").desc(nulls_last=True), "-id")
    page = Paginator(ended, ENDED).get_page(request.GET.get("page"))
    context = {
        "open": [(row, can(request.user, "action.edit", row)) for row in open_rows], "page": page, "mine": mine,
        "ended": [(row, can(request.user, "action.edit", row)) for row in page.object_list],
        "may_add": can(request.user, "decision.add", programme), "today": programme.today(),
        "has_illustrative": any(row.is_illustrative for row in [*open_rows, *page.object_list]),
    }  # fmt: skip
    return TemplateResponse(request, "programme/action_list.html", context)


def _action(request: HttpRequest, programme: Programme, pk: int) -> ActionPoint:
    rows = ActionPoint.objects.filter(programme=programme).select_related("owner", "programme")
    row: ActionPoint = get_editable(rows, request.user, "action.edit", pk=pk)
    return row


@both_ways
@programme_view("decision.add")
def action_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    require(request.user, "decision.add", programme)
    back = action_address(programme)
    return add_page(
        request, ActionForm, programme, title=_("Add an action point"), back=back,
        make=lambda form, by: meetings.promise(action=form.instance, by=by),
        done=lambda row: action_address(programme, row.pk),
    )  # fmt: skip


@both_ways
@programme_view("action.edit")
def action_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    row = _action(request, programme, pk)
    return edit_page(
        request, ActionForm, row, title=_("Edit an action point"), back=action_address(programme, pk),
        save=save_action,
    )  # fmt: skip


@require_POST
@programme_view("action.edit")
def action_done(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    row = _action(request, programme, pk)
    return act(
        request, lambda: meetings.finish(action=row, on=programme.today(), by=request.user),
        told=_("The action point is done."), back=action_address(programme),
    )  # fmt: skip


@require_POST
@programme_view("action.edit")
def action_drop(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    row = _action(request, programme, pk)
    return act(
        request, lambda: meetings.drop(action=row, by=request.user), told=_("The action point was dropped."),
        back=action_address(programme),
    )  # fmt: skip


@require_POST
@programme_view("action.edit")
def action_reopen(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    row = _action(request, programme, pk)
    return act(
        request, lambda: meetings.take_up(action=row, by=request.user),
        told=_("The action point is open again."), back=action_address(programme, pk),
    )  # fmt: skip
