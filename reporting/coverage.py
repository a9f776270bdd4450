"""Goals against sectors: where measures exist and where nothing does."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from measures.models import SavingsLine, Stage
from programme.models import Goal, Programme, Sector


@dataclass(frozen=True)
class Row:
    """One goal with its measures in each sector, in the order of the sectors."""

    goal: Goal
    counts: list[tuple[Sector, int]]

    @property
    def is_empty(self) -> bool:
        return not any(count for _sector, count in self.counts)


@dataclass(frozen=True)
class Coverage:
    """Sectors across, goals down. A measure counts once in each sector where it has a line."""

    sectors: list[Sector]
    rows: list[Row]

    @property
    def empty(self) -> int:
        """Combinations in which nothing exists."""
        return sum(1 for row in self.rows for _sector, count in row.counts if not count)

    @property
    def combinations(self) -> int:
        return len(self.rows) * len(self.sectors)


def coverage_of(programme: Programme) -> Coverage:
    """Measures that are not withdrawn, by the goal that carries their money and by sector. Three queries."""
    sectors = list(Sector.objects.filter(programme=programme).order_by("position"))
    goals = list(
        Goal.objects.filter(programme=programme)
        .select_related("theme", "parent")
        .order_by("theme__number", "parent__number", "number")
    )
    found = (
        SavingsLine.objects.filter(programme=programme)
        .exclude(measure__stage=Stage.WITHDRAWN)
        .values("goal_id", "sector_id")
        .annotate(measures=Count("measure_id", distinct=True))
        .order_by()
    )
    counts = {(row["goal_id"], row["sector_id"]): row["measures"] for row in found}
    with_parts = {goal.parent_id for goal in goals if goal.parent_id}
    rows = [
        Row(goal, [(sector, counts.get((goal.pk, sector.pk), 0)) for sector in sectors])
        for goal in goals
        if goal.pk not in with_parts or any(counts.get((goal.pk, sector.pk)) for sector in sectors)
    ]
    return Coverage(sectors, rows)
