"""Illustrative use of funding: what the illustrative measures of each allocation's goals have cost so far."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from core.bulk import BulkWriter
from core.periods import month_end
from measures.demo.rows import insert
from measures.models import Spending
from measures.portfolio_drafts import Calendar, Draft
from programme.models import Allocation, AllocationGoal, Programme

#: Of the higher end of its share, each allocation has used so many thousandths in each month in turn.
PACE = (4, 9, 14, 22, 17, 26, 31, 12)


def write_spending(writer: BulkWriter, programme: Programme, drafts: list[Draft], calendar: Calendar) -> int:
    """One use a month of every allocation that is not reserved, up to the last closed month; the rows written."""
    goals: dict[int, list[int]] = defaultdict(list)
    for allocation, goal in AllocationGoal.objects.filter(programme=programme).values_list(
        "allocation", "goal"
    ):
        goals[allocation].append(goal)
    allocations = Allocation.objects.filter(programme=programme, state=Allocation.State.PLANNED)
    rows = []
    for turn, row in enumerate(allocations.select_related("source", "theme")):
        served = [draft.id for draft in drafts if draft.goal.pk in goals[row.pk]] or [
            draft.id for draft in drafts if draft.goal.theme_id == row.theme_id
        ]
        for at, month in enumerate(calendar.months[: calendar.closed]):
            if row.high_eur_cents and served:
                share = PACE[(at + turn) % len(PACE)]
                rows.append(
                    {
                        "programme": programme.pk, "source": row.source_id, "allocation": row.pk,
                        "measure": served[at % len(served)], "month": month,
                        "amount_eur_cents": row.high_eur_cents // 100 * share // 1000 * 100,
                        "booked_on": month_end(month) + timedelta(days=12), "is_illustrative": True,
                    }
                )  # fmt: skip
    insert(writer, Spending, rows)
    return len(rows)
