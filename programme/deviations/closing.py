"""Closing a deviation: its cause must be gone, and a person must agree."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.db import retrying
from core.editing import Saved, save_edit
from core.editing.pages import CHANGED
from core.history import own_context
from programme.deviations.finding import find
from programme.deviations.notices import tell_given
from programme.models import Deviation


@retrying
def close(
    *, row: Deviation, by: Any, on: dt.date, explanation: str = "", version: int | None = None
) -> Deviation:
    """Looks once more whether the cause is gone, then closes the row.

    ValidationError while the cause stands, without a word on what came of it, or when somebody changed the row since
    `version`. Closed by two at once it is closed once.
    """
    with transaction.atomic(), own_context(user=by.pk):
        changed = version is not None and not Deviation.objects.filter(pk=row.pk, version=version).exists()
        find(row.programme, on, kinds=[row.kind], by=by)
        now = Deviation.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if now.closed_on is not None:
            return now
        if changed:
            raise ValidationError(_("Somebody changed it meanwhile. Look at it again."), code=CHANGED)
        if now.cause_gone_on is None:
            raise ValidationError(
                _("The cause is still there. It can be closed when it is gone; until then explain it."),
                code="standing",
            )
        now.explanation = explanation.strip() or now.explanation
        if not now.explanation.strip():
            raise ValidationError(_("Write what came of it before it is closed."), code="no_explanation")
        now.state, now.closed_on, now.closed_by = Deviation.State.CLOSED, max(on, now.found_on), by
        now.stamp(by).full_clean()
        now.save()
        return now


@retrying
def save_deviation(form: Any, by: Any) -> Saved:
    """Saves what was written; who was made the owner is told once."""
    with transaction.atomic():
        before = Deviation.objects.filter(pk=form.instance.pk).values_list("owner", flat=True).first()
        saved = save_edit(form, by)
        if saved.row.owner_id != before:
            tell_given(saved.row, by=by)
        return saved
