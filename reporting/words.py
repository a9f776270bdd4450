"""Words that several pages say alike: levels of certainty, quantities, amounts inside sentences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.money import Unit, format_eur
from core.periods import format_date, format_month
from programme.models import Programme
from programme.words import word
from reporting.content import Content, Text

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


def day(value: date | None) -> Callable[[str], str]:
    return lambda language: format_date(value, language=language)


def month(value: date | None) -> str:
    return format_month(value)


def own_word(content: Content, programme: Programme, key: str, *, capital: bool = True) -> Text:
    """The programme's own word for a level, scenario end or stage ("kärki" for a theme), else the portal's."""

    def said(language: str) -> str:
        text = word(programme, key, language=language)
        return text[:1].upper() + text[1:] if capital else text

    return {language: said(language) for language in content.languages}
