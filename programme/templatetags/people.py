"""Words of roles. `{% load people %}`"""

from django import template

from programme.models import Role

register = template.Library()


@register.filter
def role_name(role: str) -> str:
    """The role's name in the active language; the code itself when it is not one of ours."""
    return str(Role(role).label) if role in Role.values else role
