"""Measures edited in the list by keyboard and mouse, in a real browser."""

from typing import Any

import pytest
from playwright.sync_api import expect

from measures.models import Measure
from tests.browser.waiting import wait_settled
from tests.factories.accounts import make_member
from tests.factories.measures import Ground, make_ground, make_measure

pytestmark = pytest.mark.browser
LIST = "/p/koe/measures/"


@pytest.fixture
def ground(transactional_db: None) -> Ground:
    found = make_ground()
    for number in range(1, 4):
        make_measure(found, f"M-{number}", stage="planned")
    return found


@pytest.fixture
def pmo(ground: Ground, context: Any, page: Any, live_server: Any) -> Any:
    """A tab of somebody of the programme office, signed in."""
    from django.test import Client

    client = Client()
    client.force_login(make_member(ground.programme))
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return page


def cell(page: Any, code: str, part: str) -> Any:
    return page.locator(f'a.cell-edit[href$="{code}/part/{part}/"]')


def open_cell(page: Any, code: str, part: str) -> Any:
    """The form that came into the cell, listening."""
    cell(page, code, part).click()
    form = page.locator(".cell-form").last
    expect(form).to_be_visible()
    wait_settled(page)
    return form


FOCUSED = "(document.activeElement.name || document.activeElement.getAttribute('href') || '')"


def wait_for_focus(page: Any, on: str) -> None:
    """Until the field of that name, or the link to that address, has the focus: htmx settles after it swapped."""
    page.wait_for_function(f"wanted => {FOCUSED} === wanted", arg=on)


def test_a_cell_is_edited_by_keyboard_and_the_focus_stays(pmo: Any) -> None:
    pmo.goto(LIST)
    cell(pmo, "M-2", "dates").focus()
    pmo.keyboard.press("Enter")
    pmo.locator(".cell-form").wait_for()
    wait_for_focus(pmo, "starts_on")

    pmo.keyboard.type("1.2.2024")
    pmo.keyboard.press("Enter")
    pmo.locator(".cell-form").wait_for(state="detached")

    expect(cell(pmo, "M-2", "dates")).to_contain_text("1.2.2024")
    wait_for_focus(pmo, f"{LIST}M-2/part/dates/")
    expect(pmo.locator("#announce")).not_to_be_empty()
    assert str(Measure.objects.get(code="M-2").starts_on) == "2024-02-01"


def test_escape_leaves_the_cell_as_it_was(pmo: Any) -> None:
    pmo.goto(LIST)
    open_cell(pmo, "M-1", "stage")
    pmo.locator(".cell-form select").select_option("on_hold")
    pmo.locator(".cell-form select").press("Escape")
    pmo.locator(".cell-form").wait_for(state="detached")

    wait_for_focus(pmo, f"{LIST}M-1/part/stage/")
    assert Measure.objects.get(code="M-1").stage == "planned"


def test_a_refused_value_stays_in_the_cell_with_its_reason(pmo: Any) -> None:
    pmo.goto(LIST)
    open_cell(pmo, "M-1", "dates")
    pmo.locator(".cell-form input[name=starts_on]").fill("1.5.2025")
    pmo.locator(".cell-form input[name=ends_on]").fill("1.4.2025")
    pmo.locator(".cell-form input[name=ends_on]").press("Enter")
    pmo.locator(".cell-form .field--error").wait_for()

    wait_for_focus(pmo, "ends_on")
    expect(pmo.locator(".cell-form input[name=starts_on]")).to_have_value("1.5.2025")


def test_a_conflict_shows_theirs_inside_the_cell(pmo: Any) -> None:
    pmo.goto(LIST)
    open_cell(pmo, "M-3", "dates")
    Measure.objects.filter(code="M-3").update(starts_on="2024-09-09")
    pmo.locator(".cell-form input[name=starts_on]").fill("1.5.2024")
    pmo.locator(".cell-form input[name=starts_on]").press("Enter")

    expect(pmo.locator(".cell-form .note--warn")).to_contain_text("2024")
    wait_settled(pmo)
    pmo.locator(".cell-form button[type=submit]").click()
    pmo.locator(".cell-form").wait_for(state="detached")
    assert str(Measure.objects.get(code="M-3").starts_on) == "2024-05-01"


def test_two_cells_of_one_row_do_not_meet_each_other(pmo: Any) -> None:
    pmo.goto(LIST)
    open_cell(pmo, "M-1", "dates")
    pmo.locator(".cell-form input[name=starts_on]").fill("1.5.2024")
    open_cell(pmo, "M-1", "confidence")
    pmo.locator(".cell-form select[name=confidence_of_owner]").select_option("high")
    pmo.locator(".cell-form", has=pmo.locator("select")).locator("button[type=submit]").click()
    pmo.locator(".cell-form select[name=confidence_of_owner]").wait_for(state="detached")
    pmo.locator(".cell-form button[type=submit]").click()
    pmo.locator(".cell-form").wait_for(state="detached")

    row = Measure.objects.get(code="M-1")
    assert (str(row.starts_on), row.confidence_of_owner) == ("2024-05-01", "high")


def test_rows_are_chosen_and_counted(pmo: Any) -> None:
    pmo.goto(LIST)
    pmo.locator("tbody .pick input").nth(0).check()
    pmo.locator("tbody .pick input").nth(2).check()
    expect(pmo.locator("[data-bulk-count]")).to_contain_text("2")

    pmo.locator("[data-bulk-all]").check()
    expect(pmo.locator("[data-bulk-count]")).to_contain_text("3")

    pmo.locator("#bulk-form button").first.click()
    pmo.wait_for_url("**/bulk/**")
    assert pmo.url.count("row=") == 3


def test_without_scripts_everything_is_a_page(
    ground: Ground, browser: Any, live_server: Any, django_user_model: Any
) -> None:
    from django.test import Client

    client = Client()
    client.force_login(make_member(ground.programme))
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.goto(LIST)
    cell(page, "M-2", "confidence").click()
    page.locator("select[name=confidence_of_owner]").select_option("low")
    with page.expect_navigation():
        page.locator("#row-form button[type=submit]").click()
    page.goto(LIST)
    page.locator("tbody .pick input").nth(0).check()
    page.locator("#bulk-form button").first.click()
    page.wait_for_url("**/bulk/**")

    assert page.url.count("row=") == 1
    assert Measure.objects.get(code="M-2").confidence_of_owner == "low"
    context.close()
