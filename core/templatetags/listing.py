"""Tags of list pages. `{% load listing %}`"""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

ARROWS = {"ascending": "\u2191", "descending": "\u2193"}


@register.simple_tag
def sort_headers(listing: Any) -> SafeString:
    """The heading cells of a list (core.listing): links that sort, and aria-sort on the one in use."""
    return format_html_join("", "{}", ((_cell(header),) for header in listing.headers))


def _cell(header: Any) -> SafeString:
    small = format_html(' <span class="sub">{}</span>', header.small) if header.small else ""
    if not header.href:
        return format_html('<th scope="col" class="{}">{}{}</th>', header.css, header.label, small)
    return format_html(
        '<th scope="col" class="{}"{}><a class="sort" href="{}">{}{}</a>{}</th>',
        header.css,
        format_html(' aria-sort="{}"', header.direction) if header.direction else "",
        header.href,
        header.label,
        format_html('&nbsp;<span aria-hidden="true">{}</span>', ARROWS[header.direction])
        if header.direction
        else "",
        small,
    )
