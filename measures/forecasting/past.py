"""What earlier forecasts said of months that are known now, read from the history of the entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import connection

from measures.calculations import CASH
from measures.forecasting.inputs import Portfolio
from programme.models import Programme

#: How many months before, and how many closed months back.
BEFORE = (1, 3, 6)
LOOKED_AT = 12

_AS_IT_STOOD = """
    SELECT month, months_before, sum(amount_eur_cents)::bigint FROM (
        SELECT DISTINCT ON (event.pgh_obj_id, before.months_before)
            event.month, before.months_before, event.amount_eur_cents, event.pgh_label
        FROM measures_savingsentryevent event
        JOIN measures_savingsline line ON line.id = event.line_id AND NOT line.in_base AND line.line_class = %(cash)s
        CROSS JOIN unnest(%(before)s::int[]) AS before(months_before)
        WHERE event.programme_id = %(programme)s AND event.series = 'forecast'
            AND event.month BETWEEN %(first)s AND %(last)s
            AND event.pgh_created_at
                < (event.month - make_interval(months => before.months_before - 1))::timestamp AT TIME ZONE %(zone)s
        ORDER BY event.pgh_obj_id, before.months_before, event.pgh_id DESC
    ) stood
    WHERE pgh_label <> 'delete'
    GROUP BY month, months_before
"""


@dataclass(frozen=True, slots=True)
class PastMonth:
    """A closed month: what was realised (confirmed and undecided), and the forecasts of it by months before."""

    month: date
    realised: int
    said: dict[int, int]


def past_forecasts(programme: Programme, found: Portfolio) -> list[PastMonth]:
    """The latest closed months for which an earlier forecast is kept, oldest first; cents, all new cash lines."""
    closed = found.lines.closed
    if not closed:
        return []
    months = found.months[max(0, closed - LOOKED_AT) : closed]
    said: dict[date, dict[int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_AS_IT_STOOD, {
            "programme": programme.pk, "cash": CASH, "before": list(BEFORE), "first": months[0], "last": months[-1],
            "zone": settings.TIME_ZONE,
        })  # fmt: skip
        for month, before, cents in cursor.fetchall():
            said.setdefault(month, {})[before] = int(cents)
    realised = dict(zip(found.months, found.lines.months.sum(axis=0), strict=True))
    return [PastMonth(month, int(realised[month]), said[month]) for month in months if month in said]


@dataclass(frozen=True, slots=True)
class Bias:
    """How forecasts came true: months compared, what they said and what was realised, cents."""

    months: int
    said: int
    realised: int

    @property
    def share(self) -> float | None:
        """Realised of what was said, 1 when all came; None when no saving was said (R16)."""
        return self.realised / self.said if self.said < 0 else None


def biases(rows: Sequence[PastMonth]) -> Mapping[int, Bias]:
    """By months before, over the months that have such a forecast."""
    found = {}
    for before in BEFORE:
        known = [row for row in rows if before in row.said]
        if known:
            found[before] = Bias(
                len(known), sum(row.said[before] for row in known), sum(row.realised for row in known)
            )
    return found
