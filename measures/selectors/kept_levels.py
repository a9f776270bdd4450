"""The levels of every measure at once, figured from the totals that this process keeps (R4 to R7).

The same figures as `measures.amounts` in SQL; a test compares the two.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from measures.calculations import CASH, FUNDED, ONE_OFF, WHOLE_YEAR, Clock
from measures.selectors.attributes import CLASSES, PERMANENCES
from measures.selectors.kept_cube import APPROVED, NEVER, SERIES, Ints, Kept, Rows

#: What overlaps give back, EUR cents by measure and level.
Given = Mapping[tuple[int, str], int]
Amounts = tuple[int | None, ...]

_MONTHS = np.arange(12)
_FORECAST = SERIES.index("forecast")
_DECIDED = [SERIES.index("confirmed"), SERIES.index("undecided")]


class _Sums:
    """Sums by measure and level, and whether anything is known of them."""

    def __init__(self, size: int) -> None:
        self.cents = np.zeros((size, len(SERIES)), np.int64)
        self.known = np.zeros((size, len(SERIES)), bool)

    def add(self, level: int, measures: Ints, cents: Ints) -> None:
        np.add.at(self.cents[:, level], measures, cents)
        self.known[measures, level] = True


def levels_by_measure(kept: Kept, clock: Clock, given: Given) -> dict[int, Amounts]:
    """Measure id -> its amounts in the order of LEVELS, EUR cents; measures without figures are left out.

    Plans and forecast: level change of the final year. Claims and what became of them: all months to date.
    """
    lines = kept.lines
    ids, places = np.unique(lines.measures, return_inverse=True)
    counts = (lines.kinds >> 4 & 1 == 0) & (lines.kinds >> 2 & 3 == CLASSES.index(CASH))
    at = lines.at(kept.rows.lines)
    wanted = counts[at] & (kept.rows.known > 0)
    rows, at = kept.rows.take(wanted), at[wanted]
    sums, booked = _Sums(len(ids)), np.zeros(len(ids), bool)
    booked[places[at]] = True
    once = np.isin(lines.kinds[at] & 3, [PERMANENCES.index(ONE_OFF), PERMANENCES.index(FUNDED)])
    _add_level(sums, rows, places[at], ~once, lines.withdrawn[at] == NEVER, clock)
    _add_to_date(sums, rows, places[at], clock)
    cents, known = sums.cents.tolist(), sums.known.tolist()
    return {
        key: _levels(key, cents[place], known[place], given)
        for place, key in enumerate(ids.tolist())
        if booked[place]
    }


def _add_level(
    sums: _Sums, rows: Rows, measures: Ints, lasting: NDArray[np.bool_], standing: NDArray[np.bool_],
    clock: Clock,
) -> None:  # fmt: skip
    """Plans, and the forecast: what was decided of closed months, the owner's own of open ones (R4)."""
    series, year = rows.keys >> 12 & 7, rows.keys & 4095
    of_year = (year == clock.final_year) & lasting & (standing | (series == APPROVED))
    for level in (SERIES.index("plan"), APPROVED):
        chosen = of_year & (series == level)
        sums.add(level, measures[chosen], rows.months[chosen].sum(axis=1))
    closed = clock.closed(clock.final_year)
    parts = ((~closed & WHOLE_YEAR, series == _FORECAST), (closed, np.isin(series, _DECIDED)))
    for bits, of_series in parts:
        chosen = of_year & of_series & (rows.known & bits != 0)
        sums.add(_FORECAST, measures[chosen], rows.months[chosen] @ (bits >> _MONTHS & 1))


def _add_to_date(sums: _Sums, rows: Rows, measures: Ints, clock: Clock) -> None:
    series, year = rows.keys >> 12 & 7, rows.keys & 4095
    for level in (SERIES.index("claimed"), *_DECIDED):
        for of_year, bits in (
            (year < clock.as_of.year, WHOLE_YEAR),
            (year == clock.as_of.year, clock.to_date(clock.as_of.year)),
        ):
            chosen = of_year & (series == level) & (rows.known & bits != 0)
            sums.add(level, measures[chosen], rows.months[chosen] @ (bits >> _MONTHS & 1))


def _levels(measure: int, cents: list[int], known: list[bool], given: Given) -> Amounts:
    """Corrections of overlaps added; refused is what is left of the claims (R5, R7)."""
    plan, approved, forecast, claimed, confirmed, undecided = cents

    def of(level: str, amount: int, is_known: bool) -> int | None:
        return amount + given.get((measure, level), 0) if is_known else None

    found = (
        of("plan", plan, known[0]), of("plan_approved", approved, known[1]), of("forecast", forecast, known[2]),
        of("claimed", claimed, known[3]),
    )  # fmt: skip
    if found[3] is None:
        return (*found, None, None, None)
    undecided += given.get((measure, "undecided"), 0)
    return (*found, confirmed, undecided, found[3] - confirmed - undecided)
