"""Words and figures of key results. `{% load okr %}`"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.money import DASH, NBSP, format_decimal
from core.templatetags.ui import quantity, status, with_unit
from strategy.models import CheckIn, KeyResult, Objective, Season

register = template.Library()
SHAPES = {"high": "ok", "medium": "warn", "low": "bad"}
STATES = {"draft": "none", "started": "info", "closed": "ok", "dropped": "none"}
SEASONS = {"planned": "none", "open": "info", "closed": "ok", "archived": "none"}


@register.filter
def percent(share: Decimal | None) -> str:
    """A share 0 to 1 as whole per cent; a dash where nothing is known."""
    return DASH if share is None else f"{format_decimal((share * 100).quantize(Decimal(1)))}{NBSP}%"


@register.filter
def hundredths(share: Decimal | None) -> int:
    """The same as a plain number, for the bar beside it."""
    return 0 if share is None else int((share * 100).quantize(Decimal(1)))


@register.simple_tag
def confidence(word: str) -> SafeString | str:
    """How sure people are: shape and word; a plain word before the first check-in."""
    if word not in SHAPES:
        return status("none", _("no check-in yet"))
    return status(SHAPES[word], CheckIn.Confidence(word).label)


@register.simple_tag
def objective_state(row: Objective) -> SafeString:
    return status(STATES[row.state], row.get_state_display())


@register.simple_tag
def season_state(row: Season) -> SafeString:
    return status(SEASONS[row.state], row.get_state_display())


@register.simple_tag
def measured(result: KeyResult, value: Any, is_done: bool | None = None) -> str:
    """A value of a key result with its unit; done or not yet of one that asks yes or no."""
    if result.kind == KeyResult.Kind.YES_NO:
        told = is_done if is_done is not None else (None if value is None else bool(value))
        return DASH if told is None else (_("done") if told else _("not done"))
    return DASH if value is None else with_unit(value, result.unit)


@register.simple_tag
def aimed(result: KeyResult) -> str:
    """From where to where a key result should move."""
    if result.kind == KeyResult.Kind.YES_NO:
        return _("yes or no")
    return f"{quantity(result.start_value)} → {with_unit(result.target_value, result.unit)}"
