"""Overlaps between measures (R5) and the withdrawal of a measure (R6, R9)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.db import retrying
from measures.models import Measure, Overlap, SavingsEntry, SavingsLine, Series, Stage
from measures.services.common import CHANGED, because, refuse


@retrying
def declare_overlap(
    *, yielding_line: SavingsLine, other_line: SavingsLine, amount_eur_cents: int, first_month: date, by: Any,
    last_month: date | None = None, reason: str = "",
) -> Overlap:  # fmt: skip
    """Declares that two lines count the same euros: the yielding one gives up the amount each month (R5).

    At most the smaller of the two plans in every month in which both have one.
    """
    with transaction.atomic(), because(by, reason):
        if yielding_line.programme_id != other_line.programme_id:
            refuse("other_programme", _("The lines belong to different programmes."))
        for mine, theirs in _planned_together(yielding_line, other_line, first_month, last_month):
            smaller = min(-mine, -theirs) if amount_eur_cents < 0 else min(mine, theirs)
            if abs(amount_eur_cents) > max(0, smaller):
                refuse("too_large", _("An overlap is at most the smaller of the two effects."))
        overlap = Overlap(
            programme_id=yielding_line.programme_id, yielding_line=yielding_line, other_line=other_line,
            amount_eur_cents=amount_eur_cents, first_month=first_month, last_month=last_month, reason=reason,
        ).stamp(by)  # fmt: skip
        overlap.full_clean()
        overlap.save()
        return overlap


def _planned_together(
    first: SavingsLine, second: SavingsLine, first_month: date, last_month: date | None
) -> list[tuple[int, int]]:
    plans: list[dict[date, int]] = []
    for line in (first, second):
        rows = SavingsEntry.objects.filter(
            programme_id=line.programme_id, line=line, series=Series.PLAN, month__gte=first_month
        )
        if last_month is not None:
            rows = rows.filter(month__lte=last_month)
        plans.append(dict(rows.values_list("month", "amount_eur_cents")))
    return [(plans[0][month], plans[1][month]) for month in plans[0].keys() & plans[1].keys()]


@retrying
def withdraw_measure(
    *, measure: Measure, by: Any, on: date, from_month: date, reason: str, version: int | None = None
) -> Measure:
    """Withdraws a measure from a month on; its target is released, facts before stay as one-offs (R6, R9).

    `version` is that of the measure as the person saw it: one that moved meanwhile is refused.
    """
    if not reason.strip():
        refuse("no_reason", _("Give the reason."))
    with transaction.atomic(), because(by, reason):
        row = Measure.objects.select_for_update().get(pk=measure.pk)
        if row.stage == Stage.WITHDRAWN:
            refuse("withdrawn", _("This measure is withdrawn already."))
        if version is not None and row.version != version:
            told = _("The measure was changed after you opened the page; its stage is now “%(stage)s”.")
            refuse(CHANGED, told % {"stage": row.get_stage_display()})
        row.stage, row.withdrawn_on, row.withdrawn_from = Stage.WITHDRAWN, on, from_month
        row.stamp(by).full_clean()
        row.save()
        return row
