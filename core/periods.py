"""Months and years as half-open periods: a month is the `date` of its first day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "not_a_month": _("This is not a month. Write for example 3/2024."),
}

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})(?:-01)?")
_WRITTEN = re.compile(r"([0-9]{1,2})\s?[/.]\s?([0-9]{4})")


class MonthError(ValueError):
    """Text that is not a month; the message is translated when read."""

    code = "not_a_month"

    @property
    def message(self) -> str:
        return str(MESSAGES[self.code])

    def __str__(self) -> str:
        return self.message


def parse_month(text: str) -> date:
    """First day of the month in "2024-03", "2024-03-01", "3/2024" or "3.2024"; raises MonthError."""
    plain = text.strip()
    if found := _ISO.fullmatch(plain):
        year, month = int(found[1]), int(found[2])
    elif found := _WRITTEN.fullmatch(plain):
        year, month = int(found[2]), int(found[1])
    else:
        raise MonthError(plain)
    if not 1 <= month <= 12 or not 1900 <= year <= 2200 or not plain.isascii():
        raise MonthError(plain)
    return date(year, month, 1)


def format_month(day: date | None) -> str:
    """ "3/2024" in every language; a dash for None."""
    return "\u2013" if day is None else f"{day.month}/{day.year}"


def month_key(day: date) -> str:
    """ "2024-03": addresses, file names, the API."""
    return f"{day.year:04d}-{day.month:02d}"


def format_date(day: date | None, *, language: str | None = None) -> str:
    """22.11.2026, in English 22 November 2026 (by hand, so that pure code and frozen text agree)."""
    if day is None:
        return "\u2013"
    if (language or get_language() or "fi")[:2] == "en":
        return f"{day.day} {_ENGLISH_MONTHS[day.month - 1]} {day.year}"
    return f"{day.day}.{day.month}.{day.year}"


_ENGLISH_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def month_of(day: date) -> date:
    """First day of the month that `day` falls in."""
    return day.replace(day=1)


def add_months(month: date, count: int) -> date:
    """The month `count` later (earlier when negative)."""
    year, index = divmod(month.year * 12 + month.month - 1 + count, 12)
    return date(year, index + 1, 1)


def next_month(month: date) -> date:
    return add_months(month, 1)


def previous_month(month: date) -> date:
    return add_months(month, -1)


def month_end(month: date) -> date:
    """Last day of the month: for people; periods in code are half-open."""
    return date.fromordinal(next_month(month_of(month)).toordinal() - 1)


def months(start: date, end: date) -> Iterator[date]:
    """Months from that of `start` up to, not including, that of `end`."""
    month, stop = month_of(start), month_of(end)
    while month < stop:
        yield month
        month = next_month(month)


def months_between(start: date, end: date) -> int:
    """Whole months from the month of `start` to the month of `end`; negative when end is earlier."""
    return (end.year - start.year) * 12 + end.month - start.month


def year_bounds(year: int) -> tuple[date, date]:
    """Half-open: 1 January of the year, 1 January of the next."""
    return date(year, 1, 1), date(year + 1, 1, 1)


def months_of_year(year: int) -> list[date]:
    return list(months(*year_bounds(year)))


def quarter(day: date) -> int:
    """1 to 4."""
    return (day.month - 1) // 3 + 1


def is_month(day: date) -> bool:
    """True for the first day of a month, the only days the database accepts as months."""
    return day.day == 1
