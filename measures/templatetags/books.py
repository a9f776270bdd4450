"""Amounts of the books, which are costs and carry no sign of an effect. `{% load books %}`"""

from __future__ import annotations

from typing import Any

from django import template

from core.money import SHIFT, format_eur

register = template.Library()


@register.filter
def gross(cents: Any, unit: str = "keur") -> str:
    """The cost in the unit the reader chose, without a plus: 34 593; a dash for None."""
    chosen: Any = unit if unit in SHIFT else "keur"
    return format_eur(None if cents in (None, "") else int(cents), unit=chosen, sign=False)
