"""What earlier forecasts said of months that are known now, read from the history of the entries."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import connection

from measures.calculations import CASH
from measures.forecasting.inputs import Portfolio
from measures.forecasting.shapes import BEFORE, PastMonth
from measures.selectors.attributes import IS_INCOME
from programme.models import Programme

#: How many closed months are looked back at.
LOOKED_AT = 12

_AS_IT_STOOD = f"""
    SELECT month, months_before, sum(amount_eur_cents)::bigint FROM (
        SELECT DISTINCT ON (event.pgh_obj_id, before.months_before)
            event.month, before.months_before, event.amount_eur_cents, event.pgh_label
        FROM measures_savingsentryevent event
        JOIN measures_savingsline line ON line.id = event.line_id AND NOT line.in_base AND line.line_class = %(cash)s
            AND NOT {IS_INCOME}
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
