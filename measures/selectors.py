"""The savings figures of a programme, read from totals (docs/adr/0010-totals.md), kept by data version."""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext

from core.money import Pair
from core.periods import month_of, months, next_month
from core.versions import data_version
from measures import calculations
from measures.calculations import (
    CASH,
    IN_BASE,
    LEVELS,
    NEW,
    Cell,
    Clock,
    Difference,
    Figures,
    LevelMonths,
    Levels,
    OverlapRow,
    Reconciliation,
    SavingsFigures,
    StageFigures,
    TargetFigures,
    Track,
)
from measures.models import (
    BooksClosed,
    LedgerEntry,
    LineClass,
    Measure,
    Permanence,
    SavingsLine,
    Stage,
)
from measures.triggers import MONTH_COLUMNS
from programme.models import Allocation, CostType, Programme, Sector, Target

#: Cached figures are kept for a day: a change of data asks for another key, so this only tidies up.
KEEP_SECONDS = 24 * 3600
#: The latest answers are kept in the process too: unpacking them from the cache costs more than finding them.
RECENT_SECONDS, RECENT_ANSWERS = 60, 32
_RECENT: dict[str, tuple[float, Any]] = {}
_CODE = hashlib.sha256(b"".join(Path(file).read_bytes() for file in (__file__, calculations.__file__)))
T = TypeVar("T")


# --- what the selectors answer -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One cost type or sector of the target table: scenario pairs in cents and what is achieved beside them.

    `base`, `later` and `total` are the printed columns; a pair whose ends are both None is an empty cell.
    `row` is None on the total rows.
    """

    row: CostType | Sector | None
    base: Pair
    later: Pair
    total: Pair
    achieved: Figures


@dataclass(frozen=True, slots=True)
class Matrix:
    """The savings matrix: cost types with the printed total, sectors with the computed one."""

    cost_types: list[MatrixRow]
    total: MatrixRow
    sectors: list[MatrixRow]
    sector_total: MatrixRow
    figures: SavingsFigures


@dataclass(frozen=True, slots=True)
class MonthCell:
    """One month of a line in cents, None where nothing is entered, as booked (before overlaps).

    `overlap` is what a declared overlap gives back in plan and forecast, None without one.
    """

    month: date
    levels: Levels
    overlap: int | None
    is_closed: bool
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class LineMonths:
    """One savings line with its months, as the card's grid shows them, and its figures."""

    line: SavingsLine
    months: list[MonthCell]
    figures: Figures


@dataclass(frozen=True, slots=True)
class _Tree:
    """Ids of the programme's slices, and for each goal and cost type the slices that its lines count in."""

    themes: list[int]
    goals: dict[int, list[tuple[str, int]]]
    sectors: list[int]
    cost_types: dict[int, list[tuple[str, int]]]


# --- clock -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MeasureCard:
    """What the card of one measure shows, beside the figures of its programme."""

    whole: SavingsFigures
    figures: Figures
    lines: list[LineMonths]


def books_closed_through(programme: Programme, on: date | None = None) -> date | None:
    """First day of the last month of the unbroken run of closed months; None when none is closed (R3)."""
    day = on or programme.today()
    rows = BooksClosed.objects.filter(programme=programme, closed_on__lte=day)
    closed: set[date] = set()
    opened: set[date] = set()
    for month, reopened_on in rows.values_list("month", "reopened_on"):
        (closed if reopened_on is None or reopened_on > day else opened).add(month)
    return calculations.closed_through(closed, opened)


def clock_of(programme: Programme, on: date | None = None) -> Clock:
    """The day, the closed months and the years that the programme's figures are figured for."""
    day = on or programme.today()
    return Clock(day, books_closed_through(programme, day), programme.start_year, programme.final_year)


def _cached(programme: Programme, name: str, work: Callable[[], T]) -> T:
    """The answer for the programme's present data: from the cache, or worked out and put there."""
    version = data_version(programme.pk)
    period = f"{programme.start_year}-{programme.end_year}"
    key = f"measures:{_CODE.hexdigest()[:16]}:{programme.pk}:{version}:{period}:{name}"
    recent = _RECENT.get(key)
    if recent is not None and recent[0] > time.monotonic():
        return recent[1]
    found: T | None = cache.get(key)
    if found is None:
        found = work()
        cache.set(key, found, KEEP_SECONDS)
    if len(_RECENT) >= RECENT_ANSWERS:
        _RECENT.clear()
    _RECENT[key] = (time.monotonic() + RECENT_SECONDS, found)
    return found


def forget_recent() -> None:
    """Empties this process's memory of answers; the shared cache is emptied by itself."""
    _RECENT.clear()


