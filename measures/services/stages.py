"""How far a measure is: moves between stages with who and why. Gates come with their own rules on top."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.db import retrying
from core.history import own_context
from measures.models import Measure, Stage
from measures.services.common import CHANGED, refuse
from measures.services.overlaps import withdraw_measure

#: Stages in the order of delivery; the two states beside them have no place in it.
ORDER = (Stage.IDENTIFIED, Stage.PLANNED, Stage.DECIDED, Stage.IN_DELIVERY, Stage.CLOSED)


def needs_reason(before: str, after: str) -> bool:
    """A step forward speaks for itself; back, on hold, withdrawn or out of these needs words."""
    if before == after:
        return False
    places = {str(stage): place for place, stage in enumerate(ORDER)}
    return before not in places or after not in places or places[after] < places[before]


def check_stage(before: str, after: str, reason: str) -> None:
    """Refuses a move that the rules forbid; a withdrawal has its own act, because it needs its month."""
    if after == Stage.WITHDRAWN and before != after:
        refuse("no_month", _("A withdrawal needs its first month: use “Withdraw the measure”."))
    if needs_reason(before, after) and not reason.strip():
        refuse("no_reason", _("Say why the measure goes back, is put on hold or is taken up again."))


def change_stage(
    *, measure: Measure, to: str, by: Any, on: date, reason: str, from_month: date | None = None
) -> Measure:
    """Moves a measure to a stage; the reason goes into the history.

    To `withdrawn` only with `from_month`, its first month that no longer counts; out of it the measure
    counts again in full.
    """
    if to == Stage.WITHDRAWN:
        if from_month is None:
            refuse("no_month", _("A withdrawal needs its first month: use “Withdraw the measure”."))
        return withdraw_measure(measure=measure, by=by, on=on, from_month=from_month, reason=reason)
    return _move(measure=measure, to=to, by=by, reason=reason)


@retrying
def _move(*, measure: Measure, to: str, by: Any, reason: str) -> Measure:
    with own_context(user=getattr(by, "pk", None), reason=reason):
        row: Measure = Measure.objects.get(pk=measure.pk)
        check_stage(row.stage, to, reason)
        if row.stage == to:
            return row
        changed = Measure.objects.filter(pk=row.pk, version=row.version).update(
            stage=to, withdrawn_on=None, withdrawn_from=None, updated_by=by
        )
        if not changed:
            refuse(CHANGED, _("Somebody changed this measure just now. Look at it again."))
        row.refresh_from_db()
        return row
