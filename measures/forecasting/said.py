"""Which months of the programme anything has been said of: what nobody said is unknown, never 0."""

from __future__ import annotations

from datetime import date

from django.db import connection

from core import asof
from core.periods import months_of_year
from measures.calculations import CASH
from measures.selectors.attributes import IS_INCOME
from measures.selectors.clock import clock_of
from programme.models import Programme

_KNOWN = f"""
    SELECT total.series, total.year, bit_or(total.known::int)
    FROM measures_measuretotal total
    JOIN measures_savingsline line ON line.id = total.line_id
    WHERE total.programme_id = %s AND total.n > 0 AND total.series IN ('forecast', 'claimed')
        AND NOT line.in_base AND line.line_class = %s AND NOT {IS_INCOME}
    GROUP BY 1, 2
"""


def unsaid_months(programme: Programme) -> frozenset[date]:
    """Closed months without any claim and open ones without any forecast, of new cash lines (R4). One query."""
    clock = clock_of(programme)
    asof.prepare()
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [programme.pk, CASH])
        known = {(series, year): bits for series, year, bits in cursor.fetchall()}
    found = set()
    for year in range(clock.start_year, clock.final_year + 1):
        closed = clock.closed(year)
        said = (known.get(("claimed", year), 0) & closed) | (known.get(("forecast", year), 0) & ~closed)
        found |= {month for month in months_of_year(year) if not said >> month.month - 1 & 1}
    return frozenset(found)
