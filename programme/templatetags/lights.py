"""Lights of projects on pages of others: `{% load lights %}{% lights_for projects as lights %}`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import template

from programme.models import Project
from programme.projects.lights.selectors import Lights, lights_of

register = template.Library()

#: The worst first; what has no data after what is worth a look, what is well last.
WORST_FIRST = ("red", "yellow", "no_data", "green")


@dataclass
class Group:
    """The dimensions of a project that have one light."""

    light: str
    shape: str
    word: str
    titles: list[str] = field(default_factory=list)

    @property
    def named(self) -> str:
        return ", ".join(self.titles)


@register.simple_tag
def lights_for(projects: Iterable[Project]) -> dict[int, Lights]:
    """The lights of the projects of a list, by id, in a fixed number of statements."""
    return lights_of(list(projects))


@register.filter
def by_light(lights: Mapping[str, Any] | None) -> list[Group]:
    """The lights grouped by how they are, the worst first: shape, word and the dimensions."""
    groups: dict[str, Group] = {}
    for shown in (lights or {}).values():
        group = groups.setdefault(shown.light, Group(shown.light, shown.shape, shown.word))
        group.titles.append(shown.title)
    return [groups[name] for name in WORST_FIRST if name in groups]
