"""What waits for one person: measures with the last month claimed and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, OuterRef, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.periods import format_month, next_month, previous_month
from measures.models import Measure, SavingsEntry, Series, Stage
from programme.models import Programme

#: Stages in which money is expected to move.
WORKING = (Stage.DECIDED, Stage.IN_DELIVERY)


@dataclass(frozen=True)
class MyMeasure:
    """One measure of mine: the last month I claimed, and what the programme waits for."""

    measure: Measure
    programme: Programme
    last_claim: date | None
    tone: str
    step: str


def my_measures(user: Any, programmes: Sequence[Programme]) -> list[MyMeasure]:
    """Measures I own in the programmes I may see, those that wait first. One query."""
    if not programmes:
        return []
    by_id = {programme.pk: programme for programme in programmes}
    claims = (
        SavingsEntry.objects.filter(line__measure=OuterRef("pk"), series=Series.CLAIMED)
        .order_by()
        .values("line__measure")
        .annotate(last=Max("month"))
        .values("last")
    )
    rows = (
        Measure.objects.filter(owner=user, programme__in=by_id)
        .exclude(stage__in=[Stage.WITHDRAWN, Stage.CLOSED])
        .annotate(last_claim=Subquery(claims))
        .order_by("programme_id", "code")
    )
    mine = []
    for measure in rows:
        programme = by_id[measure.programme_id]
        tone, step = next_step(measure.stage, measure.last_claim, today=programme.today())
        mine.append(MyMeasure(measure, programme, measure.last_claim, tone, step))
    order = {"warn": 0, "info": 1, "ok": 2, "none": 3}
    return sorted(mine, key=lambda row: order[row.tone])


def next_step(stage: str, last_claim: date | None, *, today: date) -> tuple[str, str]:
    """Tone and words of what a measure waits for. The month that has ended is the one to be claimed."""
    due = previous_month(today.replace(day=1))
    if stage not in WORKING:
        step: str | Promise = {
            str(Stage.IDENTIFIED): _("Plan the months of the effect."),
            str(Stage.PLANNED): _("Prepare the decision."),
            str(Stage.ON_HOLD): _("On hold: nothing to update."),
        }.get(str(stage), "")
        return ("none" if stage == Stage.ON_HOLD else "info"), str(step)
    if last_claim is None:
        return "warn", str(_("Enter what was realised by %(month)s.")) % {"month": format_month(due)}
    if last_claim < due:
        return "warn", str(_("Enter what was realised from %(month)s on.")) % {
            "month": format_month(next_month(last_claim))
        }
    return "ok", str(_("Up to date."))
