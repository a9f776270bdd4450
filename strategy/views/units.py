"""Units that set objectives: the tree, one unit with its seasons and plan, and their administration."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.access import get_editable
from core.editing import add_page, edit_page
from core.permissions import can, require
from core.templatetags.ui import plain_text
from programme.access import programme_view
from programme.models import OrganisationUnit, Programme, Sector
from strategy.models import PlanItem, Season, Unit, UnitMember
from strategy.okr.forms import MemberForm, UnitForm
from strategy.okr.making import uses_okr
from strategy.okr.parameters import stale_days
from strategy.okr.selectors import current_season, objectives_of, unit_tree, way_up
from strategy.okr.units import add_unit, make_units, remove_member
from strategy.views.objectives import both_ways


def unit_address(programme: Programme, pk: int) -> str:
    return reverse("strategy:unit_detail", args=[programme.slug, pk])


def units_of(programme: Programme) -> Any:
    return Unit.objects.filter(programme=programme).select_related("parent", "sector")


@require_safe
@programme_view("strategy.view")
def unit_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Units from the county down, with their people and from when they use OKR."""
    names: dict[int, list[UnitMember]] = {}
    for member in (
        UnitMember.objects.filter(programme=programme).select_related("user").order_by("-is_lead", "pk")
    ):
        names.setdefault(member.unit_id, []).append(member)
    tree = unit_tree(programme, [])
    known = set(Unit.objects.filter(programme=programme).values_list("key", flat=True))
    context = {
        "tree": [(unit, names.get(unit.row.pk, [])) for unit in tree],
        "today": timezone.localdate(),
        "may_edit": can(request.user, "okr.edit", programme),
        "can_bring": not known or _sources(programme) - known != set(),
    }
    return TemplateResponse(request, "strategy/unit_list.html", context)


def _sources(programme: Programme) -> set[str]:
    """Keys of units that the programme's sectors and organisation units would make."""
    sectors = Sector.objects.filter(programme=programme).values_list("key", flat=True)
    units = OrganisationUnit.objects.filter(programme=programme).values_list("key", flat=True)
    return {f"s-{key}"[:60] for key in sectors} | {f"u-{key}"[:60] for key in units}


@require_safe
@programme_view("strategy.view")
def unit_detail(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """One unit: its people, objectives of the season that runs, its plan, and what it did before."""
    unit = get_object_or_404(units_of(programme), pk=pk)
    today = timezone.localdate()
    season = current_season(programme, today)
    found = []
    if season is not None:
        season.programme = programme
        found = objectives_of(season, today, after_days=stale_days(programme), unit=unit)
        for one in found:
            one.way = way_up(one.row)
    earlier = (
        unit.objectives.select_related("season")
        .exclude(season=season)
        .order_by("-season__starts_on", "position")
    )
    context = {
        "unit": unit, "season": season, "rows": found, "earlier": earlier,
        "members": unit.members.select_related("user").order_by("-is_lead", "pk"),
        "parts": unit.parts.all(),
        "plan": PlanItem.objects.filter(unit=unit).exclude(state=PlanItem.State.DROPPED).select_related("owner"),
        "may_edit": can(request.user, "okr.edit", unit),
        "may_own": can(request.user, "okr.own", unit),
        "can_add": season is not None and uses_okr(unit, season)
        and season.state in (Season.State.PLANNED, Season.State.OPEN),
        "today": today,
    }  # fmt: skip
    return TemplateResponse(request, "strategy/unit_detail.html", context)


@both_ways
@programme_view("okr.edit")
def unit_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    return add_page(
        request, UnitForm, programme, title=_("Add a unit"), make=add_unit,
        back=reverse("strategy:unit_list", args=[programme.slug]), done=lambda row: unit_address(programme, row.pk),
    )  # fmt: skip


@both_ways
@programme_view("okr.edit")
def unit_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Name, place in the organisation, and from when the unit uses OKR."""
    unit = get_editable(units_of(programme), request.user, "okr.edit", pk=pk)
    return edit_page(request, UnitForm, unit, title=_("Edit the unit"), back=unit_address(programme, pk))


@require_POST
@programme_view("okr.edit")
def unit_bring(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Makes units of the county, its sectors and organisation units in one step."""
    require(request.user, "okr.edit", programme)
    count = len(make_units(programme=programme, by=request.user))
    told = ngettext("%(n)s unit was made.", "%(n)s units were made.", count) % {"n": count}
    messages.success(request, told if count else _("All of them are units already."))
    return redirect(reverse("strategy:unit_list", args=[programme.slug]))


@both_ways
@programme_view("okr.edit")
def member_add(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Somebody who joins the unit and sets its objectives with the others."""
    unit = get_editable(units_of(programme), request.user, "okr.edit", pk=pk)
    back = unit_address(programme, pk)
    return add_page(
        request, MemberForm, programme, title=_("Add a member"), back=back, done=lambda row: back,
        instance=UnitMember(programme=programme, unit=unit), context={"lead": plain_text(unit)},
    )  # fmt: skip


@require_POST
@programme_view("okr.edit")
def member_remove(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Takes a person out of a unit."""
    rows = UnitMember.objects.filter(programme=programme).select_related("unit")
    member = get_editable(rows, request.user, "okr.edit", pk=pk)
    remove_member(member=member, by=request.user)
    messages.success(request, _("Taken out of the unit."))
    return redirect(unit_address(programme, member.unit_id))
