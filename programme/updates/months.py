"""Which month is due, and by when: the same clock for measures and projects."""

from __future__ import annotations

from datetime import date, timedelta

from core.periods import next_month, previous_month
from programme.models import Programme
from programme.parameters import meeting_days


def ended_month(today: date) -> date:
    """The month that has ended when the day is over."""
    return previous_month((today + timedelta(days=1)).replace(day=1))


def due_month(programme: Programme, today: date | None = None) -> date:
    """The latest month that is due: the one that has ended, on its last day already."""
    return ended_month(today or programme.today())


def cut_off(programme: Programme, month: date) -> date:
    """The last day for the month's update, as the programme has set it."""
    return next_month(month).replace(day=meeting_days(programme)["cut_off"])


def is_late(programme: Programme, month: date, today: date) -> bool:
    """Whether the day for the month's updates has gone by."""
    return today > cut_off(programme, month)


def closes_on(month: date) -> date:
    """The last day on which the month's update may be given or changed: the day before the next month falls due."""
    return next_month(next_month(month)) - timedelta(days=2)
