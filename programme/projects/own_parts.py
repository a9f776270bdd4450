"""The parts that projects themselves add to their page (programme.projects.parts)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.permissions import can
from programme.models import Project, ProjectPhase
from programme.projects.parts import register


def _phases(request: HttpRequest, project: Project) -> dict[str, Any]:
    phases = ProjectPhase.objects.filter(programme=project.programme_id).prefetch_related("questions")
    return {"phases": phases, "may_edit": can(request.user, "project.edit", project)}


register(
    "phases",
    title=_("Phases"),
    action="project.view",
    template="programme/_project_phases.html",
    context=_phases,
    place=40,
)
