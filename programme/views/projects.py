"""Projects and the roadmap."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from programme import page_selectors as pages
from programme.access import programme_view
from programme.models import ChangeElement, LinkedInitiative, PlanPart, Programme, ProjectPhase


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
