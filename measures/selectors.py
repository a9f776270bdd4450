"""The savings figures of a programme, read from totals (docs/adr/0010-totals.md) and cached by data version."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from core.money import Pair
from measures.calculations import Difference, Figures, Levels, SavingsFigures
from measures.models import Measure, SavingsLine
from programme.models import CostType, Programme, Sector


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One cost type or sector of the target table: scenario pairs in cents and what is achieved beside them.

    `base`, `later` and `total` are the printed columns; a pair whose ends are both None is an empty cell.
    """

    row: CostType | Sector | None
    base: Pair
    later: Pair
    total: Pair
    achieved: Figures


@dataclass(frozen=True, slots=True)
class Matrix:
    """The savings matrix: cost types with their printed total, sectors with the computed one."""

    cost_types: list[MatrixRow]
    total: MatrixRow
    sectors: list[MatrixRow]
    sector_total: MatrixRow
    figures: SavingsFigures


@dataclass(frozen=True, slots=True)
class MonthCell:
    """One month of a line: amounts in cents, None where nothing is entered; `is_closed` when the books are."""

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


def books_closed_through(programme: Programme, on: date | None = None) -> date | None:
    """First day of the last month of the unbroken run of closed months; None when no month is closed (R3)."""
    raise NotImplementedError


def savings_figures(programme: Programme, *, on: date | None = None) -> SavingsFigures:
    """All figures of the programme on a day (default: its own clock); cached until anything in it changes."""
    raise NotImplementedError


def measure_figures(
    measure_ids: Collection[int], programme: Programme, *, on: date | None = None
) -> dict[int, Figures]:
    """Figures of some measures (a page of a list) with a constant number of queries; all ids are in the answer."""
    raise NotImplementedError


def measure_targets(measure_ids: Collection[int], programme: Programme, *, on: date | None = None) -> dict[int, int]:
    """The target that each of the measures carries on a day, cents; measures without one are left out."""
    raise NotImplementedError


def differences(programme: Programme, on: date | None = None) -> list[Difference]:
    """Figures of the source that do not agree with each other, as far as the programme has them."""
    raise NotImplementedError


def matrix(programme: Programme, on: date | None = None) -> Matrix:
    """Cost type x in base / later / total x cautious / full, and sectors, with what is achieved beside."""
    raise NotImplementedError


def line_months(measure: Measure, *, on: date | None = None) -> list[LineMonths]:
    """The measure's lines with every month from its first to its last known one, at least the status year."""
    raise NotImplementedError


def level_names() -> Mapping[str, str]:
    """Translated names of the levels by code, in printing order."""
    raise NotImplementedError
