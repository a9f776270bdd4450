"""Reads for the pages of projects. Every function makes a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from programme.models import Milestone, PlanPart, Programme, Project, ProjectPlanPart
from programme.projects.calculations import Standing, standing
from programme.projects.wording import SHAPES, joined, standing_words

WRITTEN = ~Q(text_fi="", text_sv="", text_en="")
ASKED = Q(part__is_closed=False)


# --- plans --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlanLine:
    """One part that the plan must have, and what the project has written there; `written` may be None."""

    part: PlanPart
    written: ProjectPlanPart | None

    @property
    def is_there(self) -> bool:
        return self.written is not None and self.written.is_there

    @property
    def state(self) -> ProjectPlanPart.State:
        return self.written.state if self.written else ProjectPlanPart.State.MISSING

    @property
    def shape(self) -> str:
        """Shape of the status component."""
        return {"missing": "none", "written": "info", "accepted": "ok"}[self.state.value]


@dataclass(frozen=True)
class Plan:
    """A project's plan, part by part; empty where the programme asks for no parts.

    Parts that are no longer asked stand among the lines while they hold a text, and count nowhere.
    """

    lines: list[PlanLine]
    ready_on: dt.date | None = None

    @property
    def asked(self) -> list[PlanLine]:
        return [line for line in self.lines if not line.part.is_closed]

    @property
    def there(self) -> int:
        return sum(line.is_there for line in self.asked)

    @property
    def missing(self) -> list[PlanPart]:
        return [line.part for line in self.asked if not line.is_there]

    @property
    def missing_names(self) -> str:
        """The missing parts by name; empty when nothing is missing."""
        return joined([part.name for part in self.missing])

    @property
    def is_whole(self) -> bool:
        return bool(self.asked) and not self.missing

    @property
    def is_ready(self) -> bool:
        """Said to be ready, and still whole: a part asked for since then makes it one that lacks something."""
        return self.is_whole and self.ready_on is not None

    @property
    def is_accepted(self) -> bool:
        """Every part is there and accepted."""
        return self.is_whole and all(line.state is ProjectPlanPart.State.ACCEPTED for line in self.asked)

    @property
    def accepted_on(self) -> dt.date | None:
        """The day on which the last part was accepted; None while one is not."""
        days = [line.written.accepted_on for line in self.asked if line.written and line.written.accepted_on]
        return max(days) if self.is_accepted else None


def plan_of(project: Project) -> Plan:
    """The plan with its texts. Two queries."""
    written = {row.part_id: row for row in project.plan_parts.select_related("accepted_by", "updated_by")}
    parts = PlanPart.objects.filter(programme=project.programme_id)
    lines = [PlanLine(part, written.get(part.pk)) for part in parts]
    return Plan([line for line in lines if line.is_there or not line.part.is_closed], project.plan_ready_on)


def missing_parts(programme: Programme, projects: Iterable[Project]) -> dict[int, list[PlanPart]]:
    """By project, the parts its plan lacks, in their order. Two queries, however many projects."""
    parts = list(PlanPart.objects.filter(programme=programme, is_closed=False))
    pairs = ProjectPlanPart.objects.filter(WRITTEN, project__in=[row.pk for row in projects])
    there = set(pairs.order_by().values_list("project", "part"))
    return {row.pk: [part for part in parts if (row.pk, part.pk) not in there] for row in projects}


# --- projects -----------------------------------------------------------------------------------------


def projects(programme: Programme) -> QuerySet[Project]:
    """Projects with theme, manager, how many milestones they have and how many parts of the plan are there."""
    milestones = Milestone.objects.filter(project=OuterRef("pk")).order_by().values("project")
    parts = (
        ProjectPlanPart.objects.filter(WRITTEN, ASKED, project=OuterRef("pk")).order_by().values("project")
    )
    return (
        Project.objects.filter(programme=programme)
        .select_related("theme", "manager")
        .annotate(
            milestone_count=Coalesce(Subquery(milestones.annotate(n=Count("pk")).values("n")), 0),
            parts_there=Coalesce(Subquery(parts.annotate(n=Count("pk")).values("n")), 0),
        )
        .order_by("theme__number", "slug")
    )


# --- milestones ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MilestoneLine:
    """A milestone and where it stands on a day."""

    row: Milestone
    standing: Standing

    @property
    def shape(self) -> str:
        return SHAPES[self.standing.course]

    @property
    def words(self) -> str:
        return standing_words(self.standing)


def milestones_of(project: Project, on: dt.date) -> list[MilestoneLine]:
    """The project's milestones in the order of the days on which they came or are expected. One query."""
    rows = project.milestones.annotate(comes_on=Coalesce("actual_on", "forecast_on", "baseline_on"))
    return [line_of(row, on) for row in rows.order_by("comes_on", "id")]


def line_of(row: Milestone, on: dt.date) -> MilestoneLine:
    found = standing(baseline=row.baseline_on, forecast=row.forecast_on, actual=row.actual_on, today=on)
    return MilestoneLine(row, found)
