"""Illustrative people, money and change requests of the illustrative projects; one person is overloaded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from core.history import own_context
from core.periods import add_months, month_of
from programme.models import (
    ChangeRequest,
    FundingSource,
    Programme,
    Project,
    ProjectFinance,
    ProjectPerson,
)
from programme.projects.changes.services import Wanted, ask, decide

REASON = "illustrative people and money of projects"
#: Task, share of working time, whether it is somebody without an account, substitute's name.
TASKS = (
    ("Projektipäällikkö", "0.8", False, "Esimerkki Aino"),
    ("Muutosagentti", "0.5", True, ""),
    ("Asiantuntija", "0.3", True, "Esimerkki Matti"),
)
#: People without an account; each works in a few of the projects.
NAMES = ("Eero", "Liisa", "Kaarina", "Pekka", "Tuula", "Jari", "Leena", "Antti")
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
        written = _people(projects, people, programme.today()) + _money(programme, projects)
        return written + _changes(projects, people)


def _people(projects: Sequence[Project], people: Sequence[Any], today: date) -> int:
    """Every project but the last has people; the same manager works in the first three."""
    made = []
    for order, project in enumerate(projects[:-1] or projects):
        manager = project.manager or people[order % len(people)]
        for at, (task, share, is_other, substitute) in enumerate(TASKS[: 3 - order % 2]):
            name = f"Esimerkki {NAMES[(order * 2 + at) % len(NAMES)]}" if is_other else ""
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


def _changes(projects: Sequence[Project], people: Sequence[Any]) -> int:
    """A request that was accepted, and one that waits for a decision."""
    asked_by = projects[0].manager or people[0]
    other = next((one for one in people if one.pk != asked_by.pk), None)
    late = projects[0].milestones.filter(actual_on=None, baseline_on__isnull=False).order_by("-pk").first()
    wanted = []
    if late is not None and late.baseline_on is not None:
        wanted = [Wanted(milestone=late, new_on=late.baseline_on + timedelta(days=30))]
    first = ask(
        project=projects[0], by=asked_by, subject="Käyttöönotto siirtyy kuukaudella", is_scope=not wanted,
        reason="Toimittaja viivästyi (havainnollistava esimerkki).", wanted=wanted,
        effect="Säästöt alkavat kuukautta myöhemmin.",
    )  # fmt: skip
    if other is not None:
        day = projects[0].programme.today()
        decide(request=first, accept=True, by=other, on=day, answer="Sovittu ohjausryhmän kanssa.")
    second = ask(
        project=projects[-1], by=projects[-1].manager or asked_by, subject="Toinen yksikkö jätetään pois",
        is_scope=True, reason="Tilat eivät valmistu ajoissa (havainnollistava esimerkki).",
    )  # fmt: skip
    asked = timezone.make_aware(datetime.combine(projects[0].programme.today() - timedelta(days=9), time(12)))
    rows = ChangeRequest.objects.filter(pk__in=[first.pk, second.pk])
    return rows.update(is_illustrative=True, asked_at=asked)
