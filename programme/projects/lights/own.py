"""Schedule, project money and people: the lights that the programme app computes itself, for many projects at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, Sum

from core.parameters import parameters_of
from core.text import LANGUAGES
from programme.models import Dimension, Milestone, Programme, Project, ProjectFinance, ProjectPerson
from programme.projects.lights import thresholds as at
from programme.projects.lights.calculations import (
    Computed,
    PeopleLimits,
    PersonNow,
    Planned,
    ScheduleLimits,
    YearMoney,
    money_light,
    people_light,
    schedule_light,
)
from programme.projects.lights.registry import pushed_of, register_light


def names_of(row: Any) -> dict[str, str]:
    """The names of a row by language, as stored beside a code; a sentence in one language is never stored."""
    return {code: name for code in LANGUAGES if (name := getattr(row, f"name_{code}"))}


def schedule(programme: Programme, projects: Sequence[Project]) -> dict[int, Computed]:
    """By milestones and by the end of each project against its first plan. One statement and those of the links."""
    held, today = parameters_of(programme), programme.today()
    limits = ScheduleLimits(
        held[at.SLIP_YELLOW], held[at.SLIP_RED], held[at.OVERDUE_YELLOW], held[at.OVERDUE_RED]
    )
    rows: dict[int, list[Planned]] = defaultdict(list)
    for row in Milestone.objects.filter(project__in=[one.pk for one in projects]):
        rows[row.project_id].append(Planned(names_of(row), row.baseline_on, row.forecast_on, row.actual_on))
    for project in projects:
        if project.baseline_ends_on and project.ends_on and project.closed_on is None:
            rows[project.pk].append(Planned(names_of(project), project.baseline_ends_on, project.ends_on))
    pushed = pushed_of(programme, projects)
    return {one.pk: schedule_light(rows[one.pk], today, limits, pushed.get(one.pk)) for one in projects}


def money(programme: Programme, projects: Sequence[Project]) -> dict[int, Computed]:
    """By the finances of all years and sources. One statement."""
    held = parameters_of(programme)
    rows: dict[int, list[YearMoney]] = defaultdict(list)
    for row in ProjectFinance.objects.filter(project__in=[one.pk for one in projects]):
        rows[row.project_id].append(
            YearMoney(row.budget_eur_cents, row.forecast_eur_cents, row.actual_eur_cents)
        )
    return {
        one.pk: money_light(
            rows[one.pk], yellow_percent=held[at.MONEY_YELLOW], red_percent=held[at.MONEY_RED]
        )
        for one in projects
    }


def working_on(day: dt.date) -> Q:
    """People whose work in a project goes on that day."""
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=day)
    return begun & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def people(programme: Programme, projects: Sequence[Project]) -> dict[int, Computed]:
    """By who works in the projects today, and their load over all projects under way. Two statements."""
    held, today = parameters_of(programme), programme.today()
    limits = PeopleLimits(
        held[at.LACKING_YELLOW],
        held[at.LACKING_RED],
        held[at.LOAD_YELLOW],
        held[at.LOAD_RED],
        held[at.NOBODY],
    )
    now = ProjectPerson.objects.filter(working_on(today), programme=programme)
    under_way = now.filter(user__isnull=False).exclude(
        project__state__in=[Project.State.DONE, Project.State.STOPPED]
    )
    loads = dict(under_way.order_by().values_list("user").annotate(total=Sum(F("share"))))
    rows: dict[int, list[PersonNow]] = defaultdict(list)
    for row in now.filter(project__in=[one.pk for one in projects]).select_related("user"):
        name = str(row.user or row.name)
        lacks = row.needs_substitute and row.substitute_id is None and not row.substitute_name
        load = max(row.share, loads.get(row.user_id, Decimal(0)))
        rows[row.project_id].append(PersonNow(name, lacks, load))
    return {one.pk: people_light(rows[one.pk], limits) for one in projects}


register_light(Dimension.SCHEDULE, schedule)
register_light(Dimension.MONEY, money)
register_light(Dimension.RESOURCES, people)
