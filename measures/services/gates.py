"""Passing gates: asking, deciding, taking back. The one way forward from stage to stage."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import forget_asked, notify
from core.db import retrying
from core.history import own_context
from core.talk.services import insiders_following
from measures import gates
from measures.gate_defaults import gates_of
from measures.gate_notices import GATE_APPROVED, GATE_ASKED, GATE_REFUSED
from measures.models import GateDecision, GateDefinition, Measure, Stage
from measures.selectors.gates import deciders, may_decide
from measures.selectors.stages import next_stage
from measures.services.common import CHANGED, refuse
from measures.services.months import lock_plan
from measures.services.stages import set_stage
from programme.decisions import make_decision
from programme.words import word

MOVED = gettext_lazy("The measure or its request changed after you opened the page. Look at it again.")
State = GateDecision.State


class NotReady(ValidationError):
    """Something that the gate asks for is missing; `missing` names the checks."""

    def __init__(self, missing: list[str]) -> None:
        told = _("This is still missing: %(what)s.") % {"what": "; ".join(gates.words_of(missing))}
        super().__init__(told, code="not_ready")
        self.missing = missing


def _locked(measure: Measure) -> Measure:
    rows = Measure.objects.select_for_update(of=("self",)).select_related("programme", "goal")
    return rows.get(pk=measure.pk)


def _gate(row: Measure) -> GateDefinition:
    to = next_stage(row.programme, row.stage)
    gate = gates_of([row.programme]).get((row.programme_id, to)) if to else None
    if gate is None:
        refuse("no_gate", _("There is no gate ahead of this measure."))
    return gate


@retrying
def ask_gate(*, measure: Measure, by: Any, note: str = "", seen_stage: str = "") -> GateDecision:
    """Asks for the decision on the next stage. Raises NotReady while something is missing."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=note):
        row = _locked(measure)
        if seen_stage and row.stage != seen_stage:
            refuse(CHANGED, MOVED)
        gate = _gate(row)
        asked = GateDecision.objects.filter(measure=row, state=State.ASKED).first()
        if asked is not None and (asked.from_stage, asked.to_stage) == (row.stage, gate.to_stage):
            refuse("asked", _("This measure is already waiting for a decision."))
        if asked is not None:  # asked before the measure went elsewhere
            _close(asked, State.TAKEN_BACK, by)
        missing = gates.unmet_names(row.programme, row, gate.checks)
        if missing:
            raise NotReady(missing)
        decision = GateDecision(
            programme=row.programme, measure=row, from_stage=row.stage, to_stage=gate.to_stage, asked_by=by,
            note=note.strip(),
        ).stamp(by)  # fmt: skip
        decision.full_clean()
        decision.save()
        notify(
            [person for person in deciders(gate, row) if person.pk != getattr(by, "pk", None)], GATE_ASKED,
            params=_params(row, gate.to_stage, who=str(by or "")), url=decide_address(row),
            dedupe_key=_key(decision), programme=row.programme, about=row,
        )  # fmt: skip
        return decision


@retrying
def decide_gate(
    *, measure: Measure, approve: bool, by: Any, on: date, reason: str = "",
    values: Mapping[str, Any] | None = None, seen_stage: str = "", seen: int | None = None,
) -> GateDecision:  # fmt: skip
    """Approves or refuses the next stage, asked for or not; only by the deciding role of the gate.

    Refusing needs a reason, and so does approving something that lacks a part: the names of what is missing
    are kept. The owner of the measure never approves it. `values` are those of `programme.decisions`: with a
    body, section or case number a Decision is kept. At "decided" the plan is locked.
    `seen_stage` and `seen` are the stage and the request as the person saw them (0: there was none).
    """
    values = dict(values or {})
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=reason):
        row = _locked(measure)
        asked = GateDecision.objects.select_for_update().filter(measure=row, state=State.ASKED).first()
        if (seen_stage and row.stage != seen_stage) or (
            seen is not None and seen != (asked.pk if asked else 0)
        ):
            refuse(CHANGED, MOVED)
        gate = _gate(row)
        if not may_decide(by, gate, row):
            refuse("other_role", _("Another role decides at this gate."))
        stands = asked is not None and (asked.from_stage, asked.to_stage) == (row.stage, gate.to_stage)
        missing = gates.unmet_names(row.programme, row, gate.checks)
        _check(
            gate, row, approve=approve, stands=stands, missing=missing, by=by, reason=reason, values=values
        )
        if asked is not None and not stands:
            _close(asked, State.TAKEN_BACK, by)
        decision = asked if asked is not None and stands else GateDecision(
            programme=row.programme, measure=row, from_stage=row.stage, to_stage=gate.to_stage
        )  # fmt: skip
        decision.decided_by, decision.decided_on, decision.reason = by, on, reason.strip()
        decision.state, decision.missing = (State.APPROVED if approve else State.REFUSED), missing
        decision.decision = _decision_of_body(row, gate, values, on, by, reason)
        decision.stamp(by).full_clean()
        decision.save()
        if approve:
            set_stage(row, gate.to_stage, by)
            if gate.to_stage == Stage.DECIDED:
                lock_plan(measure=row, by=by, reason=reason)
        _tell(row, decision, by)
        return decision


