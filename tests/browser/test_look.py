"""The list of pages is whole, style sheets stay small and in layers, the first screen holds the answer.

That no page scrolls sideways or complains is looked at where every page is opened anyway: test_access.py.
"""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from accounts.models import User
from programme.models import Programme, RoleGrant
from reporting.portfolio import make_portfolio
from scripts.screens.pages import PAGES, WITHOUT, names_of_addresses
from scripts.screens.stage import set_stage
from tests.browser.waiting import wait_settled
from tests.factories.loaded import KYMENLAAKSO, load

CSS = Path(settings.BASE_DIR, "static", "css")
CSS_BYTES = 20 * 1024


def test_every_address_is_a_page_of_the_list_or_says_why_not() -> None:
    names = set(names_of_addresses())
    listed = {page.name for page in PAGES} | set(WITHOUT)

    assert sorted(names - listed) == [], "add these to scripts/screens/pages.py"
    assert sorted(listed - names) == [], "take these out of scripts/screens/pages.py"


def test_all_style_sheets_together_stay_within_twenty_kilobytes() -> None:
    sheets = "".join(path.read_text(encoding="utf-8") for path in sorted(CSS.glob("*.css")))

    assert len(gzip.compress(sheets.encode(), 9)) <= CSS_BYTES


def test_every_sheet_but_the_charts_library_lies_in_a_layer() -> None:
    for path in CSS.glob("*.css"):
        if path.name == "plotly.css":
            continue
        outside, depth = "", 0
        text = path.read_text(encoding="utf-8")
        for letter in text:
            depth -= letter == "}"
            outside += letter if depth == 0 else ""
            depth += letter == "{"
        kept = [part.split("*/")[-1].strip() for part in outside.split("{}")]
        assert all(part == "" or part.startswith(("@layer", "@font-face", "@page")) for part in kept), (
            path.name
        )


@pytest.fixture
def programme(transactional_db: None) -> Programme:
    """The demo programme with a small portfolio and what the pages speak of."""
    programme = load(KYMENLAAKSO)
    make_portfolio(programme, count=12, seed=1)
    person = User.objects.create_user("paula", first_name="Paula", last_name="Muutos")
    owner = User.objects.create_user("olli", first_name="Olli", last_name="Omistaja")
    for role in ("pmo", "controller", "steering"):  # who opens every page that somebody opens
        RoleGrant.objects.create(programme=programme, user=person, role=role)
    RoleGrant.objects.create(programme=programme, user=owner, role="measure")
    set_stage(programme, person)
    return Programme.objects.get(pk=programme.pk)


@pytest.fixture
def tabs(
    context: Any, browser: Any, client: Any, programme: Programme, live_server: Any
) -> Iterator[dict[bool, Any]]:
    """A tab of somebody of the programme office, and one of nobody."""
    client.force_login(User.objects.get(username="paula"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": live_server.url}]
    )
    stranger = browser.new_context(base_url=live_server.url, locale="fi-FI")
    yield {True: context.new_page(), False: stranger.new_page()}
    stranger.close()


#: Where the part ends on the page, in px.
END = "(key) => document.getElementById(key).getBoundingClientRect().bottom + scrollY"
PHONE_HEIGHT = 5000


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_first_screen_holds_the_answer_and_a_phone_is_spared(
    tabs: dict[bool, Any], programme: Programme
) -> None:
    tab = tabs[True]
    tab.set_viewport_size({"width": 1440, "height": 900})
    tab.goto(programme.get_absolute_url())
    ends = {key: tab.evaluate(END, key) for key in ("answer", "decide", "changes")}
    last_theme = tab.locator("#themes tbody tr:not(.total)").last.bounding_box()
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.reload()
    wait_settled(tab)

    assert all(end <= 900 for end in ends.values()), ends
    assert last_theme["y"] + last_theme["height"] <= 900
    assert tab.evaluate("document.documentElement.scrollHeight") <= PHONE_HEIGHT
