"""The way out of the deficit, worked out by hand. Amounts in M€ here, cents there."""

from datetime import date

import pytest

from measures.deficit import OUTCOMES, Stated, chosen, path

M = 100_000_000


def stated(year: int, result: float, kind: str = "forecast", *, day: int = 1, counts: bool = False) -> Stated:
    return Stated(year, kind, int(result * M), counts, date(2024, 3, day))


def effects(**years: float) -> dict[int, dict[str, int]]:
    """The same effect in every outcome but p90, which is half of it."""
    return {
        int(year[1:]): {one: int((effect / 2 if one == "p90" else effect) * M) for one in OUTCOMES}
        for year, effect in years.items()
    }


def test_results_and_savings_lower_what_is_left_and_signs_are_opposite():
    """50 left; 2024: -31 + 18 = -13 -> 63; 2025: -14 + 39 = +25 -> 38; 2026: +3 + 40 = +43 -> covered."""
    rows = [stated(2024, -31), stated(2025, -14), stated(2026, 3)]
    found = path(2023, 50 * M, rows, effects(y2024=-18, y2025=-39, y2026=-40), until=2026)
    assert [row.left["forecast"] for row in found.years] == [63 * M, 38 * M, 0]
    assert found.covered["forecast"] == 2026
    # Half the effect: -22 -> 72; +5,5 -> 66,5; +23 -> 43,5.
    assert [row.left["p90"] for row in found.years] == [72 * M, 66.5 * M, 43.5 * M]
    assert found.covered["p90"] is None


def test_a_result_that_counts_on_the_programme_gets_nothing_added():
    found = path(2023, 10 * M, [stated(2024, 4, counts=True)], effects(y2024=-30), until=2024)
    assert found.years[0].effect == dict.fromkeys(OUTCOMES)
    assert found.years[0].left["forecast"] == 6 * M


def test_an_unknown_year_ends_what_can_be_said():
    found = path(2023, 10 * M, [stated(2025, 30)], effects(y2024=-5, y2025=-5), until=2025)
    assert [row.left["forecast"] for row in found.years] == [None, None]
    assert found.covered["forecast"] is None


def test_a_new_deficit_after_covering_begins_from_nothing():
    rows = [stated(2024, 15), stated(2025, -4), stated(2026, 4)]
    found = path(2023, 10 * M, rows, {}, until=2026)
    assert [row.left["p50"] for row in found.years] == [0, 4 * M, 0]
    assert found.covered["p50"] == 2026


@pytest.mark.parametrize(
    ("rows", "result"),
    [
        ([stated(2024, -1, "budget", day=9), stated(2024, -2), stated(2024, -3, "accounts")], -3),
        ([stated(2024, -1, "budget", day=9), stated(2024, -2, day=1), stated(2024, -4, day=2)], -4),
        ([stated(2024, -1, "budget", day=1), stated(2024, -5, "budget", day=2)], -5),
    ],
)
def test_accounts_count_before_forecasts_before_budgets_and_the_newest_of_a_kind(rows, result):
    assert chosen(rows)[2024].cents == result * M


def test_nothing_to_cover_is_covered_from_the_start():
    assert path(2023, 0, [], {}, until=2024).covered["forecast"] == 2023