# --- figures of a programme --------------------------------------------------------------------------------


def savings_figures(programme: Programme, *, on: date | None = None) -> SavingsFigures:
    """All figures of the programme on a day (default: its own clock), kept until anything in it changes.

    Every slice of the programme is in the answer. A goal holds its sub-goals, a cost type its parts.
    """
    day = on or programme.today()
    return _cached(programme, f"figures:{day}", lambda: _savings_figures(programme, day))


def _savings_figures(programme: Programme, day: date) -> SavingsFigures:
    clock = clock_of(programme, day)
    tree = _tree(programme)
    tracks = calculations.fold(_sliced(_cube(programme), tree), clock)
    run_months = calculations.run_rate_months(tracks.get(("total", NEW), Track()), clock)

    def of(kind: str, ids: Iterable[Any]) -> dict[Any, Figures]:
        return {
            key: calculations.figures(
                tracks.get(((kind, key), NEW)), tracks.get(((kind, key), IN_BASE)), clock, run_months
            )
            for key in ids
        }

    total = tracks.get(("total", NEW), Track())
    counts = _measure_counts(programme, day)
    target = target_figures(programme, day)
    return SavingsFigures(
        as_of=day,
        closed_through=clock.closed_through,
        start_year=clock.start_year,
        final_year=clock.final_year,
        total=calculations.figures(total, tracks.get(("total", IN_BASE)), clock, run_months),
        by_theme=of("theme", tree.themes),
        by_goal=of("goal", tree.goals),
        by_sector=of("sector", tree.sectors),
        by_cost_type=of("cost_type", tree.cost_types),
        beside={
            book: calculations.figures(tracks[slice_, book], None, clock, run_months)
            for slice_, book in list(tracks)
            if slice_ == "total" and book not in (NEW, IN_BASE)
        },
        ladder=calculations.ladder(
            stated=target.stated, in_base=target.in_base,
            active=sum(row.target for row in counts if row.stage != Stage.WITHDRAWN),
            released=sum(row.target for row in counts if row.stage == Stage.WITHDRAWN),
        ),
        target=target,
        months={level: calculations.month_points(total, level, clock) for level in LEVELS},
        stages=_stages(counts, of("stage", Stage.values)),
        stage_counts_by_theme=_stage_counts(counts),
        measures=sum(row.count for row in counts),
        illustrative=sum(row.illustrative for row in counts),
    )  # fmt: skip


def _sliced(cells: Iterable[Cell], tree: _Tree) -> Iterable[Cell]:
    """The cells of goals, sectors, cost types and stages, entered in every slice they count in."""
    for cell in cells:
        at: Any = cell.slice
        kind, key = at
        slices: list[Any]
        if kind == "goal":
            slices = tree.goals.get(key, [(kind, key)])
        elif kind == "cost_type":
            slices = tree.cost_types.get(key, [(kind, key)])
        elif kind == "sector":
            slices = [(kind, key), "total"]
        else:
            slices = [(kind, key)]
        for slice_ in slices:
            yield cell._replace(slice=slice_)


_MEASURE_COUNTS = """
    SELECT measure.stage, goal.theme_id, count(*), count(*) FILTER (WHERE measure.is_illustrative),
        coalesce(sum(target.value_eur_cents), 0)::bigint
    FROM measures_measure measure
    JOIN programme_goal goal ON goal.id = measure.goal_id
    LEFT JOIN measures_measuretarget target ON target.measure_id = measure.id
        AND target.valid_from <= %(on)s AND (target.valid_to IS NULL OR target.valid_to > %(on)s)
    WHERE measure.programme_id = %(programme)s
    GROUP BY measure.stage, goal.theme_id
"""


@dataclass(frozen=True, slots=True)
class _MeasureCount:
    stage: str
    theme: int
    count: int
    illustrative: int
    target: int


def _measure_counts(programme: Programme, on: date) -> list[_MeasureCount]:
    with connection.cursor() as cursor:
        cursor.execute(_MEASURE_COUNTS, {"programme": programme.pk, "on": on})
        return [_MeasureCount(*row) for row in cursor.fetchall()]


def _stages(counts: list[_MeasureCount], by_stage: Mapping[str, Figures]) -> dict[str, StageFigures]:
    return {
        stage: StageFigures(
            sum(row.count for row in counts if row.stage == stage),
            figures.level_change.plan, figures.level_change.forecast,
        )
        for stage, figures in by_stage.items()
    }  # fmt: skip


def _stage_counts(counts: list[_MeasureCount]) -> dict[int, dict[str, int]]:
    by_theme: dict[int, dict[str, int]] = defaultdict(dict)
    for row in counts:
        by_theme[row.theme][row.stage] = row.count
    return dict(by_theme)


