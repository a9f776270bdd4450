"""Words 40 % longer than Finnish break no page: nothing scrolls sideways, no word is cut off."""

import re
from collections.abc import Container, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from core import terms
from measures import wording
from reporting.portfolio import make_portfolio
from scripts.screens.pages import PAGES, address_of
from scripts.screens.stage import set_stage
from tests.browser.waiting import wait_settled
from tests.factories.accounts import make_member, make_opener
from tests.factories.loaded import KYMENLAAKSO, client_of, load

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

WIDTHS = (1440, 390, 320)
#: Pages that the gate looks at, by the name of their address; `make nightly` looks at all of them.
KEY_PAGES = frozenset({
    "account_login", "core:accessibility", "reporting:home", "reporting:dashboard", "reporting:theme_detail",
    "reporting:history", "reporting:history_row", "reporting:measure_update", "reporting:set_up", "reporting:text_list",
    "measures:measure_list", "measures:measure_detail", "measures:measure_edit", "measures:month_grid",
    "measures:months_many", "measures:savings_matrix", "measures:term_list", "measures:funding",
    "programme:project_list", "programme:project_detail", "programme:governance", "programme:settings",
    "programme:person_list", "kpis:indicator_list", "risks:risk_list", "reporting:bigroom_list",
})  # fmt: skip
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[a-z]|%[a-z%]|\{[^}]*\}|<[^>]*>")
PADDING = "äö"

#: Elements whose text is cut: they hide what does not fit, and something does not. A region that scrolls by itself
#: shows everything; what is hidden from sight is not looked at.
CUT = """
() => [...document.querySelectorAll("body *")].filter((one) => {
  const style = getComputedStyle(one);
  if (!["hidden", "clip"].includes(style.overflowX)) return false;
  if (one.closest(".visually-hidden, svg, [popover], input, select, textarea")) return false;
  return one.clientWidth > 4 && one.scrollWidth > one.clientWidth + 1;
}).map((one) => one.outerHTML.slice(0, 120))
"""
#: The innermost elements that reach beyond the window, to find the fault by.
WIDE = """
() => [...document.querySelectorAll("body *")].filter((one) =>
  one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".table-scroll") && !one.childElementCount
).slice(0, 3).map((one) => one.outerHTML.slice(0, 100))
"""
SCROLLS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def longer(text: str) -> str:
    """The text with 40 % more letters; a long text gets more words, a word more letters, placeholders stay."""
    letters = len(PLACEHOLDER.sub("", text))
    if letters < 2:
        return text
    wanted = -(-letters * 4 // 10)
    if " " not in text.strip():
        return text + (PADDING * wanted)[:wanted]
    words = []
    while wanted > 0:
        words.append((PADDING * 4)[: min(wanted, 7)])
        wanted -= 8
    return f"{text} {' '.join(words)}"


@pytest.fixture
def longer_words(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The live server runs in this process: every message it looks up comes out longer."""
    source = translation._trans  # type: ignore[attr-defined]
    for name in ("gettext", "pgettext", "ngettext", "npgettext"):
        original = getattr(source, name)
        monkeypatch.setattr(
            source, name, lambda *args, _original=original, **more: longer(str(_original(*args, **more)))
        )
    _forget()
    yield
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    """What keeps translated words in memory."""
    terms._BY_WORD.clear()
    for kept in vars(wording).values():
        if hasattr(kept, "cache_clear"):
            kept.cache_clear()


def test_longer_is_two_fifths_longer_and_keeps_placeholders() -> None:
    for text in ("Tallenna", "Kirjoita päivä %(example)s tähän", "Yksi <b>lihava</b> sana"):
        grown = longer(text)
        assert PLACEHOLDER.findall(grown) == PLACEHOLDER.findall(text)
        assert len(grown) - len(text) >= 0.4 * len(PLACEHOLDER.sub("", text))


def broken_pages(context: Any, live_server: Any, names: Container[str]) -> list[str]:
    """What longer words break on the pages of these names, one line each."""
    programme = load(KYMENLAAKSO)
    make_portfolio(programme, count=12, seed=1)
    make_member(programme, "measure")
    set_stage(programme, make_opener(programme))
    session = client_of(programme, "admin").cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session.value, "url": live_server.url}]
    )
    page, broken = context.new_page(), []
    for one in PAGES:
        if one.name not in names or not one.who:
            continue
        answer = page.goto(address_of(one, programme))
        assert answer.status == 200, one.name
        wait_settled(page)
        assert PADDING * 2 in page.inner_text("body"), one.name
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate(SCROLLS):
                broken.append(f"{one.name} at {width} scrolls sideways: {page.evaluate(WIDE)}")
            broken += [f"{one.name} at {width} cuts {html}" for html in page.evaluate(CUT)]
    return broken


def test_key_pages_hold_longer_words(context: Any, live_server: Any, longer_words: None) -> None:
    assert {one.name for one in PAGES} >= KEY_PAGES
    assert broken_pages(context, live_server, KEY_PAGES) == []


@pytest.mark.nightly
def test_every_page_holds_longer_words(context: Any, live_server: Any, longer_words: None) -> None:
    assert broken_pages(context, live_server, {one.name for one in PAGES}) == []
