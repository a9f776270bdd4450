"""Filling twelve months by rule: a year's sum spread to the cent, the last value carried on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.months import carried_on, spread_over

CENTS = st.integers(-(10**14), 10**14)
ROWS = st.lists(st.none() | CENTS, min_size=12, max_size=12)
PLACES = st.sets(st.integers(0, 11), min_size=1)
EMPTY = [None] * 12


@given(total=CENTS, row=ROWS, chosen=PLACES)
def test_the_row_sums_to_the_total_to_the_cent(total: int, row: list[int | None], chosen: set[int]) -> None:
    found = spread_over(total, row, chosen)

    after = {at: cents for at, cents in enumerate(row) if cents is not None} | found
    assert sum(after.values()) == total
    assert set(found) == chosen


@given(total=CENTS, chosen=PLACES)
def test_parts_differ_by_a_cent_at_most_keep_the_sign_and_favour_earlier_months(
    total: int, chosen: set[int]
) -> None:
    parts = [spread_over(total, EMPTY, chosen)[at] for at in sorted(chosen)]

    sizes = [abs(part) for part in parts]
    assert max(sizes) - min(sizes) <= 1
    assert sizes == sorted(sizes, reverse=True)
    assert all(part == 0 or (part < 0) == (total < 0) for part in parts)


def test_a_hundred_euros_over_three_months() -> None:
    assert spread_over(-10_000, EMPTY, [3, 4, 5]) == {3: -3334, 4: -3333, 5: -3333}


def test_months_that_are_not_chosen_keep_what_they_hold() -> None:
    row = [-1000] * 4 + EMPTY[4:]

    assert spread_over(-12_000, row, range(4, 12)) == dict.fromkeys(range(4, 12), -1000)


@pytest.mark.parametrize("chosen", [[], [12], [-1]])
def test_without_months_there_is_nothing_to_spread_over(chosen: list[int]) -> None:
    with pytest.raises(ValueError, match="months"):
        spread_over(100, EMPTY, chosen)


def test_the_last_known_month_is_copied_to_open_months_after_it() -> None:
    row = [5, None, -7, *EMPTY[3:]]

    assert carried_on(row, range(12)) == dict.fromkeys(range(3, 12), -7)
    assert carried_on(row, [1, 5, 11]) == {5: -7, 11: -7}


def test_a_row_with_nothing_goes_on_from_the_year_before_or_not_at_all() -> None:
    assert carried_on(EMPTY, [0, 1], before=-9) == {0: -9, 1: -9}
    assert carried_on(EMPTY, [0, 1]) == {}


@given(row=ROWS, months=st.sets(st.integers(0, 11)))
def test_nothing_known_is_written_over(row: list[int | None], months: set[int]) -> None:
    assert all(row[at] is None for at in carried_on(row, months))