_SLICES = """
    SELECT 'theme', id, NULL::bigint, NULL::bigint FROM programme_theme WHERE programme_id = %(programme)s
    UNION ALL SELECT 'goal', id, parent_id, theme_id FROM programme_goal WHERE programme_id = %(programme)s
    UNION ALL SELECT 'sector', id, NULL, NULL FROM programme_sector WHERE programme_id = %(programme)s
    UNION ALL SELECT 'cost_type', id, parent_id, NULL FROM programme_costtype
        WHERE programme_id = %(programme)s
"""


def _tree(programme: Programme) -> _Tree:
    ids: dict[str, dict[int, tuple[int | None, int | None]]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_SLICES, {"programme": programme.pk})
        for kind, key, parent, theme in cursor.fetchall():
            ids[kind][key] = (parent, theme)

    def upwards(kind: str, key: int) -> list[tuple[str, int]]:
        """The slice itself and all above it."""
        path: list[tuple[str, int]] = []
        at: int | None = key
        while at is not None and (kind, at) not in path:
            path.append((kind, at))
            at = ids[kind][at][0]
        return path

    goals = {
        key: [*upwards("goal", key), ("theme", theme)] for key, (_, theme) in ids["goal"].items() if theme
    }
    cost_types = {key: upwards("cost_type", key) for key in ids["cost_type"]}
    return _Tree(list(ids["theme"]), goals, list(ids["sector"]), cost_types)


# --- the cube ----------------------------------------------------------------------------------------------

_COLUMNS = "permanence, line_class, in_base, phase, series, year"
_LINE = (
    "line.id AS line_id, line.measure_id, line.goal_id, line.sector_id, line.cost_type_id, measure.stage,"
    " line.permanence, line.line_class, line.in_base"
)
_JOINED = """
    FROM measures_measuretotal total
    JOIN measures_savingsline line ON line.id = total.line_id
    JOIN measures_measure measure ON measure.id = line.measure_id
    WHERE total.programme_id = %(programme)s AND total.n > 0 AND total.series <> 'refused'
"""
#: Bits of the months before the withdrawal.
_BEFORE = """
    ((1 << least(12, greatest(0, (extract(year FROM withdrawn_from)::int - year) * 12
        + extract(month FROM withdrawn_from)::int - 1))) - 1)
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
    phases = (_phase("before", _BEFORE), _phase("after", f"(~{_BEFORE} & 4095)"))
    return f"WITH gone AS MATERIALIZED ({gone}) {' UNION ALL '.join((standing, *phases))}"


def _phase(phase: str, bits: str) -> str:
    """The months of withdrawn measures that lie in one phase."""
    return (
        "SELECT line_id, measure_id, goal_id, sector_id, cost_type_id, stage, permanence, line_class, in_base,"
        f" '{phase}', series, year, known & {bits}, {_masked(bits)} FROM gone"
    )


def _masked(bits: str) -> str:
    """The month columns, 0 where the bits have none."""
    return ", ".join(
        f"CASE WHEN {bits} >> {month} & 1 = 1 THEN {column} ELSE 0 END"
        for month, column in enumerate(MONTH_COLUMNS)
    )


def _summed(keys: str, rows: str, grouping: str) -> str:
    sums = ", ".join(f"sum({column})::bigint AS {column}" for column in MONTH_COLUMNS)
    return f"SELECT {keys}, {_COLUMNS}, bit_or(known)::int AS known, {sums} FROM {rows} GROUP BY {grouping}"


_DIMENSIONS = {"goal": "goal_id", "sector": "sector_id", "cost_type": "cost_type_id", "stage": "stage"}


_STAGES, _PERMANENCES, _CLASSES = list(Stage.values), list(Permanence.values), list(LineClass.values)
_PHASES = ("standing", "before", "after")


def _place(column: str, values: Sequence[str]) -> str:
    """Position of the column's value in the list, from 0: groups of numbers are found faster than of words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f"array_position(ARRAY[{listed}]::varchar[], {column}) - 1"


