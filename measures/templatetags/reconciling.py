"""Amounts of the books: gross, without the + of an investment. `{% load reconciling %}`"""

from typing import Any

from django import template

from core.money import DASH, SHIFT, format_eur

register = template.Library()


@register.filter
def gross(cents: Any, unit: Any = "keur") -> str:
    """A budgeted or booked amount in the unit the reader chose; a dash for none."""
    if cents is None or cents == "":
        return DASH
    return format_eur(cents, unit=unit if unit in SHIFT else "keur", sign=False, trim=True)
