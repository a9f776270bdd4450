"""Forty texts that would run, in every text there is, on every page that shows one: nothing runs.

Here the pages are read as text; tests/browser/test_security.py opens them in Chromium.
"""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from core.jobs import run_job
from tests.factories.core import make_job
from tests.factories.hostile import CALL, EACH_TURN, PAYLOADS, payloads_of, spoil
from tests.factories.places import Place
from tests.integration.accounts.every_url import address, addresses
from tests.integration.accounts.test_every_url import GUARDS, NOWHERE

TURNS = [*range(2), *(pytest.param(turn, marks=pytest.mark.nightly) for turn in range(2, 40))]
#: Elements whose addresses a browser follows or runs.
ADDRESSES = {
    "href",
    "src",
    "action",
    "formaction",
    "data",
    "srcdoc",
    "xlink:href",
    "poster",
    "background",
    "content",
}
NEVER_OURS = {"iframe", "object", "embed", "base", "math", "style", "frame", "applet", "video", "audio"}


class Reader(HTMLParser):
    """What of a page a browser would run: gathers where the payloads' word stands in a living place."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.alive: list[str] = []
        self.shown = False
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in NEVER_OURS:
            self.alive.append(f"<{tag}>")
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.alive.append(f"<script {given}>")
        for name, value in given.items():
            self.shown = self.shown or CALL in value
            if name.startswith(("on", "hx-on")) or name == "style" or CALL in name:
                self.alive.append(f"{tag} {name}={value[:60]}")
            address_like = value.strip().lower().replace("\t", "").replace("\n", "")
            runs = address_like.startswith(("javascript:", "data:text", "vbscript:"))
            if name in ADDRESSES and (runs or name == "content" and "javascript:" in address_like):
                self.alive.append(f"{tag} {name}={value[:60]}")
        if tag == "script":
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            self.inside.remove(tag)

    def handle_data(self, data: str) -> None:
        self.shown = self.shown or CALL in data
        if self.inside and data.strip():
            self.alive.append(f"inside script: {data[:60]}")

    def handle_comment(self, data: str) -> None:
        if CALL in data:
            self.alive.append(f"comment: {data[:60]}")


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader


def test_there_are_forty_payloads_and_twenty_a_turn() -> None:
    assert len(set(PAYLOADS)) == 40
    assert all(CALL in payload for payload in PAYLOADS)
    for turn in range(40):
        assert sum(payload in payloads_of(turn, None) for payload in PAYLOADS) >= EACH_TURN
    assert {payload for payload in PAYLOADS for turn in (0, 1) if payload in payloads_of(turn, None)} == {
        *PAYLOADS
    }
    assert {payloads_of(turn, None).startswith(PAYLOADS[0]) for turn in range(40)} == {True, False}
    assert len({payloads_of(turn, 1000) for turn in range(40)}) == 40


#: These do nothing as they stand in a page: an address, a template, an escape for scripts, htmx's own.
QUIET = {PAYLOADS[22], PAYLOADS[37], PAYLOADS[38]}


@pytest.mark.parametrize("payload", [text for text in PAYLOADS if text not in QUIET])
def test_the_reader_sees_each_payload_that_is_let_through(payload: str) -> None:
    """The reader itself is tried: the payload as text, in an attribute, and in a text field, unescaped."""
    as_text, as_value, as_area = (
        read(f"<main><p>{payload}</p></main>"),
        read(f'<main><input value="{payload}"></main>')
        if '"' in payload
        else read(f"<input value='{payload}'>"),
        read(f"<main><textarea>{payload}</textarea></main>"),
    )

    assert as_text.alive or as_value.alive or as_area.alive


@pytest.mark.timeout(400)
@pytest.mark.parametrize("turn", TURNS)
def test_nothing_people_write_is_alive_on_any_page(
    place: Place, as_role: Callable[[str], Client], turn: int
) -> None:
    fields = list(spoil(turn))
    made = make_job(kind="status_view", key="2024-02", params={"month": "2024-02"}, programme=place.programme)
    run_job(made.pk)
    client, alive, showing = as_role("admin"), {}, 0
    for name, pattern in addresses(get_resolver().url_patterns):
        if name in {*NOWHERE, "api_docs"} or name not in GUARDS or GUARDS[name].get != 200:
            continue
        url = address(name, pattern, GUARDS[name], place.own)
        languages = ("", "/sv", "/en") if turn == 0 and url.startswith("/p/") and "list" in name else ("",)
        for language in languages:
            answer = client.get(f"{language}{url}")
            assert answer.status_code < 500, name
            if not answer.get("Content-Type", "").startswith("text/html"):
                continue
            page = read(content_of(answer))
            showing += page.shown
            if page.alive:
                alive[f"{language}{name}"] = page.alive[:3]

    assert alive == {}
    assert len(fields) >= 60, fields
    assert showing >= 40, "most pages show what people wrote"


@pytest.mark.timeout(400)
@pytest.mark.parametrize("turn", TURNS)
def test_a_refused_form_shows_what_was_typed_as_text(
    place: Place, as_role: Callable[[str], Client], turn: int
) -> None:
    """Every form that edits or adds, sent with payloads in every field: it comes back refused, and still."""
    client, alive, showing, sent = as_role("admin"), {}, 0, 0
    for name, pattern in addresses(get_resolver().url_patterns):
        if name not in GUARDS or GUARDS[name].post != 422:
            continue
        url = address(name, pattern, GUARDS[name], place.own)
        opened = client.get(url)
        form = (opened.context or {}).get("form") if opened.status_code == 200 else None
        if form is None:
            continue
        data = {form.add_prefix(field): payloads_of(turn, 1500) for field in form.fields}
        answer = client.post(url, data | {form.add_prefix("token"): f"{turn}"})
        sent += 1
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        page = read(content_of(answer))
        showing += page.shown and answer.status_code == 422
        if page.alive or answer.status_code >= 500:
            alive[name] = (answer.status_code, page.alive[:3])

    assert alive == {}
    assert sent >= 25
    assert showing >= 20


def content_of(answer: Any) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def test_json_and_files_are_never_read_as_pages(place: Place, as_role: Callable[[str], Client]) -> None:
    list(spoil(0))
    client = as_role("admin")
    api, csv = client.get("/api/v1/measures/"), client.get("/p/own/measures/?format=csv")

    assert api["Content-Type"] == "application/json"
    assert csv["Content-Type"] == "text/csv; charset=utf-8"
    assert csv["Content-Disposition"].startswith("attachment")
    assert api["X-Content-Type-Options"] == csv["X-Content-Type-Options"] == "nosniff"
    assert CALL in content_of(api)