def _cube_sql() -> str:
    """One pass over the totals, rolled up by each dimension: as many rows as slices, however many measures.

    `kind` packs permanence (2 bits), class (2 bits), in base (1 bit) and phase into one number.
    """
    dimensions = ", ".join(_DIMENSIONS.values())
    months_, sums = ", ".join(MONTH_COLUMNS), ", ".join(f"sum({column})::bigint" for column in MONTH_COLUMNS)
    sets = ", ".join(f"({dimension}, kind, series, year)" for dimension in _DIMENSIONS.values())
    values = f"series, year, known::int AS known, {months_}"
    totals = (
        "FROM measures_measuretotal total JOIN line ON line.line_id = total.line_id"
        " WHERE total.programme_id = %(programme)s AND total.n > 0 AND total.series <> 'refused'"
    )
    phases = " UNION ALL ".join(
        f"SELECT {dimensions}, kind + {number} * 32, series, year, known & {bits}, {_masked(bits)} FROM gone"
        for number, bits in ((1, _BEFORE), (2, f"(~{_BEFORE} & 4095)"))
    )
    return f"""
        WITH line AS MATERIALIZED (
            SELECT line.id AS line_id, line.goal_id, line.sector_id, line.cost_type_id,
                {_place("measure.stage", _STAGES)} AS stage, measure.withdrawn_from,
                {_place("line.permanence", _PERMANENCES)} + 4 * ({_place("line.line_class", _CLASSES)})
                    + 16 * line.in_base::int AS kind
            FROM measures_savingsline line JOIN measures_measure measure ON measure.id = line.measure_id
            WHERE line.programme_id = %(programme)s
        ), gone AS MATERIALIZED (
            SELECT {dimensions}, kind, withdrawn_from, {values} {totals}
                AND withdrawn_from IS NOT NULL AND series <> 'plan_approved'
        ), part AS (
            SELECT {dimensions}, kind, {values} {totals}
                AND (withdrawn_from IS NULL OR series = 'plan_approved')
            UNION ALL {phases}
        )
        SELECT {dimensions}, kind, series, year, bit_or(known), {sums}
        FROM part GROUP BY GROUPING SETS ({sets})
    """


def _attributes(kind: int) -> tuple[str, str, bool, str]:
    """Permanence, class, in base and phase of a packed `kind`."""
    return _PERMANENCES[kind & 3], _CLASSES[kind >> 2 & 3], bool(kind >> 4 & 1), _PHASES[kind >> 5]


_CUBE = _cube_sql()
#: All totals are read. Right after a bulk write the statistics still speak of few rows, and a plan with
#: nested loops made for those took minutes instead of a tenth of a second.
_WITHOUT_NESTED_LOOPS = (
    "SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '64MB'; SET LOCAL jit = off; {};"
    " SET LOCAL enable_nestloop TO DEFAULT; SET LOCAL work_mem TO DEFAULT; SET LOCAL jit TO DEFAULT"
)
_BY_MEASURE = _summed(
    "measure_id", f"({_parts('AND line.measure_id = ANY(%(measures)s)')}) part", f"measure_id, {_COLUMNS}"
)
_OF_CLAIMS = "total.series IN ('claimed', 'confirmed', 'undecided')"
_LEVELS_BY_MEASURE = _summed(
    "measure_id",
    f"({_parts(f'AND line.measure_id = ANY(%(measures)s) AND (total.year = %(year)s OR {_OF_CLAIMS})')}) part",
    f"measure_id, {_COLUMNS}",
)


def _cube(programme: Programme) -> list[Cell]:
    """Cells of every goal, sector, cost type and stage, with the corrections of overlaps."""
    cells: list[Cell] = []
    kinds = list(_DIMENSIONS)
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT_NESTED_LOOPS.format(_CUBE), {"programme": programme.pk})
        # Past the answers of SET; a history context around us (every job) has moved on to the last one.
        cursor.set_result(0)
        while len(cursor.description or ()) < len(MONTH_COLUMNS):
            if not cursor.nextset():
                raise LookupError("the statement gave no totals")
        for row in cursor.fetchall():
            at = next(index for index in range(4) if row[index] is not None)
            key = _STAGES[row[at]] if kinds[at] == "stage" else row[at]
            cells.append(Cell._make(((kinds[at], key), *_attributes(row[4]), *row[5:8], row[8:])))
    for correction, line in _corrections(programme):
        for kind, column in _DIMENSIONS.items():
            cells.extend(_correction_cells((kind, line[column]), correction, line))
    return cells


def _cells_by(sql: str, programme: Programme, measures: Collection[int], column: str) -> list[Cell]:
    """Cells of some measures, by measure or by line."""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"programme": programme.pk, "measures": list(measures)})
        cells = [Cell._make((*row[:8], row[8:])) for row in cursor.fetchall()]
    for correction, line in _corrections(programme, measures):
        cells.extend(_correction_cells(line[column], correction, line))
    return cells


