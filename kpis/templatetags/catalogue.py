"""Texts of Sotkanet on pages."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kpis.catalogue.search import languages

register = template.Library()


@register.simple_tag
def safe_text(said: Mapping[str, str]) -> SafeString | str:
    """The text in the reader's language, else in the first there is, which then carries its language.

    It is printed as it is: kpis.sotkanet.texts left nothing but harmless tags in it before it was stored.
    """
    wanted = languages()
    for language in wanted:
        if said.get(language):
            text = mark_safe(said[language])
            return text if language == wanted[0] else format_html('<div lang="{}">{}</div>', language, text)
    return ""
