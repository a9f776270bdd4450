"""The demonstration accounts on the sign-in page. `{% load demonstration %}`"""

from django import template
from django.conf import settings

from accounts.demo import DEMOS, PASSWORD

register = template.Library()


@register.simple_tag
def demo_accounts() -> list[str]:
    """User names of the demonstration accounts; none outside demo mode."""
    return [demo.username for demo in DEMOS] if settings.DEMO else []


@register.simple_tag
def demo_password() -> str:
    return PASSWORD if settings.DEMO else ""
