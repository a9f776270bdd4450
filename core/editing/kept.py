"""What somebody sent after their session had ended: kept until they have signed in again.

It lies in the anonymous session on the server and is shown only to the person the form was made for.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, QueryDict

from config import limits
from core.editing.drafts import as_query, characters, key_of, sent_values
from core.editing.forms import read_was

SESSION_KEY = "kept_form"


def keep(request: HttpRequest) -> bool:
    """Keeps the form that was sent, as it was sent; False when it is not one of ours or too large.

    It is judged when it is saved: refusing a text here would lose it.
    """
    person = read_was(request.POST.get("was", "")).get("user")
    values = sent_values(request.POST)
    if person is None or characters(values) > limits.KEPT_MAX_BYTES:
        return False
    request.session[SESSION_KEY] = {"key": key_of(request.path), "user": person, "values": values}
    return True


def take(request: HttpRequest, user: Any) -> QueryDict | None:
    """What was kept for this page and this person, once; None when there is nothing."""
    kept = request.session.get(SESSION_KEY)
    if kept is None or kept["key"] != key_of(request.path):
        return None
    del request.session[SESSION_KEY]
    return as_query(kept["values"]) if kept["user"] == user.pk else None
