"""Parts that htmx changes keep the focus and are said aloud; regions that scroll are stops of the Tab key."""

from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import expect

from programme.models import Theme
from tests.browser.keyboard import Keyboard
from tests.factories.loaded import client_of
from tests.factories.programme import make_theme
from tests.factories.projects import make_planning, make_project

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]


@pytest.fixture
def tab(context: Any, live_server: Any) -> Any:
    """A tab of the programme office of `ohjelma`, whose themes can be put in another order."""
    programme = make_planning()
    make_project(programme)
    for number in (2, 3):
        make_theme(programme, key=f"t{number}", number=number, name_fi=f"Teema {number}")
    value = client_of(programme).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    return context.new_page()


def test_the_focus_stays_on_what_moved_and_the_move_is_said(tab: Any) -> None:
    tab.goto("/en/p/ohjelma/settings/themes/")
    last = Theme.objects.get(key="t3")
    up = tab.locator(f"#up-{last.pk}")
    up.focus()
    tab.keyboard.press("Enter")

    expect(tab.locator("#announce")).to_contain_text("Teema 3")
    expect(up).to_be_focused()
    assert Keyboard(tab).focus(f"#up-{last.pk}")["is"]


def test_a_part_that_is_replaced_keeps_the_focus_on_the_same_link(tab: Any) -> None:
    tab.goto("/en/p/ohjelma/projects/?sort=name")
    link = "#project-table tbody a"
    tab.locator(link).focus()
    tab.evaluate("htmx.ajax('GET', location.href, { target: '#project-table', swap: 'outerHTML' })")

    expect(tab.locator("#announce")).to_have_text("1 project")
    expect(tab.locator(link)).to_be_focused()
    assert Keyboard(tab).focus(link)["is"]


def test_a_part_without_a_control_takes_the_focus_itself(tab: Any) -> None:
    tab.goto("/en/p/ohjelma/projects/?sort=name")
    tab.locator("#project-table tbody a").focus()
    tab.evaluate("htmx.ajax('GET', '/healthz', { target: '#project-table', swap: 'innerHTML' })")

    expect(tab.locator("#project-table")).to_have_text("ok")
    expect(tab.locator("#project-table")).to_be_focused()


def test_the_skip_link_leads_past_the_menus(tab: Any) -> None:
    tab.goto("/en/p/ohjelma/projects/")
    keys = Keyboard(tab)
    keys.skip()
    keys.press("Tab")

    assert keys.focus("main *")["is"]


def test_a_table_is_a_stop_only_while_it_scrolls(tab: Any) -> None:
    tab.set_viewport_size({"width": 1440, "height": 900})
    tab.goto("/en/p/ohjelma/projects/")
    region = tab.locator("#project-table .table-scroll")
    expect(region).not_to_have_attribute("tabindex", "0")

    tab.evaluate("document.querySelector('#project-table .table').style.width = '3000px'")

    expect(region).to_have_attribute("tabindex", "0")


def test_a_table_that_stops_scrolling_keeps_the_focus_it_holds(tab: Any) -> None:
    tab.goto("/en/p/ohjelma/projects/")
    tab.evaluate("document.querySelector('#project-table .table').style.width = '3000px'")
    region = tab.locator("#project-table .table-scroll")
    expect(region).to_have_attribute("tabindex", "0")
    region.focus()

    tab.evaluate("document.querySelector('#project-table .table').style.width = ''")

    expect(region).not_to_have_attribute("tabindex", "0")
    expect(region).to_be_focused()


def test_a_table_that_does_not_scroll_is_no_stop_before_the_first_frame(tab: Any) -> None:
    # As on a slow machine: what the watcher of sizes tells never comes.
    tab.add_init_script("window.ResizeObserver = class { observe() {} disconnect() {} unobserve() {} };")
    tab.set_viewport_size({"width": 1440, "height": 900})
    tab.goto("/en/p/ohjelma/projects/")

    assert not tab.locator("#project-table .table-scroll[tabindex]").count()
