"""The measures of a programme in the order of a figure, kept for as long as the data stays the same."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from measures.amounts import amounts_sql
from measures.calculations import Clock
from measures.models import Measure
from measures.selectors import clock_of
from measures.selectors.cached import cached
from programme.models import Programme

#: Figures that the list can be sorted by: those it shows.
RANKED = ("plan", "forecast", "claimed", "confirmed")


@dataclass(frozen=True)
class Ranking:
    """Ids of all measures of a programme: those with a figure, the largest saving first, and those without."""

    known: list[int]
    unknown: list[int]
    #: The day and closed months it was worked out for; the rows of the page are figured by the same.
    clock: Clock

    def ids(self, *, among: QuerySet[Measure] | None = None, descending: bool = False) -> list[int]:
        """Ids in order; those without a figure come last both ways. `among` narrows them, in one query."""
        whole = [*(reversed(self.known) if descending else self.known), *self.unknown]
        if among is None:
            return whole
        left = set(among.order_by().values_list("pk", flat=True))
        return [key for key in whole if key in left]


def ranking(programme: Programme, level: str) -> Ranking:
    """Measures by a level's signed cents, ties and unknown ones by code; once for each day and state of the data."""
    if level not in RANKED:
        raise KeyError(level)
    return cached(programme, f"ranking:{level}:{programme.today()}", lambda: _worked_out(programme, level))


def _worked_out(programme: Programme, level: str) -> Ranking:
    clock = clock_of(programme)
    amounts, params = amounts_sql(programme, clock)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT measure.id, amount.{level} IS NULL FROM measures_measure measure"
            f" LEFT JOIN ({amounts}) amount ON amount.measure_id = measure.id"
            f" WHERE measure.programme_id = %s ORDER BY amount.{level}, measure.code",
            [*params, programme.pk],
        )
        rows = cursor.fetchall()
    return Ranking(
        [key for key, is_unknown in rows if not is_unknown],
        [key for key, is_unknown in rows if is_unknown],
        clock,
    )
