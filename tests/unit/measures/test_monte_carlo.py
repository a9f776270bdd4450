"""The simulation against its closed form, and the rules of what may vary (R4, delays, costs). No database."""

import numpy as np
import pytest

from measures.forecasting.effects import Lines, Risk, uncertain, year_weights
from measures.forecasting.model import CHUNK, Spread, Uncertain, expected, simulate, variance
from measures.forecasting.weights import weighted

NEVER_LATE = np.eye(13)[0]
INDEPENDENT = Spread(NEVER_LATE, 0.0)
DRAWS = 20_000
TWO_SUMMERS = [0] * 5 + [-8] * 3 + [0] * 9 + [-8] * 3 + [0] * 4


def lines_of(*rows: tuple[str, list[int]], closed: int = 12) -> Lines:
    """A line each (its own measure): kind and 24 months in euros."""
    kinds = {"lasting": 0, "seasonal": 1, "one_off": 2}
    return Lines(
        np.array([[100 * euros for euros in months] for _kind, months in rows], np.int64),
        np.arange(len(rows)), np.array([kinds[kind] for kind, _months in rows]), len(rows), closed,
    )  # fmt: skip


def many(count: int = 120) -> tuple[Lines, list[Risk]]:
    """Measures of many sizes with costs among them, and three kinds of risk."""
    rng = np.random.default_rng(7)
    months = -rng.integers(1_000, 90_000, (count, 24))
    months[::5, :] = rng.integers(500, 4_000, (len(months[::5]), 24))
    lines = lines_of(*(("one_off" if at % 7 == 3 else "lasting", list(row)) for at, row in enumerate(months)))
    kinds = [Risk(0.9, 0.5, 0.9, 1.1), Risk(0.4, 0.0, 0.6, 1.0), Risk(1.0, 0.85, 1.0, 1.1)]
    return lines, [kinds[at % 3] for at in range(count)]


def drawn(
    lines: Lines, risks: list[Risk], spread: Spread = INDEPENDENT, *, seed: int = 1, draws: int = DRAWS
):
    found = uncertain(lines, risks, [at % 4 for at in range(lines.measures)])
    weights = year_weights(1, 2, one_off=False)
    return found, weights, simulate(found, spread, weights=weights, draws=draws, seed=seed)


def test_mean_and_variance_are_those_of_the_closed_form():
    found, weights, result = drawn(*many())
    sums = result.totals @ weights
    mean, spread = expected(found) @ weights, variance(found, weights)
    # Three standard errors of a mean and of a variance (of a nearly normal sum).
    assert abs(sums.mean() - mean) < 3 * (spread / DRAWS) ** 0.5
    assert abs(sums.var() / spread - 1) < 3 * (2 / DRAWS) ** 0.5
    assert result.shares.sum() == pytest.approx(1, abs=1e-6)


def test_a_theme_shock_widens_the_range_and_a_delay_weakens_the_saving():
    lines, risks = many()
    _found, weights, calm = drawn(lines, risks, draws=4000)
    _found, _weights, shaken = drawn(lines, risks, Spread(NEVER_LATE, 0.3), draws=4000)
    assert (shaken.totals @ weights).std() > 1.5 * (calm.totals @ weights).std()
    assert (shaken.totals @ weights).mean() == pytest.approx((calm.totals @ weights).mean(), rel=0.03)
    begins = np.maximum(lines.months, 0)
    begins[:, 18:] = -5_000_000
    _found, _weights, on_time = drawn(lines.with_months(begins), risks, draws=1000)
    _found, _weights, half_year = drawn(
        lines.with_months(begins), risks, Spread(np.eye(13)[6], 0.0), draws=1000
    )
    assert (half_year.totals @ weights).mean() > 0.1 * (on_time.totals @ weights).mean()


def test_same_seed_same_figures_and_another_seed_others():
    lines, risks = many(30)
    spread = Spread(np.array([0.5, *[0.5 / 12] * 12]), 0.1)
    first, again, other = (drawn(lines, risks, spread, seed=seed, draws=1300)[2] for seed in (3, 3, 4))
    assert np.array_equal(first.totals, again.totals) and np.array_equal(first.shares, again.shares)
    assert not np.array_equal(first.totals, other.totals)
    more = drawn(lines, risks, spread, seed=3, draws=2000)[2]
    assert np.array_equal(first.totals[:CHUNK], more.totals[:CHUNK])  # a chunk has a stream of its own


