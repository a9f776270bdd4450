"""Who may do what to an obstacle, beyond the table of actions: the level says whose role answers on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model

from core.permissions import NARROW, can, can_as, grants_of
from programme.models import Programme, RoleGrant
from risks.escalation.levels import Ladder
from risks.models import EscalationLevel, Obstacle

DECIDE, RAISE = "obstacle.decide", "obstacle.raise"
#: Who looks after every obstacle of the programme.
KEEPERS = ("admin", "pmo", "director")


def may_decide(user: Any, obstacle: Obstacle, ladder: Ladder) -> bool:
    """Whether the person holds the role that answers on the obstacle's level, within what the grant names."""
    role = ladder.settled(obstacle.level).deciding_role
    return can(user, DECIDE, obstacle) and can_as(user, role, DECIDE, obstacle)


def may_send_back(user: Any, obstacle: Obstacle, ladder: Ladder) -> bool:
    """Whoever answers on the level; the programme office, which prepares the meetings, too."""
    office = any(can_as(user, role, DECIDE, obstacle) for role in ("admin", "pmo"))
    return office or may_decide(user, obstacle, ladder)


def may_look_after(user: Any, obstacle: Obstacle, ladder: Ladder) -> bool:
    """Editing, taking up, closing and opening again: those it concerns, who leads where it lies, who answers it, and
    who runs the programme."""
    if not can(user, RAISE, obstacle):
        return False
    if user.pk in obstacle.scope_ids("own") or may_decide(user, obstacle, ladder):
        return True
    held = [grant for grant in grants_of(user) if grant.programme_id == obstacle.programme_id]
    return any(grant.role in KEEPERS or grant.role in NARROW and _covers(grant, obstacle) for grant in held)


class Deciders:
    """The people who answer on each level of a programme, read once for many obstacles."""

    def __init__(self, programme: Programme, ladder: Ladder) -> None:
        roles = {row.deciding_role for row in ladder.rows}
        found = RoleGrant.objects.filter(programme=programme, role__in=roles, user__is_active=True)
        self._grants = list(found.select_related("user").order_by("id"))
        self._ladder = ladder

    def of(self, obstacle: Obstacle, level: str | None = None) -> list[Any]:
        """Active people whose role answers on the level (the obstacle's own), each once."""
        row: EscalationLevel = self._ladder.settled(level or obstacle.level)
        grants = [grant for grant in self._grants if grant.role == row.deciding_role]
        people = {grant.user_id: grant.user for grant in grants if _covers(grant, obstacle)}
        return list(people.values())


def _covers(grant: Any, obstacle: Obstacle) -> bool:
    """Whether the grant's scope reaches the obstacle; a programme-wide role reaches all."""
    if grant.role not in NARROW:
        return True
    mine = getattr(grant, f"{grant.role}_id")
    return mine is not None and mine in obstacle.scope_ids(grant.role)


def concerned(obstacle: Obstacle) -> list[Any]:
    """Who hears what became of it: whoever raised it, works on it, and owns what it stops."""
    ids: set[int | None] = {obstacle.raised_by_id, obstacle.owner_id}
    if obstacle.measure is not None:
        ids.add(obstacle.measure.owner_id)
    if obstacle.project is not None:
        ids.add(obstacle.project.manager_id)
    return list(get_user_model().objects.filter(pk__in=[pk for pk in ids if pk is not None], is_active=True))


def without(people: Iterable[Any], by: Any) -> list[Any]:
    """The others: nobody is told of what they just did themselves."""
    return [one for one in people if one.pk != getattr(by, "pk", None)]
