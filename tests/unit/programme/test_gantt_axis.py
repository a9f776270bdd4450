"""The stretch a time line shows and its ticks: days in, days out."""

import datetime as dt

import pytest

from programme.projects.gantt.axis import around, ticks, zoomed

TODAY = dt.date(2024, 3, 31)


def test_everything_is_whole_months_around_all_days_and_today_three_at_the_least() -> None:
    found = around([dt.date(2023, 11, 20), None, dt.date(2024, 2, 29)], TODAY)
    alone = around([None, dt.date(9999, 12, 31), dt.date(203, 1, 1)], TODAY)

    assert (found.first, found.last, found.before, found.after) == (dt.date(2023, 11, 1), TODAY, "", "")
    assert (alone.first, alone.last, alone.days) == (dt.date(2024, 3, 1), dt.date(2024, 5, 31), 92)


@pytest.mark.parametrize(
    ("zoom", "at", "first", "last", "before", "after"),
    [
        ("year", "2023", dt.date(2023, 1, 1), dt.date(2023, 12, 31), "2022", "2024"),
        ("year", "2023-3", dt.date(2023, 1, 1), dt.date(2023, 12, 31), "2022", "2024"),
        ("quarter", "2024-4", dt.date(2024, 10, 1), dt.date(2024, 12, 31), "2024-3", "2025-1"),
        ("quarter", "2024", dt.date(2024, 1, 1), TODAY, "2023-4", "2024-2"),
        ("quarter", "wrong", dt.date(2024, 1, 1), TODAY, "2023-4", "2024-2"),
    ],
)
def test_a_year_or_a_quarter_knows_its_neighbours(
    zoom: str, at: str, first: dt.date, last: dt.date, before: str, after: str
) -> None:
    found = zoomed(zoom, at, TODAY)

    assert found is not None
    assert (found.first, found.last, found.before, found.after) == (first, last, before, after)


def test_no_stretch_is_asked_for_by_other_words() -> None:
    assert zoomed("", "2024", TODAY) is None


def test_ticks_are_as_many_as_fit() -> None:
    months = [label for _day, label in ticks(around([dt.date(2024, 1, 1)], TODAY), 800)]
    quarters = [label for _day, label in ticks(around([dt.date(2022, 11, 1)], TODAY), 300)]
    years = [label for _day, label in ticks(around([dt.date(2015, 2, 1)], TODAY), 800)]

    assert months == ["2024", "2", "3"]
    assert quarters == ["2023", "7", "2024"]
    assert years == [str(year) for year in range(2016, 2025)]


def test_what_touches_the_stretch_is_in_it() -> None:
    found = zoomed("quarter", "2024-1", TODAY)

    assert found is not None
    assert found.touches(dt.date(2023, 1, 1), dt.date(2025, 1, 1))
    assert found.touches(None, dt.date(2024, 1, 1))
    assert not found.touches(dt.date(2023, 1, 1), dt.date(2023, 12, 31))
    assert not found.touches(None, None)
