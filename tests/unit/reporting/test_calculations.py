"""Arithmetic of the reporting pages, against figures worked out by hand."""

from datetime import date
from decimal import Decimal

import pytest

from measures.achieved import achieved
from measures.calculations import Figures, LevelMonths, Levels, MonthPoint
from reporting.calculations import base_part, distance, share_of_target, year_to_date


def test_base_is_what_its_lines_say_else_the_target() -> None:
    assert base_part(-10, -15) == -10
    assert base_part(0, -15) == 0
    assert base_part(None, -15) == -15
    assert base_part(None, None) is None


FIGURES = Figures(
    level_change=Levels(confirmed=-5),
    run_rate=Levels(confirmed=-24),
    run_rate_months=LevelMonths(confirmed=date(2024, 6, 1)),
)


def test_before_the_final_year_the_run_rate_is_what_was_achieved() -> None:
    reached = achieved(FIGURES, "confirmed", closed=date(2024, 7, 1), final_year=2025)
    assert reached == (-24, date(2024, 6, 1))
    assert achieved(FIGURES, "confirmed", closed=None, final_year=2025)[0] == -24


def test_in_the_final_year_the_level_change_is_what_was_achieved() -> None:
    assert achieved(FIGURES, "confirmed", closed=date(2025, 1, 1), final_year=2025) == (-5, None)


POINTS = [
    MonthPoint(date(2023, 12, 1), -100, None),
    MonthPoint(date(2024, 1, 1), -1, None),
    MonthPoint(date(2024, 2, 1), None, -2),
    MonthPoint(date(2024, 3, 1), None, None),
    MonthPoint(date(2024, 4, 1), -100, -100),
]


def test_year_to_date_runs_from_january_to_the_month_named() -> None:
    assert year_to_date(POINTS, through=date(2024, 3, 31)) == -3


def test_year_to_date_of_nothing_known_is_unknown_not_zero() -> None:
    assert year_to_date([], through=date(2024, 3, 1)) is None
    assert year_to_date(POINTS[3:4], through=date(2024, 3, 1)) is None


@pytest.mark.parametrize(
    ("cents", "target", "missing", "reached"),
    [(-396, -500, 104, False), (-500, -500, 0, True), (-600, -500, -100, True), (100, -500, 600, False)],
)
def test_distance_counts_savings_not_signs(cents: int, target: int, missing: int, reached: bool) -> None:
    found = distance(cents, target)
    assert found is not None
    assert (found.missing, found.reached) == (missing, reached)


@pytest.mark.parametrize(("cents", "target"), [(None, -500), (-1, None), (-1, 0), (-1, 500)])
def test_plus_and_zero_targets_have_no_verdict(cents: int | None, target: int | None) -> None:
    assert distance(cents, target) is None
    assert share_of_target(cents, target) is None


def test_share_of_the_golden_example() -> None:
    assert share_of_target(-39_600_000, -50_000_000) == Decimal("0.792")
