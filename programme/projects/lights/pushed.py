"""Delays that come through links: what a project waits for, and by how many days that pushes it."""

from __future__ import annotations

from collections.abc import Sequence

from programme.models import Programme, Project
from programme.projects.lights.calculations import Pushed
from programme.projects.lights.registry import register_pushed
from programme.projects.links.selectors import network
from programme.projects.links.wording import names_of


def pushed(programme: Programme, projects: Sequence[Project]) -> dict[int, Pushed]:
    """The worst delay of each project that is warned, by what began it. Three statements."""
    now, found = network(programme), dict[int, Pushed]()
    for node in now.warned:  # the most days first
        if node[0] not in found:
            began = now.chain(node)[-1].what
            found[node[0]] = Pushed(now.at(node).late_days, names_of(now.row(began)))
    return found


register_pushed(pushed)
