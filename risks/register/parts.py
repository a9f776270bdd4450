"""The risks on a project's page (programme.projects.parts)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.permissions import can
from programme.models import Project
from programme.projects.parts import register
from risks.register.selectors import of_project


def _risks(request: HttpRequest, project: Project) -> dict[str, Any]:
    return {"lines": of_project(project), "may_edit": can(request.user, "project_risk.add", project)}


register(
    "risks", title=_("Risks"), action="risk.view", template="risks/risk_part.html", context=_risks, place=56
)
