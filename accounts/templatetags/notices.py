"""Notices on pages and in mail. `{% load notices %}`"""

from collections.abc import Mapping
from typing import Any

from django import template

from accounts.notices import programme_of, text_of, unread_count, url_of

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_notices(context: dict[str, Any]) -> int:
    """How many notices the person has not read; 0 for strangers."""
    return unread_count(context.get("user"))


@register.filter
def notice_text(line: Mapping[str, Any]) -> str:
    """The sentence of a line of the mail."""
    return text_of(line["code"], line["params"], programme_of(line["programme"]))


@register.filter
def notice_url(url: str) -> str:
    """The address in the language of the mail."""
    return url_of(url)
