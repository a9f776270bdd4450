"""Months: first days, half-open ranges, the turn of the year."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import periods
from core.periods import MonthError, add_months, format_month, month_end, months, parse_month

months_of_history = st.dates(date(1950, 1, 1), date(2100, 12, 31)).map(periods.month_of)


@pytest.mark.parametrize(
    "text", ["2024-03", "2024-3", "2024-03-01", "3/2024", "03/2024", " 3.2024 ", "3 / 2024"]
)
def test_a_month_is_read_as_its_first_day(text):
    assert parse_month(text) == date(2024, 3, 1)


@pytest.mark.parametrize(
    "text", ["", "2024", "13/2024", "0/2024", "2024-03-15", "3/24", "maaliskuu", "\u0663/2024"]
)
def test_what_is_not_a_month_is_refused(text):
    with pytest.raises(MonthError) as refused:
        parse_month(text)
    assert refused.value.message


@given(months_of_history)
def test_what_is_shown_is_read_back(month):
    assert parse_month(format_month(month)) == month
    assert parse_month(periods.month_key(month)) == month


def test_months_turn_with_the_year():
    assert periods.next_month(date(2024, 12, 1)) == date(2025, 1, 1)
    assert periods.previous_month(date(2024, 1, 1)) == date(2023, 12, 1)
    assert add_months(date(2024, 11, 1), 14) == date(2026, 1, 1)
    assert add_months(date(2024, 2, 1), -14) == date(2022, 12, 1)


@given(months_of_history, st.integers(-600, 600))
def test_adding_and_counting_months_agree(month, count):
    assert periods.months_between(month, add_months(month, count)) == count


def test_ranges_are_half_open():
    assert list(months(date(2024, 11, 20), date(2025, 2, 1))) == [
        date(2024, 11, 1),
        date(2024, 12, 1),
        date(2025, 1, 1),
    ]
    assert list(months(date(2024, 3, 1), date(2024, 3, 31))) == []
    assert periods.year_bounds(2024) == (date(2024, 1, 1), date(2025, 1, 1))
    assert len(periods.months_of_year(2025)) == 12


def test_month_ends_know_leap_years():
    assert month_end(date(2024, 2, 1)) == date(2024, 2, 29)
    assert month_end(date(2025, 2, 14)) == date(2025, 2, 28)
    assert month_end(date(2024, 12, 1)) == date(2024, 12, 31)


def test_dates_are_written_as_each_language_writes_them():
    day = date(2026, 11, 22)
    assert periods.format_date(day, language="fi") == "22.11.2026"
    assert periods.format_date(day, language="sv") == "22.11.2026"
    assert periods.format_date(day, language="en") == "22 November 2026"
    assert periods.format_date(None) == format_month(None) == "\u2013"


def test_quarters():
    assert [periods.quarter(date(2024, month, 1)) for month in (1, 3, 4, 12)] == [1, 1, 2, 4]
