"""The monthly update on a phone: the taps are counted, nothing is scrolled sideways, keyboards and axe agree."""

import datetime as dt
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from measures.models import Measure, MonthlyUpdate, SavingsEntry, Series
from risks.models import Obstacle
from tests.browser.axe import faults_at
from tests.factories.counties import County, make_county, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

JANUARY, FEBRUARY = dt.date(2024, 1, 1), dt.date(2024, 2, 1)


@pytest.fixture
def county(transactional_db: None) -> County:
    """The day before March ends: February is due."""
    made = make_county("own")
    made.programme.status_date = dt.date(2024, 3, 30)
    made.programme.save()
    return made


@pytest.fixture
def phone(context: Any, live_server: Any) -> Any:
    """A function that opens a phone's tab for the person."""

    def open_tab(user: Any, width: int = 390) -> Any:
        client = Client()
        client.force_login(user)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 844})
        return page

    return open_tab


class Taps:
    """Counts what a thumb does: a tap on a thing, and going to a field; typing is counted apart."""

    def __init__(self, page: Any) -> None:
        self.page, self.taps, self.keys = page, 0, 0

    def tap(self, selector: str) -> None:
        self.page.click(selector)
        self.taps += 1

    def type(self, selector: str, text: str) -> None:
        self.tap(selector)
        self.page.keyboard.type(text)
        self.keys += len(text)


def claims(measure: Measure) -> list[int]:
    rows = SavingsEntry.objects.filter(line__measure=measure, month=FEBRUARY, series=Series.CLAIMED)
    return list(rows.values_list("amount_eur_cents", flat=True))


def test_three_measures_are_updated_with_a_handful_of_taps(county: County, phone: Any) -> None:
    """From my work: one the same, one with an amount and an obstacle, one the same; six taps for three measures."""
    owner = person(county, "measure")
    measures = [county.measure(code=f"T-{n}", stage="in_delivery", owner=owner) for n in (1, 2, 3)]
    for measure in measures:
        county.entry(measure, JANUARY, -100_000, Series.CLAIMED)
    page = phone(owner)
    page.goto("/")
    hand = Taps(page)

    hand.tap("li[data-group=updates]:first-child a")
    hand.tap("button[value=same]:not([aria-hidden])")
    page.wait_for_url("**/T-2/update/")
    hand.type("#id_amount", "1 234,50")
    hand.type("#id_obstacle", "Sopimus odottaa")
    hand.tap(".form__actions button[value=changed]")
    page.wait_for_url("**/T-3/update/")
    hand.tap("button[value=same]:not([aria-hidden])")
    expect(page).to_have_url("/")

    assert [claims(measure) for measure in measures] == [[-100_000], [-123_450], [-100_000]]
    assert MonthlyUpdate.objects.count() == 3
    assert Obstacle.objects.get().name_fi == "Sopimus odottaa"
    assert (hand.taps, hand.keys) == (6, 23)


@pytest.mark.parametrize("language", ["", "/sv"])
def test_the_page_fits_a_phone_and_has_no_fault(county: County, phone: Any, language: str) -> None:
    owner = person(county, "measure")
    measure = county.measure(code="T-1", stage="in_delivery", owner=owner)
    county.entry(measure, JANUARY, -100_000, Series.CLAIMED)
    page, broken = phone(owner), []
    for path in (
        "/p/own/measures/T-1/update/",
        "/",
        "/p/own/obstacles/",
        "/p/own/obstacles/add/?measure=T-1",
    ):
        page.goto(f"{language}{path}")
        broken += [f"{path} {fault}" for fault in faults_at(page, (320, 390, 1440))]

    assert broken == []


def test_enter_in_a_field_saves_what_was_written(county: County, phone: Any) -> None:
    """The first button of a form is the one that Enter presses: it must not be "the same"."""
    owner = person(county, "measure")
    measure = county.measure(code="T-1", stage="in_delivery", owner=owner)
    county.entry(measure, JANUARY, -100_000, Series.CLAIMED)
    page = phone(owner)
    page.goto("/p/own/measures/T-1/update/")
    page.fill("#id_amount", "500")
    page.press("#id_amount", "Enter")
    expect(page).to_have_url("/")

    assert claims(measure) == [-50_000]


def test_what_was_typed_survives_a_closed_tab(county: County, phone: Any) -> None:
    owner = person(county, "measure")
    measure = county.measure(code="T-1", stage="in_delivery", owner=owner)
    county.entry(measure, JANUARY, -100_000, Series.CLAIMED)
    page = phone(owner)
    page.goto("/p/own/measures/T-1/update/")
    with page.expect_response(lambda answer: "draft" in answer.url):
        page.fill("#id_obstacle", "Kesken jäi")
    page.close()

    again = phone(owner)
    again.goto("/p/own/measures/T-1/update/")

    expect(again.locator("#id_obstacle")).to_have_value("Kesken jäi")


def test_without_scripts_it_works_the_same(county: County, browser: Any, live_server: Any) -> None:
    owner = person(county, "measure")
    measure = county.measure(code="T-1", stage="in_delivery", owner=owner)
    county.entry(measure, JANUARY, -100_000, Series.CLAIMED)
    client = Client()
    client.force_login(owner)
    plain = browser.new_context(base_url=live_server.url, locale="fi-FI", java_script_enabled=False)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    plain.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    page = plain.new_page()
    page.goto("/p/own/measures/T-1/update/")
    page.click("button[value=same]:not([aria-hidden])")
    expect(page).to_have_url("/")
    plain.close()

    assert claims(measure) == [-100_000]
