"""Clocks of obstacles in working days, against going through the days one at a time."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workdays import is_workday
from risks.escalation.clocks import Rung, age_band, climbs, clock_of, due_day, leaves_on, remind_from
from risks.escalation.series import months_until, series, stays_of

RUNGS = [Rung("theme_owner", 5), Rung("director", 5), Rung("management_group", 5), Rung("board", 15)]


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("raised", "due", "goes_up"),
    [
        ("2026-11-23", "2026-11-30", "2026-12-01"),  # an ordinary Monday
        ("2026-03-27", "2026-04-07", "2026-04-08"),  # summer time begins, Easter in between
        ("2026-10-23", "2026-10-30", "2026-11-02"),  # back to normal time; All Saints' Day is a Saturday
        ("2026-12-23", "2027-01-04", "2027-01-05"),  # Christmas, New Year, another year
        ("2026-06-15", "2026-06-23", "2026-06-24"),  # Midsummer Eve
        ("2027-12-03", "2027-12-13", "2027-12-14"),  # Independence Day is a Monday
    ],
)
def test_five_working_days_and_the_day_after(raised: str, due: str, goes_up: str) -> None:
    assert due_day(day(raised), 5) == day(due)
    assert leaves_on(day(due)) == day(goes_up)


def test_a_deadline_before_a_holiday_monday_goes_up_on_tuesday() -> None:
    """2026-04-06 is Easter Monday; the day before it Good Friday ended a short week."""
    assert leaves_on(day("2026-04-02")) == day("2026-04-07")


def test_after_a_standstill_each_step_has_its_right_day() -> None:
    steps = climbs(RUNGS, "theme_owner", day("2026-12-18"), day("2027-02-15"))

    assert [(step.from_level, step.to_level, step.on, step.due_on) for step in steps] == [
        ("theme_owner", "director", day("2026-12-21"), day("2026-12-30")),
        ("director", "management_group", day("2026-12-31"), day("2027-01-11")),
        ("management_group", "board", day("2027-01-12"), day("2027-02-02")),
    ]


def test_the_top_and_a_level_that_keeps_go_nowhere() -> None:
    keeps = [Rung("theme_owner", 5, goes_up=False), *RUNGS[1:]]

    assert climbs(RUNGS, "board", day("2026-01-02"), day("2026-12-31")) == []
    assert climbs(keeps, "theme_owner", day("2026-01-02"), day("2026-12-31")) == []
    assert climbs(RUNGS[1:], "theme_owner", day("2026-01-02"), day("2026-12-31")) == []  # not in use


@given(
    st.dates(date(2023, 1, 1), date(2032, 12, 31)),
    st.integers(0, 90),
    st.lists(st.integers(0, 90), max_size=4),
)
def test_looking_often_or_seldom_comes_to_the_same(due: date, length: int, looks: list[int]) -> None:
    """The job may run daily, late or after weeks: the steps and their days do not depend on it."""
    today = due + timedelta(days=length)
    level, until, found = "theme_owner", due, []
    for look in [*sorted(x for x in looks if x <= length), length]:
        for step in climbs(RUNGS, level, until, due + timedelta(days=look)):
            found.append(step)
            level, until = step.to_level, step.due_on

    assert found == climbs(RUNGS, "theme_owner", due, today)
    assert all(is_workday(step.on) and step.on <= today for step in found)


def test_what_is_left_is_said_in_working_days() -> None:
    friday = day("2026-11-27")
    found = {
        text: clock_of(friday, day(text)) for text in ("2026-11-25", "2026-11-27", "2026-11-28", "2026-12-02")
    }

    assert {text: clock.days for text, clock in found.items() if clock} == {
        "2026-11-25": 2, "2026-11-27": 0, "2026-11-28": -1, "2026-12-02": -3,
    }  # fmt: skip
    assert [clock.tone for clock in found.values() if clock] == ["info", "warn", "bad", "bad"]
    assert clock_of(None, friday) is None


def test_reminding_begins_working_days_before() -> None:
    assert remind_from(day("2026-04-07"), 1) == day("2026-04-02")  # over Easter
    assert remind_from(day("2026-04-07"), 0) == day("2026-04-07")


def test_ages_fall_into_bands() -> None:
    assert [age_band(days) for days in (0, 7, 8, 14, 15, 28, 29, 400)] == [0, 0, 8, 8, 15, 15, 29, 29]


def step(
    obstacle: int, kind: str, level: str, on: str, due: str = "", *, clock: bool = False
) -> SimpleNamespace:
    return SimpleNamespace(
        obstacle_id=obstacle, kind=kind, to_level=level, happened_on=day(on), due_on=day(due) if due else None,
        is_by_clock=clock,
    )  # fmt: skip


def test_time_to_decide_by_level_and_month() -> None:
    """1: theme owner lets it run out, the director decides in time. 2: decided a day late. 3: moved by hand."""
    ways = [
        step(1, "raised", "theme_owner", "2026-11-02", "2026-11-09"),
        step(1, "went_up", "director", "2026-11-10", "2026-11-17", clock=True),
        step(1, "decided", "director", "2026-11-12", "2026-11-17"),
        step(2, "raised", "director", "2026-11-02", "2026-11-09"),
        step(2, "decided", "director", "2026-11-10", "2026-11-09"),
        step(3, "raised", "theme_owner", "2026-11-02", "2026-11-09"),
        step(3, "went_up", "director", "2026-11-03", "2026-11-10"),
        step(3, "closed", "director", "2026-11-04", "2026-11-10"),
    ]
    months = months_until(day("2026-11-30"), 2)
    found = series(stays_of(ways), ["theme_owner", "director"], months)

    assert months == [day("2026-10-01"), day("2026-11-01")]
    theme, director = found["theme_owner"][1], found["director"][1]
    assert (theme.decided, theme.ended, theme.in_time, theme.median_days, theme.share) == (0, 1, 0, None, 0)
    assert (director.decided, director.ended, director.in_time) == (2, 2, 1)
    assert (director.median_days, director.share) == (Decimal("4.0"), 50)  # of 2 and 6 working days
    assert found["director"][0].share is None
