"""Amounts, shares and months as people read them. `{% load money %}`"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core import money as amounts
from core.money import DASH, Pair, Unit
from core.periods import format_month

register = template.Library()


@register.filter
def meur(cents: int | None, how: str = "") -> str:
    """M€: −54,2. Words in `how`: "unit" adds M€, "trim" drops ,0, "plain" drops the +, a digit sets decimals."""
    return _written(cents, "meur", how)


@register.filter
def keur(cents: int | None, how: str = "") -> str:
    """Thousands of euros: −1 235. `how` as in meur."""
    return _written(cents, "keur", how)


@register.filter
def eur(cents: int | None, how: str = "") -> str:
    """Euros and cents: −1 234,50. `how` as in meur; "0" leaves the cents out."""
    return _written(cents, "eur", how)


@register.filter
def money(cents: int | None, unit: str = "meur") -> str:
    """The amount in the unit the reader chose: eur, keur or meur."""
    return _written(cents, _unit(unit), "")


def _written(cents: Any, unit: Unit, how: str) -> str:
    if cents is None or cents == "":
        return DASH
    words = str(how).split()
    decimals = next((int(word) for word in words if word.isdigit()), None)
    return amounts.format_eur(
        int(cents),
        unit=unit,
        decimals=decimals,
        sign="plain" not in words,
        trim="trim" in words,
        with_unit="unit" in words,
    )


def _unit(name: str) -> Unit:
    return name if name in amounts.SHIFT else "meur"  # type: ignore[return-value]


@register.filter
def pair(value: Any, how: str = "") -> str:
    """−28…−89 of a Pair, or of an object with cautious_eur_cents and full_eur_cents. "unit" adds M€; or name a unit."""
    if value is None or value == "":
        return DASH
    if not isinstance(value, Pair):
        value = Pair(value.cautious_eur_cents, value.full_eur_cents)
    words = str(how).split()
    unit = next((word for word in words if word in amounts.SHIFT), "meur")
    return value.format(unit=_unit(unit), with_unit="unit" in words)


@register.filter
def share(value: Any, decimals: int = 0) -> str:
    """A share of 0..1 as per cent: 0.792 -> 79 %, with `decimals` 1 79,2 %."""
    if value is None or value == "":
        return DASH
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return f"{amounts.format_decimal(exact * 100, decimals=int(decimals))}\u00a0%"


@register.filter
def number(value: Any, decimals: int | None = None) -> str:
    """Any number in the language's spelling, grouped; not for years and ids."""
    if value is None or value == "":
        return DASH
    exact = value if isinstance(value, int | Decimal) else Decimal(str(value))
    return amounts.format_decimal(exact, decimals=None if decimals is None else int(decimals))


@register.filter
def month(day: date | None) -> str:
    """3/2024."""
    return format_month(day or None)


@register.filter
def sign_word(cents: int | None) -> str:
    """saving, investment, no change in cost."""
    return str(amounts.sign_word(cents))


@register.filter
def unit_label(unit: str, how: str = "") -> str:
    """€, 1 000 € or M€; "words" for running text."""
    return amounts.unit_label(_unit(unit), words=how == "words")


@register.simple_tag
def amount(cents: int | None, unit: str = "meur", trim: bool = False) -> SafeString:
    """The amount with its unit and, for those who cannot see the sign, its word."""
    if cents is None:
        return format_html('<span class="amount">{}</span>', DASH)
    text = amounts.format_eur(cents, unit=_unit(unit), trim=trim, with_unit=True)
    word = amounts.sign_word(cents)
    return format_html('<span class="amount">{} <span class="amount-word">{}</span></span>', text, word)


@register.simple_tag
def amount_cells(cells: Iterable[Any]) -> SafeString:
    """Table cells of amounts that have `label`, `number` and `word`: a long list has hundreds of them."""
    return format_html_join(
        "",
        '<td class="num" data-label="{}"><span class="amount">{} <span class="sub">{}</span></span></td>',
        ((cell.label, cell.number, cell.word) for cell in cells),
    )


@register.simple_tag
def number_cells(texts: Iterable[str]) -> SafeString:
    """Table cells of figures that are written already: twelve months in each row."""
    return format_html_join("", '<td class="num">{}</td>', ((text,) for text in texts))


@register.simple_tag
def rounding_note() -> str:
    return amounts.rounding_note()
