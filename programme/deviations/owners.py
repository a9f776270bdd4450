"""Who acts on a deviation: the nearest person who is named and active, at last the programme office."""

from __future__ import annotations

from typing import Any

from programme.models import Programme, RoleGrant


class Owners:
    """Finds owners within one look; the office is asked once."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self._office: Any = None
        self._asked = False

    def first_of(self, *people: Any) -> Any:
        """The first who is named and may still sign in; else the programme office; None where there is none."""
        return next((one for one in people if one is not None and one.is_active), None) or self.office

    def of_project(self, project: Any, *nearer: Any) -> Any:
        """Somebody nearer, else the project's manager, else who leads its theme, else the office."""
        return self.first_of(*nearer, project.manager, project.theme.owner if project.theme else None)

    @property
    def office(self) -> Any:
        """The programme office: whoever has had that role longest. One statement."""
        if not self._asked:
            rows = RoleGrant.objects.filter(programme=self.programme, role="pmo", user__is_active=True)
            grant = rows.select_related("user").order_by("pk").first()
            self._office, self._asked = grant.user if grant else None, True
        return self._office
