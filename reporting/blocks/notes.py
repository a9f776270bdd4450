"""What is said beside the figures: examples and the words of the page."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.periods import format_date
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


def afterwards_note(content: Content, overview: Overview) -> None:
    """Says that a view of an earlier day was put together later: only its clock is of that day."""
    today = overview.programme.today()
    if overview.as_of >= today:
        return
    text = _(
        "Put together afterwards: measures and amounts are as they were on %(made)s; "
        "dates and closed books are those of %(shown)s."
    )
    days = {
        name: partial(lambda day, language: format_date(day, language=language), day)
        for name, day in (("made", today), ("shown", overview.as_of))
    }
    content.add("notice", "afterwards", text=content.say(text, **days))


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
