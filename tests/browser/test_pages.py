"""The readable pages in a real browser: no accessibility fault, no sideways scroll, menus by keyboard, print."""

from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.browser.axe import faults_at
from tests.factories.loaded import ETELA_KARJALA, KYMENLAAKSO, client_of, load

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

WIDTHS = (1440, 390, 320)
PAGES = (
    "about", "themes", "goals", "sectors", "segments", "funding", "projects", "roadmap", "governance", "kpis", "risks",
    "impact", "promises", "strategy", "objectives", "seasons",
)  # fmt: skip


@pytest.fixture
def signed_in(context: Any, live_server: Any) -> Any:
    """A function that opens a tab for somebody of the programme."""

    def open_tab(programme: Any, role: str = "pmo") -> Any:
        session = client_of(programme, role).cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session.value, "url": live_server.url}]
        )
        return context.new_page()

    return open_tab


def test_pages_of_the_other_programme_have_no_fault(signed_in: Any) -> None:
    """test_access.py looks at Kymenlaakso; here are the pages that South Karelia's file fills."""
    page = signed_in(load(ETELA_KARJALA))
    broken = []
    for at, name in enumerate(PAGES):
        answer = page.goto(f"/p/{ETELA_KARJALA}/{name}/")
        assert answer.status == 200, name
        broken += [f"{name} {fault}" for fault in faults_at(page, (WIDTHS[at % 3],))]
    assert broken == []


def test_keyboard_reaches_content_menus_and_sources(signed_in: Any) -> None:
    page = signed_in(load(KYMENLAAKSO))
    page.goto(f"/p/{KYMENLAAKSO}/goals/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    more = page.locator(".site-nav--wide .menu > summary")
    more.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".site-nav--wide .menu__panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".site-nav--wide .menu__panel")).to_be_hidden()
    expect(more).to_be_focused()
    source = page.locator("main details.source").first
    source.locator("summary").press("Enter")
    expect(source.locator(".source__text")).to_be_visible()


def test_language_links_keep_the_page_and_its_query(signed_in: Any) -> None:
    page = signed_in(load(KYMENLAAKSO))
    page.goto(f"/p/{KYMENLAAKSO}/goals/?page=1")
    page.locator(".languages [lang=sv]").click()
    expect(page).to_have_url(f"/sv/p/{KYMENLAAKSO}/goals/?page=1")
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    page.locator(".languages [lang=fi]").click()
    expect(page).to_have_url(f"/p/{KYMENLAAKSO}/goals/?page=1")


def test_pages_work_without_scripts(browser: Any, live_server: Any) -> None:
    programme = load(KYMENLAAKSO)
    session = client_of(programme).cookies[settings.SESSION_COOKIE_NAME]
    plain = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="fi-FI")
    plain.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session.value, "url": live_server.url}]
    )
    page = plain.new_page()
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(f"/p/{KYMENLAAKSO}/roadmap/")
    expect(page.locator(".timeline tbody tr")).to_have_count(7)
    page.locator(".site-nav--narrow summary").click()
    page.locator(".site-nav--narrow a", has_text="Mittarit").click()
    expect(page).to_have_url(f"/p/{KYMENLAAKSO}/kpis/")
    plain.close()


def test_paper_has_no_navigation_and_is_never_dark(signed_in: Any) -> None:
    page = signed_in(load(KYMENLAAKSO))
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(f"/p/{KYMENLAAKSO}/funding/")
    expect(page.locator(".site-nav--wide")).to_be_hidden()
    background = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert background == "rgb(255, 255, 255)"
    heads = page.evaluate("getComputedStyle(document.querySelector('.table thead')).display")
    assert heads == "table-header-group"


def test_no_page_breaks_the_rules_of_the_browser(signed_in: Any) -> None:
    page = signed_in(load(ETELA_KARJALA))
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for name in PAGES:
        page.goto(f"/p/{ETELA_KARJALA}/{name}/")
    assert said == []
