"""What the vision says of rows of other apps. `{% load vision %}`"""

from collections.abc import Iterable

from django import template

from kpis.models import Indicator
from strategy.models import VisionTheme
from strategy.selectors import under_vision_themes

register = template.Library()


@register.simple_tag
def by_vision_theme(indicators: Iterable[Indicator]) -> list[tuple[VisionTheme | None, list[Indicator]]]:
    """The indicators under the vision themes they follow; those without a theme last."""
    return under_vision_themes(list(indicators))
