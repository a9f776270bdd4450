"""When a duty is due: against a calendar counted day by day, over holidays, leap days and the end of years."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workdays import is_workday, next_workday
from programme.governance.cadence import Cadence, due_times, has_calendar, time_of

MONTHLY = Cadence("monthly", 1)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def days(cadence: Cadence, first: date, last: date) -> list[tuple[str, date]]:
    return [(one.key, one.due_on) for one in due_times(cadence, first, last, next_workday)]


def test_a_monthly_day_moves_over_weekends_and_holidays() -> None:
    found = days(MONTHLY, date(2024, 1, 1), date(2024, 6, 30))

    # New Year and the First of May are holidays; 1.6.2024 is a Saturday.
    assert found == [
        ("2024-01", date(2024, 1, 2)), ("2024-02", date(2024, 2, 1)), ("2024-03", date(2024, 3, 1)),
        ("2024-04", date(2024, 4, 2)), ("2024-05", date(2024, 5, 2)), ("2024-06", date(2024, 6, 3)),
    ]  # fmt: skip


def test_a_weekly_day_over_the_end_of_a_year_and_easter_monday() -> None:
    assert days(Cadence("weekly", 1), date(2024, 12, 20), date(2025, 1, 12)) == [
        ("2024-W52", date(2024, 12, 23)), ("2025-W01", date(2024, 12, 30)), ("2025-W02", date(2025, 1, 7)),
    ]  # fmt: skip
    assert days(Cadence("weekly", 1), date(2024, 4, 1), date(2024, 4, 7)) == [("2024-W14", date(2024, 4, 2))]


@pytest.mark.parametrize(
    ("cadence", "found"),
    [
        (Cadence("four_monthly", 15), ["2024-T1", "2024-T2", "2024-T3"]),
        (Cadence("interim", 15, (2, 5, 9)), ["2024-02", "2024-05", "2024-09"]),
        (Cadence("yearly", 31, (2,)), ["2024"]),
        (Cadence("other", 15, (10, 12)), ["2024-10", "2024-12"]),
        (Cadence("other", 15), []),
        (Cadence("monthly"), []),
        (Cadence("interim", 15), []),
    ],
)
def test_names_of_the_times_of_a_year(cadence: Cadence, found: list[str]) -> None:
    assert [key for key, _day in days(cadence, date(2024, 1, 1), date(2024, 12, 31))] == found
    assert has_calendar(cadence) == bool(found)


def test_what_is_made_before_its_day_is_for_that_day_whatever_its_months_are_called() -> None:
    """The tenth of November is a Tuesday; what comes on the sixth is not October's."""
    every_month = Cadence("other", 10, tuple(range(1, 13)))
    some_months = Cadence("other", 10, (2, 5, 9))

    early = time_of(every_month, date(2026, 11, 6), next_workday)
    after = time_of(some_months, date(2026, 11, 6), next_workday)

    assert early is not None and (early.key, early.due_on) == ("2026-11", date(2026, 11, 10))
    assert after is not None and after.key == "2026-09"


def test_the_last_day_of_february() -> None:
    assert days(Cadence("monthly", 31), date(2024, 2, 1), date(2024, 3, 5)) == [
        ("2024-02", date(2024, 2, 29))
    ]


CADENCES = st.one_of(
    st.builds(Cadence, st.just("weekly"), st.integers(1, 7)),
    st.builds(Cadence, st.just("monthly"), st.integers(1, 31)),
    st.builds(
        Cadence, st.sampled_from(["interim", "yearly", "other"]), st.integers(1, 31),
        st.lists(st.integers(1, 12), min_size=1, max_size=4, unique=True).map(tuple),
    ),
)  # fmt: skip


@given(CADENCES, DAYS, st.integers(0, 400))
def test_every_time_is_a_working_day_in_the_window_and_has_one_name(
    cadence: Cadence, first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    found = due_times(cadence, first, last, next_workday)

    assert all(first <= one.due_on <= last and is_workday(one.due_on) for one in found)
    assert len({one.key for one in found}) == len(found)
    assert all(next_workday(one.stated_on) == one.due_on for one in found)
    assert all(_is_stated(cadence, one.stated_on) for one in found)
    # Day by day: each stated day whose moved day lies in the window is there.
    counted = [first - timedelta(days=14) + timedelta(days=n) for n in range(length + 15)]
    wanted = {day for day in counted if _is_stated(cadence, day) and first <= next_workday(day) <= last}
    assert {one.stated_on for one in found} == wanted


def _is_stated(cadence: Cadence, day: date) -> bool:
    if cadence.frequency == "weekly":
        return day.isoweekday() == cadence.day
    ends = (day + timedelta(days=1)).month != day.month
    wanted = cadence.day or 0
    in_month = not cadence.months or day.month in cadence.months
    return in_month and (day.day == wanted or (ends and wanted > day.day))


@given(CADENCES, DAYS, st.integers(1, 200), st.integers(1, 200))
def test_windows_that_meet_hold_what_the_whole_holds(
    cadence: Cadence, first: date, one: int, two: int
) -> None:
    middle, last = first + timedelta(days=one), first + timedelta(days=one + two)

    parts = days(cadence, first, middle) + days(cadence, middle + timedelta(days=1), last)

    assert parts == days(cadence, first, last)


@pytest.mark.parametrize(
    ("cadence", "day", "key"),
    [
        (MONTHLY, date(2024, 3, 28), "2024-03"),
        (Cadence("weekly", 1), date(2024, 3, 28), "2024-W13"),
        (Cadence("interim", 15, (2, 5, 9)), date(2024, 5, 14), "2024-02"),
        (Cadence("interim", 15, (2, 5, 9)), date(2024, 5, 15), "2024-05"),
        (Cadence("yearly", 1, (3,)), date(2024, 12, 31), "2024"),
    ],
)
def test_what_is_made_on_a_day_is_for(cadence: Cadence, day: date, key: str) -> None:
    found = time_of(cadence, day, next_workday)

    assert found is not None and found.key == key
