"""Target that moves by a decision (R9): from a measure, or from what no measure has carried, to a measure.

The stated target itself never moves here: what one rung of the ladder gives, another one gets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.db import retrying
from core.history import own_context
from core.periods import format_date
from core.templatetags.ui import plain_text
from measures.calculations import ladder
from measures.models import Measure, MeasureTarget, Stage, TargetMove
from measures.selectors.targets import measure_targets, target_figures, targets_on
from programme.models import Decision, Programme, Target
from programme.targets_editing import NewValue, set_value, version_on, versions_of


@dataclass(frozen=True)
class Move:
    """An amount with the sign of the target; None is what no measure carries (never allocated)."""

    from_measure: Measure | None
    to_measure: Measure | None
    amount_eur_cents: int


@retrying
def move_target(
    *, programme: Programme, moves: Sequence[Move], valid_from: date, decision: Decision, by: Any, reason: str
) -> list[TargetMove]:
    """Moves target between measures from a day on, all of it or nothing; the moves as they are kept.

    Nobody gives more than there is, in the direction of what there is. Raises ValidationError with the field
    named: `amount_eur_cents`, `valid_from`, `reason`.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the target changes.")})
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=reason):
        # One mover at a time: two who take from the same amount must not both get it.
        stated = targets_on(programme, valid_from).filter(kind=Target.Kind.STATED)
        list(stated.order_by("pk").select_for_update(no_key=True).values_list("pk"))
        measures = {move.pk: move for one in moves for move in (one.from_measure, one.to_measure) if move}
        list(
            Measure.objects.filter(pk__in=measures)
            .order_by("pk")
            .select_for_update(no_key=True)
            .values_list("pk")
        )
        _check_amounts(programme, moves, valid_from)
        changes: dict[int, int] = defaultdict(int)
        for move in moves:
            if move.from_measure:
                changes[move.from_measure.pk] -= move.amount_eur_cents
            if move.to_measure:
                changes[move.to_measure.pk] += move.amount_eur_cents
        for pk in sorted(changes):
            if changes[pk]:
                _shift(measures[pk], changes[pk], valid_from, reason, _reference(decision), by)
        return [_kept(programme, move, valid_from, decision, by, reason) for move in moves]


def _kept(
    programme: Programme, move: Move, valid_from: date, decision: Decision, by: Any, reason: str
) -> TargetMove:
    row = TargetMove(
        programme=programme, from_measure=move.from_measure, to_measure=move.to_measure,
        amount_eur_cents=move.amount_eur_cents, valid_from=valid_from, decision=decision, reason=reason,
    ).stamp(by)  # fmt: skip
    row.full_clean()
    row.save()
    return row


def _reference(decision: Decision) -> str:
    """Body, day and section as the version of a target keeps them."""
    body = plain_text(decision.body) if decision.body else ""
    section = f"§ {decision.section}" if decision.section else ""
    return ", ".join(
        part for part in (body, format_date(decision.decided_on), section, decision.case_number) if part
    )[:200]


def _check_amounts(programme: Programme, moves: Iterable[Move], day: date) -> None:
    """Refuses what is not there to be moved."""
    taken: dict[int | None, int] = defaultdict(int)
    for move in moves:
        taken[move.from_measure.pk if move.from_measure else None] += move.amount_eur_cents
    targets = measure_targets([pk for pk in taken if pk], programme, on=day)
    for pk, cents in taken.items():
        there = (never_allocated(programme, day) if pk is None else targets.get(pk)) or 0
        if not cents:
            raise ValidationError({"amount_eur_cents": _("Say how much moves.")})
        if cents * there <= 0 or abs(cents) > abs(there):
            raise ValidationError({"amount_eur_cents": _("There is not so much target there to be moved.")})


def never_allocated(programme: Programme, day: date) -> int | None:
    """The rung of the ladder that no measure has carried, as of a day; None without a stated target."""
    target = target_figures(programme, day)
    stages = dict(Measure.objects.filter(programme=programme).values_list("pk", "stage"))
    carried = measure_targets(stages, programme, on=day)
    return ladder(
        stated=target.stated, in_base=target.in_base,
        active=sum(cents for pk, cents in carried.items() if stages[pk] != Stage.WITHDRAWN),
        released=sum(cents for pk, cents in carried.items() if stages[pk] == Stage.WITHDRAWN),
    ).never_allocated  # fmt: skip


def _shift(measure: Measure, cents: int, day: date, reason: str, reference: str, by: Any) -> None:
    """The measure's target from the day on, larger or smaller by the amount.

    Several decisions of one day end in one version of that day. A value that is to begin later would undo the
    move, so it is dealt with first.
    """
    empty = MeasureTarget(programme_id=measure.programme_id, measure=measure)
    versions = list(versions_of(empty).select_for_update().order_by("pk"))
    if any(version.valid_from > day for version in versions):
        told = _("%(code)s already has a value that begins later. Take it away first, or choose a later day.")
        raise ValidationError({"valid_from": told % {"code": measure.code}})
    held = version_on(empty, day)
    value = (held.value_eur_cents if held else 0) + cents
    if held is not None and held.valid_from == day:
        held.value_eur_cents = value
        held.reason = f"{held.reason}\n{reason}".strip()
        held.decision_reference = reference
        held.stamp(by).save()
        return
    set_value(empty, NewValue({"value_eur_cents": value}, day, reason, reference), by=by)
