"""What the person may do, asked in templates."""

from typing import Any

from django import template

from core.permissions import can

register = template.Library()


@register.simple_tag(takes_context=True)
def may(context: dict[str, Any], action: str, row: Any) -> bool:
    """Whether the person may do the action to the row: `{% may "measure.edit" measure as may_edit %}`."""
    request = context.get("request")
    return row is not None and request is not None and can(request.user, action, row)
