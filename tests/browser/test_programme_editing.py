"""Rows are ordered and texts translated by keyboard, with scripts: the focus stays, the page stays."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from programme.models import Sector, Statement
from tests.browser.waiting import wait_settled
from tests.factories.counties import County, make_county, person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def county() -> County:
    return make_county("own")


@pytest.fixture
def signed_in(county: County, context: Any, live_server: Any) -> Any:
    """A tab of somebody of the programme office."""
    client = Client()
    client.force_login(person(county, "pmo"))
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return context.new_page()


def test_a_row_moves_by_keyboard_and_keeps_the_focus(county: County, signed_in: Any) -> None:
    third = [
        Sector.objects.create(programme=county.programme, key=key, name_fi=key, position=place)
        for place, key in enumerate(("a", "b", "c"), start=1)
    ][-1]
    signed_in.goto("/p/own/settings/sectors/")
    button = signed_in.locator(f"#up-{third.pk}")
    for place in (3, 2):
        button.focus()
        with signed_in.expect_response(lambda answer: "/sectors/" in answer.url and answer.status == 200):
            signed_in.keyboard.press("Enter")
        expect(signed_in.locator("#rows tbody tr th").nth(place - 1)).to_have_text("c")
        expect(button).to_be_focused()
        wait_settled(signed_in)

    keys = list(Sector.objects.filter(programme=county.programme).values_list("key", flat=True))
    assert keys == ["tespa", "c", "a", "b"]


def test_a_text_is_translated_in_its_place(county: County, signed_in: Any) -> None:
    row = Statement.objects.create(programme=county.programme, kind="principle", key="a", name_fi="Linja")
    signed_in.goto("/p/own/texts/programme.statement.name/")
    signed_in.locator(f"#text-{row.pk}-name_sv").fill("Linje")
    signed_in.keyboard.press("Tab")
    signed_in.keyboard.press("Tab")
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator(f"#text-{row.pk} [data-announce]")).to_be_visible()
    expect(signed_in.locator(f"#text-{row.pk} a")).to_be_focused()

    row.refresh_from_db()
    assert row.name_sv == "Linje"
    expect(signed_in).to_have_url("/p/own/texts/programme.statement.name/")
