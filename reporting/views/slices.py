"""The programme seen through one theme, goal, sector or client segment; and where nothing exists."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from core.units import asked_unit, unit_choices
from measures.views.known import shows_known_day
from programme.access import programme_view
from programme.models import Goal, Programme, Sector, Segment, Theme
from reporting import slices
from reporting.content import Content
from reporting.coverage import coverage_of, segment_across
from reporting.presenting import present
from reporting.selectors import Overview, Slice
from reporting.views.status import status_line


@require_safe
@programme_view("theme.view")
@shows_known_day
def theme_detail(request: HttpRequest, programme: Programme, key: str) -> HttpResponse:
    theme = get_object_or_404(Theme.objects.select_related("owner"), programme=programme, key=key)
    overview = Overview(programme)
    part = Slice("theme", theme, f"theme={theme.key}", overview.figures.by_theme.get(theme.pk))
    goals = list(Goal.objects.filter(theme=theme, parent=None).order_by("number"))
    return _answer(request, overview, part, {"goals": goals, "owner": theme.owner, "asks_owner": True})


@require_safe
@programme_view("theme.view")
@shows_known_day
def goal(request: HttpRequest, programme: Programme, key: str) -> HttpResponse:
    row = get_object_or_404(Goal.objects.select_related("theme", "parent"), programme=programme, key=key)
    overview = Overview(programme)
    part = Slice("goal", row, f"goal={row.key}", overview.figures.by_goal.get(row.pk))
    return _answer(request, overview, part, {"goal": row})


@require_safe
@programme_view("sector.view")
@shows_known_day
def sector_detail(request: HttpRequest, programme: Programme, key: str) -> HttpResponse:
    sector = get_object_or_404(Sector, programme=programme, key=key)
    overview = Overview(programme)
    part = Slice("sector", sector, f"sector={sector.key}", overview.figures.by_sector.get(sector.pk))
    return _answer(request, overview, part, {"units_of_sector": list(sector.units.order_by("position"))})


@require_safe
@programme_view("sector.view")
@shows_known_day
def segment_detail(request: HttpRequest, programme: Programme, key: str) -> HttpResponse:
    """A segment carries no money: its measures are links and their totals do not sum (R11)."""
    segment = get_object_or_404(Segment, programme=programme, key=key)
    segment.programme = programme
    part = Slice("segment", segment, f"segment={segment.key}", None)
    return _answer(request, Overview(programme), part, {"across": segment_across(segment)})


def _answer(request: HttpRequest, overview: Overview, part: Slice, more: dict[str, Any]) -> HttpResponse:
    content = Content.for_page()
    slices.add_blocks(content, overview, part)
    unit = asked_unit(request)
    programme = overview.programme
    return TemplateResponse(
        request,
        "reporting/slice_detail.html",
        {
            "slice": part,
            "status": status_line(overview),
            "blocks": present(content, programme=programme, unit=unit),
            "units": unit_choices(unit) if part.figures else [],
        }
        | more,
    )


@require_safe
@programme_view("theme.view")
def coverage(request: HttpRequest, programme: Programme) -> HttpResponse:
    return TemplateResponse(request, "reporting/coverage.html", {"coverage": coverage_of(programme)})
