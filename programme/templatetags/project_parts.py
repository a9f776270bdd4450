"""Shows a filled part of a project's page in its place."""

from typing import Any

from django import template
from django.template.loader import get_template

from programme.projects.parts import Shown

register = template.Library()


@register.simple_tag(takes_context=True)
def panel(context: Any, shown: Shown) -> str:
    """The part's template with what it was filled with, on top of what the page has."""
    found: Any = get_template(shown.part.template)
    with context.push(**(shown.filled or {}), part=shown.part):
        return str(found.template.render(context))
