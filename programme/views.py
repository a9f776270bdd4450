"""Readable pages of what the programme file holds."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from core.money import sum_known
from programme import page_selectors as pages
from programme.access import programme_view
from programme.models import (
    ChangeElement,
    CostType,
    Goal,
    LinkedInitiative,
    PeerComparison,
    Perspective,
    PlanPart,
    PreparationWorkshop,
    Programme,
    ProjectPhase,
    Segment,
    StrategyDocument,
    Target,
)


@require_safe
@programme_view("programme.view")
def programme_facts(request: HttpRequest, programme: Programme) -> HttpResponse:
    composition = pages.money_targets(programme, Target.Kind.COMPOSITION)
    return TemplateResponse(
        request,
        "programme/programme_facts.html",
        {
            "chapters": pages.chapters(programme),
            "fact_groups": pages.fact_groups(programme),
            "peers": PeerComparison.objects.filter(programme=programme),
            "documents": StrategyDocument.objects.filter(programme=programme).select_related("approved_by"),
            "cost_types": CostType.objects.filter(programme=programme, parent=None).prefetch_related("parts"),
            "workshops": PreparationWorkshop.objects.filter(programme=programme),
            "stated": pages.stated_targets(programme),
            "totals": pages.total_targets(programme),
            "composition": composition,
            "composition_total": sum_known(row.value_eur_cents for row in composition).cents,
            "annual": pages.money_targets(programme, Target.Kind.ANNUAL),
        },
    )


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


@require_safe
@programme_view("funding.view")
def funding(request: HttpRequest, programme: Programme) -> HttpResponse:
    return TemplateResponse(
        request,
        "programme/funding.html",
        {
            "sources": pages.funding_sources(programme),
            "notes": pages.statements_of(programme, "funding_note", "parallel_work"),
        },
    )


@require_safe
@programme_view("project.view")
def project_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    projects = list(pages.projects(programme))
    return TemplateResponse(
        request,
        "programme/project_list.html",
        {
            "projects": projects,
            "illustrative_count": sum(row.is_illustrative for row in projects),
            "phases": ProjectPhase.objects.filter(programme=programme).prefetch_related("questions"),
            "plan_parts": PlanPart.objects.filter(programme=programme),
            "elements": ChangeElement.objects.filter(programme=programme),
            "initiatives": LinkedInitiative.objects.filter(programme=programme),
            "notes": pages.statements_of(programme, "change_note"),
        },
    )


@require_safe
@programme_view("project.view")
def project_detail(request: HttpRequest, programme: Programme, slug: str) -> HttpResponse:
    project = get_object_or_404(pages.projects(programme).prefetch_related("milestones"), slug=slug)
    return TemplateResponse(
        request,
        "programme/project_detail.html",
        {
            "project": project,
            "milestones": list(project.milestones.all()),
            "phases": ProjectPhase.objects.filter(programme=programme).prefetch_related("questions"),
            "plan_parts": PlanPart.objects.filter(programme=programme),
        },
    )


@require_safe
@programme_view("project.view")
def roadmap(request: HttpRequest, programme: Programme) -> HttpResponse:
    slots, bars = pages.roadmap(programme)
    return TemplateResponse(
        request,
        "programme/roadmap.html",
        {
            "slots": slots,
            "bars": bars,
            "notes": pages.statements_of(programme, "roadmap_note", "full_launch"),
        },
    )


@require_safe
@programme_view("governance.view")
def governance(request: HttpRequest, programme: Programme) -> HttpResponse:
    return TemplateResponse(
        request,
        "programme/governance.html",
        {
            "bodies": pages.bodies(programme),
            "duties": pages.duties(programme),
            "perspectives": Perspective.objects.filter(programme=programme).prefetch_related("tasks"),
        },
    )
