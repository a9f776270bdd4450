"""Money of projects: budget, actual and forecast by source and year, and how they stand together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core.history import own_context
from programme.models import Programme, Project, ProjectFinance


@dataclass(frozen=True, slots=True)
class Money:
    """Budget, actual and forecast in EUR cents, costs positive; unknown is None and never zero.

    `is_part` says that an actual or a forecast of some row is unknown, so that the sum is of the known ones.
    """

    budget: int
    actual: int | None
    forecast: int | None
    actual_is_part: bool = False
    forecast_is_part: bool = False

    @property
    def difference(self) -> int | None:
        """Forecast less budget; above zero more is spent than was granted. None unless every forecast is known."""
        return None if self.forecast is None or self.forecast_is_part else self.forecast - self.budget


def together(rows: Iterable[Money]) -> Money:
    """The sum of rows; a sum with unknown parts says so."""
    held = list(rows)
    actual = [row.actual for row in held if row.actual is not None]
    forecast = [row.forecast for row in held if row.forecast is not None]
    return Money(
        budget=sum(row.budget for row in held),
        actual=sum(actual) if actual else None,
        forecast=sum(forecast) if forecast else None,
        actual_is_part=0 < len(actual) < len(held) or any(row.actual_is_part for row in held),
        forecast_is_part=0 < len(forecast) < len(held) or any(row.forecast_is_part for row in held),
    )


def money_of(row: ProjectFinance) -> Money:
    return Money(row.budget_eur_cents, row.actual_eur_cents, row.forecast_eur_cents)


@dataclass(frozen=True)
class FinanceLine:
    """One year's money from one source, as the page shows it."""

    row: ProjectFinance
    money: Money


def finances_of(project: Project) -> tuple[list[FinanceLine], Money | None]:
    """The rows of a project with their sum; no sum without rows. One statement."""
    rows = project.finances.select_related("source").order_by("year", "source__position", "id")
    lines = [FinanceLine(row, money_of(row)) for row in rows]
    return lines, together(line.money for line in lines) if lines else None


@dataclass(frozen=True)
class ProjectMoney:
    """A project's money of all years together."""

    project: Project
    money: Money


def money_by_project(programme: Programme) -> tuple[list[ProjectMoney], Money | None]:
    """Projects that have money, by their names, and everything together. One statement."""
    by: dict[int, list[ProjectFinance]] = {}
    rows = ProjectFinance.objects.filter(programme=programme).select_related("project__theme", "source")
    for row in rows.order_by("project__name_fi", "project", "year"):
        by.setdefault(row.project_id, []).append(row)
    found = [ProjectMoney(held[0].project, together(money_of(row) for row in held)) for held in by.values()]
    return found, together(one.money for one in found) if found else None


def remove_finance(row: ProjectFinance, by: Any) -> None:
    """Takes a year's money away that no change request moves; the history keeps it."""
    with transaction.atomic(), own_context(user=by.pk):
        row.delete()