def _check(
    gate: GateDefinition, row: Measure, *, approve: bool, stands: bool, missing: list[str], by: Any,
    reason: str, values: Mapping[str, Any],
) -> None:  # fmt: skip
    """Refuses a decision that the rules of gates forbid, at the field it means."""
    hard = gates.hard_ones(missing) if approve else []
    if hard:
        told = _("This cannot be passed over, with a reason neither: %(what)s.")
        refuse("hard", told % {"what": "; ".join(gates.words_of(hard))})
    if not reason.strip():
        if not approve:
            raise ValidationError({"reason": _("Refusing needs a reason.")})
        if missing:
            told = _("Something is missing: say why it is approved all the same.")
            raise ValidationError({"reason": told}, code="not_ready")
    if not approve:
        if not stands:
            refuse("not_asked", _("Nobody has asked for this decision, so there is nothing to refuse."))
        return
    if row.owner_id is not None and row.owner_id == getattr(by, "pk", None):
        refuse("own_measure", _("You own this measure: somebody else has to approve it."))
    if gate.needs_body:
        wanted = {
            "body": _("Name the body that decided."),
            "section": _("Give the section (§) of its minutes."),
        }
        lacking = {name: told for name, told in wanted.items() if not values.get(name)}
        if lacking:
            raise ValidationError(lacking)


def _decision_of_body(
    row: Measure, gate: GateDefinition, values: dict[str, Any], on: date, by: Any, reason: str
) -> Any:
    """The body's decision when one is named; the day alone makes none."""
    if not any(values.get(name) for name in ("body", "section", "case_number")):
        return None
    subject = _("%(code)s %(name)s to the stage “%(stage)s”") % {
        "code": row.code, "name": row.name, "stage": word(row.programme, f"stage.{gate.to_stage}"),
    }  # fmt: skip
    return make_decision(
        programme=row.programme, values=values | {"decided_on": on}, subject=subject, by=by, reason=reason
    )


def _tell(row: Measure, decision: GateDecision, by: Any) -> None:
    """The one who asked and the owner learn what was decided; nobody needs to decide any more."""
    if decision.asked_by_id:
        forget_asked(_key(decision))
    concerned = (decision.asked_by, row.owner, *insiders_following(row))
    people = [person for person in concerned if person is not None and person != by]
    code = GATE_APPROVED if decision.state == State.APPROVED else GATE_REFUSED
    notify(
        people, code, params=_params(row, decision.to_stage, reason=decision.reason),
        url=row.get_absolute_url(), dedupe_key=f"{_key(decision)}-{decision.state}", programme=row.programme,
        about=row,
    )  # fmt: skip


@retrying
def take_back(*, decision: GateDecision, by: Any) -> GateDecision:
    """Takes a request back before it is decided."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        row = GateDecision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
        if row.state != State.ASKED:
            refuse(CHANGED, _("This was decided already, or taken back."))
        _close(row, State.TAKEN_BACK, by)
        return row


def _close(row: GateDecision, state: str, by: Any) -> None:
    row.state = state
    row.stamp(by).save(update_fields=["state", "updated_by"])
    forget_asked(_key(row))


def _params(row: Measure, stage: str, **more: str) -> dict[str, str]:
    return {"code": row.code, "name": row.name, "stage": str(stage), **more}


def _key(decision: GateDecision) -> str:
    return f"gate-{decision.pk}"


def decide_address(row: Measure) -> str:
    return reverse("measures:gate_decide", args=[row.programme.slug, row.code])
