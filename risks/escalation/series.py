"""Time to decide, counted from the steps of the ways: how long obstacles stayed on each level, and how that ended.

Plain arithmetic on steps: no database. Times are working days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Protocol

from core.periods import add_months, month_of
from core.workdays import workdays_between

RAISED, WENT_UP, SENT_BACK, DECIDED, REOPENED = "raised", "went_up", "sent_back", "decided", "reopened"


class Step(Protocol):
    """What is read of a step of the way."""

    obstacle_id: int
    kind: str
    to_level: str
    happened_on: date
    due_on: date | None
    is_by_clock: bool


@dataclass(frozen=True)
class Stay:
    """One stay on one level that a decision or the clock ended; `is_decided` tells which."""

    level: str
    ended_on: date
    working_days: int
    is_decided: bool
    is_in_time: bool


def stays_of(steps: Iterable[Step]) -> list[Stay]:
    """Stays of any number of obstacles, their steps in order. Those that people moved on are not counted: nobody
    let the time run out, and nobody decided."""
    came: dict[int, Step] = {}
    found = []
    for step in steps:
        before = came.pop(step.obstacle_id, None)
        is_decided = step.kind == DECIDED
        if before is not None and (is_decided or step.kind == WENT_UP and step.is_by_clock):
            days = max(0, workdays_between(before.happened_on, step.happened_on))
            in_time = is_decided and (before.due_on is None or step.happened_on <= before.due_on)
            found.append(Stay(before.to_level, step.happened_on, days, is_decided, in_time))
        if step.kind in (RAISED, WENT_UP, SENT_BACK, REOPENED):
            came[step.obstacle_id] = step
    return found


@dataclass(frozen=True)
class Point:
    """A month of a level: the median time of what was decided, and how much was answered in time."""

    month: date
    level: str
    decided: int
    ended: int
    in_time: int
    median_days: Decimal | None

    @property
    def share(self) -> Decimal | None:
        """Share in time of all that ended, in per cent."""
        return Decimal(100 * self.in_time) / self.ended if self.ended else None


def months_until(month: date, count: int) -> list[date]:
    """The latest `count` months, first days, oldest first."""
    return [add_months(month_of(month), at - count + 1) for at in range(count)]


def series(stays: Sequence[Stay], levels: Sequence[str], months: Sequence[date]) -> dict[str, list[Point]]:
    """The points of each level in the months asked for; a month without any end has none in time of none."""
    return {level: [_point(stays, level, month) for month in months] for level in levels}


def _point(stays: Sequence[Stay], level: str, month: date) -> Point:
    ended = [stay for stay in stays if stay.level == level and month_of(stay.ended_on) == month]
    days = [stay.working_days for stay in ended if stay.is_decided]
    middle = Decimal(str(median(days))) if days else None
    return Point(month, level, len(days), len(ended), sum(stay.is_in_time for stay in ended), middle)
