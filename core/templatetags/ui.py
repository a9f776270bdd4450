"""Tags and filters that every page's components use."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.core.paginator import Page
from django.db.models import Model
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.look import DEFAULT_ACCENT, accent_of, version_of
from core.money import DASH, ELLIPSIS, NBSP, format_decimal
from core.templatetags.texts import marked
from core.text import LANGUAGES, Translated, translated

register = template.Library()

# --- texts in three languages ------------------------------------------------------------------------


@register.filter
def text(value: Any, field: str = "name") -> SafeString | str:
    """The text in the active language; one in another language carries `lang` and a small mark.

    `value` is a row with the columns `<field>_fi`, `_sv`, `_en`, or a mapping {"fi": ..., "en": ...}.
    Empty when no language holds a text.
    """
    return marked(_found(value, field))


@register.filter
def plain_text(value: Any, field: str = "name") -> str:
    """The same without the mark, for titles, attributes and labels."""
    return _found(value, field).text


@register.filter
def in_english(value: Any) -> SafeString | str:
    """A note that exists only in English: marked so when another language is asked for."""
    wanted = (translation.get_language() or "fi")[:2]
    return marked(Translated(str(value), "en", wanted != "en")) if value else ""


def _found(value: Any, field: str) -> Translated:
    if isinstance(value, Translated):
        return value
    if isinstance(value, Model):
        return translated(value, field)
    if isinstance(value, dict):
        wanted = (translation.get_language() or "fi")[:2]
        for candidate in dict.fromkeys((wanted, *LANGUAGES)):
            if value.get(candidate):
                return Translated(str(value[candidate]), candidate, candidate != wanted)
        return Translated("", wanted, False)
    return Translated("" if value is None else str(value), "fi", False)


# --- numbers ------------------------------------------------------------------------------------------------

UNITS: dict[str, str | Promise] = {
    "persons": gettext_lazy("persons"),
    "percentage points": gettext_lazy("percentage points"),
    "eNPS points": gettext_lazy("eNPS points"),
    "NPS points": gettext_lazy("NPS points"),
    "rank": pgettext_lazy("unit", "rank"),
    "count": pgettext_lazy("unit", "times"),
    "index": pgettext_lazy("unit", "index"),
    "% of supervisors": gettext_lazy("% of supervisors"),
    "EUR per inhabitant": gettext_lazy("€ per inhabitant"),
}


@register.filter
def quantity(value: Any) -> str:
    """A figure with the decimals it has and no more: 4 660, 90,7; a dash for none; text stays text."""
    if value is None or value == "":
        return DASH
    try:
        return format_decimal(_normal(Decimal(str(value))))
    except InvalidOperation:
        return str(value)


@register.filter
def signed(value: Any) -> str:
    """Like `quantity`, with + before what is above zero."""
    if value is None or value == "":
        return DASH
    return format_decimal(_normal(Decimal(str(value))), sign=True)


@register.filter
def share_range(low: Any, high: Any) -> str:
    """30…40 %; one figure when both ends are the same."""
    ends = [quantity(end) for end in dict.fromkeys((low, high)) if end is not None]
    return f"{ELLIPSIS.join(ends)}{NBSP}%" if ends else DASH


@register.filter
def unit(value: Any) -> str:
    """A unit as people read it; units of measurement stay as they are."""
    return str(UNITS.get(str(value), value)) if value else ""


@register.filter
def with_unit(value: Any, of: Any) -> str:
    """The figure and its unit, held together by a no-break space."""
    name = unit(of)
    return f"{quantity(value)}{NBSP}{name}" if name else quantity(value)


def _normal(value: Decimal) -> Decimal:
    """Without the zeros that a column's scale adds, and never with an exponent."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


# --- status -----------------------------------------------------------------------------------------------

SHAPES = {"ok": "\u25cf", "warn": "\u25b2", "bad": "\u25a0", "info": "\u25c6", "none": "\u25c7"}


@register.simple_tag
def status(kind: str, word: Any) -> SafeString:
    """Shape and word of a status; the colour only repeats them. `kind`: ok, warn, bad, info, none."""
    known = kind if kind in SHAPES else "none"
    return format_html(
        '<span class="status status--{}"><span class="status__shape" aria-hidden="true">{}</span>{}</span>',
        known,
        SHAPES[known],
        word,
    )


# --- the county's colours ---------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def theme_sheet(context: dict[str, Any]) -> str:
    """Address of the programme's own style sheet; empty where it keeps the portal's colours."""
    programme = getattr(context.get("request"), "programme", None)
    if programme is None:
        return ""
    accent = accent_of(programme)
    if accent == DEFAULT_ACCENT:
        return ""
    return f"{reverse('reporting:theme_css', args=[programme.slug])}?v={version_of(accent)}"


# --- lists --------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def query_with(context: dict[str, Any], **changes: Any) -> str:
    """The page's query string with some parameters changed; None takes one away. Starts with "?"."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def page_numbers(page: Page) -> list[int | str]:
    """Numbers to show for a list's pages, with gaps."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """`mapping[key]`, or None: for figures kept beside rows by their id."""
    return mapping.get(key) if mapping else None


@register.filter
def times(value: Any, factor: Any) -> Any:
    """A coordinate of an SVG meter: value x factor, in whole tenths, with a point."""
    return f"{Decimal(str(value or 0)) * Decimal(str(factor)):.1f}"
