"""The stretch of days that a time line shows, its ticks, and the steps before and after it. No clock, no database."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

ALL, YEAR, QUARTER = "all", "year", "quarter"
ZOOMS = (ALL, YEAR, QUARTER)
#: Pixels that the label of a tick needs.
LABEL_WIDTH = 52
#: A day further from today than this many years is a slip of the pen: it must not stretch the whole line.
YEARS = 30
_AT = re.compile(r"([12][0-9]{3})(?:-([1-4]))?")


@dataclass(frozen=True)
class Window:
    """From the first day to the last, both shown. `at` is the year ("2024") or quarter ("2024-2") it is, or ""."""

    first: dt.date
    last: dt.date
    zoom: str = ALL
    at: str = ""

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def touches(self, first: dt.date | None, last: dt.date | None) -> bool:
        """Whether anything from `first` to `last` lies in it; one of the two may be missing."""
        begin, end = first or last, last or first
        return begin is not None and end is not None and begin <= self.last and end >= self.first

    @property
    def before(self) -> str:
        """`at` of the step before; "" where everything is shown."""
        return _step(self.zoom, self.first - dt.timedelta(days=1))

    @property
    def after(self) -> str:
        return _step(self.zoom, self.last + dt.timedelta(days=1))


def _step(zoom: str, day: dt.date) -> str:
    if zoom == YEAR:
        return str(day.year)
    return f"{day.year}-{(day.month + 2) // 3}" if zoom == QUARTER else ""


def month_after(day: dt.date, months: int) -> dt.date:
    """First day of the month that many months after the day's."""
    count = day.year * 12 + day.month - 1 + months
    return dt.date(count // 12, count % 12 + 1, 1)


def around(days: Iterable[dt.date | None], today: dt.date) -> Window:
    """Whole months around all days and today, three months at the least; days of another age are left out."""
    known = [day for day in days if day is not None and abs(day.year - today.year) <= YEARS]
    first = min([*known, today]).replace(day=1)
    last = max([*known, today, month_after(first, 2)])
    return Window(first, month_after(last, 1) - dt.timedelta(days=1))


def zoomed(zoom: str, at: str, today: dt.date) -> Window | None:
    """One year or quarter: the one that `at` names, else today's. None for everything."""
    if zoom not in (YEAR, QUARTER):
        return None
    found = _AT.fullmatch(at)
    year = int(found[1]) if found else today.year
    if zoom == YEAR:
        return Window(dt.date(year, 1, 1), dt.date(year, 12, 31), zoom, str(year))
    quarter = int(found[2]) if found and found[2] else 1 if found else (today.month + 2) // 3
    first = dt.date(year, 3 * quarter - 2, 1)
    return Window(first, month_after(first, 3) - dt.timedelta(days=1), zoom, f"{year}-{quarter}")


def ticks(window: Window, width: float) -> list[tuple[dt.date, str]]:
    """First days of months, quarters or years with their labels, as many as fit.

    January is called by its year, the first month "3/2024", other months by their number.
    """
    room = max(1, int(width // LABEL_WIDTH))
    months = window.days / 30.4
    step = next((one for one in (1, 3, 6, 12, 24, 60) if months / one <= room), 120)
    day = window.first.replace(day=1)
    found: list[tuple[dt.date, str]] = []
    while day <= window.last:
        if step < 12 and (day.month - 1) % step == 0:
            found.append((day, _month(day, is_first=not found)))
        elif step >= 12 and day.month == 1 and day.year % (step // 12) == 0:
            found.append((day, str(day.year)))
        day = month_after(day, 1)
    return found


def _month(day: dt.date, *, is_first: bool) -> str:
    if day.month == 1:
        return str(day.year)
    return f"{day.month}/{day.year}" if is_first else str(day.month)
