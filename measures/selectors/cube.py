"""The totals of a programme rolled up by goal, sector, cost type and stage (docs/adr/0010-totals.md)."""

from core.db import planned_for_sums
from measures.calculations import Cell
from measures.selectors.attributes import CLASSES, PERMANENCES
from measures.selectors.kept_cube import DIMENSIONS, KIND, PHASES, STAGES, place
from measures.selectors.overlaps import Found, correction_cells
from measures.selectors.withdrawal import AFTER, BEFORE, masked
from measures.triggers import MONTH_COLUMNS
from programme.models import Programme


def _cube_sql() -> str:
    """One pass over the totals, rolled up by each dimension: as many rows as slices, however many measures.

    `kind` packs permanence (2 bits), class (2 bits), in base (1 bit) and phase into one number.
    """
    dimensions = ", ".join(DIMENSIONS.values())
    months_, sums = ", ".join(MONTH_COLUMNS), ", ".join(f"sum({column})::bigint" for column in MONTH_COLUMNS)
    sets = ", ".join(f"({dimension}, kind, series, year)" for dimension in DIMENSIONS.values())
    values = f"series, year, known::int AS known, {months_}"
    totals = (
        "FROM measures_measuretotal total JOIN line ON line.line_id = total.line_id"
        " WHERE total.programme_id = %(programme)s AND total.n > 0 AND total.series <> 'refused'"
    )
    phases = " UNION ALL ".join(
        f"SELECT {dimensions}, kind + {number} * 32, series, year, known & {bits}, {masked(bits)} FROM gone"
        for number, bits in ((1, BEFORE), (2, AFTER))
    )
    return f"""
        WITH line AS MATERIALIZED (
            SELECT line.id AS line_id, line.goal_id, line.sector_id, line.cost_type_id,
                {place("measure.stage", STAGES)} AS stage, measure.withdrawn_from, {KIND} AS kind
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
    return PERMANENCES[kind & 3], CLASSES[kind >> 2 & 3], bool(kind >> 4 & 1), PHASES[kind >> 5]


_CUBE = _cube_sql()


def with_corrections(cells: list[Cell], found: Found) -> list[Cell]:
    """The cells, with those of the corrections of overlaps."""
    for correction, line in found:
        for kind, column in DIMENSIONS.items():
            cells.extend(correction_cells((kind, line[column]), correction, line))
    return cells


def summed_cells(programme: Programme) -> list[Cell]:
    """Cells of every goal, sector, cost type and stage, added up by the database."""
    cells: list[Cell] = []
    kinds = list(DIMENSIONS)
    with planned_for_sums() as cursor:
        cursor.execute(_CUBE, {"programme": programme.pk})
        for row in cursor.fetchall():
            at = next(index for index in range(4) if row[index] is not None)
            key = STAGES[row[at]] if kinds[at] == "stage" else row[at]
            cells.append(Cell._make(((kinds[at], key), *_attributes(row[4]), *row[5:8], row[8:])))
    return cells
