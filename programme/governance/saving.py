"""Saves of governance that are more than writing a row."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from core.editing import RowForm, Saved, save_edit
from programme.governance.duties import reopen
from programme.governance.meetings import tell_owner

#: Fields of a duty from which its due times follow.
CADENCE = {"frequency", "due_day", "due_months", "followed_from", "followed_until"}


def save_duty(form: RowForm, by: Any) -> Saved:
    """Saves a duty; when its cadence changed, the due times to come are made anew."""
    before = form.shown.get("values", {})
    with transaction.atomic():
        saved = save_edit(form, by)
        if any(form.sent().get(name) != before.get(name) for name in CADENCE):
            reopen(saved.row, today=saved.row.programme.today(), by=by)
        return saved


def save_action(form: RowForm, by: Any) -> Saved:
    """Saves an action point; a new owner hears of it."""
    with transaction.atomic():
        saved = save_edit(form, by)
        tell_owner(saved.row, by=by)
        return saved
