"""No page has an accessibility fault, in any state, at any width, in Finnish and in Swedish; none scrolls sideways
and none breaks a rule of the browser.

The pages are those of scripts/screens/pages.py. The gate opens each once, languages taking turns: sideways at every
width, with axe at one of them in turn; and it looks at a third of the refused forms and some pages in the dark. `make
nightly` looks at all of them at every width in both languages, light and dark.
`PAGES=programme:theme,risks: pytest -n 0 tests/browser/test_access.py` looks at pages whose name starts so.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.utils import translation
from playwright.sync_api import expect

from core.models import SavedView
from measures.models import Measure
from programme.models import Programme
from reporting.portfolio import make_portfolio
from scripts.screens.pages import PAGES, Page, address_of
from scripts.screens.stage import set_stage
from tests.browser.axe import faults_at
from tests.browser.waiting import wait_settled
from tests.factories.accounts import make_member, make_opener
from tests.factories.loaded import KYMENLAAKSO, load
from tests.integration.accounts.test_every_url import GUARDS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(900),
    pytest.mark.xdist_group("axe"),
]

WIDTHS = (1440, 390, 320)
#: The gate looks in so many portions, each with a database of its own.
PARTS = 2
ONLY = os.environ.get("PAGES", "")
#: A form sent with nothing but its secret: the answer names every field that must be filled.
SEND_EMPTY = """
(address) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  const secret = document.createElement("input");
  secret.type = "hidden";
  secret.name = "csrfmiddlewaretoken";
  secret.value = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  form.append(secret);
  document.body.append(form);
  form.submit();
}
"""
#: Pixels that the page is wider than its window.
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
OPEN_ALL = "document.querySelectorAll('main details:not(.menu)').forEach((one) => { one.open = true; })"


@pytest.fixture
def programme() -> Programme:
    """The demo programme with a small portfolio and what the pages speak of."""
    found = load(KYMENLAAKSO)
    make_portfolio(found, count=12, seed=1)
    make_member(found, "measure")
    set_stage(found, make_opener(found))
    return Programme.objects.get(pk=found.pk)


@pytest.fixture
def tabs(context: Any, browser: Any, live_server: Any, programme: Programme) -> Iterator[dict[bool, Any]]:
    """A tab of somebody of the programme office (True), and one of nobody (False)."""
    client = Client()
    client.force_login(SavedView.objects.get().user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    strange = browser.new_context(base_url=live_server.url, locale="fi-FI")
    with override_settings(DEMO=True):
        yield {True: context.new_page(), False: strange.new_page()}
    strange.close()


@dataclass(frozen=True)
class View:
    """One page as it is looked at: in a language, at these widths."""

    page: Page
    address: str
    widths: tuple[int, ...]


def views(programme: Programme, languages: tuple[str, ...], widths: tuple[int, ...]) -> list[View]:
    """Every page in every language at every width."""
    found = []
    for language in languages:
        with translation.override(language):
            found += [View(page, address_of(page, programme), widths) for page in PAGES if is_asked(page)]
    return found


def taking_turns(programme: Programme) -> list[View]:
    """Each page once: every other one in Swedish, each at the next width."""
    both = zip(views(programme, ("fi",), WIDTHS), views(programme, ("sv",), WIDTHS), strict=True)
    return [replace(pair[at % 2], widths=(WIDTHS[at % 3],)) for at, pair in enumerate(both)]


def is_asked(page: Page) -> bool:
    return page.name.startswith(tuple(ONLY.split(",")))


def is_refusing(view: View) -> bool:
    """The page holds a form that is refused when it is sent empty."""
    guard = GUARDS.get(view.page.name)
    return guard is not None and guard.get == 200 and guard.post == 422


def open_page(tab: Any, view: View) -> list[str]:
    """The page with everything on it unfolded; folded, it is no wider than any window."""
    answer = tab.goto(view.address)
    if answer.status != 200:
        return [f"answers {answer.status}"]
    wait_settled(tab)
    found = []
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        if (wide := tab.evaluate(TOO_WIDE)) > 0:
            found.append(f"at {width}: {wide} px too wide")
    tab.evaluate(OPEN_ALL)
    return found


def refuse(tab: Any, view: View) -> list[str]:
    """The page's form after it was sent empty."""
    tab.goto(view.address)
    with tab.expect_navigation() as answered:
        tab.evaluate(SEND_EMPTY, view.address)
    return [] if answered.value.status == 422 else [f"answers {answered.value.status}"]


