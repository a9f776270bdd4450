"""Targets change by versions: what held on a day is never written over."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from programme.models import Programme, Target
from programme.targets_editing import (
    NewValue,
    becomes_cost,
    begin_target,
    cancel_future,
    correct_future,
    set_value,
    version_on,
    versions_of,
)
from tests.factories.accounts import make_person, make_programme

pytestmark = pytest.mark.django_db
TODAY = dt.date(2024, 3, 31)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def new(cents: int, since: str, reason: str = "The board decided.") -> NewValue:
    amounts = {"value_eur_cents": cents, "cautious_eur_cents": None, "full_eur_cents": None}
    return NewValue(amounts, day(since), reason, "§ 12")


@pytest.fixture
def by() -> Any:
    return make_person()


@pytest.fixture
def programme() -> Programme:
    return make_programme("own")


@pytest.fixture
def stated(programme: Programme) -> Target:
    return Target.objects.create(
        programme=programme, kind="stated", value_eur_cents=-78, valid_from="2023-01-01", label_fi="Tavoite"
    )


def spans(target: Target) -> list[tuple[str, str | None, int | None]]:
    """(first day, first day no more, figure) of each version, the earliest first; the rule of one a day holds."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return [
        (str(row.valid_from), str(row.valid_to) if row.valid_to else None, row.value_eur_cents)
        for row in versions_of(target).order_by("valid_from")
    ]


def test_a_new_value_closes_the_one_before_and_keeps_its_figure(stated: Target, by: Any) -> None:
    made = set_value(stated, new(-80, "2024-06-01"), by=by)

    assert spans(stated) == [("2023-01-01", "2024-06-01", -78), ("2024-06-01", None, -80)]
    assert (made.label_fi, made.reason, made.decision_reference, made.created_by) == (
        "Tavoite", "The board decided.", "§ 12", by
    )  # fmt: skip
    assert version_on(stated, day("2024-05-31")).value_eur_cents == -78  # type: ignore[union-attr]
    assert version_on(stated, day("2024-06-01")).value_eur_cents == -80  # type: ignore[union-attr]


def test_a_value_between_two_ends_where_the_later_begins(stated: Target, by: Any) -> None:
    set_value(stated, new(-80, "2025-01-01"), by=by)
    set_value(stated, new(-79, "2024-06-01"), by=by)

    assert spans(stated) == [
        ("2023-01-01", "2024-06-01", -78),
        ("2024-06-01", "2025-01-01", -79),
        ("2025-01-01", None, -80),
    ]


def test_two_values_cannot_begin_on_one_day_and_a_reason_is_needed(stated: Target, by: Any) -> None:
    with pytest.raises(ValidationError) as same_day:
        set_value(stated, new(-80, "2023-01-01"), by=by)
    with pytest.raises(ValidationError) as no_reason:
        set_value(stated, new(-80, "2024-01-01", reason=" "), by=by)

    assert list(same_day.value.message_dict) == ["valid_from"]
    assert list(no_reason.value.message_dict) == ["reason"]
    assert spans(stated) == [("2023-01-01", None, -78)]


def test_a_value_to_come_can_be_corrected_and_its_day_moved(stated: Target, by: Any) -> None:
    future = set_value(stated, new(-80, "2024-06-01"), by=by)
    correct_future(future, new(-81, "2024-07-01"), by=by, today=TODAY)

    assert spans(stated) == [("2023-01-01", "2024-07-01", -78), ("2024-07-01", None, -81)]


def test_what_already_holds_is_not_corrected_or_taken_away(stated: Target, by: Any) -> None:
    with pytest.raises(ValidationError):
        correct_future(stated, new(-81, "2024-07-01"), by=by, today=TODAY)
    with pytest.raises(ValidationError):
        cancel_future(stated, reason="A mistake.", by=by, today=TODAY)

    assert spans(stated) == [("2023-01-01", None, -78)]


def test_taking_a_value_to_come_away_lets_the_one_before_go_on(stated: Target, by: Any) -> None:
    middle = set_value(stated, new(-80, "2024-06-01"), by=by)
    set_value(stated, new(-85, "2025-01-01"), by=by)
    cancel_future(middle, reason="Not decided after all.", by=by, today=TODAY)

    assert spans(stated) == [("2023-01-01", "2025-01-01", -78), ("2025-01-01", None, -85)]


def test_either_one_value_or_a_pair(stated: Target, by: Any) -> None:
    both = {"value_eur_cents": -1, "cautious_eur_cents": -1, "full_eur_cents": -2}
    with pytest.raises(ValidationError):
        set_value(stated, NewValue(both, day("2024-06-01"), "Why"), by=by)

    pair = {"value_eur_cents": None, "cautious_eur_cents": -28, "full_eur_cents": -89}
    assert set_value(stated, NewValue(pair, day("2024-06-01"), "Why"), by=by).full_eur_cents == -89


def test_a_target_begins_once(programme: Programme, stated: Target, by: Any) -> None:
    first = Target(programme=programme, kind="annual", year=2024, key="2024")
    assert begin_target(first, new(-27, "2024-01-01"), by=by).year == 2024
    with pytest.raises(ValidationError):
        begin_target(Target(programme=programme, kind="stated"), new(-1, "2024-01-01"), by=by)

    assert spans(stated) == [("2023-01-01", None, -78)]


@pytest.mark.parametrize(
    ("old", "given", "asks"),
    [
        (-78, 80, True),
        (None, 80, True),
        (12, 16, False),
        (-78, -80, False),
        (-78, 0, False),
        (-78, None, False),
    ],
)
def test_a_saving_that_becomes_a_cost_is_asked_about(old: int | None, given: int | None, asks: bool) -> None:
    assert becomes_cost({"value_eur_cents": old}, {"value_eur_cents": given}) is asks


def test_a_first_figure_above_zero_is_asked_about() -> None:
    assert becomes_cost(None, {"value_eur_cents": 5}) is True
