"""Undertakings beside the programme, and when each was last reconciled with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.parameters import parameters_of
from core.periods import months_between
from programme.models import LinkedInitiative, Programme
from programme.parameters import RECONCILE_MONTHS


@dataclass(frozen=True)
class InitiativeLine:
    """An undertaking, and whether it is time to reconcile it with the programme again.

    `months` since it was last done, None when it never was.
    """

    row: LinkedInitiative
    months: int | None
    limit: int

    @property
    def is_due(self) -> bool:
        return self.months is None or self.months >= self.limit


def line_of(row: LinkedInitiative, on: dt.date, limit: int) -> InitiativeLine:
    day = row.reconciled_on
    return InitiativeLine(row, None if day is None else whole_months(day, on), limit)


def whole_months(first: dt.date, on: dt.date) -> int:
    """Whole months from `first` to `on`: 0 on the 30th after the 31st of the month before."""
    return months_between(first, on) - (on.day < first.day)


def initiatives_of(programme: Programme) -> list[InitiativeLine]:
    """All of them in their order. Two statements."""
    limit = int(parameters_of(programme)[RECONCILE_MONTHS])
    rows = LinkedInitiative.objects.filter(programme=programme).select_related("coordinator")
    return [line_of(row, programme.today(), limit) for row in rows]
