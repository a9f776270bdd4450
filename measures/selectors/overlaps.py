"""What declared overlaps give back (R5), and the totals of single lines that this is figured from."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from core import asof
from measures import calculations
from measures.calculations import Cell, OverlapRow
from measures.selectors.attributes import LINE_CLASS, PERMANENCE
from measures.selectors.withdrawal import phased
from measures.triggers import MONTH_COLUMNS
from programme.models import Programme

#: Overlaps with the attributes of the yielding line; `measures` NULL is all.
YIELDING = f"""
    SELECT overlap.yielding_line_id, overlap.other_line_id, overlap.amount_eur_cents, overlap.first_month,
        overlap.last_month, kept.withdrawn_from AS other_withdrawn_from,
        line.id AS line_id, line.measure_id, line.goal_id, line.sector_id, line.cost_type_id,
        {PERMANENCE} AS permanence, {LINE_CLASS} AS line_class, line.in_base, measure.stage,
        measure.withdrawn_from
    FROM measures_overlap overlap
    JOIN measures_savingsline line ON line.id = overlap.yielding_line_id
    JOIN measures_measure measure ON measure.id = line.measure_id
    JOIN measures_savingsline other ON other.id = overlap.other_line_id
    JOIN measures_measure kept ON kept.id = other.measure_id
    WHERE overlap.programme_id = %(programme)s
        AND (%(measures)s::bigint[] IS NULL OR line.measure_id = ANY(%(measures)s))
    ORDER BY overlap.id
"""

_LINE_COLUMNS = (
    "line_id", "measure_id", "goal_id", "sector_id", "cost_type_id", "permanence", "line_class", "in_base",
    "stage", "withdrawn_from",
)  # fmt: skip

Found = list[tuple[calculations.Correction, dict[str, Any]]]

SeriesOfLines = dict[Any, dict[tuple[str, int], tuple[int, tuple[int, ...]]]]


def corrections(programme: Programme, measures: Collection[int] | None = None) -> Found:
    """Corrections of the overlaps in which these measures (default: all) yield, with the yielding line."""
    return corrections_and_series(programme, measures, ())[0]


def corrections_and_series(
    programme: Programme, measures: Collection[int] | None, lines: Collection[int]
) -> tuple[Found, SeriesOfLines]:
    """The corrections, and the totals of their lines and of `lines` as they stand, read together."""
    narrowed = None if measures is None else list(measures)
    with connection.cursor() as cursor:
        cursor.execute(YIELDING, {"programme": programme.pk, "measures": narrowed})
        rows = cursor.fetchall()
    series = _line_series(programme, lines_of(rows) | set(lines))
    return corrections_from(rows, series), series


def lines_of(rows: Iterable[Sequence[Any]]) -> set[int]:
    """Both lines of every overlap."""
    return {line for row in rows for line in row[:2]}


def corrections_from(rows: Sequence[Sequence[Any]], series: SeriesOfLines) -> Found:
    """The corrections of the overlaps in `rows` (of YIELDING) by the totals of their lines."""
    overlaps = [OverlapRow(*row[:6]) for row in rows]
    attributes = {row[0]: dict(zip(_LINE_COLUMNS, row[6:], strict=True)) for row in rows}
    found = calculations.overlap_corrections(overlaps, series)
    return [(correction, attributes[correction.line]) for correction in found]


def _line_series(programme: Programme, lines: Collection[Any]) -> SeriesOfLines:
    """Totals of some lines as they stand: line -> (series, year) -> (known bits, twelve amounts)."""
    found: SeriesOfLines = defaultdict(dict)
    asof.prepare()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT line_id, series, year, known, {', '.join(MONTH_COLUMNS)} FROM measures_measuretotal"
            " WHERE programme_id = %s AND line_id = ANY(%s) AND n > 0",
            [programme.pk, list(lines)],
        )
        for line, series, year, known, *amounts in cursor.fetchall():
            found[line][series, year] = (known, tuple(amounts))
    return found


def correction_cells(slice_: Any, correction: calculations.Correction, line: Mapping[str, Any]) -> list[Cell]:
    """The correction as cells that know nothing, in the phases of the yielding measure."""
    attributes = (line["permanence"], line["line_class"], line["in_base"])
    return phased(
        slice_, attributes, correction.series, correction.year, 0, correction.months, line["withdrawn_from"]
    )
