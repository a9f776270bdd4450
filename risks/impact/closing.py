"""Closing a service point: the overall assessment without which it does not pass its gates."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.db import retrying
from core.editing import RowForm, save_edit
from core.editing.pages import CHANGED
from core.history import own_context
from measures.models import Measure
from risks.models import ClosureAssessment

PARTS = ("use", "channels", "premises", "conclusion")


def missing_parts(row: ClosureAssessment | None) -> list[str]:
    """Names of the parts that are not written; empty when only the finish is missing."""
    return [
        str(ClosureAssessment._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        for name in PARTS
        if row is None or not getattr(row, name).strip()
    ]


def assessment_of(measure: Measure) -> ClosureAssessment | None:
    rows = ClosureAssessment.objects.filter(programme=measure.programme_id, measure=measure)
    return rows.select_related("assessed_by").first()


@retrying
def finish(*, measure: Measure, by: Any, on: date, version: int | None = None) -> ClosureAssessment:
    """Marks the assessment as finished: who and when. Every part has to be written."""
    with transaction.atomic(), own_context(user=by.pk):
        rows = ClosureAssessment.objects.select_for_update(of=("self",))
        row = rows.filter(programme=measure.programme_id, measure=measure).first()
        missing = missing_parts(row)
        if row is None or missing:
            told = _("Write these first: %(parts)s.") % {"parts": ", ".join(missing)}
            raise ValidationError(told, code="parts")
        if version is not None and row.version != version:
            raise ValidationError(
                _("The assessment changed after you opened the page. Read it again."), code=CHANGED
            )
        if row.is_finished:
            return row
        row.assessed_on, row.assessed_by = on, by
        row.stamp(by).full_clean()
        row.save()
        return row


def save_assessment(form: RowForm, by: Any) -> Any:
    """Saves what was written. A finished assessment that changes is open again: its finish was for other words."""
    return save_edit(form, by, {"assessed_on": None, "assessed_by": None})
