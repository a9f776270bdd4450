"""Months as bits, the clock, and the cells that figures are folded from (R3, R4, R6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from measures.calculations.shapes import CASH, FUNDED, LASTING, ONE_OFF, SEASONAL

#: All twelve months; bit 0 is January.
WHOLE_YEAR = 0b1111_1111_1111
DECEMBER = 11


def months_before(year: int, month: date | None) -> int:
    """Bits of the months of `year` that lie before `month`; none when it is None."""
    if month is None or year > month.year:
        return 0
    return WHOLE_YEAR if year < month.year else (1 << (month.month - 1)) - 1


def months_through(year: int, month: date | None) -> int:
    """Bits of the months of `year` up to and including `month`; none when it is None."""
    if month is None or year > month.year:
        return 0
    return WHOLE_YEAR if year < month.year else (1 << month.month) - 1


@dataclass(frozen=True, slots=True)
class Clock:
    """What the figures are figured for: the status date, the closed months and the programme's years."""

    as_of: date
    closed_through: date | None
    start_year: int
    final_year: int

    def closed(self, year: int) -> int:
        """Bits of the closed months of the year (R3)."""
        return months_through(year, self.closed_through)

    def to_date(self, year: int) -> int:
        """Bits of the months of the year up to and including that of the status date."""
        return months_through(year, self.as_of)

    @property
    def status_year(self) -> int:
        """Year of the status date, held inside the programme's years."""
        return min(max(self.as_of.year, self.start_year), self.final_year)


def closed_through(closed: Iterable[date], reopened: Iterable[date]) -> date | None:
    """Last closed month that has no reopened month at or before it; None when there is none (R3).

    Closing a month closes what lies before it; reopening a month opens what lies after it.
    """
    closed = set(closed)
    opened = min((month for month in reopened if month not in closed), default=None)
    return max((month for month in closed if opened is None or month < opened), default=None)


class Cell(NamedTuple):
    """Twelve months of one series, summed over lines that the rules treat alike, for one slice.

    `permanence` is `funded` for one-off lines that outside money pays, `line_class` is `income` for lines of
    income types, else both are the line's own. `phase` is `standing`, or `before` / `after` the withdrawal of
    their measure (R6): a row of a withdrawn measure comes in two parts, except for its approved plan. `known` has
    a bit for each month in which at least one line has a value; `months` are zero elsewhere. Corrections know
    nothing: known = 0.
    """

    slice: Hashable
    permanence: str
    line_class: str
    in_base: bool
    phase: str
    series: str
    year: int
    known: int
    months: Sequence[int]


class Track:
    """Monthly amounts of one slice by level, permanence and year, and which of the months are known."""

    __slots__ = ("amounts", "known")

    def __init__(self) -> None:
        self.amounts: dict[tuple[str, str, int], list[int]] = {}
        self.known: dict[tuple[str, str, int], int] = {}

    def add(self, level: str, permanence: str, cell: Cell, mask: int = WHOLE_YEAR) -> None:
        """Adds the months of the cell that the mask lets through."""
        if not mask:
            return
        key = (level, permanence, cell.year)
        row = self.amounts.get(key)
        if mask == WHOLE_YEAR:
            self.amounts[key] = (
                list(cell.months) if row is None else [a + b for a, b in zip(row, cell.months, strict=True)]
            )
        else:
            if row is None:
                row = self.amounts[key] = [0] * 12
            for month, cents in enumerate(cell.months):
                if cents and mask >> month & 1:
                    row[month] += cents
        self.known[key] = self.known.get(key, 0) | (cell.known & mask)

    def years(self) -> list[int]:
        return sorted({year for _, _, year in self.amounts})

    def is_known(self, level: str, kinds: Sequence[str], year: int, mask: int) -> bool:
        return any(self.known.get((level, kind, year), 0) & mask for kind in kinds)

    def sum(self, level: str, kinds: Sequence[str], year: int, mask: int = WHOLE_YEAR) -> int:
        total = 0
        for kind in kinds:
            row = self.amounts.get((level, kind, year))
            if row is not None:
                if mask == WHOLE_YEAR:
                    total += sum(row)
                else:
                    total += sum(cents for month, cents in enumerate(row) if mask >> month & 1)
        return total


#: Permanences that make up the level change, those that do not repeat, and all of them.
LEVEL_KINDS = (LASTING, SEASONAL)
ONCE_KINDS = (ONE_OFF, FUNDED)
ALL_KINDS = (*LEVEL_KINDS, *ONCE_KINDS)
NEW, IN_BASE = "new", "in_base"
Book = tuple[Hashable, str]


def fold(cells: Iterable[Cell], clock: Clock) -> dict[Book, Track]:
    """Applies R4 and R6 to the cells: one track for each slice and book.

    The book is `new` or `in_base` for lines that count as cash, else the line class (R2, R14, R21).
    """
    tracks: dict[Book, Track] = defaultdict(Track)
    for cell in cells:
        book = cell.line_class if cell.line_class != CASH else IN_BASE if cell.in_base else NEW
        _enter(tracks[cell.slice, book], cell, clock)
    return tracks


def _enter(track: Track, cell: Cell, clock: Clock) -> None:
    """One cell into its track.

    What a withdrawn measure did before it was withdrawn counts as one-off; what lies after leaves plan
    and forecast. In closed months the forecast is what was claimed and not refused; the owner's own
    forecast counts in open months only.
    """
    series, withdrawn = cell.series, cell.phase != "standing"
    permanence = ONE_OFF if withdrawn and cell.permanence != FUNDED else cell.permanence
    gone = cell.phase == "after"
    if series in ("plan", "forecast") and gone:
        return
    if series == "forecast":
        track.add("forecast", permanence, cell, WHOLE_YEAR & ~clock.closed(cell.year))
        return
    track.add(series, permanence, cell)
    if series in ("confirmed", "undecided") and not gone:
        track.add("forecast", permanence, cell, clock.closed(cell.year))
