"""Rows of which a project has at most one for each line of a template: made by their first saving."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from core.editing import RowForm, Saved, save_edit
from core.history import own_context
from programme.projects.forms import UNREADABLE


class OnceForm(RowForm):
    """A form that is shown for a row which its first saving makes."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.shown:
            raise ValidationError(UNREADABLE, code="unreadable")
        return cleaned


def write_once(form: RowForm, by: Any, *of: str, also: dict[str, Any]) -> Saved:
    """Saves the row that `of` (names of columns) tells; made when nobody made it yet.

    It is made empty and then edited, so that what two people wrote first at once meets as in any edit.
    """
    with transaction.atomic():
        row = form.instance
        if row.pk is None:
            same = {name: getattr(row, name) for name in of}
            first = {"programme_id": row.programme_id, "created_by": by, "updated_by": by} | also
            with own_context(user=by.pk):
                form.instance, _is_new = type(row)._base_manager.get_or_create(**same, defaults=first)
        return save_edit(form, by, also=also)


def forget(row: Any, by: Any) -> Saved:
    """Takes the row away; the history keeps what it said. The row is shown as one that nobody has made."""
    with transaction.atomic(), own_context(user=by.pk):
        row.delete()
    return Saved(row, [""])
