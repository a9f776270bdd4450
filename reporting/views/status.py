"""The line that says which day and which books a page speaks of."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.periods import format_date, format_month
from reporting.selectors import Overview


def status_line(overview: Overview) -> list[str]:
    """Status date, books closed, comparison base; what the signs mean stands in the footer of every page."""
    programme = overview.programme
    parts = [_("Status %(day)s") % {"day": format_date(overview.as_of)}]
    if overview.has_target or overview.figures.measures:
        closed = overview.figures.closed_through
        parts.append(
            _("books closed through %(month)s") % {"month": format_month(closed)}
            if closed
            else _("no month of the books is closed")
        )
    if programme.comparison_base:
        parts.append(_("comparison base: %(base)s") % {"base": programme.comparison_base})
    if overview.has_target:
        parts.append(_("− saving, + investment"))
    return parts