def look(
    tabs: dict[bool, Any], looked_at: list[View], prepare: Callable[[Any, View], list[str]]
) -> list[str]:
    """What axe finds on these pages; `prepare` brings each to the state that is looked
    at and says what went wrong with that."""
    found = []
    for view in looked_at:
        tab = tabs[bool(view.page.who)]
        problems = prepare(tab, view) or faults_at(tab, view.widths)
        faults = [f"{view.address} {fault}" for fault in problems]
        print(view.page.name, *faults, sep="\n  ", flush=True)
        found += faults
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_has_a_fault(part: int, tabs: dict[bool, Any], programme: Programme) -> None:
    complaints: list[str] = []
    for tab in tabs.values():
        tab.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        tab.on("pageerror", lambda error: complaints.append(str(error)))

    assert look(tabs, taking_turns(programme)[part::PARTS], open_page) == []
    assert complaints == []


def test_no_refused_form_has_a_fault(tabs: dict[bool, Any], programme: Programme) -> None:
    """Every third of them; `make nightly` sends them all."""
    forms = [view for view in taking_turns(programme) if is_refusing(view) and view.page.is_pictured]
    forms = forms if ONLY else forms[::3]

    assert look(tabs, forms, refuse) == []


def test_no_page_has_a_fault_in_the_dark(tabs: dict[bool, Any], programme: Programme) -> None:
    tabs[True].emulate_media(color_scheme="dark")
    some = [view for view in views(programme, ("fi",), (1440,)) if view.page.who][::16]

    assert look(tabs, some, open_page) == []


def test_no_fault_while_two_people_meet_and_dialogs_are_open(
    tabs: dict[bool, Any], programme: Programme
) -> None:
    """Conflicts of a form and of a cell, menus, the dialogs of the month grid and of signing in again."""
    tab, at = tabs[True], f"/p/{programme.slug}"
    measure = Measure.objects.get(programme=programme, code="T-001")
    found = []

    def check(state: str, *widths: int) -> None:
        found.extend(f"{state} {fault}" for fault in faults_at(tab, widths))

    tab.goto(f"{at}/measures/T-001/edit/")
    tab.locator("[name=name_fi]").fill("Minun")
    Measure.objects.filter(pk=measure.pk).update(name_fi="Toisen")
    tab.locator("#row-form button[type=submit]").first.click()
    expect(tab.locator(".conflict")).to_be_focused()
    check("conflict of a form", 1440, 320)

    tab.set_viewport_size({"width": 1440, "height": 900})
    tab.goto(f"{at}/measures/T-001/")
    tab.locator(".cell-edit[href*='/part/dates/']").click()
    tab.locator(".cell-form [name=ends_on]").fill("1.1.2001")
    tab.locator(".cell-form button").click()
    expect(tab.locator(".cell-form .field__error, .cell-form [role=alert]").first).to_be_visible()
    check("refused cell", 1440, 390)
    tab.set_viewport_size({"width": 1440, "height": 900})
    for menu in tab.locator("details.menu:visible > summary").all():
        menu.click()
        check(f"menu {menu.inner_text()}", 1440)
    # What an open menu half covers is no target before it closes; the links of the menu itself are judged.
    found = [fault for fault in found if not ("menu" in fault and "target-size: <summary>" in fault)]

    tab.goto(f"{at}/measures/T-001/months/?year=2025")
    tab.locator(".months-table td input").first.focus()
    tab.locator("[data-do=spread]").click()
    expect(tab.locator("[data-dialog=spread]")).to_be_visible()
    check("dialog of the grid", 1440, 390)

    tab.goto(f"{at}/measures/T-001/")
    tab.context.clear_cookies()
    tab.locator(".cell-edit[href*='/part/dates/']").click()
    expect(tab.locator("dialog[open] [type=password]")).to_be_focused()
    check("dialog of signing in", 1440, 390)
    assert found == []


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["fi", "sv"])
def test_no_page_has_a_fault_at_any_width(
    tabs: dict[bool, Any], programme: Programme, language: str, scheme: str
) -> None:
    for tab in tabs.values():
        tab.emulate_media(color_scheme=scheme)

    assert look(tabs, views(programme, (language,), WIDTHS), open_page) == []


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_no_refused_form_has_a_fault_at_any_width(tabs: dict[bool, Any], programme: Programme) -> None:
    forms = [view for view in views(programme, ("fi", "sv"), WIDTHS) if is_refusing(view)]

    assert look(tabs, forms, refuse) == []
