"""Words are explained where they stand."""

import pytest
from django.template import Context, Template
from django.utils import translation

from core.terms import TERMS, Term, add, named
from measures.wording import LEVEL_WORDS


def test_every_level_of_certainty_is_explained() -> None:
    for level, word in LEVEL_WORDS.items():
        found = named(str(word))
        assert found is not None and found.key == level


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_no_word_has_two_meanings(language: str) -> None:
    with translation.override(language):
        written = [
            str(text).casefold()
            for term in TERMS.values()
            for text in dict.fromkeys((str(term.word), *map(str, term.also)))
        ]
    assert len(written) == len(set(written))


def test_a_key_is_registered_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        add(Term("confirmed", "x", "y"))


def test_a_heading_carries_its_meaning_and_other_texts_stay() -> None:
    page = Template("{% load terms %}{% explained word %}")
    with translation.override("en"):
        told = page.render(Context({"word": "Confirmed"}))
        plain = page.render(Context({"word": "<b>Owner</b>"}))
        meaning = str(TERMS["confirmed"].meaning)
    assert "popover" in told and meaning in told.replace("&#x27;", "'")
    assert plain == "&lt;b&gt;Owner&lt;/b&gt;"
