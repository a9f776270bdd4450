"""What waits for somebody: obstacles, milestones and the big room before. A few counts, each asked once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce

from core.periods import month_of
from programme.models import Milestone, Programme
from reporting.lights import Attention
from reporting.models import StatusView
from risks.models import Obstacle

#: Obstacles named one by one on the board.
NAMED = 3
#: Days back that count as new when there is no big room before.
DAYS = 30
_KEPT = 24 * 3600


@dataclass(frozen=True)
class Before:
    """The frozen view of an earlier month: its day and its figures in cents by reference."""

    month: date
    as_of: date
    figures: Mapping[str, int | None] = field(default_factory=dict)

    def starting(self, beginning: str) -> int | None:
        """The figure whose reference begins so; its end names a month that moves."""
        return next((cents for ref, cents in self.figures.items() if ref.startswith(beginning)), None)


@dataclass
class Waiting:
    """The programme's open ends on a day."""

    programme: Programme
    on: date

    @cached_property
    def before(self) -> Before | None:
        """The latest frozen view of a month before this one."""
        view = (
            StatusView.objects.filter(
                programme=self.programme, state=StatusView.State.FROZEN, month__lt=month_of(self.on)
            )
            .defer("document")
            .order_by("-month", "-revision")
            .first()
        )
        if view is None:
            return None
        return Before(view.month, view.as_of, _figures_of(view))

    @property
    def since(self) -> date:
        return self.before.as_of if self.before else self.on - timedelta(days=DAYS)

    @property
    def _open_obstacles(self) -> Any:
        return Obstacle.objects.filter(programme=self.programme, raised_on__lte=self.on).exclude(
            Q(closed_on__lte=self.on) | Q(decided_on__lte=self.on)
        )

    @cached_property
    def obstacles(self) -> list[Obstacle]:
        """The most pressing: what is past its time first, then the oldest."""
        return list(
            self._open_obstacles.select_related("measure").order_by(
                F("due_on").asc(nulls_last=True), "raised_on", "id"
            )[:NAMED]
        )

    @cached_property
    def by_theme(self) -> dict[int | None, Attention]:
        """Open obstacles and milestones of each theme; those of no theme under None."""
        obstacles = {row["measure__goal__theme"]: row for row in self._obstacle_counts}
        milestones = {row["project__theme"]: row for row in self._milestone_counts}
        return {
            theme: Attention(
                milestones=milestones.get(theme, {}).get("unfinished", 0),
                late=milestones.get(theme, {}).get("late", 0),
                moved=milestones.get(theme, {}).get("moved", 0),
                obstacles=obstacles.get(theme, {}).get("waiting", 0),
                overdue=obstacles.get(theme, {}).get("overdue", 0),
            )
            for theme in {*obstacles, *milestones}
        }

    @cached_property
    def _obstacle_counts(self) -> list[dict[str, Any]]:
        return list(
            self._open_obstacles.order_by()
            .values("measure__goal__theme")
            .annotate(
                waiting=Count("pk"),
                overdue=Count("pk", filter=Q(due_on__lt=self.on)),
                new=Count("pk", filter=Q(raised_on__gt=self.since)),
            )
        )

    @cached_property
    def _milestone_counts(self) -> list[dict[str, Any]]:
        done = Q(actual_on__lte=self.on)
        open_still = ~done | Q(actual_on__isnull=True)
        counted: Any = (
            Milestone.objects.filter(programme=self.programme)
            .order_by()
            .annotate(due_on=Coalesce("forecast_on", "baseline_on"))
            .values("project__theme")
            .annotate(
                unfinished=Count("pk", filter=open_still),
                late=Count("pk", filter=open_still & Q(due_on__lt=self.on)),
                moved=Count("pk", filter=open_still & Q(forecast_on__gt=F("baseline_on"))),
                reached=Count("pk", filter=done & Q(actual_on__gt=self.since)),
            )
        )
        return list(counted)

    @property
    def open_obstacles(self) -> int:
        return sum(row["waiting"] for row in self._obstacle_counts)

    @property
    def new_obstacles(self) -> int:
        return sum(row["new"] for row in self._obstacle_counts)

    @property
    def reached_milestones(self) -> int:
        return sum(row["reached"] for row in self._milestone_counts)


def _figures_of(view: StatusView) -> dict[str, int | None]:
    """The programme's own figures of a frozen document: it never changes, so it is read once."""
    key = f"frozen.{view.sha256}"
    kept = cache.get(key)
    if kept is None:
        figures = json.loads(view.document).get("figures", {})
        kept = {ref: one.get("cents") for ref, one in figures.items() if ".programme." in ref}
        cache.set(key, kept, _KEPT)
    return dict(kept)
