"""Development seasons: the one that runs, each one's page and board summary, and what opens and closes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.access import get_editable
from core.permissions import can, require
from programme.access import programme_view
from programme.models import Programme
from programme.page_selectors import statements_of
from strategy.models import Objective, PlanItem, Season, SeasonCycle, Unit
from strategy.okr.forms import SeasonEndForm
from strategy.okr.parameters import stale_days
from strategy.okr.selectors import Asked, SeasonPage, current_season, season_page, strategy_links
from strategy.okr.services import archive_season, close_season, make_seasons, open_season, unfinished
from strategy.views.objectives import both_ways

FIRST_YEAR, LAST_YEAR = 2000, 2100


def season_address(programme: Programme, pk: int) -> str:
    return reverse("strategy:season_detail", args=[programme.slug, pk])


def seasons_of(programme: Programme) -> Any:
    return Season.objects.filter(programme=programme)


def read_season(programme: Programme, season: Season, asked: Asked | None = None) -> SeasonPage:
    """The season as it stands today."""
    season.programme = programme
    return season_page(season, asked, today=timezone.localdate(), after_days=stale_days(programme))


def _asked(request: HttpRequest) -> Asked:
    """What the address narrows the season to; what it does not know is left out."""
    level, unit, link = (request.GET.get(name, "") for name in ("level", "unit", "link"))
    kind, _colon, number = link.partition(":")
    known = kind in ("annual", "line", "spearhead") and number.isascii() and number.isdigit()
    return Asked(
        level if level in Unit.Level.values else "",
        int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 15 else None,
        link if known else "",
    )


@require_safe
@programme_view("strategy.view")
def season_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The season that runs by level and unit; earlier ones; the next step where there is none."""
    today = timezone.localdate()
    season = current_season(programme, today)
    others = [row for row in seasons_of(programme) if season is None or row.pk != season.pk]
    years = {row.year for row in others} | ({season.year} if season else set())
    return _page(
        request, programme, "strategy/season_list.html", season,
        {
            "others": others,
            "free_years": [year for year in (today.year, today.year + 1) if year not in years],
            "cycle": SeasonCycle.objects.filter(programme=programme).first(),
            "statements": statements_of(programme, "okr", "okr_element", "okr_rollout", "action_plan"),
        },
    )  # fmt: skip


@require_safe
@programme_view("strategy.view")
def season_detail(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """One season, running or past."""
    season = get_object_or_404(seasons_of(programme), pk=pk)
    return _page(request, programme, "strategy/season_detail.html", season, {})


def _page(
    request: HttpRequest, programme: Programme, template: str, season: Season | None, more: dict[str, Any],
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    asked = _asked(request)
    context: dict[str, Any] = {
        "season": season,
        "asked": asked,
        "may_edit": can(request.user, "okr.edit", programme),
        "has_units": True,
    }
    if season is not None:
        page = read_season(programme, season, asked)
        units = list(Unit.objects.filter(programme=programme, is_closed=False))
        context |= {
            "whole": page, "units": units, "has_units": bool(units), "levels": Unit.Level.choices,
            "links": strategy_links(programme),
            "plan_counts": _open_plans(programme),
            "mine": {unit.row.pk for unit in page.tree if can(request.user, "okr.own", unit.row)}
            if season.state in (Season.State.PLANNED, Season.State.OPEN)
            else set(),
        }  # fmt: skip
    else:
        context["has_units"] = Unit.objects.filter(programme=programme).exists()
    return TemplateResponse(request, template, context | more, status=status)


def _open_plans(programme: Programme) -> dict[int, int]:
    """Open lines of the action plan by unit."""
    found: dict[int, int] = {}
    open_now = (PlanItem.State.OPEN, PlanItem.State.GOING)
    rows = PlanItem.objects.filter(programme=programme, state__in=open_now, unit__isnull=False)
    for unit in rows.values_list("unit", flat=True):
        found[unit] = found.get(unit, 0) + 1
    return found


@require_safe
@programme_view("strategy.view")
def season_board(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """The season on one sheet, for the board beside its financial report (demand 82)."""
    season = get_object_or_404(seasons_of(programme), pk=pk)
    page = read_season(programme, season)
    context = {"season": season, "whole": page, "today": timezone.localdate()}
    return TemplateResponse(request, "strategy/season_board.html", context)


# --- acts ----------------------------------------------------------------------------------------------------


@require_POST
@programme_view("okr.edit")
def season_make(request: HttpRequest, programme: Programme, year: int) -> HttpResponse:
    """Makes the seasons of a year by the programme's cycle."""
    require(request.user, "okr.edit", programme)
    if not FIRST_YEAR <= year < LAST_YEAR:
        raise Http404
    try:
        count = len(make_seasons(programme=programme, year=year, by=request.user))
    except ValidationError as refused:  # another length of seasons than when the year's first ones were made
        messages.error(request, " ".join(refused.messages))
        return redirect(reverse("strategy:season_list", args=[programme.slug]))
    told = ngettext("%(n)s season was made.", "%(n)s seasons were made.", count) % {"n": count}
    messages.success(request, told if count else _("The year has its seasons already."))
    return redirect(reverse("strategy:season_list", args=[programme.slug]))


def _act(
    request: HttpRequest, programme: Programme, pk: int, act: Callable[..., Any], told: str
) -> HttpResponse:
    """Does one thing to a season; a refusal is shown on the season's page with 422."""
    season = get_editable(seasons_of(programme), request.user, "okr.edit", pk=pk)
    try:
        act(season=season, by=request.user)
    except ValidationError as refused:
        more = {"problem": " ".join(refused.messages)}
        return _page(request, programme, "strategy/season_detail.html", season, more, status=422)
    messages.success(request, told)
    return redirect(season_address(programme, pk))


@require_POST
@programme_view("okr.edit")
def season_open(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    return _act(request, programme, pk, open_season, _("The season is open."))


@require_POST
@programme_view("okr.edit")
def season_archive(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    return _act(request, programme, pk, archive_season, _("The season is archived; it stays readable."))


@both_ways
@programme_view("okr.edit")
def season_close(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """What lacks before the season can close, and its lessons."""
    season = get_editable(seasons_of(programme), request.user, "okr.edit", pk=pk)
    form = SeasonEndForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                close_season(
                    season=season, lessons=form.cleaned_data["lessons"], on=timezone.localdate(), by=request.user
                )  # fmt: skip
            except ValidationError as refused:
                form.add_error(None, refused)
            else:
                messages.success(
                    request, _("The season is closed. Unfinished objectives can be carried over.")
                )
                return redirect(season_address(programme, pk))
    context = {"season": season, "form": form, "missing": unfinished(season), "drafts": _drafts(season)}
    response = TemplateResponse(request, "strategy/season_close.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _drafts(season: Season) -> Any:
    rows = Objective.objects.filter(season=season, state=Objective.State.DRAFT)
    return rows.select_related("unit").order_by("unit__position", "position")