_YIELDING = """
    SELECT overlap.yielding_line_id, overlap.other_line_id, overlap.amount_eur_cents, overlap.first_month,
        overlap.last_month, kept.withdrawn_from,
        line.id AS line_id, line.measure_id, line.goal_id, line.sector_id, line.cost_type_id,
        line.permanence, line.line_class, line.in_base, measure.stage, measure.withdrawn_from
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


def _corrections(programme: Programme, measures: Collection[int] | None = None) -> Found:
    """Corrections of the overlaps in which these measures (default: all) yield, with the yielding line."""
    return _corrections_and_series(programme, measures, ())[0]


def _corrections_and_series(
    programme: Programme, measures: Collection[int] | None, lines: Collection[int]
) -> tuple[Found, SeriesOfLines]:
    """The corrections, and the totals of their lines and of `lines` as they stand, read together."""
    narrowed = None if measures is None else list(measures)
    with connection.cursor() as cursor:
        cursor.execute(_YIELDING, {"programme": programme.pk, "measures": narrowed})
        rows = cursor.fetchall()
    overlaps = [OverlapRow(*row[:6]) for row in rows]
    attributes = {row[0]: dict(zip(_LINE_COLUMNS, row[6:], strict=True)) for row in rows}
    both = {line for overlap in overlaps for line in (overlap.yielding, overlap.other)}
    series = _line_series(programme, both | set(lines))
    found = calculations.overlap_corrections(overlaps, series)
    return [(correction, attributes[correction.line]) for correction in found], series


def _line_series(programme: Programme, lines: Collection[Any]) -> SeriesOfLines:
    """Totals of some lines as they stand: line -> (series, year) -> (known bits, twelve amounts)."""
    found: SeriesOfLines = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT line_id, series, year, known, {', '.join(MONTH_COLUMNS)} FROM measures_measuretotal"
            " WHERE programme_id = %s AND line_id = ANY(%s) AND n > 0",
            [programme.pk, list(lines)],
        )
        for line, series, year, known, *amounts in cursor.fetchall():
            found[line][series, year] = (known, tuple(amounts))
    return found


def _correction_cells(
    slice_: Any, correction: calculations.Correction, line: Mapping[str, Any]
) -> list[Cell]:
    """The correction as cells that know nothing, in the phases of the yielding measure."""
    attributes = (line["permanence"], line["line_class"], line["in_base"])
    return _phased(
        slice_, attributes, correction.series, correction.year, 0, correction.months, line["withdrawn_from"]
    )


def _phased(
    slice_: Any,
    attributes: tuple[str, str, bool],
    series: str,
    year: int,
    known: int,
    amounts: Sequence[int],
    withdrawn_from: date | None,
) -> list[Cell]:
    """Twelve months as one cell, or as two around the withdrawal of their measure (R6)."""
    if withdrawn_from is None or series == "plan_approved":
        return [Cell(slice_, *attributes, "standing", series, year, known, amounts)]
    before = calculations.months_before(year, withdrawn_from)
    return [
        Cell(
            slice_, *attributes, phase, series, year, known & mask,
            tuple(cents if mask >> month & 1 else 0 for month, cents in enumerate(amounts)),
        )
        for phase, mask in (("before", before), ("after", ~before & calculations.WHOLE_YEAR))
    ]  # fmt: skip


def _own_cells(
    lines: Iterable[SavingsLine], series: SeriesOfLines, withdrawn_from: date | None
) -> list[Cell]:
    """The totals of a measure's lines as cells by line; what is refused follows from the rest."""
    return [
        cell
        for line in lines
        for (name, year), (known, amounts) in series.get(line.pk, {}).items()
        if name != "refused"
        for cell in _phased(
            line.pk,
            (line.permanence, line.line_class, line.in_base),
            name,
            year,
            known,
            amounts,
            withdrawn_from,
        )
    ]


# --- figures of measures -----------------------------------------------------------------------------------


def measure_figures(
    measure_ids: Collection[int], programme: Programme, *, on: date | None = None
) -> dict[int, Figures]:
    """Figures of some measures (a page of a list) in a constant number of queries; all ids are answered."""
    ids = list(measure_ids)
    if not ids:
        return {}
    clock, run_months = _run_rate_clock(programme, on)
    cells = _cells_by(_BY_MEASURE, programme, ids, "measure_id")
    return _figures_by(ids, cells, clock, run_months)


def measure_levels(
    measure_ids: Collection[int], programme: Programme, *, on: date | None = None
) -> dict[int, Levels]:
    """What a list shows of new lines, for a fraction of all figures.

    Plan, plan_approved and forecast are the level change of the final year; claims and what became of
    them are to date, lasting and one-off, because the final year has none before it begins.
    """
    ids = list(measure_ids)
    if not ids:
        return {}
    clock = clock_of(programme, on)
    with connection.cursor() as cursor:
        narrowed: dict[str, Any] = {"programme": programme.pk, "measures": ids, "year": clock.final_year}
        cursor.execute(_LEVELS_BY_MEASURE, narrowed)
        cells = [Cell._make((*row[:8], row[8:])) for row in cursor.fetchall()]
    for correction, line in _corrections(programme, ids):
        cells.extend(_correction_cells(line["measure_id"], correction, line))
    tracks = calculations.fold(cells, clock)
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


