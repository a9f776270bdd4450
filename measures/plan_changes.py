"""A change of a locked plan, as people read and write it: old and new beside each other, by line, year and month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from core.money import sum_known
from core.periods import add_months, months
from measures.models import SavingsLine

#: Line and month of a cell.
Place = tuple[int, date]


@dataclass(frozen=True)
class Cell:
    """One month: cents before and after, None for unknown; `text` is what was typed and `error` why it is refused."""

    key: str
    month: date
    old: int | None
    new: int | None
    text: str = ""
    error: str = ""

    @property
    def is_changed(self) -> bool:
        return self.old != self.new

    @property
    def difference(self) -> int | None:
        """New less old; None when neither is known."""
        return None if self.old is None and self.new is None else (self.new or 0) - (self.old or 0)


@dataclass
class Year:
    """Months of one line in one year."""

    year: int
    cells: list[Cell] = field(default_factory=list)

    @property
    def old(self) -> int | None:
        return sum_known(cell.old for cell in self.cells).cents

    @property
    def new(self) -> int | None:
        return sum_known(cell.new for cell in self.cells).cents

    @property
    def difference(self) -> int | None:
        return None if self.old is None and self.new is None else (self.new or 0) - (self.old or 0)

    @property
    def is_changed(self) -> bool:
        return any(cell.is_changed or cell.error for cell in self.cells)


@dataclass
class Line:
    """One savings line of the change."""

    line: SavingsLine
    name: str
    years: list[Year]

    @property
    def is_changed(self) -> bool:
        return any(year.is_changed for year in self.years)


@dataclass(frozen=True)
class YearSum:
    """All lines of one year."""

    year: int
    old: int | None
    new: int | None

    @property
    def difference(self) -> int | None:
        return None if self.old is None and self.new is None else (self.new or 0) - (self.old or 0)


def sums_by_year(lines: Iterable[Line]) -> list[YearSum]:
    """Old and new of every year over all lines."""
    found: dict[int, list[Year]] = defaultdict(list)
    for line in lines:
        for year in line.years:
            found[year.year].append(year)
    return [
        YearSum(
            year,
            sum_known(one.old for one in found[year]).cents,
            sum_known(one.new for one in found[year]).cents,
        )
        for year in sorted(found)
    ]


def whole_years(plan: Mapping[Place, int], lines: Iterable[Line]) -> list[YearSum]:
    """The whole plan of every year that a change touches, as it stands and with the change."""
    after: dict[Place, int | None] = dict(plan)
    touched = set()
    for line in lines:
        for year in line.years:
            touched.add(year.year)
            after |= {(line.line.pk, cell.month): cell.new for cell in year.cells}

    def of(rows: Mapping[Place, int | None], year: int) -> int | None:
        return sum_known(cents for (_line, month), cents in rows.items() if month.year == year).cents

    return [YearSum(year, of(plan, year), of(after, year)) for year in sorted(touched)]


def shifted(plan: Mapping[date, int], *, later: int, percent: Decimal, last: date) -> dict[date, int]:
    """A plan moved later by whole months and changed by a share; what moves past `last` falls away.

    Months before the moved beginning become empty. Rounded half up to the cent, away from zero.
    """
    factor = (Decimal(100) + percent) / 100
    found = {}
    for month, cents in plan.items():
        moved = add_months(month, later)
        if moved <= last:
            found[moved] = int((Decimal(cents) * factor).quantize(Decimal(1), ROUND_HALF_UP))
    return found


def shown_months(start_year: int, final_year: int, known: Iterable[date]) -> list[date]:
    """Every month of the programme's years and of any other year in which something is known."""
    years = {month.year for month in known} | set(range(start_year, final_year + 1))
    return [month for year in sorted(years) for month in months(date(year, 1, 1), date(year + 1, 1, 1))]
