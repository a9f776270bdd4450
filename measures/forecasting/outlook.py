"""From lines and assumptions to the figures that people read: range, chances, years, what moves the result. Pure.

Amounts are cents. What is drawn is rounded to 1 000 EUR, because another processor may differ in the last bits.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from measures.calculations import TargetFigures
from measures.forecasting import backloading
from measures.forecasting.effects import CENTS, Risk, uncertain, year_weights
from measures.forecasting.inputs import Portfolio
from measures.forecasting.model import LONGEST_DELAY, Exact, Simulation, Spread, simulate
from measures.forecasting.parameters import Assumptions
from measures.forecasting.shapes import ENDS, LEVEL_CHANGE, Mover, Outlook, Range
from measures.forecasting.weights import weighted

#: Measures that are listed as moving the result.
MOVERS = 15


def main_weights(found: Portfolio) -> Exact:
    """[c]: lasting effects of the final year, or on a cumulative basis everything."""
    years = found.lines.years
    if found.basis == LEVEL_CHANGE:
        return year_weights(years - 1, years, one_off=False)
    return np.ones(years * 13)


def risks_of(found: Portfolio, held: Assumptions) -> list[Risk]:
    return [Risk(held.chance(one.stage), *held.fraction(one.confidence)) for one in found.measures]


def outlook(
    found: Portfolio, held: Assumptions, target: TargetFigures, base: int | None, *, draws: int | None = None
) -> Outlook:
    """All figures of one portfolio; the same portfolio, assumptions and number of draws give the same."""
    number, risks = draws or held.draws, risks_of(found, held)
    themes = sorted({one.theme for one in found.measures})
    weights = main_weights(found)
    drawn = simulate(
        uncertain(found.lines, risks, [themes.index(one.theme) for one in found.measures]),
        Spread(np.array(held.delays(LONGEST_DELAY)), held.shock),
        weights=weights, draws=number, seed=held.seed,
    )  # fmt: skip
    plain, likely = found.lines.expected(), weighted(found.lines, risks)
    years, first = found.lines.years, found.clock.start_year

    def of(chosen: Exact) -> Range:
        return _range(drawn.totals @ chosen.astype(np.float32), plain, likely, chosen)

    return Outlook(
        main=of(weights),
        years={first + at: of(year_weights(at, years)) for at in range(years)},
        levels={first + at: of(year_weights(at, years, one_off=False)) for at in range(years)},
        months=_months(found, drawn, plain, likely),
        base=base,
        chances=_chances(drawn.totals @ weights.astype(np.float32), target, base or 0),
        movers=_movers(found, drawn, weights),
        back=backloading.back_loading(
            [int(cents) for cents in plain[: years * 12]], closed=found.lines.closed
        ),
        draws=number,
    )


def _range(
    drawn: NDArray[np.float32], plain: NDArray[np.int64], likely: NDArray[np.int64], chosen: Exact
) -> Range:
    at = chosen > 0
    ends = np.percentile(drawn, (10, 50, 90))
    return Range(int(plain[at].sum()), _rounded(likely[at].sum() / CENTS), *(_rounded(end) for end in ends))


def _rounded(thousands: float) -> int:
    """Cents, rounded to 1 000 EUR."""
    return round(float(thousands)) * CENTS


def _months(
    found: Portfolio, drawn: Simulation, plain: NDArray[np.int64], likely: NDArray[np.int64]
) -> dict[date, Range]:
    months = found.months
    ends = np.percentile(drawn.totals[:, : len(months)], (10, 50, 90), axis=0)
    return {
        month: Range(
            12 * int(plain[at]),
            _rounded(12 * likely[at] / CENTS),
            *(_rounded(12 * end) for end in ends[:, at]),
        )
        for at, month in enumerate(months)
    }


def _chances(drawn: NDArray[np.float32], target: TargetFigures, base: int) -> dict[str, float | None]:
    """Share of the draws that reach each target together with what the base holds."""
    found: dict[str, float | None] = {}
    for end in ENDS:
        cents = getattr(target, end)
        if cents is None or cents >= 0:
            found[end] = None
        else:
            found[end] = round(float((drawn <= np.float32((cents - base) / CENTS)).mean()), 4)
    return found


def _movers(found: Portfolio, drawn: Simulation, weights: Exact) -> list[Mover]:
    """The measures by how much of the variance they bring, largest first."""
    plain = found.lines.by_measure(weights)
    order = np.argsort(-drawn.shares, kind="stable")[:MOVERS]
    return [
        Mover(
            found.measures[at].pk, found.measures[at].code, round(float(drawn.shares[at]), 4), int(plain[at]),
            found.measures[at].stage, found.measures[at].confidence,
        )
        for at in order if drawn.shares[at] > 0
    ]  # fmt: skip
