"""What all blocks of figures share: a quantity by level of certainty, its source and its period."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from measures.calculations import LEVELS, Levels
from measures.wording import LEVEL_WORDS, unknown_word
from programme.models import Programme
from reporting.content import Content, Text
from reporting.selectors import Overview

#: Where the rows behind a level of certainty are: measures that have entries of it.
LEVEL_QUERY = {level: f"measures/?level={level}" for level in LEVELS}


def level_source(level: str, query: str = "") -> str:
    """Address of the rows behind a level, narrowed by `query`."""
    return f"{LEVEL_QUERY[level]}{'&' + query if query else ''}"


def put_levels(
    content: Content, of: str, slice_ref: str, period: str, levels: Levels, what: Text, query: str = ""
) -> dict[str, str]:
    """Keeps each level of one quantity as a figure; references by level. `of` prefixes all but level changes."""
    refs = {}
    for level in LEVELS:
        name = f"{of}-{level}" if of else level
        label = {
            language: f"{word}: {what.get(language, '')}"
            for language, word in content.say(LEVEL_WORDS[level]).items()
        }
        refs[level] = content.money(
            f"{name}.{slice_ref}.{period}",
            getattr(levels, level),
            label,
            source=level_source(level, query),
            unknown=content.say(unknown_word(level)),
        )
    return refs


def quantity_name(content: Content, overview: Overview) -> Text:
    """What the target speaks of: the cost level of the final year, or the effect of the whole period."""
    programme = overview.programme
    if programme.basis == Programme.Basis.LEVEL_CHANGE:
        return content.say(_("cost level %(year)s"), year=overview.year)
    return content.say(
        _("effect %(start)s–%(end)s together"), start=programme.start_year, end=programme.end_year
    )


def month_ref(when: date | None) -> str:
    """The month as figures are named by it, for example 2024-08."""
    return f"{when.year}-{when.month:02d}" if when else "none"
