"""Obstacles: raised in one line by whoever meets them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.history import own_context
from core.text import LANGUAGES
from measures.models import Measure
from programme.models import Programme, Project
from risks.models import Obstacle

#: A name's length; what is longer goes on in the description.
NAME_LENGTH = 200


def raise_obstacle(
    *,
    programme: Programme,
    text: str,
    by: Any,
    on: date,
    measure: Measure | None = None,
    project: Project | None = None,
    language: str | None = None,
) -> Obstacle:
    """A new obstacle at the first level, in the words of whoever met it, written in their language.

    A long text goes on in the description. Raises ValidationError for an empty one.
    """
    words = " ".join(text.split())
    if not words:
        raise ValidationError(_("Say what stops you."), code="empty")
    code = (language or get_language() or "fi")[:2]
    code = code if code in LANGUAGES else "fi"
    row = Obstacle(programme=programme, measure=measure, project=project, raised_on=on, raised_by=by)
    setattr(row, f"name_{code}", words if len(words) <= NAME_LENGTH else f"{words[: NAME_LENGTH - 1]}…")
    if len(words) > NAME_LENGTH:
        setattr(row, f"description_{code}", text.strip())
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        row.stamp(by).full_clean(exclude=["programme"])
        row.save()
    return row
