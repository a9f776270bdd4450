"""Themes, goals, sectors and client segments."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from programme import page_selectors as pages
from programme.access import programme_view
from programme.models import Goal, Programme, Segment


@require_safe
@programme_view("theme.view")
def theme_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    return TemplateResponse(
        request, "programme/theme_list.html", {"themes": pages.themes_with_goals(programme)}
    )


@require_safe
@programme_view("theme.view")
def goal_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    themes = list(pages.themes_with_goals(programme))
    goals = [goal for theme in themes for goal in theme.goals.all()]
    return TemplateResponse(
        request,
        "programme/goal_list.html",
        {
            "themes": themes,
            "goal_count": len(goals),
            "sub_goal_count": sum(len(goal.sub_goals.all()) for goal in goals),
            "umbrella": pages.statements_of(programme, "umbrella_goal"),
        },
    )


@require_safe
@programme_view("theme.view")
def goal_detail(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    goals = Goal.objects.filter(programme=programme).select_related("theme", "parent")
    goal = get_object_or_404(goals.prefetch_related("sub_goals", "allocations__source"), pk=pk)
    return TemplateResponse(request, "programme/goal_detail.html", {"goal": goal})


@require_safe
@programme_view("sector.view")
def sector_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    return TemplateResponse(
        request,
        "programme/sector_list.html",
        {
            "sectors": pages.sector_views(programme),
            "loose_units": pages.units_without_sector(programme),
        },
    )


@require_safe
@programme_view("sector.view")
def segment_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    return TemplateResponse(
        request, "programme/segment_list.html", {"segments": Segment.objects.filter(programme=programme)}
    )
