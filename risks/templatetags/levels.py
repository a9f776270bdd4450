"""Risk levels on pages. `{% load levels %}`"""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.templatetags.ui import status
from risks.calculations import tone_of
from risks.models import Mitigation, Risk
from risks.register.calculations import Movement
from risks.register.wording import change_words, moved_words

register = template.Library()

MITIGATION_SHAPES = {
    Mitigation.State.PLANNED: "none", Mitigation.State.GOING: "info", Mitigation.State.DONE: "ok",
    Mitigation.State.DROPPED: "none",
}  # fmt: skip


@register.simple_tag
def risk_level(value: int | str | None, kind: str = "threat") -> SafeString:
    """Shape and figure of a level; what is not assessed says so and is never good news."""
    level = value if isinstance(value, int) else None
    if level is not None and kind == Risk.Kind.OPPORTUNITY:
        return status("info", level)
    return status(tone_of(level), level or _("not assessed"))


@register.filter
def moved(found: Movement | None) -> str:
    """Arrow and words of a movement."""
    words = moved_words(found)
    return f"{found.arrow} {words}".strip() if found is not None else words


@register.filter
def changed(change: int | None) -> str:
    return change_words(change)


@register.simple_tag(takes_context=True)
def mitigation_state(context: dict[str, Any], row: Mitigation) -> SafeString:
    """State of a mitigation; one past its day says so. Context: today."""
    today = context.get("today")
    open_now = row.state in (Mitigation.State.PLANNED, Mitigation.State.GOING)
    if open_now and row.due_on is not None and today is not None and row.due_on < today:
        return status("bad", _("past its day"))
    return status(MITIGATION_SHAPES[Mitigation.State(row.state)], row.get_state_display())


@register.filter
def level_tone(level: int) -> str:
    """Tint of a cell of the matrix."""
    return tone_of(level)
