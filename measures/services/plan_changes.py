"""Changes of a plan that a decision has locked: asked for with old and new, decided by the role of that gate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import forget_asked, notify
from core.db import retrying
from core.history import own_context
from core.money import MAX_CENTS
from core.talk.services import insiders_following
from measures.gate_notices import PLAN_APPROVED, PLAN_ASKED, PLAN_REFUSED
from measures.models import Measure, PlanChange, PlanChangeCell, SavingsEntry, Series
from measures.plan_changes import Place
from measures.selectors.gates import deciders, may_decide, plan_gate
from measures.selectors.stages import locked_measures
from measures.services.common import CHANGED, lock_lines, refuse
from measures.services.months import STALE_PLAN, rewrite_plan
from programme.decisions import make_decision

State = PlanChange.State


@retrying
def ask_plan_change(
    *,
    measure: Measure,
    new: Mapping[Place, int | None],
    seen: Mapping[Place, int | None],
    reason: str,
    by: Any,
) -> PlanChange:
    """Asks for new amounts in a locked plan; what is equal to the plan is no change.

    `seen` holds the amounts as the person saw them: a plan that moved meanwhile is refused as `changed`.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the plan changes.")})
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=reason):
        lines = {line.pk: line for line in measure.lines.all()}
        lock_lines(measure.programme_id, lines)
        if measure.pk not in locked_measures([measure.pk]):
            refuse("not_locked", _("The plan of this measure is open: change it in the month grid."))
        if PlanChange.objects.filter(measure=measure, state=State.ASKED).exists():
            refuse("asked", _("A change of this plan is already waiting for a decision."))
        held = plan_of(measure)
        changed = {place: cents for place, cents in new.items() if held.get(place) != cents}
        if any(seen.get(place) != held.get(place) for place in changed):
            refuse(CHANGED, _("The plan changed after you opened the page. Look at the old figures again."))
        if not changed:
            refuse("nothing", _("The new plan is the same as the old one."))
        for (line, month), cents in changed.items():
            if line not in lines or month.day != 1 or abs(cents or 0) > MAX_CENTS:
                refuse("unreadable", _("A month could not be read. Open the page again."))
        change = PlanChange(
            programme_id=measure.programme_id, measure=measure, reason=reason.strip(), asked_by=by
        ).stamp(by)
        change.full_clean()
        change.save()
        PlanChangeCell.objects.bulk_create(
            PlanChangeCell(
                programme_id=measure.programme_id, change=change, line=lines[line], month=month,
                old_eur_cents=held.get((line, month)), new_eur_cents=cents, created_by=by, updated_by=by,
            )
            for (line, month), cents in sorted(changed.items())
        )  # fmt: skip
        _ask(change, by)
        return change


def plan_of(measure: Measure) -> dict[Place, int]:
    """The plan as it stands, in cents by line and month."""
    rows = SavingsEntry.objects.filter(
        programme_id=measure.programme_id, line__measure=measure, series=Series.PLAN
    )
    return {
        (line, month): cents for line, month, cents in rows.values_list("line", "month", "amount_eur_cents")
    }


def _ask(change: PlanChange, by: Any) -> None:
    measure = change.measure
    gate = plan_gate(measure.programme)
    people = deciders(gate, measure) if gate else []
    notify(
        [person for person in people if person.pk != getattr(by, "pk", None)], PLAN_ASKED,
        params={"code": measure.code, "name": measure.name, "who": str(by or "")}, url=address_of(change),
        dedupe_key=_key(change), programme=measure.programme, about=measure,
    )  # fmt: skip


@retrying
def decide_plan_change(
    *, change: PlanChange, approve: bool, by: Any, on: date, answer: str = "",
    values: Mapping[str, Any] | None = None,
) -> PlanChange:  # fmt: skip
    """Approves or refuses a change. Approved it becomes plan and approved plan alike; the old stays in the request.

    Only the role that decides on plans, never the measure's owner for an approval, refusing with a reason.
    """
    values = dict(values or {})
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=answer or change.reason):
        row = (
            PlanChange.objects.select_for_update(of=("self",))
            .select_related("measure__goal")
            .get(pk=change.pk)
        )
        measure = row.measure
        measure.programme = change.programme
        if row.state != State.ASKED:
            refuse(CHANGED, _("This was decided already, or taken back."))
        gate = plan_gate(measure.programme)
        if gate is None or not may_decide(by, gate, measure):
            refuse("other_role", _("Another role decides on changes of this plan."))
        if not approve and not answer.strip():
            raise ValidationError({"reason": _("Refusing needs a reason.")})
        if approve and measure.owner_id is not None and measure.owner_id == getattr(by, "pk", None):
            refuse("own_measure", _("You own this measure: somebody else has to approve it."))
        if approve:
            cells = row.cells.select_related("line")
            rewrite_plan(
                measure=measure, by=by, reason=row.reason,
                cells=[(one.line, one.month, one.old_eur_cents, one.new_eur_cents) for one in cells],
            )  # fmt: skip
        row.state, row.decided_by, row.decided_on = (State.APPROVED if approve else State.REFUSED), by, on
        row.answer = answer.strip()
        if any(values.get(name) for name in ("body", "section", "case_number")):
            subject = _("Change of the plan of %(code)s %(name)s") % {
                "code": measure.code,
                "name": measure.name,
            }
            row.decision = make_decision(
                programme=measure.programme, values=values | {"decided_on": on}, subject=subject, by=by,
                reason=answer,
            )  # fmt: skip
        row.stamp(by).full_clean()
        row.save()
        _tell(row, by)
        return row


def _tell(row: PlanChange, by: Any) -> None:
    forget_asked(_key(row))
    measure = row.measure
    concerned = (row.asked_by, measure.owner, *insiders_following(measure))
    people = [person for person in concerned if person is not None and person != by]
    notify(
        people, PLAN_APPROVED if row.state == State.APPROVED else PLAN_REFUSED,
        params={"code": measure.code, "name": measure.name, "reason": row.answer}, url=address_of(row),
        dedupe_key=f"{_key(row)}-{row.state}", programme=measure.programme, about=measure,
    )  # fmt: skip


@retrying
def take_back_change(*, change: PlanChange, by: Any) -> PlanChange:
    """Takes a change back before it is decided."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        row = PlanChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
        if row.state != State.ASKED:
            refuse(CHANGED, _("This was decided already, or taken back."))
        row.state = State.TAKEN_BACK
        row.stamp(by).save(update_fields=["state", "updated_by"])
        forget_asked(_key(row))
        return row


def is_stale(change: PlanChange) -> bool:
    """Whether the plan no longer holds the old figures of a change that waits."""
    held = plan_of(change.measure)
    cells = change.cells.values_list("line", "month", "old_eur_cents")
    return any(held.get((line, month)) != old for line, month, old in cells)


def address_of(change: PlanChange) -> str:
    measure = change.measure
    return reverse("measures:plan_change_detail", args=[measure.programme.slug, measure.code, change.pk])


def _key(change: PlanChange) -> str:
    return f"plan-{change.pk}"


__all__ = [
    "STALE_PLAN",
    "address_of",
    "ask_plan_change",
    "decide_plan_change",
    "is_stale",
    "plan_of",
    "take_back_change",
]
