"""The target table as printed: its matrix with what is achieved beside, and where it disagrees with itself."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from core.money import Pair
from measures import calculations
from measures.calculations import Difference, Figures, SavingsFigures
from measures.selectors.figures import savings_figures
from measures.selectors.targets import column_ends, pair_of, stated_cents, sum_of_wholes, targets_on
from programme.models import Allocation, CostType, Programme, Sector, Target


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


def matrix(programme: Programme, on: date | None = None) -> Matrix:
    """Cost type x in base / later / total x cautious / full, and sectors, with what is achieved beside."""
    day = on or programme.today()
    figures = savings_figures(programme, on=day)
    rows = list(targets_on(programme, day))
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
    )


def differences(programme: Programme, on: date | None = None) -> list[Difference]:
    """Figures of the source that do not agree with each other, as far as the programme has them."""
    rows = list(targets_on(programme, on or programme.today()))
    kinds: dict[str, list[Target]] = defaultdict(list)
    for row in rows:
        kinds[row.kind].append(row)
    found = []
    if kinds[Target.Kind.SECTOR] and kinds[Target.Kind.COST_TYPE]:
        cost_types, sectors = column_ends(rows, Target.Column.TOTAL), sum_of_wholes(kinds[Target.Kind.SECTOR])
        found.append(_pair_difference("by_cost_type_by_sector", cost_types, sectors))
    if kinds[Target.Kind.COMPOSITION]:
        parts = sum_of_wholes(kinds[Target.Kind.COMPOSITION])
        found.append(_single_difference("composition", parts.full, stated_cents(rows)))
    base = column_ends(rows, Target.Column.BASE).full
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
