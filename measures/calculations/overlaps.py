"""What declared overlaps give back (R5)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from measures.calculations.cells import WHOLE_YEAR, months_before, months_through


@dataclass(frozen=True, slots=True)
class OverlapRow:
    """A declared overlap. `amount` a month has the sign of the effect that is counted twice.

    `other_withdrawn_from`: the first month in which the line that keeps the effect has left (R6).
    """

    yielding: Hashable
    other: Hashable
    amount: int
    first: date
    last: date | None = None
    other_withdrawn_from: date | None = None


class Correction(NamedTuple):
    """Twelve months that overlaps give back on the yielding line, in one series and year."""

    line: Hashable
    series: str
    year: int
    months: tuple[int, ...]


#: Known months and amounts of a line: (series, year) -> (known bits, twelve amounts).
LineSeries = Mapping[tuple[str, int], tuple[int, Sequence[int]]]


def overlap_corrections(
    overlaps: Iterable[OverlapRow], lines: Mapping[Hashable, LineSeries]
) -> Iterator[Correction]:
    """The corrections of all overlaps: at most the smaller of the two effects, in each series and month.

    Taken from plan, approved plan, forecast and claims, never from what is confirmed; a correction of
    an undecided claim corrects `undecided` too. It ends when the measure that keeps the effect is
    withdrawn, but for the approved plan, which knows no withdrawal.
    """
    left = {
        line: {key: list(months) for key, (_, months) in series.items()} for line, series in lines.items()
    }
    for overlap in overlaps:
        theirs = lines.get(overlap.other, {})
        for (series, year), (known, _) in lines.get(overlap.yielding, {}).items():
            if series in ("confirmed", "undecided", "refused") or (series, year) not in theirs:
                continue
            mine = left[overlap.yielding][series, year]
            mask = _overlap_months(overlap, series, year) & known & theirs[series, year][0]
            given = tuple(
                _given(overlap.amount, mine[month], theirs[series, year][1][month])
                if mask >> month & 1
                else 0
                for month in range(12)
            )
            if not any(given):
                continue
            left[overlap.yielding][series, year] = [a + b for a, b in zip(mine, given, strict=True)]
            yield Correction(overlap.yielding, series, year, given)
            open_claims = lines[overlap.yielding].get(("undecided", year), (0, ()))[0]
            if series == "claimed" and open_claims:
                undecided = tuple(
                    cents if open_claims >> month & 1 else 0 for month, cents in enumerate(given)
                )
                yield Correction(overlap.yielding, "undecided", year, undecided)


def _overlap_months(overlap: OverlapRow, series: str, year: int) -> int:
    mask = WHOLE_YEAR & ~months_before(year, overlap.first)
    if overlap.last is not None:
        mask &= months_through(year, overlap.last)
    if overlap.other_withdrawn_from is not None and series != "plan_approved":
        mask &= months_before(year, overlap.other_withdrawn_from)
    return mask


def _given(amount: int, mine: int, theirs: int) -> int:
    """What the yielding line gives back: the opposite of the smallest effect of the same sign, else 0."""
    if amount < 0 and mine < 0 and theirs < 0:
        return -max(amount, mine, theirs)
    if amount > 0 and mine > 0 and theirs > 0:
        return -min(amount, mine, theirs)
    return 0
