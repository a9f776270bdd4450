"""The savings rules on cells made by hand: what counts where, and what stands beside."""

from datetime import date

import pytest

from measures import calculations
from measures.calculations import AVOIDED, IN_BASE, INCOME, NEW, Cell, Clock, Figures, Levels, standing

CLOCK = Clock(date(2025, 8, 31), date(2025, 7, 1), 2024, 2026)


def cell(
    series: str, year: int, amounts: dict[int, int], permanence: str = "lasting", line_class: str = "cash",
    *, in_base: bool = False, phase: str = "standing",
) -> Cell:  # fmt: skip
    """Cents by month number; the months named are known."""
    known = sum(1 << (number - 1) for number in amounts)
    months = [amounts.get(number, 0) for number in range(1, 13)]
    return Cell("all", permanence, line_class, in_base, phase, series, year, known, months)


def figures_of(*cells: Cell) -> Figures:
    tracks = calculations.fold(cells, CLOCK)
    months = calculations.run_rate_months(tracks.get(("all", NEW), calculations.Track()), CLOCK)
    return calculations.figures(
        tracks.get(("all", NEW)), tracks.get(("all", IN_BASE)), CLOCK, months,
        avoided=tracks.get(("all", AVOIDED)), income=tracks.get(("all", INCOME)),
    )  # fmt: skip


YEAR = dict.fromkeys(range(1, 13), -100)


def test_money_from_outside_stays_gross_and_is_taken_off_the_result_and_the_net() -> None:
    found = figures_of(
        cell("claimed", 2025, {3: 9_000}, "funded"), cell("confirmed", 2025, {3: 8_000}, "funded"),
        cell("claimed", 2025, {3: 500}, "one_off"), cell("confirmed", 2025, {3: 500}, "one_off"),
        cell("claimed", 2025, {3: -100}), cell("confirmed", 2025, {3: -100}),
    )  # fmt: skip

    year = found.years[2025]
    assert (year.one_off.confirmed, year.effect.confirmed) == (8_500, 8_400)
    assert (year.funded.confirmed, year.result.confirmed) == (8_000, 400)
    assert (found.cumulative.confirmed, found.cumulative_net.confirmed) == (8_400, 400)
    assert (year.lasting.confirmed, found.run_rate.confirmed) == (-100, -1_200)
    assert year.result.refused == 0 and year.effect.refused == 1_000


def test_money_from_outside_of_a_withdrawn_measure_stays_money_from_outside() -> None:
    found = figures_of(cell("claimed", 2025, {3: 900}, "funded", phase="before"))

    assert (found.funded.claimed, found.cumulative_net.claimed) == (900, 0)


def test_avoided_cost_and_income_count_nothing_and_stand_beside() -> None:
    found = figures_of(
        cell("plan", 2026, YEAR), cell("plan", 2026, dict.fromkeys(range(1, 13), -7), line_class="avoided"),
        cell("plan", 2026, dict.fromkeys(range(1, 13), -5), line_class="income"),
        cell("claimed", 2025, {2: -50}, line_class="income", in_base=True),
    )  # fmt: skip

    assert found.level_change.plan == -1_200
    assert (found.avoided.plan, found.income.plan) == (-84, -60)
    assert (found.income.claimed, found.cumulative.claimed) == (-50, None)
    assert found.in_base == Levels()


def test_lasting_staff_is_netted_into_the_level() -> None:
    found = figures_of(
        cell("plan", 2026, YEAR), cell("plan", 2026, dict.fromkeys(range(1, 13), 40), "lasting")
    )

    assert found.level_change.plan == -720


def test_a_correction_of_a_locked_year_is_outside_the_level_of_the_open_one() -> None:
    found = figures_of(
        cell("claimed", 2025, {7: 1_500}, "one_off"), cell("confirmed", 2025, {7: 1_500}, "one_off"),
        cell("claimed", 2025, {7: -100}), cell("confirmed", 2025, {7: -100}),
    )  # fmt: skip

    assert (found.years[2025].lasting.confirmed, found.years[2025].effect.confirmed) == (-100, 1_400)
    assert found.run_rate.confirmed == -1_200


def test_years_after_the_final_one_are_known_and_outside_the_period() -> None:
    found = figures_of(cell("plan", 2026, YEAR), cell("plan", 2027, YEAR))

    assert found.years[2027].lasting.plan == -1_200
    assert (found.period.plan, found.level_change.plan) == (-1_200, -1_200)


def test_a_month_that_waits_for_the_controller_is_no_month_of_the_confirmed_run_rate() -> None:
    months = {6: -100, 7: -100}
    found = figures_of(
        cell("claimed", 2025, months), cell("confirmed", 2025, {6: -90}), cell("undecided", 2025, {7: -100})
    )

    assert (found.run_rate_months.claimed, found.run_rate_months.confirmed) == (
        date(2025, 7, 1),
        date(2025, 6, 1),
    )
    assert (found.run_rate.claimed, found.run_rate.confirmed) == (-1_200, -1_080)


def test_refused_claims_leave_the_forecast_and_open_months_are_the_owners() -> None:
    found = figures_of(
        cell("claimed", 2025, {6: -100, 7: -100}), cell("confirmed", 2025, {6: -30}),
        cell("undecided", 2025, {7: -100}), cell("forecast", 2025, {7: -999, 8: -80}),
    )  # fmt: skip

    assert found.years[2025].lasting.forecast == -30 - 100 - 80


@pytest.mark.parametrize(
    ("plan", "forecast", "word"),
    [
        (-100, -80, "saving"), (100, 80, "investment_below"), (100, 120, "investment_above"),
        (100, 100, "investment_as_planned"), (0, -5, "zero"), (None, 5, ""), (100, None, ""),
    ],
)  # fmt: skip
def test_an_investment_below_plan_is_named_and_never_a_share(
    plan: int | None, forecast: int | None, word: str
) -> None:
    assert standing(plan, forecast) == word
    if plan is not None and plan >= 0:
        assert calculations.share_of_target(forecast, plan) is None
