"""Periods of values: a year, a four-month term of it, or a month."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.money import NBSP
from core.periods import add_months

TERMS = (1, 2, 3)
MONTHS = tuple(range(1, 13))
_TERM = re.compile(r"(?P<year>20\d\d|19\d\d)\s*[-/ ]\s*[TK](?P<term>[123])", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_MONTH = re.compile(r"(?P<year>(?:19|20)\d\d)-(?P<month>0[1-9]|1[0-2])")
_SLASHED = re.compile(r"(?P<month>0?[1-9]|1[0-2])[/.](?P<year>(?:19|20)\d\d)")


@dataclass(frozen=True, order=True)
class Period:
    """A year; with `term` (1 to 3) or `month` (1 to 12) a part of it."""

    year: int
    term: int | None = None
    month: int | None = None

    @classmethod
    def of(cls, row: Any) -> Period:
        """The period of an observation or of an entered value."""
        return cls(row.year, row.term, row.month)

    @property
    def key(self) -> str:
        """2024, 2024-T1 or 2024-03: how a period is stored and compared."""
        if self.month:
            return f"{self.year}-{self.month:02d}"
        return f"{self.year}-T{self.term}" if self.term else str(self.year)

    @property
    def months(self) -> int:
        return 1 if self.month else 4 if self.term else 12

    @property
    def start(self) -> date:
        return date(self.year, self.month or (4 * (self.term - 1) + 1 if self.term else 1), 1)

    @property
    def end(self) -> date:
        """The first day after the period."""
        return add_months(self.start, self.months)

    @property
    def before(self) -> Period:
        """The period of the same length just before."""
        day = add_months(self.start, -self.months)
        return self._at(day)

    @property
    def after(self) -> Period:
        return self._at(self.end)

    def _at(self, day: date) -> Period:
        if self.month:
            return Period(day.year, month=day.month)
        return Period(day.year, term=(day.month - 1) // 4 + 1) if self.term else Period(day.year)

    def __str__(self) -> str:
        """In the active language: 2024, term 1/2024, 3/2024."""
        if self.month:
            return f"{self.month}/{self.year}"
        if self.term:
            return _("term %(term)s/%(year)s") % {"term": self.term, "year": self.year}
        return str(self.year)


class PeriodError(ValueError):
    """A text that is no period."""


def parse_period(text: str) -> Period:
    """2024, 2024-T1 (also 2024/K1), 2024-03 or 3/2024. Raises PeriodError."""
    plain = text.replace(NBSP, " ").strip()
    if _YEAR.fullmatch(plain):
        return Period(int(plain))
    if found := _TERM.fullmatch(plain):
        return Period(int(found["year"]), term=int(found["term"]))
    if found := _MONTH.fullmatch(plain) or _SLASHED.fullmatch(plain):
        return Period(int(found["year"]), month=int(found["month"]))
    raise PeriodError(text)
