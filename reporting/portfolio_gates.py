"""Illustrative decisions: measures that wait at gates, one change of a locked plan, decisions of the past."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q, Sum

from accounts.models import Notification
from kpis.models import Indicator, MeasureIndicator
from measures.gate_defaults import default_gates
from measures.models import GateDecision, Measure, Series, Stage
from measures.plan_changes import shifted
from measures.portfolio_drafts import Calendar
from measures.selectors.gates import plan_gate
from measures.services import locked_measures
from measures.services.gates import ask_gate
from measures.services.plan_changes import ask_plan_change, plan_of
from programme.models import Programme
from risks.impact.groups import make_groups
from risks.models import (
    AffectedGroup,
    GroupEffect,
    ImpactArea,
    ImpactAssessment,
    Promise,
    PromiseCheck,
    Risk,
    RiskCheck,
    StaffHearing,
)

#: Measures that get decisions of the past; a programme made for measuring speed has thousands.
PAST = 150
FURTHER = (Stage.DECIDED, Stage.IN_DELIVERY, Stage.CLOSED)
NEGATIVE = "Palvelupiste harvenee reuna-alueella (havainnollistava)."
MITIGATION = "Kotiin vietävä palvelu ja kuljetus korvaavat (havainnollistava)."
HEARD = "Yksikön kokous (havainnollistava)"
NOTE = "Suunnitelma on valmis päätettäväksi (havainnollistava)."
CHANGE = "Kilpailutus siirtyi: vaikutus alkaa kolme kuukautta myöhemmin (havainnollistava)."


def write_decisions(programme: Programme, calendar: Calendar) -> int:
    """Writes the illustrative decisions; how many rows. The demonstration accounts ask where they are there."""
    default_gates(programme)
    people = {row.username: row for row in get_user_model().objects.filter(is_demo=True)}
    own = Measure.objects.filter(programme=programme, is_illustrative=True).select_related("goal")
    count = _past(programme, own, calendar, people)
    planned = list(own.filter(stage=Stage.PLANNED).order_by("code")[:3])
    for number, measure in enumerate(planned):
        measure.programme = programme
        _fill(measure, people.get("measure"))
        _hold_against(measure, is_negative=number == 1)
        count += number != 1 and _ask(measure, people.get("pmo"))
    for measure in own.filter(stage=Stage.IDENTIFIED, goal__theme__key="digi").order_by("code")[:1]:
        measure.programme = programme
        _fill(measure, people.get("measure"))
        count += _ask(measure, people.get("measure"))
    return count + _change(programme, own, people.get("pmo"))


def forget_decisions(programme: Programme) -> None:
    """Takes away the notices about illustrative measures; the rest goes with the measures."""
    codes = Measure.objects.filter(programme=programme, is_illustrative=True).values_list("code", flat=True)
    Notification.objects.filter(programme=programme, params__code__in=list(codes)).delete()


def _past(programme: Programme, own: Any, calendar: Calendar, people: dict[str, Any]) -> int:
    """The decisions that brought measures where they are, and one that was refused."""
    gate = plan_gate(programme)
    if gate is None:
        return 0
    by = people.get(gate.deciding_role)
    rows = []
    for at, measure in enumerate(own.filter(stage__in=FURTHER).order_by("code")[:PAST]):
        day = min(measure.starts_on or calendar.today, calendar.today) - timedelta(days=30 + at % 20)
        row = GateDecision(
            programme=programme, measure=measure, from_stage=Stage.PLANNED, to_stage=Stage.DECIDED,
            state=GateDecision.State.APPROVED, decided_on=day, decided_by=by,
        )  # fmt: skip
        if at == 0:
            rows.append(
                GateDecision(
                    programme=programme, measure=measure, from_stage=Stage.PLANNED, to_stage=Stage.DECIDED,
                    state=GateDecision.State.REFUSED, decided_on=day - timedelta(days=28), decided_by=by,
                    reason="Sijainti ja aikataulu puuttuivat (havainnollistava).",
                )
            )  # fmt: skip
        rows.append(row)
    GateDecision.objects.bulk_create(rows)
    return len(rows)


def _fill(measure: Measure, owner: Any) -> None:
    """What a measure needs at the gate: an owner, people, an indicator."""
    changed = {
        "resources": measure.resources or "Projektipäällikkö 20 %, asiantuntija 40 % (havainnollistava)"
    }
    if measure.owner_id is None and owner is not None:
        changed["owner"] = owner
    Measure.objects.filter(pk=measure.pk).update(**changed)
    measure.refresh_from_db()
    indicator = Indicator.objects.filter(programme=measure.programme).first()
    if indicator is not None:
        MeasureIndicator.objects.get_or_create(
            programme=measure.programme, measure=measure, indicator=indicator
        )


def _hold_against(measure: Measure, *, is_negative: bool) -> None:
    """Every risk, promise and impact answered; the first promise negative where asked for."""
    programme = measure.programme
    RiskCheck.objects.bulk_create(
        RiskCheck(
            programme=programme, measure=measure, risk=risk,
            answer="concerns" if at % 3 == 0 else "not_concerned",
        )
        for at, risk in enumerate(Risk.objects.filter(programme=programme))
    )  # fmt: skip
    PromiseCheck.objects.bulk_create(
        PromiseCheck(
            programme=programme, measure=measure, promise=promise,
            answer="negative" if is_negative and at == 0 else "ok",
            text=NEGATIVE if is_negative and at == 0 else "",
            mitigation=MITIGATION if is_negative and at == 0 else "",
        )
        for at, promise in enumerate(Promise.objects.filter(programme=programme))
    )  # fmt: skip
    ImpactAssessment.objects.bulk_create(
        ImpactAssessment(
            programme=programme, measure=measure, area=area, answer="positive" if at % 2 else "neutral"
        )
        for at, area in enumerate(ImpactArea.objects.filter(programme=programme))
    )
    make_groups(programme)
    GroupEffect.objects.bulk_create(
        GroupEffect(programme=programme, measure=measure, group=group, answer="neutral")
        for group in AffectedGroup.objects.filter(programme=programme)
    )
    StaffHearing.objects.create(
        programme=programme, measure=measure, heard_on=programme.today() - timedelta(days=20), form=HEARD
    )


def _ask(measure: Measure, by: Any) -> bool:
    """Whether the decision was asked for; a measure that lacks something is left as it is."""
    try:
        ask_gate(measure=measure, by=by, note=NOTE)
    except ValidationError:
        return False
    return True


def _change(programme: Programme, own: Any, by: Any) -> int:
    """One plan that is asked to begin three months later: the locked one that saves most."""
    candidates = own.filter(stage=Stage.IN_DELIVERY)
    locked = locked_measures(candidates.values_list("pk", flat=True))
    total = Sum("lines__entries__amount_eur_cents", filter=Q(lines__entries__series=Series.PLAN))
    measure = candidates.filter(pk__in=locked).annotate(total=total).order_by("total", "code").first()
    if measure is None:
        return 0
    measure.programme = programme
    plan = plan_of(measure)
    if not plan:
        return 0
    last = max(month for _line, month in plan)
    new: dict[Any, int | None] = {}
    for line in {line for line, _month in plan}:
        own_months = {month: cents for (pk, month), cents in plan.items() if pk == line}
        moved = shifted(own_months, later=3, percent=Decimal(0), last=last)
        new |= {(line, month): moved.get(month) for month in {*own_months, *moved}}
    ask_plan_change(measure=measure, new=new, seen=plan, reason=CHANGE, by=by)
    return 1
