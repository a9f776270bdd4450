"""Working days of a Finnish office: Monday to Friday without public holidays, Christmas Eve and Midsummer Eve.

Clocks of the management model run in these days. They are dates, never moments: summer time does not touch them.
The holidays come from the library `holidays`, whose maintainers follow what Parliament decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

_DAY = timedelta(days=1)
_SATURDAY = 5
_WEEKDAYS = 5
#: What the library calls our languages.
_LANGUAGES = {"fi": "fi", "sv": "sv_FI", "en": "en_US"}


@lru_cache(maxsize=256)
def _holidays(year: int, language: str = "fi") -> Mapping[date, str]:
    """Name by day of the public holidays of a year, weekend ones too."""
    from holidays.countries.finland import Finland  # 0.1 s to import, and few processes ask

    return MappingProxyType(dict(Finland(years=year, language=_LANGUAGES.get(language, "fi"))))


@lru_cache(maxsize=64)
def _days_off(year: int) -> tuple[date, ...]:
    """Public holidays of the year that fall on Monday to Friday, in order."""
    return tuple(sorted(day for day in _holidays(year) if day.weekday() < _SATURDAY))


def holiday_name(day: date, language: str = "fi") -> str:
    """What holiday the day is, in the language; empty for other days, also for ordinary weekends."""
    return _holidays(day.year, language[:2]).get(day, "")


def is_workday(day: date) -> bool:
    return day.weekday() < _SATURDAY and day not in _holidays(day.year)


def next_workday(day: date) -> date:
    """The day itself when it is a working day, otherwise the first one after it."""
    while not is_workday(day):
        day += _DAY
    return day


def add_workdays(day: date, count: int) -> date:
    """The count-th working day after the day; before it when the count is below zero.

    The day itself is never counted. With 0 it is the day, moved on to a working day.
    """
    if count == 0:
        return next_workday(day)
    step = _DAY if count > 0 else -_DAY
    for _ in range(abs(count)):
        day += step
        while not is_workday(day):
            day += step
    return day


def workdays_between(first: date, last: date) -> int:
    """How many working days there are after `first` up to and with `last`; below zero when `last` is earlier."""
    if last < first:
        return -workdays_between(last, first)
    weeks, rest = divmod((last - first).days, 7)
    weekdays = weeks * _WEEKDAYS + sum((first + n * _DAY).weekday() < _SATURDAY for n in range(1, rest + 1))
    off = sum(first < day <= last for year in range(first.year, last.year + 1) for day in _days_off(year))
    return weekdays - off
