"""Seeded Monte Carlo of the programme's effects: pure NumPy, no Django, no clock.

In each draw a measure happens or not (chance of its stage), brings a fraction of its savings (by its confidence),
and is some months late; measures of one theme share a shock. Costs (plus) come in full when the measure happens.
Amounts are thousands of euros, minus is a saving. Arrays name their axes: k months late, m measures, c columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Exact = NDArray[np.float64]

#: Draws made at a time, each with a stream of its own. Another number gives other figures: it is part of the seed.
CHUNK = 500
#: Measures drawn at a time, so that memory stays the same however many there are.
BLOCK = 1000
#: The longest delay that is drawn, months.
LONGEST_DELAY = 12
#: Delays and fractions are read from tables with this many places.
_PLACES = 1 << 16
#: A theme's shock moves its savings at most this far around what they were.
_SHOCK_FLOOR, _SHOCK_CEILING = 0.0, 2.0


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Measures as the simulation needs them.

    `savings` and `costs` [k, m, c]: what open months add to the facts when the measure is k months late, minus
    and plus apart. `chance` [m] that it happens; `low`, `likely`, `high` [m] of the fraction of its savings that comes
    (triangular); `theme` [m] counts themes from 0. `facts` [c]: what has come and goes on as it runs, without varying.
    """

    savings: Floats
    costs: Floats
    chance: Floats
    low: Floats
    likely: Floats
    high: Floats
    theme: NDArray[np.intp]
    facts: Exact

    @property
    def measures(self) -> int:
        return int(self.chance.shape[0])

    @property
    def columns(self) -> int:
        return int(self.facts.shape[0])


@dataclass(frozen=True, slots=True)
class Spread:
    """What all measures share: chance of each delay [k], and the standard deviation of a theme's shock."""

    delays: Exact
    shock: float


@dataclass(frozen=True, slots=True)
class Simulation:
    """`totals` [draw, c] with the facts; `shares` [m] of the variance of the weighed sum, which add up to 1."""

    totals: Floats
    shares: Exact


