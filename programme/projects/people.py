"""People of projects: their share of working time, who stands in, and the load of each over all projects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from core.history import own_context
from core.parameters import parameters_of
from core.periods import add_months, month_end, month_of
from programme.models import Programme, Project, ProjectPerson
from programme.projects.lights import thresholds

#: Months that the page of load shows, this one first.
MONTHS = 6


@dataclass(frozen=True, slots=True)
class Span:
    """A share (0..1) of somebody's working time from a day to a day; an open end is None."""

    share: Decimal
    first: date | None
    last: date | None

    def goes_on(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def load_on(spans: Iterable[Span], day: date) -> Decimal:
    """Share of working time that the spans take together on the day; 1 is full time."""
    return sum((span.share for span in spans if span.goes_on(day)), Decimal(0))


def peak(spans: Sequence[Span], first: date, last: date) -> Decimal:
    """The greatest load of any day between the two. It can rise only where a span begins."""
    begins = {first} | {
        span.first for span in spans if span.first is not None and first <= span.first <= last
    }
    return max(load_on(spans, day) for day in begins)


# --- people of a project ----------------------------------------------------------------------------------------


def name_of(person: ProjectPerson) -> str:
    return str(person.user or person.name)


def substitute_of(person: ProjectPerson) -> str:
    """Who stands in; empty when nobody does."""
    return str(person.substitute or person.substitute_name)


@dataclass(frozen=True)
class PersonLine:
    """A person of a project as the page shows it; `load` is over all projects, None without an account."""

    row: ProjectPerson
    name: str
    substitute: str
    lacks_substitute: bool
    load: Decimal | None
    is_overloaded: bool
    is_over: bool


def people_of(project: Project) -> list[PersonLine]:
    """The people of a project with their load today over all projects under way. Two statements."""
    today, limit = project.programme.today(), most(project.programme)
    rows = list(project.people.select_related("user", "substitute"))
    spans = spans_by_user(project.programme, {row.user_id for row in rows if row.user_id})
    return [_line(row, spans, today, limit) for row in rows]


def _line(row: ProjectPerson, spans: dict[int, list[Span]], today: date, limit: Decimal) -> PersonLine:
    substitute = substitute_of(row)
    is_over = row.ends_on is not None and row.ends_on < today
    load = load_on(spans[row.user_id], today) if row.user_id else None
    return PersonLine(
        row=row, name=name_of(row), substitute=substitute,
        lacks_substitute=row.needs_substitute and not substitute and not is_over,
        load=load, is_overloaded=load is not None and load > limit, is_over=is_over,
    )  # fmt: skip


def most(programme: Programme) -> Decimal:
    """Share of working time above which somebody is overloaded."""
    return parameters_of(programme)[thresholds.LOAD_YELLOW]


def _under_way(programme: Programme) -> Any:
    rows = ProjectPerson.objects.filter(programme=programme)
    return rows.exclude(project__state__in=[Project.State.DONE, Project.State.STOPPED])


def spans_by_user(programme: Programme, users: Iterable[int]) -> dict[int, list[Span]]:
    """What those people do in projects that are under way or planned. One statement."""
    found: dict[int, list[Span]] = defaultdict(list)
    rows = _under_way(programme).filter(user__in=list(users)).order_by()
    for user, share, first, last in rows.values_list("user", "share", "starts_on", "ends_on"):
        found[user].append(Span(share, first, last))
    return found


# --- load over projects -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MonthLoad:
    """The greatest load of a month."""

    month: date
    load: Decimal
    is_overloaded: bool


@dataclass(frozen=True)
class LoadLine:
    """Somebody's work in projects, and how much of their time it takes in the months to come."""

    name: str
    works: list[ProjectPerson]
    months: list[MonthLoad]

    @property
    def is_overloaded(self) -> bool:
        return any(one.is_overloaded for one in self.months)


def months_of(today: date) -> list[date]:
    """The months of the page, as their first days."""
    first = month_of(today)
    return [add_months(first, count) for count in range(MONTHS)]


def load_of(programme: Programme) -> list[LoadLine]:
    """Everybody who works in projects under way, the overloaded first. One statement.

    People without an account are told apart by their names.
    """
    months, limit = months_of(programme.today()), most(programme)
    works: dict[Any, list[ProjectPerson]] = defaultdict(list)
    for row in _under_way(programme).select_related("user", "substitute", "project__theme").order_by("id"):
        if row.ends_on is None or row.ends_on >= months[0]:
            works[row.user_id or row.name.strip().casefold()].append(row)
    lines = [LoadLine(name_of(rows[0]), rows, _monthly(rows, months, limit)) for rows in works.values()]
    return sorted(lines, key=lambda line: (-max(one.load for one in line.months), line.name.casefold()))


def _monthly(rows: Sequence[ProjectPerson], months: Sequence[date], limit: Decimal) -> list[MonthLoad]:
    spans = [Span(row.share, row.starts_on, row.ends_on) for row in rows]
    found = []
    for month in months:
        load = peak(spans, month, month_end(month))
        found.append(MonthLoad(month, load, load > limit))
    return found


def take_off(person: ProjectPerson, by: Any) -> None:
    """Takes somebody out of a project who was never in it; who stops gets a last day instead."""
    with transaction.atomic(), own_context(user=by.pk):
        person.delete()
