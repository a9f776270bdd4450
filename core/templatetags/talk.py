"""The talk beside a row, on any page. `{% load talk %}{% talk row %}` near the end of the page."""

from typing import Any

from django import template
from django.urls import reverse

from core.talk.topics import topic_of

register = template.Library()


@register.inclusion_tag("core/_talk_slot.html", takes_context=True)
def talk(context: dict[str, Any], row: Any) -> dict[str, Any]:
    """A part that loads after the page: comments, following, files. Nothing where the person may not read them.

    No statement: rights to read are of whole programmes.
    """
    topic = topic_of(row)
    user = getattr(context.get("request"), "user", None)
    portal = context.get("portal")
    if topic is None or user is None or portal is None or not topic.seen_by(user, row):
        return {"url": ""}
    return {"url": reverse("core:talk", args=[portal.programme.slug, topic.kind, row.pk])}
