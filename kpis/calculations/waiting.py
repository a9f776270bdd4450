"""Years without a value: whether one is to be expected at all, and since when it is overdue."""

from __future__ import annotations

import datetime as dt

from kpis.calculations.figures import Frame, Line
from kpis.calculations.outcomes import Answer, Said
from kpis.calculations.params import figure


def due_on(year: int, frame: Frame) -> dt.date:
    """First day on which the year's value is late."""
    lag = frame.lag_months
    return dt.date(year + 1 + lag // 12, lag % 12 + 1, 1)


def missing(line: Line, year: int, frame: Frame) -> Answer:
    """The answer for a year without an own value. It is never "not met": a figure that lags says nothing bad."""
    known = [one for one in line.own if one < year]
    params = {"year": year, "unit": frame.unit, "who": frame.who}
    if known:
        params |= figure("own", line.own[max(known)])
    if _between_rounds(known, year, frame):
        return Answer(Said.NOT_PUBLISHED, "between_rounds", params | {"every": frame.cycle_months})
    due = due_on(year, frame)
    if frame.today < due:
        return Answer(Said.NOT_PUBLISHED, "not_published", params)
    return Answer(Said.CANNOT_JUDGE, "no_value", params)


def _between_rounds(known: list[int], year: int, frame: Frame) -> bool:
    """Whether the figure is made every second year or more rarely, and this is a year in between."""
    if not known or frame.cycle_months is None or frame.cycle_months < 24:
        return False
    return (year - max(known)) % (frame.cycle_months // 12) != 0
