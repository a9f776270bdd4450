"""What every page's frame needs: the programme, the programmes to choose from, what may be done."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest

from core.permissions import ACTIONS, possible_now, roles_in
from programme.access import visible_programmes
from programme.models import Programme, Role


@dataclass
class Portal:
    """`portal` in templates; what is not asked for is not read."""

    user: Any
    programme: Programme | None

    @cached_property
    def programmes(self) -> list[Programme]:
        return visible_programmes(self.user) if self.user else []

    @cached_property
    def can(self) -> dict[str, bool]:
        """Actions possible somewhere in this programme, with `_` for `.`: `portal.can.measure_view`."""
        # As `may_somewhere` says, with the person's roles looked up once for all of them.
        held = set(roles_in(self.user, self.programme)) if self.programme else set()
        return {
            action.replace(".", "_"): possible_now(action) and not held.isdisjoint(roles)
            for action, roles in ACTIONS.items()
        }

    @cached_property
    def role_names(self) -> list[str]:
        """The person's roles in this programme in the active language."""
        return (
            [str(Role(role).label) for role in roles_in(self.user, self.programme)] if self.programme else []
        )


def portal(request: HttpRequest) -> dict[str, Portal]:
    return {"portal": Portal(getattr(request, "user", None), getattr(request, "programme", None))}
