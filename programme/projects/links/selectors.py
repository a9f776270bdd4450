"""The programme's projects, milestones and links read as one network. Three statements, however many there are."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from programme.models import Dependency, Milestone, Programme, Project
from programme.projects.calculations import Standing, standing
from programme.projects.links.graph import NOTHING, WHOLE, Link, Node, Point, Reckoned, chain, reckon

# Rows are tuples: a hundred of them as model instances take longer than everything else on the page.
_NAMES = ("name_fi", "name_sv", "name_en")
_MILESTONE = (
    "pk", "project_id", *_NAMES, "key", "baseline_on", "forecast_on", "actual_on", "owner_id",
    "owner__first_name", "owner__last_name", "owner__username", "is_on_roadmap", "is_illustrative",
)  # fmt: skip
_PROJECT = (
    "pk", "slug", *_NAMES, "theme_id", "manager_id", "manager__first_name", "manager__last_name",
    "manager__username", "state", "starts_on", "ends_on", "baseline_ends_on", "closed_on", "is_illustrative",
)  # fmt: skip
_LINK = ("pk", "project_id", "milestone_id", "on_project_id", "on_milestone_id", "gap_days", "note")


@dataclass(slots=True)
class MilestoneRow:
    """A milestone as the schedule reads it; `name_*` as on the model."""

    pk: int
    project_id: int
    name_fi: str
    name_sv: str
    name_en: str
    key: str
    baseline_on: dt.date | None
    forecast_on: dt.date | None
    actual_on: dt.date | None
    owner_id: int | None
    first_name: str | None
    last_name: str | None
    username: str | None
    is_on_roadmap: bool
    is_illustrative: bool

    @property
    def node(self) -> Node:
        return self.project_id, self.pk

    @property
    def expected(self) -> dt.date | None:
        """The day it came, else the day now expected, else the day first planned."""
        return self.actual_on or self.forecast_on or self.baseline_on

    @property
    def owner(self) -> str:
        return _person(self)

    def standing(self, today: dt.date) -> Standing:
        return standing(
            baseline=self.baseline_on, forecast=self.forecast_on, actual=self.actual_on, today=today
        )


@dataclass(slots=True)
class ProjectRow:
    """A project as the schedule reads it."""

    pk: int
    slug: str
    name_fi: str
    name_sv: str
    name_en: str
    theme_id: int | None
    manager_id: int | None
    first_name: str | None
    last_name: str | None
    username: str | None
    state: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    baseline_ends_on: dt.date | None
    closed_on: dt.date | None
    is_illustrative: bool

    @property
    def node(self) -> Node:
        return self.pk, WHOLE

    @property
    def manager(self) -> str:
        return _person(self)


@dataclass(slots=True)
class LinkRow:
    """A link as the schedule reads it."""

    pk: int
    project_id: int
    milestone_id: int | None
    on_project_id: int
    on_milestone_id: int | None
    gap_days: int
    note: str

    @property
    def link(self) -> Link:
        return Link(
            (self.project_id, self.milestone_id or WHOLE),
            (self.on_project_id, self.on_milestone_id or WHOLE),
            self.gap_days,
            self.pk,
        )


def _person(row: MilestoneRow | ProjectRow) -> str:
    return f"{row.first_name or ''} {row.last_name or ''}".strip() or row.username or ""


@dataclass
class Network:
    """Projects and milestones by id, the links between them, and where each of them stands."""

    projects: dict[int, ProjectRow]
    milestones: dict[int, MilestoneRow]
    rows: list[LinkRow]
    links: list[Link] = field(init=False)

    def __post_init__(self) -> None:
        self.links = [row.link for row in self.rows]

    @cached_property
    def points(self) -> dict[Node, Point]:
        """What everything says of itself. A project ends on its own day, without one with its last milestone."""
        points = {
            row.node: Point(row.expected, row.actual_on is not None) for row in self.milestones.values()
        }
        dated = {row.project_id for row in self.milestones.values()}
        for row in self.projects.values():
            planned = row.ends_on or (None if row.pk in dated else row.baseline_ends_on)
            points[row.node] = Point(row.closed_on or planned, row.closed_on is not None)
        return points

    @cached_property
    def reckoned(self) -> dict[Node, Reckoned]:
        return reckon(self.points, self.links)

    @cached_property
    def by_key(self) -> dict[int, LinkRow]:
        return {row.pk: row for row in self.rows}

    @cached_property
    def waits_for(self) -> dict[Node, list[Link]]:
        """The links by who waits."""
        return _grouped((link.who, link) for link in self.links)

    @cached_property
    def waited_by(self) -> dict[Node, list[Link]]:
        """The links by what is waited for."""
        return _grouped((link.what, link) for link in self.links)

    @cached_property
    def by_project(self) -> dict[int, list[MilestoneRow]]:
        """The milestones of each project in the order of their days."""
        found: dict[int, list[MilestoneRow]] = {pk: [] for pk in self.projects}
        for row in self.milestones.values():
            found[row.project_id].append(row)
        for rows in found.values():
            rows.sort(key=lambda row: (row.expected or dt.date.max, row.pk))
        return found

    def row(self, node: Node) -> ProjectRow | MilestoneRow:
        return self.projects[node[0]] if node[1] == WHOLE else self.milestones[node[1]]

    def at(self, node: Node) -> Reckoned:
        return self.reckoned.get(node, NOTHING)

    def chain(self, node: Node) -> list[Link]:
        return chain(self.reckoned, node)

    def people(self, node: Node) -> set[int]:
        """Ids of whoever answers for it: a milestone's owner and its project's manager."""
        ids = {self.projects[node[0]].manager_id}
        if node[1] != WHOLE:
            ids.add(self.milestones[node[1]].owner_id)
        return {pk for pk in ids if pk is not None}

    @cached_property
    def warned(self) -> list[Node]:
        """Everything that cannot come on its day, the most days first."""
        found = [node for node, now in self.reckoned.items() if now.is_warned]
        return sorted(found, key=lambda node: (-self.reckoned[node].late_days, node))


def _grouped(pairs: Iterable[tuple[Node, Link]]) -> dict[Node, list[Link]]:
    found: dict[Node, list[Link]] = defaultdict(list)
    for node, link in pairs:
        found[node].append(link)
    return found


def network(programme: Programme) -> Network:
    """Everything of the programme that may wait or be waited for."""
    projects = Project.objects.filter(programme=programme).order_by("theme__number", "slug")
    milestones = Milestone.objects.filter(programme=programme).order_by("pk")
    links = Dependency.objects.filter(programme=programme).order_by("pk")
    return Network(
        {row[0]: ProjectRow(*row) for row in projects.values_list(*_PROJECT)},
        {row[0]: MilestoneRow(*row) for row in milestones.values_list(*_MILESTONE)},
        [LinkRow(*row) for row in links.values_list(*_LINK)],
    )
