"""How far a measure is: moves between stages with who and why.

A step forward goes through its gate (`measures.services.gates`) and nowhere else. Here a measure is put on
hold, taken up again at the stage it had, or returned to an earlier one; all of these need words.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core.db import retrying
from core.history import own_context
from measures.models import GateDecision, Measure, MeasureTotal, SavingsLine, Series, Stage
from measures.services.common import CHANGED, refuse
from measures.services.overlaps import withdraw_measure
from programme.models import Programme
from programme.words import stages

#: Stages in the order of delivery; the two states beside them have no place in it.
ORDER = (Stage.IDENTIFIED, Stage.PLANNED, Stage.DECIDED, Stage.IN_DELIVERY, Stage.CLOSED)
PLACES = {str(stage): place for place, stage in enumerate(ORDER)}
BESIDE = (Stage.ON_HOLD, Stage.WITHDRAWN)

THROUGH_GATE = _("A step forward goes through the gate: ask for the decision on the page of the measure.")


def order_of(programme: Programme) -> list[str]:
    """The stages of the programme in the order of delivery; the portal's own where it names none."""
    named = set(stages(programme))
    own = [str(stage) for stage in ORDER if stage in named]
    return own if len(own) > 1 else [str(stage) for stage in ORDER]


def next_stage(programme: Programme, stage: str) -> str | None:
    """The stage behind the next gate; None at the last one and outside the order."""
    if stage not in PLACES:
        return None
    later = [other for other in order_of(programme) if PLACES[other] > PLACES[stage]]
    return later[0] if later else None


def standing(measure: Measure) -> str:
    """The stage the measure has reached: its own, or the one it had when it was put on hold or withdrawn.

    One that was loaded outside the order, without a past, stands where its plan shows.
    """
    if measure.stage in PLACES:
        return measure.stage
    events: Any = Measure.events.rel.related_model  # type: ignore[attr-defined]
    past = events.objects.filter(pgh_obj_id=measure.pk, stage__in=list(PLACES)).order_by("-pgh_id")
    before: str | None = past.values_list("stage", flat=True).first()
    if before is not None:
        return before
    known = MeasureTotal.objects.filter(line_id__in=measure.lines.values("pk"), n__gt=0)
    series = set(known.values_list("series", flat=True).distinct())
    if Series.PLAN_APPROVED in series:
        return str(Stage.DECIDED)
    return str(Stage.PLANNED if Series.PLAN in series else Stage.IDENTIFIED)


def open_stages(measure: Measure) -> list[str]:
    """Stages to which the measure may be moved without a gate, the present one first."""
    reached = PLACES[standing(measure)]
    earlier = [str(stage) for stage in ORDER if PLACES[stage] <= reached and stage != measure.stage]
    beside = [] if measure.stage in BESIDE else [str(Stage.ON_HOLD)]
    return [measure.stage, *earlier, *beside]


def needs_reason(before: str, after: str) -> bool:
    """A step forward is told by its gate; back, on hold, withdrawn or out of these needs words."""
    if before == after:
        return False
    return before not in PLACES or after not in PLACES or PLACES[after] < PLACES[before]


def check_stage(measure: Measure, after: str, reason: str) -> None:
    """Refuses a move that the rules forbid; a withdrawal has its own act, because it needs its month."""
    if measure.stage == after:
        return
    if after == Stage.WITHDRAWN:
        refuse("no_month", _("A withdrawal needs its first month: use “Withdraw the measure”."))
    if after in PLACES and PLACES[after] > PLACES[standing(measure)]:
        refuse("through_gate", THROUGH_GATE)
    if needs_reason(measure.stage, after) and not reason.strip():
        refuse("no_reason", _("Say why the measure goes back, is put on hold or is taken up again."))


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
        check_stage(row, to, reason)
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


def locked_measures(measures: Iterable[int]) -> set[int]:
    """Those whose plan a decision has locked: it changes only by a change that is asked for and approved.

    A measure that went back before the decision is open again; one that was loaded further on without an
    approved plan is open until its plan is approved. One statement.
    """
    lines = SavingsLine.objects.filter(measure=OuterRef(OuterRef("pk")))
    approved = MeasureTotal.objects.filter(
        programme_id=OuterRef("programme_id"), line_id__in=lines.values("pk"), series=Series.PLAN_APPROVED,
        n__gt=0,
    )  # fmt: skip
    decided = GateDecision.objects.filter(
        measure=OuterRef("pk"), to_stage=Stage.DECIDED, state=GateDecision.State.APPROVED
    )
    rows = Measure.objects.filter(pk__in=list(measures)).exclude(stage__in=[Stage.IDENTIFIED, Stage.PLANNED])
    return set(rows.filter(Q(Exists(approved)) | Q(Exists(decided))).values_list("pk", flat=True))
