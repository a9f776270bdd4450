"""Illustrative people and money of the illustrative projects; some lack a substitute, one person is overloaded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from core.history import own_context
from core.periods import add_months, month_of
from programme.models import FundingSource, Programme, Project, ProjectFinance, ProjectPerson

REASON = "illustrative people and money of projects"
#: Task, share of working time, name without an account (empty: the next of the demo's people), substitute's name.
TASKS = (
    ("Projektipäällikkö", "0.8", "", "Esimerkki Aino"),
    ("Muutosagentti", "0.5", "Esimerkki Eero", ""),
    ("Asiantuntija", "0.3", "Esimerkki Liisa", "Esimerkki Matti"),
)
#: EUR cents of a year: budget, and the share of it that is spent and foreseen.
YEARS = ((12_000_000, "0.62", "0.97"), (8_500_000, "0.70", "1.08"), (4_000_000, "0.35", "0.80"))


def write_resources(programme: Programme) -> int:
    """How many rows were written; 0 where there are some already, or no illustrative projects."""
    rows = ProjectPerson.objects.filter(programme=programme)
    projects = list(Project.objects.filter(programme=programme, is_illustrative=True).order_by("pk"))
    if rows.exists() or not projects:
        return 0
    people = list(get_user_model().objects.filter(grants__programme=programme).distinct().order_by("pk"))
    if not people:
        return 0
    with transaction.atomic(), own_context(user=people[0].pk, reason=REASON):
        return _people(projects, people, programme.today()) + _money(programme, projects)


def _people(projects: Sequence[Project], people: Sequence[Any], today: date) -> int:
    """Every project but the last has people; the same manager works in the first three."""
    made = []
    for order, project in enumerate(projects[:-1] or projects):
        manager = project.manager or people[order % len(people)]
        for task, share, name, substitute in TASKS[: 3 - order % 2]:
            made.append(
                ProjectPerson(
                    programme_id=project.programme_id, project=project, user=None if name else manager, name=name,
                    task=task, share=Decimal(share) if name else Decimal("0.45"), substitute_name=substitute,
                    starts_on=project.starts_on or today - timedelta(days=90), ends_on=project.ends_on,
                    is_illustrative=True,
                )
            )  # fmt: skip
    return len(ProjectPerson.objects.bulk_create(made))


def _money(programme: Programme, projects: Sequence[Project]) -> int:
    source = FundingSource.objects.filter(programme=programme).order_by("pk").first()
    today = programme.today()
    through = add_months(month_of(today), -2)
    made = [
        ProjectFinance(
            programme=programme, project=project, source=source if order % 2 else None, year=through.year,
            budget_eur_cents=budget, actual_eur_cents=int(budget * Decimal(spent)), actual_through=through,
            forecast_eur_cents=int(budget * Decimal(foreseen)) if order != 2 else None, is_illustrative=True,
        )
        for order, project in enumerate(projects)
        for budget, spent, foreseen in (YEARS[order % len(YEARS)],)
    ]  # fmt: skip
    return len(ProjectFinance.objects.bulk_create(made, ignore_conflicts=True))
