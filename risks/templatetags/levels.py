"""Risk levels on pages. `{% load levels %}`"""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.templatetags.ui import status
from risks.calculations import tone_of

register = template.Library()


@register.simple_tag
def risk_level(value: int | str | None) -> SafeString:
    """Shape and figure of a level; what is not assessed says so and is never good news."""
    level = value if isinstance(value, int) else None
    return status(tone_of(level), level or _("not assessed"))
