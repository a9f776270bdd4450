"""Which month's status view is due on a day."""

from datetime import date

import pytest

from programme.models import Programme
from reporting.mywork import next_step
from reporting.services import due_month


@pytest.mark.parametrize(
    ("today", "view_day", "month"),
    [
        (date(2024, 4, 1), 1, date(2024, 3, 1)),
        (date(2024, 4, 9), 10, date(2024, 2, 1)),
        (date(2024, 4, 10), 10, date(2024, 3, 1)),
        (date(2024, 1, 15), 10, date(2023, 12, 1)),
    ],
)
def test_from_the_programmes_day_on_the_last_ended_month_is_due(
    today: date, view_day: int, month: date
) -> None:
    assert due_month(Programme(status_view_day=view_day), today) == month


@pytest.mark.parametrize(
    ("status", "month"), [(date(2024, 3, 31), date(2024, 3, 1)), (date(2024, 3, 15), date(2024, 2, 1))]
)
def test_a_programme_that_stands_still_is_due_for_the_month_ended_by_its_status_date(
    status: date, month: date
) -> None:
    assert due_month(Programme(status_view_day=1, status_date=status), date(2026, 11, 22)) == month


@pytest.mark.parametrize(
    ("stage", "claim", "tone"),
    [
        ("identified", None, "info"),
        ("on_hold", None, "none"),
        ("in_delivery", None, "warn"),
        ("in_delivery", date(2024, 1, 1), "warn"),
        ("in_delivery", date(2024, 2, 1), "ok"),
        ("decided", date(2024, 3, 1), "ok"),
    ],
)
def test_the_month_that_has_ended_is_the_one_to_be_claimed(stage: str, claim: date | None, tone: str) -> None:
    assert next_step(stage, claim, today=date(2024, 3, 30))[0] == tone


def test_on_its_last_day_a_month_has_ended() -> None:
    assert next_step("in_delivery", date(2024, 2, 1), today=date(2024, 3, 31))[0] == "warn"
    assert next_step("in_delivery", date(2024, 3, 1), today=date(2024, 3, 31))[0] == "ok"
