"""The months of savings lines as arrays: what is known, what is expected, and the same some months late. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from measures.calculations import LASTING, ONE_OFF, SEASONAL
from measures.forecasting.model import LONGEST_DELAY, Exact, Floats, Uncertain

#: Cents in the thousand euros that the simulation counts in.
CENTS = 100_000
KINDS = (LASTING, SEASONAL, ONE_OFF)
_LASTING, _SEASONAL, _ONE_OFF = range(len(KINDS))


@dataclass(frozen=True, slots=True)
class Risk:
    """What may happen to a measure: chance that it happens, ends and middle of the fraction that it brings."""

    chance: float
    low: float
    likely: float
    high: float

    @property
    def mean(self) -> float:
        return (self.low + self.likely + self.high) / 3


@dataclass(frozen=True, slots=True)
class Lines:
    """Savings lines in the order of their measures.

    `months` [line, month] are signed cents over the programme's years: facts in the first `closed` months,
    expectations after (R4). `measure` [line] is the place of the line's measure, `kind` [line] of its
    permanence in KINDS.
    """

    months: NDArray[np.int64]
    measure: NDArray[np.intp]
    kind: NDArray[np.intp]
    measures: int
    closed: int

    @property
    def years(self) -> int:
        return self.months.shape[1] // 12

    def late(self, months_late: int) -> NDArray[np.int64]:
        """The months when everything not begun comes that many months later; closed months stay.

        A lasting effect that runs goes on as it was and each step of it comes later; a one-off payment moves
        (past the last month it is gone from the programme's years); a season that began late has lost months.
        """
        if not months_late:
            return self.months
        k, months = months_late, self.months
        moved = np.zeros_like(months)
        moved[:, k:] = months[:, : max(0, months.shape[1] - k)]
        moved = np.maximum(moved, np.minimum(months, 0))  # late never saves more than in time
        once = np.zeros_like(months)
        once[:, self.closed + k :] = months[:, self.closed : max(self.closed, months.shape[1] - k)]
        season = months * (np.arange(months.shape[1]) >= self._season_start()[:, None] + k)
        kind = self.kind[:, None]
        found = np.where(kind == _LASTING, moved, np.where(kind == _ONE_OFF, once, season))
        found[:, : self.closed] = months[:, : self.closed]
        return found

    def _season_start(self) -> NDArray[np.int64]:
        """First open month with an effect of each line; long past for one that has begun."""
        known = self.months != 0
        first = np.argmax(known, axis=1)
        return np.where(known.any(axis=1) & (first >= self.closed), first, -LONGEST_DELAY * 10)

    def columns(self, months: NDArray[np.int64]) -> NDArray[np.int64]:
        """[line, c]: lasting and seasonal effects by month, then one-off effects by year."""
        once = self.kind == _ONE_OFF
        lasting = np.where(once[:, None], 0, months)
        yearly = np.where(once[:, None], months, 0).reshape(len(months), self.years, 12).sum(axis=2)
        return np.concatenate([lasting, yearly], axis=1)

    def sure(self) -> NDArray[np.int64]:
        """[line, month]: what does not vary. Closed months as they are; after them what a lasting line brought in
        the last closed month, as far as its forecast still holds it.

        An effect that the books have seen goes on; only what is to be added to it is drawn.
        """
        known = self.months.copy()
        opened = self.months[:, self.closed :]
        if self.closed:
            runs = np.where(self.kind == _LASTING, self.months[:, self.closed - 1], 0)[:, None]
        else:
            runs = np.zeros((len(known), 1), np.int64)
        known[:, self.closed :] = np.where(
            runs < 0, np.clip(opened, runs, 0), np.clip(opened, 0, np.maximum(runs, 0))
        )
        return known

    def facts(self) -> NDArray[np.int64]:
        """[c]: what does not vary, cents."""
        return self.columns(self.sure()).sum(axis=0)  # type: ignore[no-any-return]

    def expected(self) -> NDArray[np.int64]:
        """[c]: the plain forecast of R4, cents."""
        return self.columns(self.months).sum(axis=0)  # type: ignore[no-any-return]

    def by_measure(self, weights: Exact) -> NDArray[np.int64]:
        """[measure]: the plain forecast of each measure, weighed by column (0 or 1), cents."""
        chosen = self.columns(self.months)[:, weights > 0].sum(axis=1)
        found: NDArray[np.int64] = np.add.reduceat(chosen, self.starts())
        return found

    def starts(self) -> NDArray[np.intp]:
        """Place of each measure's first line; every measure has one."""
        return np.flatnonzero(np.diff(self.measure, prepend=-1))

    def with_months(self, months: NDArray[np.int64]) -> Lines:
        return replace(self, months=months)


def uncertain(lines: Lines, risks: list[Risk], themes: list[int]) -> Uncertain:
    """What the simulation needs: what may vary of each measure by delay, savings and costs apart."""
    sure = lines.sure()
    shape = (LONGEST_DELAY + 1, lines.measures, lines.months.shape[1] + lines.years)
    savings, costs = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for k in range(LONGEST_DELAY + 1):
        columns = lines.columns(lines.late(k) - sure)
        savings[k] = _summed(np.minimum(columns, 0), lines)
        costs[k] = _summed(np.maximum(columns, 0), lines)

    def each(name: str) -> Floats:
        return np.array([getattr(risk, name) for risk in risks], np.float32)

    return Uncertain(
        savings, costs, each("chance"), each("low"), each("likely"), each("high"),
        np.array(themes, np.intp), lines.facts() / CENTS,
    )  # fmt: skip


def _summed(columns: NDArray[np.int64], lines: Lines) -> NDArray[np.float64]:
    """[measure, c] in thousand euros of [line, c] in cents; lines of a measure follow each other."""
    found: NDArray[np.float64] = np.add.reduceat(columns, lines.starts(), axis=0) / CENTS
    return found


def year_weights(year: int, years: int, *, lasting: bool = True, one_off: bool = True) -> Exact:
    """[c]: 1 for the columns that make up the year (counted from 0), else 0."""
    found = np.zeros(years * 13)
    if lasting:
        found[year * 12 : year * 12 + 12] = 1
    if one_off:
        found[years * 12 + year] = 1
    return found
