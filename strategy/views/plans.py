"""The management's action plan beside OKR, and development work with its state (demands 106 and 110)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import get_editable
from core.editing import add_page, edit_page
from core.permissions import can
from programme.access import programme_view
from programme.models import Programme
from programme.page_selectors import statements_of
from strategy.models import PlanItem, Season, Unit
from strategy.okr.forms import PlanForm, TurnForm
from strategy.okr.making import refuse_unit
from strategy.okr.services import turn_into_objective
from strategy.views.objectives import both_ways
from strategy.views.okr import okr_address

SHAPES = {"open": "none", "going": "info", "done": "ok", "turned": "info", "dropped": "none"}


def _list(programme: Programme) -> str:
    return reverse("strategy:plan_list", args=[programme.slug])


@require_safe
@programme_view("strategy.view")
def plan_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Lines of the action plan by unit, and pieces of development work."""
    rows = (
        PlanItem.objects.filter(programme=programme)
        .select_related("unit", "owner", "objective")
        .order_by("kind", F("unit__position").asc(nulls_first=True), "unit", "position", "id")
    )
    action: dict[int | None, tuple[Unit | None, list[Any]]] = {}
    development = []
    for row in rows:
        shown = (row, SHAPES[row.state])
        if row.kind == PlanItem.Kind.DEVELOPMENT:
            development.append(shown)
        else:
            action.setdefault(row.unit_id, (row.unit, []))[1].append(shown)
    context = {
        "groups": list(action.values()), "development": development, "today": timezone.localdate(),
        "may_edit": can(request.user, "okr.edit", programme),
        "statements": statements_of(programme, "action_plan"),
    }  # fmt: skip
    return TemplateResponse(request, "strategy/plan_list.html", context)


@both_ways
@programme_view("okr.edit")
def plan_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A new line of the action plan, or development work with `?kind=development`."""
    kind = request.GET.get("kind", "")
    first = {"kind": kind} if kind in PlanItem.Kind.values else {}
    back = _list(programme)
    title = (
        _("Add development work") if kind == PlanItem.Kind.DEVELOPMENT else _("Add a line to the action plan")
    )
    return add_page(
        request, PlanForm, programme, title=title, back=back, done=lambda row: back, initial=first
    )


@both_ways
@programme_view("okr.edit")
def plan_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """A line's words, unit, days and state; closing it is a state."""
    item = get_editable(PlanItem.objects.filter(programme=programme), request.user, "okr.edit", pk=pk)
    return edit_page(request, PlanForm, item, title=_("Edit a line of the plan"), back=_list(programme))


@both_ways
@programme_view("okr.edit")
def plan_turn(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Makes an objective of a line: in which unit and season, and what in the strategy it serves."""
    item = get_editable(PlanItem.objects.filter(programme=programme), request.user, "okr.edit", pk=pk)
    live = (Season.State.OPEN, Season.State.PLANNED)
    seasons = Season.objects.filter(programme=programme, state__in=live).order_by("starts_on")
    units = Unit.objects.filter(programme=programme, is_closed=False, uses_okr_from__isnull=False)
    item.programme = programme
    form = TurnForm(
        request.POST if request.method == "POST" else None, item=item, seasons=seasons, units=units
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            links = {name: given[name] for name in ("annual_objective", "spearhead", "main_line")}
            try:
                refuse_unit(given["unit"], given["season"])
                made = turn_into_objective(
                    item=item, season=given["season"], unit=given["unit"], links=links, by=request.user
                )
            except ValidationError as refused:
                form.add_error(None, refused)
            else:
                messages.success(request, _("The line is now a draft objective. Give it key results."))
                return redirect(okr_address(programme, made.pk))
    context = {
        "item": item, "form": form, "back": _list(programme), "has_seasons": seasons.exists(),
        "has_units": units.exists(),
    }  # fmt: skip
    response = TemplateResponse(request, "strategy/plan_turn.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
