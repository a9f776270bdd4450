"""Clocks of obstacles, in working days. Plain arithmetic on days: no database, no clock of the machine.

The day on which an obstacle came to a level is not counted. It is answered in time up to and with its due day;
on the next working day it goes up by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.workdays import add_workdays, next_workday, workdays_between


@dataclass(frozen=True)
class Rung:
    """One level as the clock sees it; `goes_up` says whether an obstacle leaves it when the clock runs out."""

    level: str
    working_days: int
    goes_up: bool = True


@dataclass(frozen=True)
class Climb:
    """An obstacle leaves a level by the clock: on which day, and by when the next level answers."""

    from_level: str
    to_level: str
    on: date
    due_on: date


def due_day(since: date, working_days: int) -> date:
    """The last day on which a level answers in time."""
    return add_workdays(since, working_days)


def leaves_on(due_on: date) -> date:
    """The day on which an obstacle nobody answered goes up: the first working day after its due day."""
    return next_workday(due_on + timedelta(days=1))


def remind_from(due_on: date, working_days: int) -> date:
    """The first day of reminding, so many working days before the due day."""
    return add_workdays(due_on, -working_days) if working_days else due_on


def climbs(rungs: Sequence[Rung], level: str, due_on: date, today: date) -> list[Climb]:
    """Every step that the clock makes by today, each on its right day, however long nobody looked.

    `rungs` are the levels in use from the lowest; the last one has nowhere to go.
    """
    steps: list[Climb] = []
    places = {rung.level: at for at, rung in enumerate(rungs)}
    at = places.get(level)
    while at is not None and at + 1 < len(rungs) and rungs[at].goes_up and leaves_on(due_on) <= today:
        day, above = leaves_on(due_on), rungs[at + 1]
        due_on = due_day(day, above.working_days)
        steps.append(Climb(rungs[at].level, above.level, day, due_on))
        at += 1
    return steps


@dataclass(frozen=True)
class Clock:
    """What is left of a level's time: `days` working days, below zero when it is over."""

    due_on: date
    days: int

    @property
    def is_over(self) -> bool:
        return self.days < 0

    @property
    def late(self) -> int:
        """Working days since the due day."""
        return max(0, -self.days)

    @property
    def tone(self) -> str:
        """Status kind: bad when over, warn on the last day and the one before, else info."""
        return "bad" if self.is_over else "warn" if self.days <= 1 else "info"


def clock_of(due_on: date | None, today: date) -> Clock | None:
    """The clock of an open obstacle today; None when none runs. Over from the day after the due day, weekends too."""
    if due_on is None:
        return None
    if today <= due_on:
        return Clock(due_on, workdays_between(today, due_on))
    return Clock(due_on, -max(1, workdays_between(due_on, today)))


#: Ages in calendar days, by their first day; the last one is open at its end.
AGE_BANDS = (0, 8, 15, 29)


def age_band(days: int) -> int:
    """The first day of the band that an age in calendar days falls into."""
    return max(first for first in AGE_BANDS if first <= max(0, days))