def simulate(found: Uncertain, spread: Spread, *, weights: Exact, draws: int, seed: int) -> Simulation:
    """The draws, and what part of the variance of `totals @ weights` each measure brings.

    The same arguments give the same figures. A share is the measure's covariance with the sum: negative
    for one that evens out the others.
    """
    chunks = -(-draws // CHUNK)
    totals = np.empty((chunks * CHUNK, found.columns), np.float32)
    together = _Covariance(found.measures)
    tables = _Tables.of(found, spread, weights)
    for number, source in enumerate(np.random.SeedSequence(seed).spawn(chunks)):
        rows = slice(number * CHUNK, (number + 1) * CHUNK)
        parts = np.empty((CHUNK, found.measures), np.float32)
        rng = np.random.Generator(np.random.SFC64(source))
        totals[rows] = _chunk(found, spread.shock, tables, rng, parts)
        together.add(parts[: max(0, min(CHUNK, draws - number * CHUNK))])
    return Simulation(totals[:draws] + found.facts.astype(np.float32), together.shares())


@dataclass(frozen=True, slots=True)
class _Tables:
    """What draws are read from. Fractions are triangular: a row of quantiles for each kind of measure.

    `savings` and `costs` [k, m] are each measure's part of the sum that is looked at, by how late it is. A table
    is ten times as quick as a square root for each draw, and finer than what anybody knows.
    """

    late: NDArray[np.uint8]
    possible: list[int]
    quantiles: Floats
    begins: NDArray[np.intp]
    savings: Floats
    costs: Floats

    @classmethod
    def of(cls, found: Uncertain, spread: Spread, weights: Exact) -> _Tables:
        ends = np.stack([found.low, found.likely, found.high], axis=1)
        kinds, which = np.unique(ends, axis=0, return_inverse=True)
        even = (np.arange(_PLACES) + 0.5) / _PLACES
        rows = [_triangular(even, *(float(end) for end in kind)) for kind in kinds]
        late, w = _delay_table(spread.delays), weights.astype(np.float32)
        return cls(
            late, [int(months) for months in np.unique(late)], np.array(rows, np.float32).ravel(),
            which.reshape(-1).astype(np.intp) * _PLACES, found.savings @ w, found.costs @ w,
        )  # fmt: skip


def _chunk(
    found: Uncertain, shock: float, tables: _Tables, rng: np.random.Generator, parts: Floats
) -> Floats:
    """`CHUNK` draws [draw, c] without the facts; fills `parts` [draw, m]."""
    themes = int(found.theme.max()) + 1 if found.measures else 0
    shocks = rng.standard_normal((CHUNK, themes), np.float32) * np.float32(shock) + np.float32(1)
    np.clip(shocks, _SHOCK_FLOOR, _SHOCK_CEILING, out=shocks)
    sums = np.zeros((CHUNK, found.columns), np.float32)
    for begin in range(0, found.measures, BLOCK):
        at = slice(begin, min(begin + BLOCK, found.measures))
        shape = (CHUNK, at.stop - at.start)
        happens = rng.random(shape, np.float32) < found.chance[at]
        share = tables.quantiles.take(tables.begins[at] + rng.integers(0, _PLACES, shape, np.uint16))
        late = tables.late.take(rng.integers(0, _PLACES, shape, np.uint16))
        share *= shocks[:, found.theme[at]]
        share *= happens
        _add_late(sums, share, late, found.savings[:, at], tables.possible)
        with_costs = np.flatnonzero(found.costs[:, at].any(axis=(0, 2)))
        if with_costs.size:
            _add_late(
                sums,
                happens[:, with_costs].astype(np.float32),
                late[:, with_costs],
                found.costs[:, at][:, with_costs],
                tables.possible,
            )
        places = late.astype(np.intp) * found.measures + np.arange(at.start, at.stop)
        share *= tables.savings.ravel().take(places)
        share += happens * tables.costs.ravel().take(places)
        parts[:, at] = share
    return sums


def _add_late(
    sums: Floats, share: Floats, late: NDArray[np.uint8], effects: Floats, possible: list[int]
) -> None:
    """Adds share [draw, m] x effects [k, m, c], each measure as late as it was drawn, to sums [draw, c]."""
    chosen = np.empty_like(share)
    for months in possible:
        np.multiply(share, late == months, out=chosen)
        sums += chosen @ effects[months]


def _triangular(even: Exact, low: float, likely: float, high: float) -> Exact:
    """Quantiles of the triangular distribution at `even` shares."""
    width = high - low
    if not width:
        return np.full_like(even, low)
    rises = even < (likely - low) / width
    up, down = even * width * (likely - low), (1 - even) * width * (high - likely)
    return np.where(rises, low + np.sqrt(up), high - np.sqrt(down))


def _delay_table(delays: Exact) -> NDArray[np.uint8]:
    """Months late for each of the places, as often as their chances say."""
    ends = np.rint(np.cumsum(delays) / delays.sum() * _PLACES).astype(np.int64)
    return np.searchsorted(ends, np.arange(_PLACES), side="right").astype(np.uint8)


class _Covariance:
    """Covariance of each part with the sum of all, gathered chunk by chunk."""

    def __init__(self, measures: int) -> None:
        self.count = 0
        self.parts = np.zeros(measures)
        self.products = np.zeros(measures)
        self.sum = self.square = 0.0

    def add(self, parts: Floats) -> None:
        sums = parts.sum(axis=1, dtype=np.float64)
        self.count += len(parts)
        self.parts += parts.sum(axis=0, dtype=np.float64)
        self.products += sums @ parts
        self.sum += float(sums.sum())
        self.square += float(sums @ sums)

    def shares(self) -> Exact:
        """Zeros when nothing varies."""
        if not self.count:
            return np.zeros_like(self.parts)
        variance = self.square / self.count - (self.sum / self.count) ** 2
        if variance <= 0:
            return np.zeros_like(self.parts)
        found: Exact = (self.products / self.count - self.parts * self.sum / self.count**2) / variance
        return found


# --- closed form -------------------------------------------------------------------------------------------


def fraction_mean(found: Uncertain) -> Exact:
    """Mean of the triangular fraction of each measure [m]."""
    ends = (found.low, found.likely, found.high)
    return sum(end.astype(np.float64) for end in ends) / 3  # type: ignore[return-value]


def fraction_variance(found: Uncertain) -> Exact:
    """Variance of the triangular fraction of each measure [m]."""
    a, c, b = (end.astype(np.float64) for end in (found.low, found.likely, found.high))
    variance: Exact = (a * a + b * b + c * c - a * b - a * c - b * c) / 18
    return variance


def expected(found: Uncertain) -> Exact:
    """Mean of each column [c] when nothing is late, facts included: the weighted forecast."""
    savings = (found.chance * fraction_mean(found)) @ found.savings[0].astype(np.float64)
    costs = found.chance.astype(np.float64) @ found.costs[0].astype(np.float64)
    total: Exact = found.facts + savings + costs
    return total


def variance(found: Uncertain, weights: Exact) -> float:
    """Variance of `totals @ weights` for independent measures that are never late."""
    s, c = found.savings[0].astype(np.float64) @ weights, found.costs[0].astype(np.float64) @ weights
    p, mean = found.chance.astype(np.float64), fraction_mean(found)
    square = (fraction_variance(found) + mean**2) * s * s + 2 * mean * s * c + c * c
    return float((p * square - (p * (mean * s + c)) ** 2).sum())
