"""Parts of forms for templates."""

from typing import Any

from django import template

from core.editing.forms import LANGUAGE_NAMES, LanguageGroup

register = template.Library()


@register.filter
def is_language_group(item: Any) -> bool:
    return isinstance(item, LanguageGroup)


@register.filter
def language_of(field: Any) -> str:
    """`fi`, `sv` or `en` of a field of a language group."""
    return str(field.name.rpartition("_")[2])


@register.filter
def language_words(field: Any) -> Any:
    """The language of a field of a language group, in words."""
    return LANGUAGE_NAMES[language_of(field)]
