"""Texts of Sotkanet's metadata: HTML of mixed quality, made safe to show and plain to search."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

import nh3

_TAGS = {"p", "br", "b", "strong", "i", "em", "ul", "ol", "li", "sub", "sup", "a"}
_BLOCKS = re.compile(r"<\s*/?\s*(?:p|br|li|ul|ol|div|h\d|tr|td)\b[^>]*>", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
#: No text of an indicator is longer; the rest would only be there to do harm.
LONGEST = 100_000


def safe_html(text: str) -> str:
    """The text with harmless tags only; links keep a full http(s) address. Empty where there are no words."""
    cleaned = nh3.clean(
        text[:LONGEST],
        tags=_TAGS,
        attributes={"a": {"href"}},
        attribute_filter=_kept,
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer",
    )
    return cleaned.strip() if plain_text(cleaned) else ""


def plain_text(text: str) -> str:
    """The words of a piece of HTML on one line."""
    apart = _BLOCKS.sub(" ", text[:LONGEST])
    return _SPACE.sub(" ", html.unescape(nh3.clean(apart, tags=set()))).strip()


def _kept(tag: str, attribute: str, value: str) -> str | None:
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return value if parts.scheme in {"http", "https"} and parts.hostname else None
