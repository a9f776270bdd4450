"""The target table as printed: its matrix with what is achieved beside."""

from dataclasses import dataclass, field
from datetime import date

from core.money import Pair
from measures.calculations import Figures, SavingsFigures
from measures.selectors.figures import savings_figures
from measures.selectors.slices import rows_of
from measures.selectors.targets import column_ends, pair_of, target_rows
from programme.models import CostType, Programme, Sector, Target


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
    """The savings matrix: cost types with the printed total, sectors with the computed one.

    Income types stand apart: no total counts them (R21).
    """

    cost_types: list[MatrixRow]
    total: MatrixRow
    sectors: list[MatrixRow]
    sector_total: MatrixRow
    figures: SavingsFigures
    income_types: list[MatrixRow] = field(default_factory=list)


def matrix(programme: Programme, on: date | None = None) -> Matrix:
    """Cost type x in base / later / total x cautious / full, and sectors, with what is achieved beside."""
    day = on or programme.today()
    figures = savings_figures(programme, on=day)
    rows = target_rows(programme, day)
    cells: dict[tuple[str, int | None, str], Target] = {}
    for row in rows:
        owner = row.cost_type_id if row.kind == Target.Kind.COST_TYPE else row.sector_id
        cells.setdefault((row.kind, owner, row.column), row)

    def line(kind: str, row: CostType | Sector, achieved: Figures) -> MatrixRow:
        base, later, total = (pair_of(cells.get((kind, row.pk, column))) for column in Target.Column.values)
        return MatrixRow(row, base, later, total, achieved)

    types: dict[str, list[MatrixRow]] = {kind: [] for kind in CostType.Kind.values}
    of_types = {**figures.by_cost_type, **figures.by_income_type}
    for one in rows_of(CostType, programme):
        printed = any((Target.Kind.COST_TYPE, one.pk, c) in cells for c in Target.Column.values)
        if one.parent_id is None or printed:
            types[one.kind].append(line(Target.Kind.COST_TYPE, one, of_types[one.pk]))
    sectors = [line(Target.Kind.SECTOR, row, figures.by_sector[row.pk]) for row in rows_of(Sector, programme)]
    return Matrix(
        types[CostType.Kind.COST],
        MatrixRow(
            None,
            column_ends(rows, Target.Column.BASE),
            column_ends(rows, Target.Column.LATER),
            column_ends(rows, Target.Column.TOTAL),
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
        types[CostType.Kind.INCOME],
    )
