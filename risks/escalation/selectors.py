"""Reads about obstacles: the list with its filters, who waits for what, the way of one, the series of answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from core.permissions import grants_of
from programme.models import Programme
from risks.escalation.clocks import AGE_BANDS, Clock, age_band, clock_of
from risks.escalation.levels import Ladder
from risks.escalation.rules import may_decide
from risks.escalation.series import Point, months_until, series, stays_of
from risks.escalation.services import WAITING
from risks.models import Obstacle, ObstacleStep

#: Months that the series of answers shows.
MONTHS = 12


@dataclass(frozen=True)
class Shown:
    """An obstacle as pages show it on a day: its age, what is left of its time, the level's name."""

    row: Obstacle
    age_days: int
    clock: Clock | None
    level: Any = None

    @property
    def is_open(self) -> bool:
        return self.row.state in WAITING


def shown(row: Obstacle, ladder: Ladder, today: date) -> Shown:
    """Age in calendar days, to the day it was settled when it is; a clock only while it is open."""
    is_open = row.state in WAITING
    until = today if is_open else row.decided_on or row.closed_on or today
    clock = clock_of(row.due_on, today) if is_open else None
    return Shown(row, max(0, (until - row.raised_on).days), clock, ladder.by_level.get(row.level))


def readable(programme: Programme) -> QuerySet[Obstacle]:
    """Obstacles with what they stop and who raised them, the oldest first. One statement."""
    rows = Obstacle.objects.filter(programme=programme)
    return rows.select_related(
        "measure__goal__theme", "project__theme", "raised_by", "owner", "decision"
    ).order_by("raised_on", "pk")


def open_obstacles(programme: Programme) -> QuerySet[Obstacle]:
    """Obstacles that wait for a decision, the oldest first."""
    return readable(programme).filter(state__in=WAITING)


def settled_obstacles(programme: Programme) -> QuerySet[Obstacle]:
    """Obstacles that were decided or closed, the latest first."""
    return readable(programme).exclude(state__in=WAITING).order_by("-raised_on", "-pk")


def of_measure(measure: Any) -> QuerySet[Obstacle]:
    return readable(measure.programme).filter(measure=measure)


def of_project(project: Any) -> QuerySet[Obstacle]:
    """Obstacles of the project itself and of its measures."""
    return readable(project.programme).filter(Q(project=project) | Q(measure__project=project))


def waits_for(user: Any, programme: Programme, ladder: Ladder) -> Q:
    """Narrows open obstacles to those whose level the person answers on; `may_decide` is the last word."""
    mine = Q(pk__in=[])
    for grant in grants_of(user):
        if grant.programme_id != programme.pk:
            continue
        levels = [row.level for row in ladder.rows if ladder.settled(row.level).deciding_role == grant.role]
        if not levels:
            continue
        here = Q(level__in=levels)
        if grant.role == "theme":
            here &= Q(measure__goal__theme=grant.theme_id) | Q(project__theme=grant.theme_id)
        mine |= here
    return mine


def for_person(user: Any, programme: Programme, ladder: Ladder) -> list[Obstacle]:
    """Open obstacles that wait for this person's answer, the oldest first. One statement."""
    rows = open_obstacles(programme).filter(waits_for(user, programme, ladder))
    return [row for row in rows if may_decide(user, row, ladder)]


def way_of(obstacle: Obstacle) -> list[ObstacleStep]:
    """Every step, the first one first."""
    return list(obstacle.steps.select_related("by").order_by("id"))


def answers(programme: Programme, ladder: Ladder, today: date) -> dict[str, list[Point]]:
    """Time to decide of each level by month, the latest twelve. One statement."""
    months = months_until(today, MONTHS)
    # A stay that ended in the first month may have begun long before: ways are read whole.
    touched = ObstacleStep.objects.filter(programme=programme, happened_on__gte=months[0])
    steps = ObstacleStep.objects.filter(programme=programme, obstacle__in=touched.values("obstacle"))
    levels = [row.level for row in ladder.rows]
    return series(stays_of(steps.order_by("obstacle", "id")), levels, months)


def ages(rows: Sequence[Shown]) -> list[tuple[int, int | None, int]]:
    """How many stand in each age band: first day, last day (None: open), count."""
    counts = Counter(age_band(row.age_days) for row in rows)
    ends = [*(first - 1 for first in AGE_BANDS[1:]), None]
    return [(first, last, counts[first]) for first, last in zip(AGE_BANDS, ends, strict=True)]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
