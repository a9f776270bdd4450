"""Illustrative amounts in budgets, and what has to go before illustrative measures can."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from core.bulk import BulkWriter
from measures.demo.rows import insert
from measures.models import BudgetShare, Stage, Succession, TargetMove
from measures.portfolio_drafts import Calendar, Draft
from programme.models import Programme

#: Stages whose measures a budget has taken in, and how much of the year's plan, in tenths.
TAKEN = {Stage.IN_DELIVERY: 9, Stage.DECIDED: 6}
THOUSAND_EUROS = 100_000


def write_shares(
    writer: BulkWriter, programme: Programme, drafts: Sequence[Draft], calendar: Calendar
) -> None:
    """What the budgets to the status year have taken in of measures that were decided, to 1 000 euros."""
    years = range(programme.start_year, calendar.today.year + 1)
    insert(writer, BudgetShare, [
        {
            "programme": programme.pk, "measure": draft.id, "line": line.id, "year": year,
            "amount_eur_cents": cents // THOUSAND_EUROS * THOUSAND_EUROS,
        }
        for draft in drafts
        for line in draft.lines
        for year in years
        if draft.stage in TAKEN
        and (cents := _planned(line.plan, calendar, year) * TAKEN[Stage(draft.stage)] // 10)
    ])  # fmt: skip


def _planned(plan: Sequence[int | None], calendar: Calendar, year: int) -> int:
    return sum(cents or 0 for cents, month in zip(plan, calendar.months, strict=True) if month.year == year)


def forget_ladder(programme: Programme) -> None:
    """Takes away target moves and successions of illustrative measures: they hold on to them."""
    for model in (TargetMove, Succession):
        touched = Q(from_measure__is_illustrative=True) | Q(to_measure__is_illustrative=True)
        model._default_manager.filter(touched, programme=programme).delete()
