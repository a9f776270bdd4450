"""How far a measure is: moves between stages with who and why.

A step forward goes through its gate (`measures.services.gates`) and nowhere else. Here a measure is put on
hold, taken up again at the stage it had, or returned to an earlier one; all of these need words.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.db import retrying
from core.history import own_context
from core.permissions import can
from measures.models import GateDecision, Measure, Stage
from measures.selectors.gates import may_decide, plan_gate
from measures.selectors.stages import PLACES, locked_measures, standing
from measures.services.common import CHANGED, refuse
from measures.services.overlaps import withdraw_measure

THROUGH_GATE = _("A step forward goes through the gate: ask for the decision on the page of the measure.")


def needs_reason(before: str, after: str) -> bool:
    """A step forward is told by its gate; back, on hold, withdrawn or out of these needs words."""
    if before == after:
        return False
    return before not in PLACES or after not in PLACES or PLACES[after] < PLACES[before]


def check_stage(measure: Measure, after: str, reason: str, by: Any = None) -> None:
    """Refuses a move that the rules forbid; a withdrawal has its own act, because it needs its month."""
    if measure.stage == after:
        return
    if after == Stage.WITHDRAWN:
        refuse("no_month", _("A withdrawal needs its first month: use “Withdraw the measure”."))
    if after in PLACES and PLACES[after] > PLACES[standing(measure)]:
        refuse("through_gate", THROUGH_GATE)
    if needs_reason(measure.stage, after) and not reason.strip():
        refuse("no_reason", _("Say why the measure goes back, is put on hold or is taken up again."))
    if undoes_decision(measure, after) and not _may_undo(measure, by):
        told = _("This undoes a decision: the programme office or who decides on it returns the measure.")
        refuse("other_role", told)


def undoes_decision(measure: Measure, after: str) -> bool:
    """Whether the move takes a decided measure back to before its decision, which opens its plan."""
    decided = PLACES[Stage.DECIDED]
    return after in PLACES and PLACES[after] < decided <= PLACES[standing(measure)]


def _may_undo(measure: Measure, by: Any) -> bool:
    """The programme office, or who decides at that gate and does not own the measure; work without a person may."""
    if by is None or can(by, "target.move", measure.programme):
        return True
    gate = plan_gate(measure.programme)
    return gate is not None and measure.owner_id != by.pk and may_decide(by, gate, measure)


def change_stage(
    *, measure: Measure, to: str, by: Any, on: date, reason: str, from_month: date | None = None
) -> Measure:
    """Moves a measure to a stage that needs no gate; the reason goes into the history.

    To `withdrawn` only with `from_month`, its first month that no longer counts; out of it the measure
    counts again in full. A return to an earlier stage is kept among the decisions of its gates.
    """
    if to == Stage.WITHDRAWN:
        if from_month is None:
            refuse("no_month", _("A withdrawal needs its first month: use “Withdraw the measure”."))
        return withdraw_measure(measure=measure, by=by, on=on, from_month=from_month, reason=reason)
    return _move(measure=measure, to=to, by=by, on=on, reason=reason)


@retrying
def _move(*, measure: Measure, to: str, by: Any, on: date, reason: str) -> Measure:
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=reason):
        row: Measure = Measure.objects.select_related("programme").get(pk=measure.pk)
        check_stage(row, to, reason, by)
        if row.stage == to:
            return row
        reached = standing(row)
        set_stage(row, to, by)
        if to in PLACES and PLACES[to] < PLACES[reached]:
            keep_return(row, reached, to, by=by, on=on, reason=reason)
        return row


def set_stage(row: Measure, to: str, by: Any) -> None:
    """Writes the stage if the measure is still the version that was read; out of a withdrawal it counts again."""
    changed = Measure.objects.filter(pk=row.pk, version=row.version).update(
        stage=to, withdrawn_on=None, withdrawn_from=None, updated_by=by
    )
    if not changed:
        refuse(CHANGED, _("Somebody changed this measure just now. Look at it again."))
    row.refresh_from_db(fields=["stage", "version", "withdrawn_on", "withdrawn_from", "updated_at"])


def keep_return(row: Measure, before: str, to: str, *, by: Any, on: date, reason: str) -> GateDecision:
    """Keeps a return to an earlier stage beside the decisions of the gates."""
    kept = GateDecision(
        programme_id=row.programme_id, measure=row, from_stage=before, to_stage=to, decided_by=by,
        state=GateDecision.State.APPROVED, decided_on=on, reason=reason,
    ).stamp(by)  # fmt: skip
    kept.full_clean()
    kept.save()
    return kept


__all__ = [
    "THROUGH_GATE",
    "change_stage",
    "check_stage",
    "keep_return",
    "locked_measures",
    "needs_reason",
    "set_stage",
]
