"""The words of the portal that need explaining: one registry, read by pages, the list of words and tests.

An app adds its words in a module `terms.py` that its AppConfig loads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language

Text = str | Promise


@dataclass(frozen=True)
class Term:
    """A word, what it means, and the other ways it is written in headings."""

    key: str
    word: Text
    meaning: Text
    also: tuple[Text, ...] = ()


#: A heading may end with the year it is of: "Result effect 2025".
_YEAR_AFTER = re.compile(r":?\s+\d{4}$")

TERMS: dict[str, Term] = {}
_BY_WORD: dict[str, dict[str, Term]] = {}


def add(*terms: Term) -> None:
    """Registers words; a key stands for one meaning only."""
    for term in terms:
        if term.key in TERMS:
            raise ValueError(f"The word {term.key} is explained twice.")
        TERMS[term.key] = term
    _BY_WORD.clear()


def named(text: str) -> Term | None:
    """The term that is written so in the active language, in whatever letters; a year after it is no part."""
    language = get_language() or ""
    if language not in _BY_WORD:
        _BY_WORD[language] = {
            str(written).casefold(): term for term in TERMS.values() for written in (term.word, *term.also)
        }
    return _BY_WORD[language].get(_YEAR_AFTER.sub("", text.strip()).casefold())
