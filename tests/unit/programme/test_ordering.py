"""Rows change places one step at a time, whatever their numbers were."""

import pytest

from programme.models import Programme, Sector, Theme
from programme.ordering import move
from tests.factories.accounts import make_person, make_programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return make_programme("own")


def themes(programme: Programme, *numbers: int) -> list[Theme]:
    return [
        Theme.objects.create(programme=programme, key=f"t{at}", number=number, name_fi=f"T{at}")
        for at, number in enumerate(numbers)
    ]


def order(programme: Programme) -> list[tuple[str, int]]:
    return list(Theme.objects.filter(programme=programme).order_by("number").values_list("key", "number"))


def step(row: Theme, *, up: bool) -> bool:
    return move(row, up=up, field="number", siblings=(), by=make_person())


def test_two_rows_change_numbers_and_the_rest_keeps_its_versions(programme: Programme) -> None:
    first, second, third = themes(programme, 1, 5, 9)

    assert step(third, up=True)
    assert order(programme) == [("t0", 1), ("t2", 5), ("t1", 9)]
    first.refresh_from_db()
    assert first.version == 1


def test_the_ends_stay_where_they_are(programme: Programme) -> None:
    first, last = themes(programme, 1, 2)

    assert not step(first, up=True) and not step(last, up=False)
    assert order(programme) == [("t0", 1), ("t1", 2)]


def test_equal_numbers_are_given_anew(programme: Programme) -> None:
    _first, _second, third = themes(programme, 3, 3, 3)
    step(third, up=True)

    assert order(programme) == [("t0", 1), ("t2", 2), ("t1", 3)]


def test_another_programmes_rows_are_left_alone(programme: Programme) -> None:
    other = make_programme("other")
    themes(other, 1, 2)
    _first, second = themes(programme, 1, 2)
    step(second, up=True)

    assert order(other) == [("t0", 1), ("t1", 2)]


def test_missing_positions_are_filled(programme: Programme) -> None:
    rows = [Sector.objects.create(programme=programme, key=f"s{at}", name_fi="S") for at in range(3)]
    move(rows[2], up=True, field="position", siblings=(), by=make_person())

    assert list(Sector.objects.filter(programme=programme).values_list("key", flat=True)) == [
        "s0",
        "s2",
        "s1",
    ]
