"""Where a measure stands on its way: the order of stages, what it has reached, whether its plan is locked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q

from measures.models import GateDecision, Measure, MeasureTotal, PlanChange, SavingsLine, Series, Stage
from programme.models import Programme
from programme.words import stages

#: Stages in the order of delivery; the two states beside them have no place in it.
ORDER = (Stage.IDENTIFIED, Stage.PLANNED, Stage.DECIDED, Stage.IN_DELIVERY, Stage.CLOSED)
PLACES = {str(stage): place for place, stage in enumerate(ORDER)}
BESIDE = (Stage.ON_HOLD, Stage.WITHDRAWN)


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


def locked_measures(measures: Iterable[int]) -> set[int]:
    """Those whose plan a decision has locked: it changes only by a change that is asked for and approved.

    A measure that went back before the decision is open again; one that was loaded further on without an
    approved plan is open until its plan is approved. The parts of a split have their approved plan with the
    old measure: the approved change by which their months came keeps them locked. One statement.
    """
    lines = SavingsLine.objects.filter(measure=OuterRef(OuterRef("pk")))
    approved = MeasureTotal.objects.filter(
        programme_id=OuterRef("programme_id"), line_id__in=lines.values("pk"), series=Series.PLAN_APPROVED,
        n__gt=0,
    )  # fmt: skip
    decided = GateDecision.objects.filter(
        measure=OuterRef("pk"), to_stage=Stage.DECIDED, state=GateDecision.State.APPROVED
    )
    changed = PlanChange.objects.filter(measure=OuterRef("pk"), state=PlanChange.State.APPROVED)
    rows = Measure.objects.filter(pk__in=list(measures)).exclude(stage__in=[Stage.IDENTIFIED, Stage.PLANNED])
    locked = rows.filter(Q(Exists(approved)) | Q(Exists(decided)) | Q(Exists(changed)))
    return set(locked.values_list("pk", flat=True))
