"""Reads for gates: where a measure stands, what its next gate asks for, what waits for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from core.permissions import ACTIONS, PROGRAMME, can_as, grants_of
from measures import gates
from measures.gate_defaults import gates_of
from measures.models import (
    GateDecision,
    GateDefinition,
    Measure,
    MeasureSegment,
    PlanChange,
    SavingsLine,
    Stage,
)
from measures.selectors.stages import next_stage, order_of, standing
from programme.models import Programme, RoleGrant

DECIDE = "gate.decide"
#: Where the narrow roles' scope lies, from a measure.
_PATHS = {"theme": "goal__theme", "project": "project"}
LATELY = 20


@dataclass(frozen=True)
class Step:
    """One stage of the measure's way: passed, present or to come."""

    stage: str
    state: str


@dataclass
class GateState:
    """A measure before its next gate: what it asks for, what is missing, who decides, what is asked already."""

    measure: Measure
    reached: str
    steps: list[Step]
    gate: GateDefinition | None
    answers: list[gates.Answer] = field(default_factory=list)
    asked: GateDecision | None = None
    past: list[GateDecision] = field(default_factory=list)

    @property
    def to_stage(self) -> str:
        return self.gate.to_stage if self.gate else ""

    @property
    def missing(self) -> list[gates.Answer]:
        return [one for one in self.answers if not one.is_met]

    @property
    def met(self) -> list[gates.Answer]:
        return [one for one in self.answers if one.is_met]

    @property
    def is_ready(self) -> bool:
        return self.gate is not None and not self.missing


def gate_state(measure: Measure, *, with_past: bool = True) -> GateState:
    """Where the measure is and what its next gate says."""
    programme = measure.programme
    reached = standing(measure)
    passed = True
    steps = []
    for stage in order_of(programme):
        state = "now" if stage == reached else "passed" if passed else "to_come"
        passed = passed and stage != reached
        steps.append(Step(stage, state))
    to = next_stage(programme, measure.stage)
    gate = gates_of([programme]).get((programme.pk, to)) if to else None
    decisions = GateDecision.objects.filter(measure=measure).select_related(
        "asked_by", "decided_by", "decision__body"
    )
    rows = list(decisions[:LATELY] if with_past else decisions.filter(state=GateDecision.State.ASKED))
    asked = next(
        (
            row
            for row in rows
            if row.state == GateDecision.State.ASKED and (row.from_stage, row.to_stage) == (measure.stage, to)
        ),
        None,
    )
    found = gates.answers(programme, [measure], gate.checks).get(measure.pk, []) if gate else []
    return GateState(
        measure, reached, steps, gate, found, asked,
        [row for row in rows if row.state != GateDecision.State.ASKED],
    )  # fmt: skip


def may_decide(user: Any, gate: GateDefinition, measure: Measure) -> bool:
    """Whether the person holds the deciding role of the gate, within what it covers."""
    return can_as(user, gate.deciding_role, DECIDE, measure)


def deciders(gate: GateDefinition, measure: Measure) -> list[Any]:
    """People who hold the deciding role for this measure; never its owner."""
    scope = ACTIONS[DECIDE].get(gate.deciding_role)
    if scope is None:
        return []
    grants = RoleGrant.objects.filter(programme=measure.programme, role=gate.deciding_role)
    if scope != PROGRAMME:
        grants = grants.filter(**{f"{scope}__in": [pk for pk in measure.scope_ids(scope) if pk]})
    people = get_user_model().objects.filter(grants__in=grants, is_active=True).distinct()
    return [person for person in people.order_by("pk") if person.pk != measure.owner_id]


# --- what waits -----------------------------------------------------------------------------------------------


def asked_decisions(programmes: Iterable[Programme]) -> QuerySet[GateDecision]:
    """Requests that still stand: the measure is where it was when it was asked."""
    rows = GateDecision.objects.filter(
        programme__in=list(programmes), state=GateDecision.State.ASKED, measure__stage=F("from_stage")
    )
    return rows.select_related("measure__goal", "asked_by").order_by("asked_at", "pk")


def asked_changes(programmes: Iterable[Programme]) -> QuerySet[PlanChange]:
    """Changes of locked plans that wait for a decision."""
    rows = PlanChange.objects.filter(programme__in=list(programmes), state=PlanChange.State.ASKED)
    return rows.select_related("measure__goal", "asked_by").order_by("asked_at", "pk")


def mine(
    user: Any, rows: QuerySet[Any], definitions: Mapping[tuple[int, str], GateDefinition], stage: str = ""
) -> QuerySet[Any]:
    """Those of the asked rows on which the person decides by the role of their gate, in SQL.

    `stage` names the gate for rows that have no stage of their own (changes of a plan: the gate to decided).
    """
    wanted = Q(pk__in=[])
    for (programme, to), gate in definitions.items():
        scope = ACTIONS[DECIDE].get(gate.deciding_role)
        if scope is None or (stage and to != stage):
            continue
        here = Q(programme=programme) if stage else Q(programme=programme, to_stage=to)
        for grant in grants_of(user):
            if grant.role == gate.deciding_role and grant.programme_id == programme:
                wanted |= here & _within(grant, scope)
    return rows.filter(wanted).exclude(measure__owner=user)


def _within(grant: Any, scope: str) -> Q:
    """Rows about measures that the grant covers."""
    if scope == PROGRAMME:
        return Q()
    pk = getattr(grant, f"{scope}_id")
    if pk is None:
        return Q(pk__in=[])
    if scope in _PATHS:
        return Q(**{f"measure__{_PATHS[scope]}": pk})
    model: Any = SavingsLine if scope == "sector" else MeasureSegment
    return Q(Exists(model.objects.filter(**{"measure": OuterRef("measure"), scope: pk})))


def decided_lately(programme: Programme) -> QuerySet[GateDecision]:
    """Decisions of gates, the latest first."""
    rows = GateDecision.objects.filter(
        programme=programme, state__in=[GateDecision.State.APPROVED, GateDecision.State.REFUSED]
    )
    people = rows.select_related("measure", "decided_by", "decision__body")
    return people.order_by("-decided_on", "-pk")[:LATELY]


def plan_gate(programme: Programme) -> GateDefinition | None:
    """The gate whose decision locks plans, and whose role decides on their changes."""
    return gates_of([programme]).get((programme.pk, str(Stage.DECIDED)))


def readiness(
    programme: Programme, measures: Sequence[Measure], gate: GateDefinition
) -> dict[int, list[gates.Answer]]:
    """What each of the measures lacks for the gate; constant in SQL."""
    found = gates.answers(programme, measures, gate.checks)
    return {pk: [one for one in answers if not one.is_met] for pk, answers in found.items()}
