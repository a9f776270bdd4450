"""The plan of a project: its parts written, and accepted."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.editing import edit_page
from programme.access import programme_view
from programme.models import PlanPart, Programme, ProjectPlanPart
from programme.projects.forms import PlanPartForm
from programme.projects.leading import elements_of
from programme.projects.links.pages import schedule_of
from programme.projects.phases import phases_of
from programme.projects.plans import (
    accept_plan,
    accept_plan_part,
    declare_ready,
    take_back_ready,
    write_plan_part,
)
from programme.projects.selectors import plan_of
from programme.projects.stakeholders import for_project
from programme.views.projects import READ_AND_SEND, card_of, detail_page, find_project


@READ_AND_SEND
@programme_view("project.edit")
def plan_part_edit(request: HttpRequest, programme: Programme, slug: str, key: str) -> HttpResponse:
    """What the plan says in one part; the row of a part that nobody has written yet is made when it is saved."""
    project = find_project(request, programme, slug, "project.edit")
    part = get_object_or_404(PlanPart, programme=programme, key=key)
    row = ProjectPlanPart.objects.filter(project=project, part=part).select_related("accepted_by").first()
    row = row or ProjectPlanPart(programme=programme)
    row.project, row.part = project, part
    name = part.name[:1].upper() + part.name[1:]
    return edit_page(
        request, PlanPartForm, row,
        title=_("%(part)s: %(project)s") % {"part": name, "project": project.name},
        back=f"{card_of(project)}#plan",
        template="programme/project_plan_edit.html",
        context={"project": project, "part": part},
        save=write_plan_part,
    )  # fmt: skip


@require_POST
@programme_view("plan.accept")
def plan_accept(request: HttpRequest, programme: Programme, slug: str) -> HttpResponse:
    """Accepts one part of the plan, or all of it when none is named."""
    project = find_project(request, programme, slug, "plan.accept")
    key, today, seen = request.POST.get("part", ""), programme.today(), _seen(request)
    try:
        if key:
            row = get_object_or_404(ProjectPlanPart, project=project, part__key=key)
            accept_plan_part(row=row, by=request.user, on=today, seen=seen)
        else:
            accept_plan(project=project, by=request.user, on=today, seen=seen)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Accepted."))
    return redirect(f"{card_of(project)}#plan")


@require_POST
@programme_view("plan.ready")
def plan_ready(request: HttpRequest, programme: Programme, slug: str) -> HttpResponse:
    """Says that the plan is ready, or with `back` that it is worked on again; 422 names every missing part."""
    project = find_project(request, programme, slug, "plan.ready")
    if "back" in request.POST:
        if take_back_ready(project=project, by=request.user):
            messages.success(request, _("The plan is worked on again."))
        return redirect(f"{card_of(project)}#plan")
    try:
        declare_ready(project=project, by=request.user, on=programme.today())
    except ValidationError as refused:
        return detail_page(request, project, status=422, refused=" ".join(refused.messages))
    messages.success(request, _("The plan is ready."))
    return redirect(f"{card_of(project)}#plan")


@require_safe
@programme_view("project.view")
def plan_detail(request: HttpRequest, programme: Programme, slug: str) -> HttpResponse:
    """The whole plan on one page, to be read and printed."""
    project = find_project(request, programme, slug, "project.view")
    today = programme.today()
    context = {
        "project": project,
        "plan": plan_of(project),
        "phases": phases_of(project),
        "milestones": schedule_of(project, today).milestones,
        "elements": elements_of(project),
        "effects": project.staff_effects.all(),
        "stakeholders": for_project(project, today),
        "lessons": project.lessons.all(),
        "on": today,
    }
    return TemplateResponse(request, "programme/plan_detail.html", context)


def _seen(request: HttpRequest) -> dict[int, int]:
    """The parts with the versions that stood on the page, "12:3" each: nobody accepts what they have not read."""
    pairs = [text.split(":") for text in request.POST.getlist("seen")]
    return {int(pair[0]): int(pair[1]) for pair in pairs if len(pair) == 2 and all(map(_is_number, pair))}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()