def _run_rate_clock(programme: Programme, on: date | None) -> tuple[Clock, LevelMonths]:
    """The clock and the run rate months, which are the same for every slice of the programme."""
    whole = savings_figures(programme, on=on)
    clock = Clock(whole.as_of, whole.closed_through, whole.start_year, whole.final_year)
    return clock, whole.total.run_rate_months


def _figures_by(
    ids: Sequence[int], cells: list[Cell], clock: Clock, months_: LevelMonths
) -> dict[int, Figures]:
    tracks = calculations.fold(cells, clock)
    return {
        key: calculations.figures(tracks.get((key, NEW)), tracks.get((key, IN_BASE)), clock, months_)
        for key in ids
    }


def measure_targets(
    measure_ids: Collection[int], programme: Programme, *, on: date | None = None
) -> dict[int, int]:
    """The target that each of the measures carries on a day, cents; measures without one are left out."""
    day = on or programme.today()
    rows = Measure.objects.filter(
        Q(targets__valid_to=None) | Q(targets__valid_to__gt=day),
        programme=programme, pk__in=list(measure_ids), targets__valid_from__lte=day,
    )  # fmt: skip
    return dict(rows.values_list("pk", "targets__value_eur_cents"))


def line_figures(measure: Measure, *, on: date | None = None) -> dict[int, Figures]:
    """Figures of the measure's lines; those of lines that do not count as cash stand on their own (R14)."""
    return {row.line.pk: row.figures for row in measure_card(measure, on=on).lines}


def line_months(measure: Measure, *, on: date | None = None) -> list[LineMonths]:
    """The measure's lines with every month of the programme's years and of all known months beyond them."""
    return measure_card(measure, on=on).lines


def measure_card(measure: Measure, *, on: date | None = None) -> MeasureCard:
    """One measure's figures, its lines' own (whatever their class, R14) and its months, read in few queries."""
    programme = measure.programme
    whole = savings_figures(programme, on=on)
    run_months = whole.total.run_rate_months
    clock = Clock(whole.as_of, whole.closed_through, whole.start_year, whole.final_year)
    lines = list(measure.lines.select_related("sector", "cost_type", "goal", "goal__theme"))
    ids = [line.pk for line in lines]
    found, series = _corrections_and_series(programme, [measure.pk], ids)
    cells = _own_cells(lines, series, measure.withdrawn_from)
    given: dict[int, dict[tuple[str, int], Sequence[int]]] = defaultdict(dict)
    for correction, line in found:
        cells.extend(_correction_cells(line["line_id"], correction, line))
        row = given[line["line_id"]].get((correction.series, correction.year), (0,) * 12)
        given[line["line_id"]][correction.series, correction.year] = [
            a + b for a, b in zip(row, correction.months, strict=True)
        ]
    by_line = _figures_by(ids, [cell._replace(line_class=CASH) for cell in cells], clock, run_months)
    together = [cell._replace(slice=measure.pk) for cell in cells]
    years = {year for line in ids for _, year in series.get(line, ())}
    first, last = min(years | {clock.start_year}), max(years | {clock.final_year})
    span = list(months(date(first, 1, 1), date(last + 1, 1, 1)))
    return MeasureCard(
        whole,
        _figures_by([measure.pk], together, clock, run_months)[measure.pk],
        [
            LineMonths(
                line,
                [
                    _month_cell(month, series.get(line.pk, {}), given.get(line.pk, {}), clock, measure)
                    for month in span
                ],
                by_line[line.pk],
            )
            for line in lines
        ],
    )


def _month_cell(
    month: date,
    series: Mapping[tuple[str, int], tuple[int, Sequence[int]]],
    given: Mapping[tuple[str, int], Sequence[int]],
    clock: Clock,
    measure: Measure,
) -> MonthCell:
    at = month.month - 1

    def amount(name: str) -> int | None:
        known, amounts = series.get((name, month.year), (0, (0,) * 12))
        return amounts[at] if known >> at & 1 else None

    corrected = [
        given[name, month.year][at] for name in ("plan", "forecast", "claimed") if (name, month.year) in given
    ]
    closed = clock.closed_through is not None and month <= clock.closed_through
    return MonthCell(
        month, Levels(**{level: amount(level) for level in LEVELS}),
        next((cents for cents in corrected if cents), None), closed,
        measure.withdrawn_from is not None and month >= measure.withdrawn_from,
    )  # fmt: skip


