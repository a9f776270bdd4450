"""Texts side by side: the words that differ are marked, everything people wrote is escaped."""

import re

import pytest

from reporting.history.marking import marked

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "</del><script>alert(1)</script>",
    "<ins>väärä</ins>",
    "&lt;b&gt;",
    "' onmouseover='alert(1)",
    "{{ 7*7 }}",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "\u202e<b>käännetty</b>",
]


def plain(text: str) -> str:
    """What a reader sees: without our own marks and words for screen readers."""
    return re.sub(r'<span class="visually-hidden">[^<]*</span>|</?(?:del|ins)>', "", text)


def test_only_the_words_that_differ_are_marked() -> None:
    old, new = marked("Kilpailutetaan vuokrat keväällä", "Kilpailutetaan vuokrat syksyllä 2024")

    assert re.findall(r"<del>.*?</span>(.*?)</del>", old) == ["keväällä"]
    assert "".join(re.findall(r"<ins>.*?</span>(.*?)</ins>", new)) == "syksyllä 2024"
    assert plain(old) == "Kilpailutetaan vuokrat keväällä"


def test_equal_texts_carry_no_mark() -> None:
    assert marked("sama", "sama") == ("sama", "sama")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_people_wrote_is_only_text(payload: str) -> None:
    for old, new in ((payload, "toinen"), ("toinen", payload), (payload, f"x {payload}")):
        for text in marked(old, new):
            tags = set(re.findall(r"<(/?[a-zA-Z][^\s>]*)", text))
            assert tags <= {"del", "/del", "ins", "/ins", "span", "/span"}


def test_a_very_long_text_is_compared_by_lines() -> None:
    lines = [f"rivi {n} jossa on sanoja ja välilyöntejä" for n in range(600)]
    changed = [*lines[:300], "uusi rivi tähän väliin", *lines[301:]]

    old, new = marked("\n".join(lines), "\n".join(changed))

    assert old.count("<del>") == new.count("<ins>") == 1
    assert "uusi rivi tähän väliin" in new
