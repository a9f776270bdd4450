"""What a page or a frozen document says, apart from how it looks: named figures and blocks of them.

Everything here is plain data (whole numbers, strings, lists, dicts), so that the same content can be shown at
once on the dashboard and kept for good in a status view. Texts are dicts by language; a live page asks for
one language, a document for all three.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils import translation
from django.utils.functional import Promise

from core.charts.spec import ChartSpec
from core.text import LANGUAGES

Text = dict[str, str]
Cell = dict[str, Any]


def language_now() -> str:
    """The active language as one of fi, sv, en."""
    code = (translation.get_language() or "fi")[:2]
    return code if code in LANGUAGES else "fi"


@dataclass
class Content:
    """Figures by reference and the blocks that show them.

    A reference is `<measure-of>.<slice>.<period>`, for example `confirmed.theme-digi.2025`. `cents` are
    signed EUR cents, None is unknown. A source is the address of the rows behind, under the programme's own.
    """

    languages: tuple[str, ...] = LANGUAGES
    figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    blocks: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def for_page(cls) -> Content:
        """Content for the reader's own language only."""
        return cls(languages=(language_now(),))

    # --- texts ------------------------------------------------------------------------------------

    def say(self, message: str | Promise, **params: Any) -> Text:
        """The message in every language of the content; a callable parameter is asked for each language."""
        texts: Text = {}
        for language in self.languages:
            with translation.override(language):
                text = str(message)
                if params:
                    text %= {
                        key: value(language) if callable(value) else value for key, value in params.items()
                    }
            texts[language] = text
        return texts

    def name(self, row: models.Model, field_name: str = "name") -> Text:
        """What people wrote, in the languages they wrote it in; the reader falls back and marks it."""
        texts = {language: getattr(row, f"{field_name}_{language}", "") for language in LANGUAGES}
        return {language: text for language, text in texts.items() if text}

    # --- figures ----------------------------------------------------------------------------------

    def money(
        self,
        ref: str,
        cents: int | None,
        label: Text,
        *,
        source: str = "",
        unknown: Text | None = None,
        trim: bool = False,
    ) -> str:
        """Keeps one amount of money under its reference, which is returned.

        `trim` shows a whole amount without decimals, as targets are said: −78, not −78,0.
        """
        figure: dict[str, Any] = {"cents": cents, "unit": "eur_cents", "label": label, "source": source}
        if trim:
            figure["trim"] = True
        if cents is None:
            figure["unknown"] = unknown or {}
        self.figures[ref] = figure
        return ref

    def count(self, ref: str, value: int | None, label: Text, *, source: str = "") -> str:
        """Keeps a number of things under its reference, which is returned."""
        self.figures[ref] = {"value": value, "unit": "count", "label": label, "source": source}
        return ref

    # --- blocks -----------------------------------------------------------------------------------

    def add(
        self, kind: str, key: str, heading: Text | None = None, *, span: int = 12, **parts: Any
    ) -> dict[str, Any]:
        """Adds a block; `span` is its width on a screen of twelve columns."""
        block = {"kind": kind, "key": key, "heading": heading or {}, "span": span, **parts}
        self.blocks.append(block)
        return block

    def charts(self, make: Callable[[], ChartSpec]) -> dict[str, Any]:
        """One specification for each language of the content."""
        specs = {}
        for language in self.languages:
            with translation.override(language):
                specs[language] = make().to_dict()
        return specs


def figure_cell(ref: str, *, strong: bool = False, level: str = "") -> Cell:
    return {"figure": ref, "strong": strong, "level": level}


def text_cell(text: Text, *, small: Text | None = None, href: str = "", tone: str = "") -> Cell:
    return {"text": text, "small": small or {}, "href": href, "tone": tone}


def status_cell(tone: str, word: Text, *, small: Text | None = None) -> Cell:
    """Shape and word of a state (ok, warn, bad, info, none), with its reason under it."""
    return {"status": tone, "word": word} | ({"small": small} if small else {})


def pair_cell(cautious: str, full: str) -> Cell:
    """A scenario pair: two references in document order."""
    return {"pair": [cautious, full]}


def stages_cell(parts: Iterable[tuple[str, Text, int]]) -> Cell:
    """How many measures stand at each stage: (stage, its name, count)."""
    return {"stages": [[stage, name, count] for stage, name, count in parts]}


def column(label: Text, kind: str = "text", small: Text | None = None) -> dict[str, Any]:
    """`kind`: text, money, count or stages; numbers are set to the right."""
    return {"label": label, "kind": kind, "small": small or {}}


def row(*cells: Cell, total: bool = False, apart: bool = False) -> dict[str, Any]:
    """`total` closes a table; `apart` is shown but not part of the sum (in base)."""
    return {"cells": list(cells), "total": total, "apart": apart}