# --- targets of the programme ------------------------------------------------------------------------------


def _targets(programme: Programme, on: date) -> QuerySet[Target]:
    return Target.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), programme=programme, valid_from__lte=on
    )


def pair_of(target: Target | None) -> Pair:
    """The target's scenario pair; a single value stands at both ends."""
    if target is None:
        return Pair(None, None)
    if target.value_eur_cents is not None:
        return Pair(target.value_eur_cents, target.value_eur_cents)
    return Pair(target.cautious_eur_cents, target.full_eur_cents)


def target_figures(programme: Programme, on: date | None = None) -> TargetFigures:
    """The stated target, the ends of the target table (printed, else summed), the part inside the base."""
    rows = list(_targets(programme, on or programme.today()))
    stated = _stated(rows)
    total = _column(rows, Target.Column.TOTAL)
    if not total and stated is not None:
        total = Pair(stated, stated)
    return TargetFigures(stated, total.cautious, total.full, _column(rows, Target.Column.BASE).full)


def _stated(rows: Iterable[Target]) -> int | None:
    """The stated target as a whole, without its parts by column."""
    return next(
        (
            pair_of(row).full
            for row in rows
            if row.kind == Target.Kind.STATED and row.column == Target.Column.TOTAL
        ),
        None,
    )


def _column(rows: Iterable[Target], column: str) -> Pair:
    """The printed total of a column of the target table, else the sum of its cost types, end by end."""
    rows = [row for row in rows if row.column == column]
    printed = next((pair_of(row) for row in rows if row.kind == Target.Kind.TOTAL), Pair(None, None))
    if printed.cautious is not None and printed.full is not None:
        return printed
    summed = _sum_of_wholes(row for row in rows if row.kind == Target.Kind.COST_TYPE)
    return Pair(
        printed.cautious if printed.cautious is not None else summed.cautious,
        printed.full if printed.full is not None else summed.full,
    )


def _sum_of_wholes(rows: Iterable[Target]) -> Pair:
    return Pair.sum_known(pair_of(row) for row in rows)[0]


def differences(programme: Programme, on: date | None = None) -> list[Difference]:
    """Figures of the source that do not agree with each other, as far as the programme has them."""
    rows = list(_targets(programme, on or programme.today()))
    kinds: dict[str, list[Target]] = defaultdict(list)
    for row in rows:
        kinds[row.kind].append(row)
    found = []
    if kinds[Target.Kind.SECTOR] and kinds[Target.Kind.COST_TYPE]:
        cost_types, sectors = _column(rows, Target.Column.TOTAL), _sum_of_wholes(kinds[Target.Kind.SECTOR])
        found.append(_pair_difference("by_cost_type_by_sector", cost_types, sectors))
    if kinds[Target.Kind.COMPOSITION]:
        parts = _sum_of_wholes(kinds[Target.Kind.COMPOSITION])
        found.append(_single_difference("composition", parts.full, _stated(rows)))
    base = _column(rows, Target.Column.BASE).full
    for row in kinds[Target.Kind.ANNUAL]:
        if base is not None and row.year is not None and row.year == (programme.base_year or row.year):
            found.append(_single_difference("annual", pair_of(row).full, base, year=row.year))
    found.append(_allocation_difference(programme))
    return [difference for difference in found if difference is not None]


def _pair_difference(code: str, first: Pair, second: Pair) -> Difference | None:
    return calculations.difference(code, (first.cautious, first.full), (second.cautious, second.full))


def _single_difference(
    code: str, first: int | None, second: int | None, **params: object
) -> Difference | None:
    return calculations.difference(code, (None, first), (None, second), **params)


def _allocation_difference(programme: Programme) -> Difference | None:
    """Low and high ends of the funding shares against 100 %, in hundredths of a per cent."""
    shares = [
        (low, high)
        for low, high in Allocation.objects.filter(programme=programme).values_list("share_low", "share_high")
        if low is not None and high is not None
    ]
    if not shares:
        return None
    ends = (int(sum(low for low, _ in shares) * 100), int(sum(high for _, high in shares) * 100))
    return calculations.difference("allocation_shares", ends, (100_00, 100_00))


