"""The programme's own words for its levels. `{% load words %}`"""

from django import template

from programme.models import Programme
from programme.words import word

register = template.Library()


@register.simple_tag
def level(programme: Programme | None, key: str) -> str:
    """The word for `theme`, `themes`, `goal`, `sub_goals`, `sector`, `column.base` ..., beginning with a capital."""
    text = word(programme, key)
    return text[:1].upper() + text[1:]
