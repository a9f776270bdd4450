"""The parts that projects themselves add to their page (programme.projects.parts)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.permissions import can
from programme.models import Project
from programme.projects.changes.views import changes_part
from programme.projects.leading import elements_of
from programme.projects.parts import register
from programme.projects.phases import phases_of
from programme.views.resources import finances_part, people_part
from programme.views.stakeholders import stakeholders_part


def _may(request: HttpRequest, project: Project) -> dict[str, Any]:
    return {"may_edit": can(request.user, "project.edit", project)}


def _phases(request: HttpRequest, project: Project) -> dict[str, Any]:
    return {"phases": phases_of(project)} | _may(request, project)


def _change(request: HttpRequest, project: Project) -> dict[str, Any]:
    elements = elements_of(project)
    return {
        "elements": elements,
        "done": sum(line.is_done for line in elements),
        "effects": project.staff_effects.all(),
    } | _may(request, project)


def _lessons(request: HttpRequest, project: Project) -> dict[str, Any]:
    return {"lessons": project.lessons.all()} | _may(request, project)


register(
    "phases", title=_("Phases"), action="project.view", template="programme/_project_phases.html",
    context=_phases, place=40,
)  # fmt: skip
register(
    "change", title=_("Leading the change"), action="project.view", template="programme/_project_change.html",
    context=_change, place=60,
)  # fmt: skip
register(
    "lessons", title=_("Lessons learned"), action="project.view", template="programme/_project_lessons.html",
    context=_lessons, place=65,
)  # fmt: skip
register(
    "stakeholders", title=_("Stakeholders and communication"), action="project.view",
    template="programme/_project_stakeholders.html", context=stakeholders_part, place=70,
)  # fmt: skip
register(
    "finances", title=_("Money of the project"), action="project.view",
    template="programme/_project_finances.html", context=finances_part, place=52,
)  # fmt: skip
register(
    "people", title=_("People"), action="project.view", template="programme/_project_people.html",
    context=people_part, place=54,
)  # fmt: skip
register(
    "changes", title=_("Change requests"), action="project.view", template="programme/_project_changes.html",
    context=changes_part, place=50,
)  # fmt: skip
