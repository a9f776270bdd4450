"""Words explained where they stand."""

import zlib
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.terms import TERMS, Term, named

register = template.Library()


@register.simple_tag(takes_context=True)
def term(context: dict[str, Any], key: str, label: Any = "") -> SafeString:
    """The word of the registry (or `label` in its place) with its meaning behind it: `{% term "confirmed" %}`."""
    return _explained(context, TERMS[key], label or TERMS[key].word)


@register.simple_tag(takes_context=True)
def explained(context: dict[str, Any], label: Any) -> Any:
    """A heading: with its meaning when it is a word of the registry, else as it is."""
    found = named(str(label))
    return label if found is None else _explained(context, found, label)


def _explained(context: dict[str, Any], found: Term, label: Any) -> SafeString:
    """A button that opens the meaning over the page. It works without scripts and is no part of prints."""
    request = context.get("request")
    number = getattr(request, "_terms_shown", 0) + 1
    if request is not None:
        request._terms_shown = number
    # A part that htmx swaps in counts anew: its ids carry the part's address.
    place = f"{zlib.crc32(request.path.encode()) % 10_000}-{number}" if request is not None else str(number)
    return format_html(
        '<span class="term"><button type="button" class="term__word" popovertarget="term-{0}" '
        'aria-label="{1}: {2}">{1}</button>'
        '<span class="term__text" id="term-{0}" popover><strong>{3}</strong> {4}</span></span>',
        f"{found.key}-{place}",
        label,
        gettext("what does it mean?"),
        found.word,
        found.meaning,
    )
