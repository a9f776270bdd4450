"""Stating a light, and taking the statement back before it runs out."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from core.editing import RowForm, save_new
from core.history import own_context
from programme.models import LightOverride, Project


def state_light(form: RowForm, by: Any) -> LightOverride:
    """Stores who states the light from today on; what was computed and stated before stays in the history."""
    row: LightOverride = form.instance
    row.given_on, row.given_by = form.programme.today(), by
    stored: LightOverride = save_new(form, by)
    return stored


def take_back(*, project: Project, dimension: str, by: Any) -> bool:
    """Lets the computed light count again; False when nothing was stated. What was stated stays in the history."""
    today = project.programme.today()
    with transaction.atomic(), own_context(user=by.pk):
        rows = LightOverride.objects.filter(project=project, dimension=dimension, holds_until__gte=today)
        return rows.delete()[0] > 0
