"""The pages about savings, as one row of links above each of them. `{% include "measures/_savings_tabs.html" %}`"""

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()


@dataclass(frozen=True)
class Tab:
    """One page: its label, the right it needs, and what the names of its addresses begin with."""

    label: str | Promise
    url_name: str
    covers: str
    action: str = "savings_view"


#: In the order of the row. A page appears as soon as its address exists.
TABS = (
    Tab(_("Matrix"), "measures:savings_matrix", "measures:savings_matrix"),
    Tab(_("Forecast"), "measures:forecast", "measures:forecast"),
    Tab(_("Confirmation"), "measures:confirmation_list", "measures:confirmation"),
    Tab(_("Reconciliation"), "measures:reconciliation", "measures:reconciliation"),
    Tab(_("Books"), "measures:books", "measures:books"),
    Tab(_("Overlaps"), "measures:overlap_list", "measures:overlap"),
    Tab(_("Unallocated"), "measures:unallocated", "measures:unallocated"),
    Tab(_("Cross-footing"), "measures:crossfooting", "measures:crossfooting"),
    Tab(_("Deficit path"), "measures:deficit_path", "measures:deficit"),
    Tab(_("Funding"), "measures:funding", "measures:funding", "funding_view"),
)


@register.simple_tag(takes_context=True)
def savings_tabs(context: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """(label, address, is the page shown) of each page that exists and this person may open."""
    portal = context.get("portal")
    if portal is None or portal.programme is None:
        return []
    match = getattr(context["request"], "resolver_match", None)
    here = match.view_name if match else ""
    found = []
    for tab in TABS:
        if not portal.can.get(tab.action):
            continue
        try:
            url = reverse(tab.url_name, args=[portal.programme.slug])
        except NoReverseMatch:
            continue
        found.append((str(tab.label), url, here.startswith(tab.covers)))
    return found
