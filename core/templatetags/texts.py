"""Texts people wrote in up to three languages. `{% load texts %}`"""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.text import Translated, translated

register = template.Library()


@register.filter
def tr(row: Any, field: str = "name") -> str | SafeString:
    """The row's text in the active language; another language is marked, for eyes and for screen readers."""
    if row is None or row == "":
        return ""
    return marked(translated(row, field))


def marked(found: Translated) -> str | SafeString:
    """The text; one in another language than asked carries `lang` and a small mark."""
    if not found.is_fallback:
        return found.text
    return format_html(
        '<span lang="{}" class="fallback">{}</span>&nbsp;<abbr class="fallback-mark" title="{}">{}</abbr>',
        found.language,
        found.text,
        _("Not translated: shown in another language"),
        found.language.upper(),
    )


@register.filter
def tr_plain(row: Any, field: str = "name") -> str:
    """The same without the mark: for attributes and titles of pages."""
    return "" if row is None or row == "" else translated(row, field).text
