"""Obstacles in words. `{% load obstacles %}`"""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.ui import status
from risks.escalation.clocks import Clock
from risks.escalation.notices import level_word
from risks.models import Obstacle

register = template.Library()


@register.filter
def clock_words(clock: Clock) -> str:
    """What is left of the time, in words."""
    return days_words(clock.days)


@register.filter
def days_words(days: int) -> str:
    """Working days left, below zero those since the time was over."""
    if days < 0:
        late = ngettext("overdue by %(n)s working day", "overdue by %(n)s working days", -days)
        return late % {"n": -days}
    if days == 0:
        return _("to be answered today")
    return ngettext("%(n)s working day left", "%(n)s working days left", days) % {"n": days}


@register.simple_tag
def clock(found: Clock | None) -> SafeString | str:
    """Shape and words of a clock; nothing where none runs."""
    return status(found.tone, clock_words(found)) if found is not None else ""


@register.simple_tag
def obstacle_state(row: Obstacle) -> SafeString:
    """Shape and word of where it stands."""
    kinds = {"raised": "info", "escalated": "warn", "decided": "ok", "closed": "none"}
    return status(kinds[row.state], row.get_state_display())


@register.filter
def band_words(band: tuple[int, int | None, int]) -> str:
    """An age band in words."""
    first, last, _count = band
    if last is None:
        return _("over %(n)s days") % {"n": first - 1}
    return _("%(first)s–%(last)s days") % {"first": first, "last": last}


@register.filter
def level_name(level: str) -> str:
    return level_word(level)
