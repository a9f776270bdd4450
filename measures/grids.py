"""The month grid of one savings line: levels down, the months of one year across."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from measures.calculations import LEVELS, add_known
from measures.models import SavingsLine
from measures.selectors import LineMonths, MonthCell


@dataclass(frozen=True)
class GridRow:
    """One level of the line: twelve amounts in cents and their sum; None is unknown, not zero."""

    level: str
    amounts: list[int | None]
    total: int | None


@dataclass(frozen=True)
class Grid:
    """One line in one year. Rows without a single figure are left out."""

    line: SavingsLine
    months: list[MonthCell]
    rows: list[GridRow]
    overlap: list[int | None]
    overlap_total: int | None
    target_year: int

    @property
    def closed_through(self) -> date | None:
        """The last closed month of the year, for the heading."""
        return max((cell.month for cell in self.months if cell.is_closed), default=None)

    @property
    def withdrawn_from(self) -> date | None:
        return min((cell.month for cell in self.months if cell.is_withdrawn), default=None)


def grid_of(line: LineMonths, year: int) -> Grid:
    """The line's months of the year as rows of levels."""
    months = [cell for cell in line.months if cell.month.year == year]
    rows = []
    for level in LEVELS:
        amounts = [getattr(cell.levels, level) for cell in months]
        if any(cents is not None for cents in amounts):
            rows.append(GridRow(level, amounts, add_known(amounts)))
    overlap = [cell.overlap for cell in months]
    return Grid(line.line, months, rows, overlap, add_known(overlap), year)
