"""Figures of some measures, such as a page of a list, in a constant number of queries."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db import connection

from core import asof
from measures import calculations
from measures.calculations import (
    AVOIDED,
    IN_BASE,
    INCOME,
    NEW,
    Cell,
    Clock,
    Figures,
    Levels,
    SavingsFigures,
    Track,
)
from measures.selectors.attributes import LINE_CLASS, PERMANENCE
from measures.selectors.clock import clock_of, clock_within
from measures.selectors.figures import savings_figures
from measures.selectors.overlaps import correction_cells, corrections
from measures.selectors.withdrawal import AFTER, BEFORE, masked
from measures.triggers import MONTH_COLUMNS
from programme.models import Programme

_COLUMNS = "measure_id, permanence, line_class, in_base, phase, series, year"
_LINE = f"line.measure_id, {PERMANENCE} AS permanence, {LINE_CLASS} AS line_class, line.in_base"

_JOINED = """
    FROM measures_measuretotal total
    JOIN measures_savingsline line ON line.id = total.line_id
    JOIN measures_measure measure ON measure.id = line.measure_id
    WHERE total.programme_id = %(programme)s AND total.n > 0 AND total.series <> 'refused'
"""


def _parts(narrowed: str) -> str:
    """SELECT of totals with their line's attributes; a withdrawn measure's rows come in two phases (R6)."""
    whole = ", ".join(f"total.{column}" for column in MONTH_COLUMNS)
    standing = (
        f"SELECT {_LINE}, 'standing' AS phase, total.series, total.year, total.known::int AS known, {whole}"
        f" {_JOINED} {narrowed} AND (measure.withdrawn_from IS NULL OR total.series = 'plan_approved')"
    )
    gone = (
        f"SELECT {_LINE}, measure.withdrawn_from, total.series, total.year, total.known::int AS known, {whole}"
        f" {_JOINED} {narrowed} AND measure.stage = 'withdrawn' AND total.series <> 'plan_approved'"
    )
    phases = (_phase("before", BEFORE), _phase("after", AFTER))
    return f"WITH gone AS MATERIALIZED ({gone}) {' UNION ALL '.join((standing, *phases))}"


def _phase(phase: str, bits: str) -> str:
    """The months of withdrawn measures that lie in one phase."""
    return (
        f"SELECT measure_id, permanence, line_class, in_base, '{phase}', series, year, known & {bits}, {masked(bits)}"
        " FROM gone"
    )


def _summed(narrowed: str = "") -> str:
    """SELECT of the cells of the measures asked for, in the order of the fields of a `Cell`."""
    rows = _parts(f"AND line.measure_id = ANY(%(measures)s) {narrowed}")
    sums = ", ".join(f"sum({column})::bigint" for column in MONTH_COLUMNS)
    return f"SELECT {_COLUMNS}, bit_or(known)::int, {sums} FROM ({rows}) part GROUP BY {_COLUMNS}"


_ALL_YEARS = _summed()
_FINAL_YEAR_AND_CLAIMS = _summed(
    "AND (total.year = %(year)s OR total.series IN ('claimed', 'confirmed', 'undecided'))"
)


def _cells(sql: str, programme: Programme, measures: list[int]) -> list[Cell]:
    """Cells of some measures, with the corrections of overlaps."""
    asof.prepare()
    with connection.cursor() as cursor:
        cursor.execute(sql, {"programme": programme.pk, "measures": measures, "year": programme.final_year})
        cells = [Cell._make((*row[:8], row[8:])) for row in cursor.fetchall()]
    for correction, line in corrections(programme, measures):
        cells.extend(correction_cells(line["measure_id"], correction, line))
    return cells


def measure_figures(
    measure_ids: Collection[int], programme: Programme, *, on: date | None = None
) -> dict[int, Figures]:
    """Figures of some measures (a page of a list) in a constant number of queries; all ids are answered."""
    ids = list(measure_ids)
    if not ids:
        return {}
    whole = savings_figures(programme, on=on)
    cells = _cells(_ALL_YEARS, programme, ids)
    return figures_by(ids, cells, whole)


def measure_levels(
    measure_ids: Collection[int],
    programme: Programme,
    *,
    on: date | None = None,
    clock: Clock | None = None,
) -> dict[int, Levels]:
    """What a list shows of new lines, for a fraction of all figures.

    Plan, plan_approved and forecast are the level change of the final year; claims and what became of
    them are to date, lasting and one-off, because the final year has none before it begins. Who has the
    programme's clock already hands it in.
    """
    ids = list(measure_ids)
    if not ids:
        return {}
    clock = clock or clock_of(programme, on)
    tracks = calculations.fold(_cells(_FINAL_YEAR_AND_CLAIMS, programme, ids), clock)
    return {key: _list_levels(tracks.get((key, NEW)), clock) for key in ids}


def _list_levels(track: Track | None, clock: Clock) -> Levels:
    if track is None:
        return Levels()
    final = calculations.levels_of(
        track, calculations.LEVEL_KINDS, {clock.final_year: calculations.WHOLE_YEAR}
    )
    to_date = calculations.levels_of(
        track, calculations.ALL_KINDS, {year: clock.to_date(year) for year in track.years()}
    )
    return Levels(
        final.plan, final.plan_approved, final.forecast,
        to_date.claimed, to_date.confirmed, to_date.undecided, to_date.refused,
    )  # fmt: skip


def figures_by(ids: Sequence[int], cells: list[Cell], whole: SavingsFigures) -> dict[int, Figures]:
    """Figures of slices of the programme; the run rate months are the same for every one of them."""
    clock, run_months = clock_within(whole), whole.total.run_rate_months
    tracks = calculations.fold(cells, clock)
    return {
        key: calculations.figures(
            tracks.get((key, NEW)),
            tracks.get((key, IN_BASE)),
            clock,
            run_months,
            avoided=tracks.get((key, AVOIDED)),
            income=tracks.get((key, INCOME)),
        )
        for key in ids
    }
