"""Words that several pages say alike: levels of certainty, quantities, amounts inside sentences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.money import Unit, format_eur
from core.periods import format_date, format_month
from core.text import LANGUAGES
from programme.models import Programme

#: How each level of certainty comes about, for the headings of tables.
LEVEL_HINTS: dict[str, Promise] = {
    "plan": _("current plan of the owners"),
    "plan_approved": _("plan as locked by the decision"),
    "forecast": _("closed months: confirmed and undecided; open months: the owners' own entries"),
    "claimed": _("what the owners say was realised"),
    "confirmed": _("what the controller found in the books"),
    "undecided": _("claims that wait for the controller"),
    "refused": _("claims that the controller did not find in the books"),
}


def amount(
    cents: int | None, *, unit: Unit = "meur", sign: bool = True, trim: bool = False
) -> Callable[[str], str]:
    """An amount with its unit inside a sentence, written in the language of the sentence."""
    return lambda language: format_eur(
        cents, language=language, unit=unit, sign=sign, trim=trim, with_unit=cents is not None
    )


def size(cents: int | None, *, unit: Unit = "meur") -> Callable[[str], str]:
    """An amount without its sign, where the words around it say which way it goes."""
    return amount(None if cents is None else abs(cents), unit=unit, sign=False)


def day(value: date | None) -> Callable[[str], str]:
    return lambda language: format_date(value, language=language)


def month(value: date | None) -> str:
    return format_month(value)


def own_word(programme: Programme, key: str, default: Promise, language: str) -> str:
    """The programme's own word for a level ("kärki" for a theme), else the portal's."""
    words = (programme.words or {}).get(key)
    if isinstance(words, dict):
        for candidate in dict.fromkeys((language, *LANGUAGES)):
            if words.get(candidate):
                return str(words[candidate])
    return str(default)
