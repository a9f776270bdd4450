"""Obstacles on the cards of measures and projects, with the one line that raises another."""

from __future__ import annotations

import secrets
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.permissions import can
from measures import card_parts
from measures.models import Measure
from programme.models import Programme, Project
from programme.projects import parts
from risks.escalation.levels import ladder_of
from risks.escalation.selectors import of_measure, of_project, shown
from risks.models import Obstacle

#: Obstacles on a card; all of them are on the list.
SHOWN = 10


def _part(request: HttpRequest, programme: Programme, about: Any, rows: QuerySet[Obstacle]) -> dict[str, Any]:
    ladder, today = ladder_of(programme), programme.today()
    found = [shown(row, ladder, today) for row in rows]
    found.sort(key=lambda one: not one.is_open)
    return {
        "programme": programme,
        "obstacles": found[:SHOWN],
        "waiting": sum(one.is_open for one in found),
        "may_raise": can(request.user, "obstacle.raise", about),
        "token": secrets.token_urlsafe(24),
        "about": about,
        "asked": f"measure={about.code}" if isinstance(about, Measure) else f"project={about.slug}",
        "field": "measure" if isinstance(about, Measure) else "project",
    }


def measure_part(request: HttpRequest, programme: Programme, measure: Measure) -> dict[str, Any]:
    return _part(request, programme, measure, of_measure(measure))


def project_part(request: HttpRequest, project: Project) -> dict[str, Any]:
    return _part(request, project.programme, project, of_project(project))


card_parts.register(
    "obstacles", title=_("Obstacles"), action="risk.view", template="risks/_obstacle_part.html",
    context=measure_part, place=15,
)  # fmt: skip
parts.register(
    "obstacles", title=_("Obstacles"), action="risk.view", template="risks/_obstacle_part.html",
    context=project_part, place=30,
)  # fmt: skip
