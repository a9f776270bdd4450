"""History in a real browser: what people wrote never runs, the pages are accessible, a version comes back."""

from typing import Any

import pghistory
import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from measures.models import Measure
from programme.models import Theme
from tests.browser.axe import faults_at
from tests.factories.counties import make_county, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

EVIL = (
    "<script>window.ran = 1</script>",
    "<img src=x onerror='window.ran = 2'>",
    '"><svg onload=window.ran=3>',
    "</del></ins><script>window.ran=4</script>",
    "{{ 7*7 }} {% debug %} javascript:window.ran=5",
)


@pytest.fixture
def tab(context: Any, live_server: Any) -> Any:
    def open_tab(user: Any) -> Any:
        client = Client()
        client.force_login(user)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        return context.new_page()

    return open_tab


def test_nothing_that_people_wrote_runs_and_the_pages_have_no_fault(transactional_db: None, tab: Any) -> None:
    county = make_county("own")
    office = person(county, "pmo")
    measure = county.measure(code="T-1")
    for text in EVIL:
        with pghistory.context(user=office.pk, reason=text, url=text):
            Measure.objects.filter(pk=measure.pk).update(
                name_fi=text, description_fi=f"Alku {text} loppu " * 3
            )
    page, broken = tab(office), []
    first = Measure.events.rel.related_model.objects.filter(pgh_obj_id=measure.pk).earliest("pgh_id").pgh_id
    row = f"/p/own/history/measures.measure/{measure.pk}/"
    paths = (
        "/p/own/history/", row, f"{row}?first=1.1.2020&second=1.1.2050", f"{row}restore/{first}/",
        f"/p/own/history/?q={EVIL[1]}",
    )  # fmt: skip
    for path in paths:
        answer = page.goto(path)
        assert answer.status == 200
        broken += [f"{path} {fault}" for fault in faults_at(page, (320, 390, 1440))]
        assert page.evaluate("window.ran") is None, path

    assert broken == []


def test_a_version_is_brought_back_by_keyboard_alone(transactional_db: None, tab: Any) -> None:
    county = make_county("own")
    Theme.objects.filter(pk=county.theme.pk).update(name_fi="Vahingossa muutettu")
    page = tab(person(county, "pmo"))
    page.goto(f"/p/own/history/programme.theme/{county.theme.pk}/")
    page.focus("a[href*='/restore/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/restore/**")
    page.focus("#id_reason")
    page.keyboard.type("Palautetaan")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/history/programme.theme/{county.theme.pk}/")

    expect(page.locator("main")).to_contain_text("Palautetaan")
    county.theme.refresh_from_db()
    assert county.theme.name_fi == "Digi"
