"""What a project's page says of its schedule: milestones, what it waits for, who waits for it, and warnings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from programme.models import Programme, Project
from programme.projects.calculations import Standing
from programme.projects.links.graph import WHOLE, Link, Node
from programme.projects.links.selectors import MilestoneRow, Network, network
from programme.projects.links.wording import Warning, named, warning_of
from programme.projects.wording import SHAPES, standing_words


@dataclass(frozen=True)
class Line:
    """A milestone, where it stands on a day, and its warning when it has one."""

    row: MilestoneRow
    standing: Standing
    warning: Warning | None

    @property
    def shape(self) -> str:
        return SHAPES[self.standing.course]

    @property
    def words(self) -> str:
        return standing_words(self.standing)


@dataclass(frozen=True)
class LinkLine:
    """A link as its row on the page: both ends by name, the day of what is waited for, and who is warned by it.

    `is_pushing`: the link is what makes the day of who waits too early. `url` leads to the other project.
    """

    pk: int
    who: str
    what: str
    url: str
    day: dt.date | None
    own: dt.date | None
    is_done: bool
    gap: int
    note: str
    warning: Warning | None
    is_pushing: bool


@dataclass(frozen=True)
class Schedule:
    """The schedule of one project."""

    milestones: list[Line]
    warning: Warning | None
    waits_for: list[LinkLine]
    waited_by: list[LinkLine]
    beyond: list[Warning]

    @property
    def warned(self) -> list[Warning]:
        """The project's own warnings and those of its milestones."""
        found = [self.warning, *(line.warning for line in self.milestones)]
        return [one for one in found if one is not None]


def schedule_of(project: Project, on: dt.date) -> Schedule:
    """Milestones in the order of their days, and the links of the project. Three statements."""
    return read_schedule(network(project.programme), project.programme, project.pk, on)


def read_schedule(now: Network, programme: Programme, project: int, on: dt.date) -> Schedule:
    """The same out of a network that was read already."""
    lines = [
        Line(row, row.standing(on), warning_of(now, row.node, within=project))
        for row in now.by_project[project]
    ]
    waits = [link for link in now.links if link.who[0] == project]
    waited = [link for link in now.links if link.what[0] == project]
    return Schedule(
        milestones=lines,
        warning=warning_of(now, (project, WHOLE), within=project),
        waits_for=_lines(now, programme, waits, project),
        waited_by=_lines(now, programme, waited, project),
        beyond=_beyond(now, project),
    )


def _lines(now: Network, programme: Programme, links: Iterable[Link], project: int) -> list[LinkLine]:
    found = []
    for link in links:
        row = now.by_key[link.key]
        other = link.what if link.who[0] == project else link.who
        what, because = now.at(link.what), now.at(link.who).because
        slug = now.projects[other[0]].slug
        found.append(
            LinkLine(
                pk=row.pk,
                who=named(now, link.who, within=project),
                what=named(now, link.what, within=project),
                url=reverse("programme:project_detail", args=[programme.slug, slug]),
                day=what.settled,
                own=now.at(link.who).own,
                is_done=what.is_done,
                gap=row.gap_days,
                note=row.note,
                warning=warning_of(now, link.who, within=project),
                is_pushing=now.at(link.who).is_warned and because is not None and because.key == row.pk,
            )
        )
    return found


def _beyond(now: Network, project: int) -> list[Warning]:
    """Warnings of other projects whose chain comes through this one."""
    found = []
    for node in now.warned:
        if node[0] != project and any(_is_of(link.what, project) for link in now.chain(node)):
            warning = warning_of(now, node, within=project)
            if warning is not None:
                found.append(warning)
    return found


def _is_of(node: Node, project: int) -> bool:
    return node[0] == project
