"""The measures of a programme in the order of a figure, kept for as long as the data stays the same."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet

from measures.amounts import amounts_sql
from measures.models import Measure
from measures.selectors.cached import cached
from programme.models import Programme

#: Figures that the list can be sorted by: those it shows.
RANKED = ("plan", "forecast", "claimed", "confirmed")


def ranked(
    programme: Programme, level: str, *, narrowed: QuerySet[Measure] | None = None, descending: bool = False
) -> list[int]:
    """Ids of measures by a level's signed cents, the largest saving first; those without a figure come last.

    The order of the whole programme is worked out once for each state of its data; a filter only picks from it.
    """
    order = _order(programme, level)
    border = order.index(0)
    known, unknown = order[:border], order[border + 1 :]
    whole = [*(reversed(known) if descending else known), *unknown]
    if narrowed is None:
        return whole
    left = set(narrowed.order_by().values_list("pk", flat=True))
    return [key for key in whole if key in left]


def _order(programme: Programme, level: str) -> list[int]:
    """All measures by the level, ties and unknown ones by code; 0 stands between known and unknown."""
    return cached(programme, f"order:{level}", lambda: _worked_out(programme, level))


def _worked_out(programme: Programme, level: str) -> list[int]:
    if level not in RANKED:
        raise KeyError(level)
    amounts, params = amounts_sql(programme)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT measure.id, amount.{level} IS NULL FROM measures_measure measure"
            f" LEFT JOIN ({amounts}) amount ON amount.measure_id = measure.id"
            f" WHERE measure.programme_id = %s ORDER BY amount.{level}, measure.code",
            [*params, programme.pk],
        )
        rows = cursor.fetchall()
    return [
        *(key for key, is_unknown in rows if not is_unknown), 0,
        *(key for key, is_unknown in rows if is_unknown),
    ]  # fmt: skip
