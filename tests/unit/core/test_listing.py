"""Sorting, paging and saved views of a list from its declaration."""

from typing import Any

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from core.listing import Asked, Column, Listing, kept_query
from core.models import SavedView
from measures.models import Measure
from tests.factories.accounts import make_member
from tests.factories.measures import make_ground, make_measure

LIST = Listing(
    "measures:measure_list",
    [
        Column("code", "Code", ["code"]),
        Column("starts", "Start", ["starts_on"]),
        Column("money", "Money", css="num", is_sorted=True),
        Column("updated", "Changed", ["updated_at"], starts_descending=True, shown=False),
        Column("note", "Note"),
    ],
    default="code",
    ties=("code",),
    rows=2,
)

pytestmark = pytest.mark.django_db


def asked(query: str = "", *, user: Any = None, programme: Any = None) -> Asked:
    request = RequestFactory().get(f"/lista/?{query}")
    request.user = user
    return LIST.asked(request, programme)


def test_headings_sort_and_turn_round() -> None:
    code, starts, money, note = asked("sort=starts&theme=digi&page=3").headers

    assert (starts.direction, starts.href) == ("ascending", "?sort=-starts&theme=digi")
    assert (code.direction, code.href) == ("", "?sort=code&theme=digi")
    assert (money.css, money.href) == ("num", "?sort=money&theme=digi")
    assert note.href == ""


def test_a_heading_sorted_downwards_says_so() -> None:
    starts = asked("sort=-starts").headers[1]

    assert (starts.direction, starts.href) == ("descending", "?sort=starts")


@pytest.mark.parametrize("query", ["", "sort=", "sort=note", "sort=nothing", "sort=--code", "sort=-"])
def test_an_order_that_is_none_is_the_lists_own(query: str) -> None:
    assert asked(query).sort == "code"


def test_the_select_offers_each_order_and_marks_the_one_in_use() -> None:
    assert asked("sort=-starts").orders == [
        ("code", "Code", False), ("-starts", "Start", True), ("money", "Money", False), ("-updated", "Changed", False),
    ]  # fmt: skip


def test_unknown_values_come_last_both_ways() -> None:
    ground = make_ground()
    for code, day in (("A", "2024-02-01"), ("B", None), ("C", "2024-01-01")):
        make_measure(ground, code, starts_on=day)
    rows = Measure.objects.all()

    assert [row.code for row in asked("sort=starts").ordered(rows)] == ["C", "A", "B"]
    assert [row.code for row in asked("sort=-starts").ordered(rows)] == ["A", "C", "B"]


def test_a_page_beyond_the_last_is_the_last() -> None:
    assert [list(asked(f"page={page}").paged(list("abc"))) for page in ("1", "2", "9", "x")] == [
        ["a", "b"], ["c"], ["c"], ["a", "b"],
    ]  # fmt: skip


def test_a_view_keeps_filters_and_order_in_one_spelling() -> None:
    assert kept_query(QueryDict("sort=code&q=&theme=digi&page=2&view=7&format=csv")) == "sort=code&theme=digi"
    assert kept_query(QueryDict("theme=digi&sort=code")) == "sort=code&theme=digi"


def test_own_views_come_first_then_those_offered_by_others() -> None:
    ground = make_ground()
    me, other = make_member(ground.programme), make_member(ground.programme)
    shared = {"programme": ground.programme, "page": LIST.page}
    SavedView.objects.create(user=other, name="Aatto", is_shared=True, query="theme=digi", **shared)
    SavedView.objects.create(user=other, name="Oma salaisuus", **shared)
    mine = SavedView.objects.create(user=me, name="Meri", query="stage=planned", **shared)
    SavedView.objects.create(user=me, name="Toisen sivun", programme=ground.programme, page="core:x")

    listing = asked(f"stage=planned&view={mine.pk}", user=me, programme=ground.programme)

    assert [(link.view.name, link.is_own, link.is_chosen) for link in listing.views] == [
        ("Meri", True, True), ("Aatto", False, False),
    ]  # fmt: skip
    assert listing.views[0].href == f"?stage=planned&view={mine.pk}"
    assert listing.chosen is not None and not listing.is_changed
    assert asked(f"stage=decided&view={mine.pk}", user=me, programme=ground.programme).is_changed
