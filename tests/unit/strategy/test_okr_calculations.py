"""Arithmetic of key results, and the days of seasons."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from strategy.models import KeyResult
from strategy.okr.calculations import (
    is_stale,
    progress_of,
    progress_of_objective,
    reached,
    score_from,
    season_days,
    weakest,
)

D = Decimal


@pytest.mark.parametrize(
    ("start", "target", "value", "share"),
    [(0, 10, 5, "0.5"), (14, 7, 10.5, "0.5"), (0, 10, 12, "1"), (0, 10, -3, "0"), (14, 7, 20, "0")],
)
def test_the_way_is_measured_both_upwards_and_downwards(
    start: float, target: float, value: float, share: str
) -> None:
    assert reached(D(str(start)), D(str(target)), D(str(value))) == D(share)


def test_progress_is_unknown_before_the_first_check_in() -> None:
    number = KeyResult(kind="number", start_value=D(0), target_value=D(4))
    question = KeyResult(kind="yes_no")

    assert progress_of(number, None, None) is None
    assert progress_of(number, D(1), None) == D("0.25")
    assert [progress_of(question, None, told) for told in (None, False, True)] == [None, D(0), D(1)]
    assert progress_of_objective([None, None]) is None
    assert progress_of_objective([D(1), None]) == D("0.5")
    assert score_from(D(2) / D(3)) == D("0.67")


def test_the_weakest_word_speaks_for_an_objective() -> None:
    assert weakest(["high", "low", "medium"]) == "low"
    assert weakest(["", "high"]) == "high"
    assert weakest(["", ""]) == ""


def test_a_key_result_grows_stale_after_the_days_of_the_parameter() -> None:
    begun = date(2026, 9, 1)

    assert not is_stale(None, begun, date(2026, 9, 22), after_days=21)
    assert is_stale(None, begun, date(2026, 9, 23), after_days=21)
    assert not is_stale(date(2026, 9, 20), begun, date(2026, 10, 11), after_days=21)
    assert is_stale(date(2026, 9, 20), begun, date(2026, 10, 12), after_days=21)
    # A check-in before the season (a result carried over) does not count.
    assert not is_stale(date(2026, 5, 1), begun, date(2026, 9, 22), after_days=21)


def test_seasons_of_four_months_fill_a_year() -> None:
    days = [season_days(2024, number, 4) for number in (1, 2, 3)]

    assert days[0] == (date(2024, 1, 1), date(2024, 4, 30))
    assert days[1] == (date(2024, 5, 1), date(2024, 8, 31))
    assert days[2] == (date(2024, 9, 1), date(2024, 12, 31))
    assert season_days(2024, 1, 2) == (date(2024, 1, 1), date(2024, 2, 29))
    with pytest.raises(ValueError, match="does not fit"):
        season_days(2024, 4, 4)
