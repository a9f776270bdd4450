"""All that the figures of a programme are worked out from, read at one moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from measures.calculations import Cell, Clock
from measures.selectors.clock import CLOSINGS, clock_of, closed_through
from measures.selectors.cube import summed_cells, with_corrections
from measures.selectors.kept_cube import kept_totals
from measures.selectors.overlaps import YIELDING, corrections, corrections_from, lines_of
from measures.selectors.slices import SLICES, Tree, tree_from, tree_of
from programme.models import Programme

#: Measures and their targets by stage and theme.
_COUNTS = """
    SELECT measure.stage, goal.theme_id AS theme, count(*) AS count,
        count(*) FILTER (WHERE measure.is_illustrative) AS illustrative,
        coalesce(sum(target.value_eur_cents), 0)::bigint AS target
    FROM measures_measure measure
    JOIN programme_goal goal ON goal.id = measure.goal_id
    LEFT JOIN measures_measuretarget target ON target.measure_id = measure.id
        AND target.valid_from <= %(on)s AND (target.valid_to IS NULL OR target.valid_to > %(on)s)
    WHERE measure.programme_id = %(programme)s
    GROUP BY measure.stage, goal.theme_id
"""
_BESIDE = {"closings": CLOSINGS, "slices": SLICES, "overlaps": YIELDING, "counts": _COUNTS}
#: Columns of YIELDING that hold days: the overlap's months, and the withdrawals of both measures.
_DAYS = (3, 4, 5, -1)


@dataclass(frozen=True, slots=True)
class MeasureCount:
    """How many measures of a theme stand at a stage, and the target they carry, EUR cents."""

    stage: str
    theme: int
    count: int
    illustrative: int
    target: int


@dataclass(frozen=True, slots=True)
class Source:
    """The cells of goals, sectors, cost types and stages with their corrections, and what they are read with."""

    clock: Clock
    tree: Tree
    cells: list[Cell]
    counts: list[MeasureCount]
    #: Read outside a transaction: everything in it is committed.
    is_committed: bool = False


@dataclass(frozen=True, slots=True)
class _Corrected:
    """What overlaps give back, and what that was figured from: most edits touch no line of an overlap."""

    rows: Any  # as they were read: the same object while no overlap changed
    overlaps: list[Any]
    series: Any
    corrections: Any


_CORRECTED: dict[int, _Corrected] = {}


def source_of(programme: Programme, day: date) -> Source:
    """From what this process keeps, brought up to date in one statement; inside a transaction from the tables."""
    if connection.in_atomic_block:
        cells = with_corrections(summed_cells(programme), corrections(programme))
        return Source(clock_of(programme, day), tree_of(programme), cells, _counts(programme, day))
    with kept_totals(programme.pk, _BESIDE, on=day, measures=None) as (kept, beside):
        found = _CORRECTED.get(programme.pk)
        overlaps = (
            found.overlaps
            if found and found.rows is beside["overlaps"]
            else [_with_days(list(row.values())) for row in beside["overlaps"]]
        )
        series = kept.series_of(lines_of(overlaps))
        if found is None or found.overlaps is not overlaps or found.series != series:
            found = _Corrected(beside["overlaps"], overlaps, series, corrections_from(overlaps, series))
            _CORRECTED[programme.pk] = found
        cells = kept.cells()
    closings = [_with_days(list(row.values()), (0, 1)) for row in beside["closings"]]
    closed = closed_through(closings, day)
    return Source(
        Clock(day, closed, programme.start_year, programme.final_year),
        tree_from(row.values() for row in beside["slices"]),
        with_corrections(cells, found.corrections),
        [MeasureCount(**row) for row in beside["counts"]],
        is_committed=True,
    )


def _with_days(row: list[Any], places: Iterable[int] = _DAYS) -> Any:
    """The row with the days that JSON holds as text."""
    for place in places:
        row[place] = None if row[place] is None else date.fromisoformat(row[place])
    return row


def _counts(programme: Programme, on: date) -> list[MeasureCount]:
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"programme": programme.pk, "on": on})
        return [MeasureCount(*row) for row in cursor.fetchall()]
