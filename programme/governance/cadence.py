"""When a reporting duty is due: days from data, without a database or a clock.

A day that is no working day moves to the next one; the name of the time (`period_key`) stays the one of the stated
day, so that a duty due on 1.1. is the duty of January even when the office opens on 2.1.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WEEKLY, MONTHLY, FOUR_MONTHLY, YEARLY = "weekly", "monthly", "four_monthly", "yearly"
#: The furthest that holidays move a day (Easter, Christmas with its weekends), in days and more.
MOVED_AT_MOST = timedelta(days=14)
#: Months of a four-monthly duty that names none: the four months have just ended.
AFTER_FOUR_MONTHS = (1, 5, 9)


@dataclass(frozen=True)
class Cadence:
    """How often: `day` of the month, or of the week from 1 (Monday); None is a duty without a calendar."""

    frequency: str
    day: int | None = None
    months: tuple[int, ...] = ()


@dataclass(frozen=True)
class DueTime:
    """One due time: its name, the day it falls on, and the day as it was stated before holidays moved it."""

    key: str
    due_on: date
    stated_on: date


Move = Callable[[date], date]


def has_calendar(cadence: Cadence) -> bool:
    """Whether the duty has days at all."""
    if cadence.day is None:
        return False
    return bool(cadence.months) or cadence.frequency in (WEEKLY, MONTHLY, FOUR_MONTHLY)


def due_times(cadence: Cadence, first: date, last: date, move: Move) -> list[DueTime]:
    """Due times with `first <= due_on <= last`, in order; each name once."""
    if not has_calendar(cadence):
        return []
    found: dict[str, DueTime] = {}
    for key, stated in _stated(cadence, first - MOVED_AT_MOST, last):
        due = move(stated)
        if first <= due <= last and key not in found:
            found[key] = DueTime(key, due, stated)
    return sorted(found.values(), key=lambda one: (one.due_on, one.key))


def time_of(cadence: Cadence, day: date, move: Move) -> DueTime | None:
    """The time that something made on `day` is for; None when the duty has no calendar.

    Weekly and monthly duties: the time of that week or month. Others: the time that passed last, for reports
    come out after the period they tell of; before the first one, the next.
    """
    if not has_calendar(cadence):
        return None
    if cadence.frequency == WEEKLY or _is_monthly(cadence):
        around_day = _stated(cadence, day - timedelta(days=40), day + timedelta(days=40))
        now = next((found for found in around_day if _same_period(cadence, found[1], day)), None)
        return DueTime(now[0], move(now[1]), now[1]) if now else None
    around = due_times(cadence, day - timedelta(days=400), day + timedelta(days=400), move)
    past = [one for one in around if one.due_on <= day]
    return past[-1] if past else (around[0] if around else None)


def _is_monthly(cadence: Cadence) -> bool:
    """Whether it is due in every month, however the frequency is called."""
    return len(set(cadence.months)) == 12 or (cadence.frequency == MONTHLY and not cadence.months)


def _same_period(cadence: Cadence, stated: date, day: date) -> bool:
    if cadence.frequency == WEEKLY:
        return stated.isocalendar()[:2] == day.isocalendar()[:2]
    return (stated.year, stated.month) == (day.year, day.month)


def _stated(cadence: Cadence, first: date, last: date) -> Iterator[tuple[str, date]]:
    day = cadence.day or 1
    if cadence.frequency == WEEKLY:
        yield from _weeks(min(day, 7), cadence.months, first, last)
        return
    months: Sequence[int] = cadence.months or (
        AFTER_FOUR_MONTHS if cadence.frequency == FOUR_MONTHLY else range(1, 13)
    )
    for year in range(first.year, last.year + 1):
        for month in sorted(set(months)):
            stated = date(year, month, min(day, monthrange(year, month)[1]))
            if first <= stated <= last:
                yield _key(cadence, stated), stated


def _weeks(day: int, months: Sequence[int], first: date, last: date) -> Iterator[tuple[str, date]]:
    one = first + timedelta(days=(day - first.isoweekday()) % 7)
    while one <= last:
        year, week, _weekday = one.isocalendar()
        if not months or one.month in months:
            yield f"{year}-W{week:02}", one
        one += timedelta(days=7)


def _key(cadence: Cadence, stated: date) -> str:
    if cadence.frequency == FOUR_MONTHLY:
        return f"{stated.year}-T{(stated.month - 1) // 4 + 1}"
    if cadence.frequency == YEARLY and len(set(cadence.months)) == 1:
        return f"{stated.year}"
    return f"{stated.year}-{stated.month:02}"
