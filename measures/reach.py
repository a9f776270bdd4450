"""Which measures a person may act on, as a condition of a query: for lists, where asking row by row costs too much."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q

from core.permissions import ACTIONS, OWN, PROGRAMME, can, grants_of, possible_now
from measures.models import Measure, MeasureSegment, SavingsLine
from programme.models import Goal, Programme


def reach(user: Any, action: str, programme: Programme) -> Q:
    """The condition on `Measure` that `core.permissions.can` asks of one row; never true without a grant."""
    condition = Q(pk__in=[])
    if not possible_now(action):
        return condition
    roles = ACTIONS[action]
    for grant in grants_of(user):
        if grant.programme_id != programme.pk or grant.role not in roles:
            continue
        scope = roles[grant.role]
        if scope == PROGRAMME:
            return Q(programme=programme)
        if scope == OWN:
            condition |= Q(owner=user.pk)
            continue
        wanted = getattr(grant, f"{scope}_id")
        if wanted is not None:
            condition |= _under(scope, wanted)
    return condition & Q(programme=programme)


def may_place(user: Any, measure: Measure, goal: Goal) -> bool:
    """Whether the person may put the measure or its money under the goal.

    Whoever edits the measure moves it within its theme; into another theme only who edits measures there too.
    """
    return goal.theme_id == measure.goal.theme_id or can(user, "measure.edit", goal)


def _under(scope: str, wanted: int) -> Q:
    """Measures that lie under one theme, sector, segment or project, as `Measure.scope_ids` says."""
    if scope == "theme":
        return Q(goal__theme=wanted)
    if scope == "sector":
        return Q(Exists(SavingsLine.objects.filter(measure=OuterRef("pk"), sector=wanted)))
    if scope == "segment":
        return Q(Exists(MeasureSegment.objects.filter(measure=OuterRef("pk"), segment=wanted)))
    return Q(project=wanted)
