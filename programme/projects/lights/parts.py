"""What lights, updates and deviations add to the project's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from programme.models import Project
from programme.projects.parts import register


def _lights(request: HttpRequest, project: Project) -> dict[str, Any]:
    from programme.views.status import (
        lights_part,
    )  # views read the settings of pages, which are not ready yet

    return lights_part(request, project)


def _deviations(request: HttpRequest, project: Project) -> dict[str, Any]:
    from programme.views.deviations import part_of

    return part_of(project.programme, place="project", pk=project.pk)


register(
    "lights", title=_("Lights and monthly updates"), action="project.view", template="programme/_light_part.html",
    context=_lights, place=10,
)  # fmt: skip
register(
    "deviations", title=_("Deviations"), action="project.view", template="programme/_deviation_part.html",
    context=_deviations, place=20,
)  # fmt: skip