def test_closed_months_are_facts_and_never_vary():
    lines = lines_of(("lasting", [-1000] * 12 + [-3000] * 12), ("one_off", [0] * 11 + [-7000] + [0] * 12))
    _found, _weights, result = drawn(
        lines, [Risk(0.5, 0, 0.5, 1)] * 2, Spread(np.full(13, 1 / 13), 0.5), draws=500
    )
    assert (result.totals[:, :12] == -1).all()
    assert (result.totals[:, 24] == -7).all()
    assert len(np.unique(result.totals[:, 20])) > 100


def test_everything_closed_gives_the_facts_alone():
    lines = lines_of(("lasting", [-1000] * 24), closed=24)
    _found, weights, result = drawn(lines, [Risk(0.5, 0, 0.5, 1)], draws=500)
    assert set(result.totals @ weights) == {-12.0}
    assert result.shares.tolist() == [0.0]


@pytest.mark.parametrize(
    ("kind", "months", "late", "expected_months"),
    [
        # A step of a lasting saving comes later; what runs goes on.
        ("lasting", [-10] * 12 + [-10] * 3 + [-30] * 9, 2, [-10] * 12 + [-10] * 5 + [-30] * 7),
        # What has not begun begins later.
        ("lasting", [0] * 15 + [-30] * 9, 4, [0] * 19 + [-30] * 5),
        # A payment moves, and past the end it is gone; one already made is not made again.
        ("one_off", [0] * 11 + [-5] + [0] * 10 + [-9, 0], 1, [0] * 11 + [-5] + [0] * 11 + [-9]),
        ("one_off", [0] * 22 + [-9, 0], 3, [0] * 24),
        # A season that begins late has lost months; one that has begun before goes on.
        ("seasonal", [0] * 17 + [-8] * 3 + [0] * 4, 2, [0] * 19 + [-8] + [0] * 4),
        ("seasonal", TWO_SUMMERS, 2, TWO_SUMMERS),
    ],
)  # fmt: skip
def test_what_a_delay_does(kind, months, late, expected_months):
    moved = lines_of((kind, months)).late(late)
    assert (moved[0] // 100).tolist() == expected_months


def test_costs_come_in_full_when_the_measure_happens():
    lines = lines_of(("lasting", [0] * 12 + [4000] * 12))
    found, weights, result = drawn(lines, [Risk(0.7, 0.0, 0.2, 0.5)], draws=2000)
    assert set((result.totals @ weights).tolist()) == {0.0, 48.0}
    assert expected(found) @ weights == pytest.approx(0.7 * 48, rel=1e-6)


def test_weighted_forecast_by_hand():
    """Facts of -1 000 go on; the -2 000 more count 0,9 x (0,5 + 0,9 + 1,1) / 3 = -1 500, a cost of 500 x 0,9."""
    lines = lines_of(("lasting", [-1000] * 12 + [-3000] * 12), ("one_off", [0] * 23 + [500]))
    found = weighted(lines, [Risk(0.9, 0.5, 0.9, 1.1)] * 2)
    assert found[:12].tolist() == [-100_000] * 12
    assert found[12:24].tolist() == [-250_000] * 12
    assert found[24:].tolist() == [0, 45_000]


def test_what_runs_goes_on_as_far_as_the_forecast_holds_it():
    lines = lines_of(
        ("lasting", [0] * 11 + [-10] + [-30] * 6 + [-4] * 6),
        ("lasting", [0] * 11 + [7] + [9] * 6 + [-5] * 6),
        ("one_off", [0] * 11 + [-50] + [-50] * 12),
        ("seasonal", [0] * 11 + [-50] + [-50] * 12),
    )
    sure = lines.sure()[:, 12:] // 100
    assert sure.tolist() == [[-10] * 6 + [-4] * 6, [7] * 6 + [0] * 6, [0] * 12, [0] * 12]


def test_memory_is_bounded_and_blocks_give_whole_sums():
    lines = lines_of(*[("lasting", [0] * 12 + [-1000] * 12)] * 1001)
    _found, weights, result = drawn(lines, [Risk(1, 1, 1, 1)] * 1001, draws=500)
    assert set((result.totals @ weights).tolist()) == {-12_012.0}


def test_no_measures_at_all():
    empty = np.zeros((13, 0, 26), np.float32)
    none = np.zeros(0, np.float32)
    found = Uncertain(empty, empty, none, none, none, none, np.zeros(0, np.intp), np.full(26, -2.0))
    result = simulate(found, INDEPENDENT, weights=np.ones(26), draws=500, seed=1)
    assert (result.totals == -2).all() and result.shares.size == 0
