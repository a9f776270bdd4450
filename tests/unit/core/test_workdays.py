"""Working days: against the calendar of real years, and against counting one day at a time."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workdays import add_workdays, holiday_name, is_workday, next_workday, workdays_between

DAYS = st.dates(date(2019, 1, 1), date(2041, 12, 31))


def counted(first: date, last: date) -> int:
    """The definition: one day at a time."""
    return sum(is_workday(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-01-01", "Uudenvuodenpäivä"), ("2026-01-06", "Loppiainen"), ("2026-04-03", "Pitkäperjantai"),
        ("2026-04-06", "Toinen pääsiäispäivä"), ("2026-05-01", "Vappu"), ("2026-05-14", "Helatorstai"),
        ("2026-06-19", "Juhannusaatto"), ("2027-12-06", "Itsenäisyyspäivä"), ("2026-12-24", "Jouluaatto"),
        ("2026-12-25", "Joulupäivä"),
    ],
)  # fmt: skip
def test_no_work_on_a_holiday_that_falls_on_a_weekday(day: str, name: str) -> None:
    assert holiday_name(date.fromisoformat(day)) == name
    assert not is_workday(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-04-02", "2026-04-30", "2026-06-18", "2026-12-23", "2026-12-31"])
def test_days_before_holidays_are_working_days(day: str) -> None:
    assert is_workday(date.fromisoformat(day)) and holiday_name(date.fromisoformat(day)) == ""


def test_holidays_have_their_names_in_each_language() -> None:
    midsummer = date(2026, 6, 19)
    assert [holiday_name(midsummer, code) for code in ("fi", "sv", "sv-fi", "en")] == [
        "Juhannusaatto", "Midsommarafton", "Midsommarafton", "Midsummer Eve",
    ]  # fmt: skip
    assert holiday_name(date(2026, 11, 21)) == ""  # an ordinary Saturday


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-11-23", 5, "2026-11-30"),  # Monday: the next Monday is the fifth day
        ("2026-11-21", 5, "2026-11-27"),  # Saturday: Monday is the first day
        ("2026-03-31", 5, "2026-04-09"),  # Easter: Good Friday and Easter Monday
        ("2026-06-18", 1, "2026-06-22"),  # Midsummer Eve
        ("2026-12-23", 5, "2027-01-04"),  # Christmas, New Year: 28-31 December and 4 January
        ("2024-12-20", 5, "2025-01-02"),  # Christmas Eve to Boxing Day in the middle of a week
        ("2026-03-27", 1, "2026-03-30"),  # over the change to summer time
        ("2026-10-23", 1, "2026-10-26"),  # and back
        ("2026-12-28", -1, "2026-12-23"),
        ("2026-12-25", 0, "2026-12-28"),
    ],
)
def test_working_days_are_added_over_holidays(start: str, count: int, end: str) -> None:
    assert add_workdays(date.fromisoformat(start), count) == date.fromisoformat(end)


def test_a_monday_that_is_a_holiday_moves_deadlines_to_the_next_day() -> None:
    assert next_workday(date(2026, 4, 6)) == date(2026, 4, 7)
    assert next_workday(date(2026, 4, 7)) == date(2026, 4, 7)


@given(DAYS, st.integers(0, 120))
def test_days_between_are_those_counted_one_by_one(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    assert workdays_between(first, last) == counted(first, last)
    assert workdays_between(last, first) == -counted(first, last)


@given(DAYS, st.integers(1, 60))
def test_adding_and_counting_undo_each_other(day: date, count: int) -> None:
    later = add_workdays(day, count)
    assert is_workday(later)
    assert workdays_between(day, later) == count
    assert workdays_between(day, later - timedelta(days=1)) == count - 1


@given(DAYS, DAYS, DAYS)
def test_stretches_of_days_add_up(first: date, second: date, third: date) -> None:
    assert workdays_between(first, second) + workdays_between(second, third) == workdays_between(first, third)
