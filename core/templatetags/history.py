"""The way from a row to its history. `{% load history %}{% history_link measure %}`"""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.permissions import can

register = template.Library()


@register.simple_tag(takes_context=True)
def history_link(context: dict[str, Any], row: Any, css: str = "") -> SafeString | str:
    """A quiet link to the row's history; nothing for whoever may not read it."""
    request = context.get("request")
    if row is None or request is None or not row.pk or not can(request.user, "history.view", row):
        return ""
    if not can(request.user, getattr(row, "view_action", "programme.view"), row):
        return ""
    programme = _programme_of(request, row)
    try:
        url = reverse("reporting:history_row", args=[programme.slug, row._meta.label_lower, row.pk])
    except NoReverseMatch:
        return ""
    return format_html(
        '<a class="history-link{}" href="{}">{}</a>', f" {css}" if css else "", url, _("History")
    )


def _programme_of(request: Any, row: Any) -> Any:
    """The page's programme when it is the row's, so that a list of rows asks nothing."""
    of_page = getattr(request, "programme", None)
    if of_page is not None and of_page.pk == getattr(row, "programme_id", row.pk):
        return of_page
    return getattr(row, "programme", row)
