"""Illustrative links between the illustrative projects, with one delay that goes down a chain of three.

Nothing here comes from the county: rows are marked so. Written once for a programme that has none; what people
change afterwards stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction

from core.history import own_context
from programme.models import Dependency, Milestone, Programme

REASON = "illustrative links"
#: Links that can be kept, and the days by which the first of the chain is late.
LINKS, LATE_DAYS = 10, 40
#: The last steps of each project stand on the roadmap.
ON_ROADMAP = ("vaihe-3", "vaihe-4")
GAP, NOTE = 14, "Käyttöönotto tarvitsee edeltävän vaiheen koulutetun henkilöstön"


def write_schedule(programme: Programme) -> int:
    """How many links were written; 0 where there are some, or no illustrative milestones."""
    if Dependency.objects.filter(programme=programme).exists():
        return 0
    rows = Milestone.objects.filter(programme=programme, is_illustrative=True, project__is_illustrative=True)
    milestones = sorted(rows.select_related("project"), key=lambda row: (_expected(row), row.pk))
    if not milestones:
        return 0
    with transaction.atomic(), own_context(reason=REASON):
        rows.filter(key__in=ON_ROADMAP).update(is_on_roadmap=True)
        _give_owners(programme, milestones)
        return _link(programme, milestones)


def _give_owners(programme: Programme, milestones: Sequence[Milestone]) -> None:
    """The demo's project manager and measure owner answer for every other milestone that is to come."""
    people = list(
        get_user_model()
        .objects.filter(username__in=("project", "measure"), grants__programme=programme)
        .distinct()
        .order_by("username")
    )
    for at, row in enumerate(milestones):
        if people and row.actual_on is None:
            Milestone.objects.filter(pk=row.pk).update(owner=people[at % len(people)])


def _link(programme: Programme, milestones: Sequence[Milestone]) -> int:
    ahead = [row for row in milestones if row.actual_on is None]
    chain = _chain(ahead)
    pairs = list(zip(chain[1:], chain, strict=False))
    taken = {row.project_id for row in chain}
    waiting: set[int] = set()
    for what in milestones:
        if len(pairs) >= LINKS + len(chain) - 1:
            break
        free = [
            row for row in ahead if row.pk not in waiting
        ]  # nobody waits for more than one: easier to read
        who = _next(free, what, chain, days=200)
        if who is not None and what.project_id not in taken:
            waiting.add(who.pk)
            pairs.append((who, what))
    if chain:  # the delay itself
        first, second = chain[0], chain[1]
        Milestone.objects.filter(pk=first.pk).update(
            forecast_on=_expected(second) + timedelta(days=LATE_DAYS)
        )
    made = [
        Dependency(
            programme=programme, project=who.project, milestone=who, on_project=what.project, on_milestone=what,
            gap_days=GAP if at % 3 == 0 else 0, note=NOTE if at == 0 else "", is_illustrative=True,
        )
        for at, (who, what) in enumerate(dict.fromkeys(pairs))
    ]  # fmt: skip
    return len(Dependency.objects.bulk_create(made, ignore_conflicts=True))


def _chain(ahead: Sequence[Milestone]) -> list[Milestone]:
    """Three milestones of three projects, each soon after the one before; fewer where there are none: then empty."""
    for first in ahead:
        chain = [first]
        while len(chain) < 3:
            found = _next(ahead, chain[-1], chain, days=60)
            if found is None:
                break
            chain.append(found)
        else:
            return chain
    return []


def _next(
    ahead: Sequence[Milestone], what: Milestone, without: Sequence[Milestone], *, days: int
) -> Milestone | None:
    """The first milestone of another project that comes two weeks after `what` or later, within the days."""
    used = {row.project_id for row in without} | {what.project_id}
    begin, end = _expected(what) + timedelta(days=GAP), _expected(what) + timedelta(days=days)
    return next((row for row in ahead if row.project_id not in used and begin <= _expected(row) <= end), None)


def _expected(row: Milestone) -> date:
    day = row.actual_on or row.forecast_on or row.baseline_on
    return day if day is not None else date.max
