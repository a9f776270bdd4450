"""What is said beside the figures: examples and the words of the page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from measures.calculations import LEVELS
from measures.wording import LEVEL_WORDS
from reporting.content import Content
from reporting.selectors import Overview
from reporting.words import LEVEL_HINTS


def illustrative_note(content: Content, overview: Overview) -> None:
    """Says on every page and in every document that the measures are examples."""
    count = overview.illustrative_measures
    if not count:
        return
    content.add(
        "illustrative",
        "illustrative",
        count=count,
        text={
            language: text
            for language, text in content.say(
                "%(text)s",
                text=lambda _language: (
                    ngettext(
                        "%(count)s measure is an illustrative example. The targets are the programme's own.",
                        "%(count)s measures are illustrative examples. The targets are the programme's own.",
                        count,
                    )
                    % {"count": count}
                ),
            ).items()
        },
    )


def levels_explained(content: Content, overview: Overview) -> None:
    """What each level of certainty means, kept with the document."""
    content.add(
        "terms",
        "terms",
        content.say(_("Words of this page")),
        items=[
            {"term": content.say(LEVEL_WORDS[level]), "text": content.say(LEVEL_HINTS[level])}
            for level in LEVELS
        ],
    )
