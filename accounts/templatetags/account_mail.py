"""Tags of mail about accounts. `{% load account_mail %}`"""

from django import template

from accounts.models import User
from accounts.passwords import link_path

register = template.Library()


@register.simple_tag
def password_link(user_id: int, site: str) -> str:
    """A link to set a password, made now; empty for an account that is gone or switched off."""
    person = User.objects.filter(pk=user_id, is_active=True).first()
    return f"{site}{link_path(person)}" if person else ""
