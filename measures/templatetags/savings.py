"""The pages about savings, as one row of links above each of them. `{% include "measures/_savings_tabs.html" %}`"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.periods import format_month
from measures.selectors.crossfooting import known_open_differences

register = template.Library()


@dataclass(frozen=True)
class Tab:
    """One page: its label, the right it needs, and what the names of its addresses begin with."""

    label: str | Promise
    url_name: str
    covers: str
    action: str = "savings_view"


#: The page whose tab says how many differences wait for a word, once that page has counted them.
CROSSFOOTING = "measures:crossfooting"

#: In the order of the row. A page appears as soon as its address exists.
TABS = (
    Tab(gettext_lazy("Matrix"), "measures:savings_matrix", "measures:savings_matrix"),
    Tab(gettext_lazy("Taken into budgets"), "measures:budget_shares", "measures:budget_shares"),
    Tab(gettext_lazy("Forecast"), "measures:forecast", "measures:forecast"),
    Tab(gettext_lazy("Confirmation"), "measures:confirmation_list", "measures:confirmation"),
    Tab(gettext_lazy("Reconciliation"), "measures:reconciliation", "measures:reconciliation"),
    Tab(gettext_lazy("Books"), "measures:books", "measures:books"),
    Tab(gettext_lazy("Overlaps"), "measures:overlap_list", "measures:overlap"),
    Tab(gettext_lazy("Unallocated"), "measures:unallocated", "measures:unallocated"),
    Tab(gettext_lazy("Cross-footing"), CROSSFOOTING, CROSSFOOTING),
    Tab(gettext_lazy("Income side"), "measures:income", "measures:income"),
    Tab(gettext_lazy("Deficit path"), "measures:deficit_path", "measures:deficit"),
    Tab(gettext_lazy("Funding"), "measures:funding", "measures:funding", "funding_view"),
    Tab(gettext_lazy("Own and bought"), "measures:production_list", "measures:production"),
)


@register.filter
def iso_month(text: str) -> str:
    """A month that came as 2024-06-01, as pages write it."""
    return format_month(date.fromisoformat(text))


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
        label = str(tab.label)
        if tab.url_name == CROSSFOOTING and (count := known_open_differences(portal.programme)):
            label = _("%(label)s, %(n)s open") % {"label": label, "n": count}
        found.append((label, url, here.startswith(tab.covers)))
    return found