def matrix(programme: Programme, on: date | None = None) -> Matrix:
    """Cost type x in base / later / total x cautious / full, and sectors, with what is achieved beside."""
    day = on or programme.today()
    figures = savings_figures(programme, on=day)
    rows = list(_targets(programme, day))
    cells: dict[tuple[str, int | None, str], Target] = {}
    for row in rows:
        owner = row.cost_type_id if row.kind == Target.Kind.COST_TYPE else row.sector_id
        cells.setdefault((row.kind, owner, row.column), row)

    def line(kind: str, row: CostType | Sector, achieved: Figures) -> MatrixRow:
        base, later, total = (pair_of(cells.get((kind, row.pk, column))) for column in Target.Column.values)
        return MatrixRow(row, base, later, total, achieved)

    cost_types = [
        line(Target.Kind.COST_TYPE, row, figures.by_cost_type[row.pk])
        for row in CostType.objects.filter(programme=programme)
        if row.parent_id is None
        or any((Target.Kind.COST_TYPE, row.pk, c) in cells for c in Target.Column.values)
    ]
    sectors = [
        line(Target.Kind.SECTOR, row, figures.by_sector[row.pk])
        for row in Sector.objects.filter(programme=programme)
    ]
    return Matrix(
        cost_types,
        MatrixRow(
            None,
            _column(rows, Target.Column.BASE),
            _column(rows, Target.Column.LATER),
            _column(rows, Target.Column.TOTAL),
            figures.total,
        ),
        sectors,
        MatrixRow(
            None,
            Pair.sum_known(row.base for row in sectors)[0],
            Pair.sum_known(row.later for row in sectors)[0],
            Pair.sum_known(row.total for row in sectors)[0],
            figures.total,
        ),
        figures,
    )


# --- reconciliation (R10) ----------------------------------------------------------------------------------

_CONFIRMED = """
    SELECT coalesce(sum(CASE WHEN entry.series = 'plan' AND line.in_base THEN entry.amount_eur_cents END), 0),
        coalesce(sum(CASE WHEN line.in_base THEN entry.decided_eur_cents END), 0),
        coalesce(sum(CASE WHEN NOT line.in_base THEN entry.decided_eur_cents END), 0)
    FROM measures_savingsline line
    JOIN measures_savingsentry entry ON entry.programme_id = line.programme_id AND entry.line_id = line.id
    JOIN measures_measure measure ON measure.id = line.measure_id
    WHERE line.programme_id = %(programme)s AND line.sector_id = %(sector)s
        AND line.cost_type_id = %(cost_type)s AND line.line_class = 'cash'
        AND entry.series IN ('plan', 'claimed') AND entry.month BETWEEN %(first)s AND %(last)s
        AND NOT (entry.series = 'plan' AND measure.withdrawn_from IS NOT NULL
            AND entry.month >= measure.withdrawn_from)
"""


def reconciliation(
    programme: Programme, sector: Sector, cost_type: CostType, *, first: date, last: date, drivers: int = 0
) -> Reconciliation:
    """Ledger against base, drivers and confirmed effects for the months `first` to `last`, both included.

    `drivers` is the sum of price, volume and wage drivers in cents. Without any booked actual in the
    period the ledger is awaited, not 0.
    """
    booked = LedgerEntry.objects.filter(programme=programme, sector=sector, cost_type=cost_type)
    base_year = programme.base_year or programme.start_year
    # The base is the original budget of the base year, month for month, whatever year is looked at.
    budgeted: dict[int, int] = {
        row["month"].month: row["cents"]
        for row in booked.filter(kind=LedgerEntry.Kind.ORIGINAL_BUDGET, month__year=base_year)
        .order_by()
        .values("month")
        .annotate(cents=Sum("amount_eur_cents"))
    }
    ledger = booked.filter(
        kind=LedgerEntry.Kind.ACTUAL, month__gte=month_of(first), month__lte=month_of(last)
    ).aggregate(cents=Sum("amount_eur_cents"))["cents"]
    with connection.cursor() as cursor:
        cursor.execute(_CONFIRMED, {
            "programme": programme.pk, "sector": sector.pk, "cost_type": cost_type.pk,
            "first": month_of(first), "last": month_of(last),
        })  # fmt: skip
        planned_in_base, confirmed_in_base, confirmed_new = (int(cents) for cents in cursor.fetchone())
    return calculations.reconcile(
        base=sum(budgeted.get(month.month, 0) for month in months(first, next_month(month_of(last)))), drivers=drivers,
        confirmed_in_base=confirmed_in_base, planned_in_base=planned_in_base, confirmed_new=confirmed_new,
        ledger=ledger,
    )  # fmt: skip


def level_names() -> Mapping[str, str]:
    """Names of the levels in the active language by code, in printing order."""
    return {
        "plan": gettext("plan"),
        "plan_approved": gettext("approved plan"),
        "forecast": gettext("forecast"),
        "claimed": gettext("claimed"),
        "confirmed": gettext("confirmed"),
        "undecided": gettext("undecided"),
        "refused": gettext("refused"),
    }
