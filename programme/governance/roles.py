"""Who answers for the programme, by name: from the roles people hold. What nobody holds is shown as missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.templatetags.ui import plain_text
from programme.models import Programme, RoleGrant, Sector, Segment, Theme


@dataclass(frozen=True)
class Answering:
    """One responsibility and who holds it; nobody is a fact worth seeing."""

    of: str
    people: list[Any]


@dataclass(frozen=True)
class RoleGroup:
    key: str
    title: str | Promise
    rows: list[Answering]

    @property
    def missing(self) -> int:
        return sum(not row.people for row in self.rows)


def role_groups(programme: Programme) -> list[RoleGroup]:
    """Owner, operational director, leads of themes, sectors and client segments. Four statements."""
    grants = list(
        RoleGrant.objects.filter(programme=programme, user__is_active=True)
        .select_related("user")
        .order_by("user__last_name", "user__first_name", "user_id")
    )
    themes = list(Theme.objects.filter(programme=programme).select_related("owner"))
    owners = {theme.pk: [theme.owner] for theme in themes if theme.owner is not None}
    whole = [
        Answering(str(word), _held(grants, role))
        for role, word in (
            ("owner", _("programme owner")),
            ("director", _("operational director")),
            ("pmo", _("programme office (PMO)")),
            ("controller", _("controller")),
        )
    ]  # fmt: skip
    return [
        RoleGroup("programme", _("The whole programme"), whole),
        _group("themes", _("Theme owners"), themes, _by(grants, "theme"), owners),
        _group("sectors", _("Sector leads"), Sector.objects.filter(programme=programme), _by(grants, "sector")),
        _group(
            "segments", _("Segment managers"), Segment.objects.filter(programme=programme),
            _by(grants, "segment"),
        ),
    ]  # fmt: skip


def _held(grants: Iterable[RoleGrant], role: str) -> list[Any]:
    return _once(grant.user for grant in grants if grant.role == role)


def _by(grants: Iterable[RoleGrant], role: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for grant in grants:
        pk = getattr(grant, f"{role}_id")
        if grant.role == role and pk is not None:
            found[pk].append(grant.user)
    return found


def _group(
    key: str, title: Any, rows: Iterable[Any], held: dict[int, list[Any]], also: dict[int, list[Any]] | None = None
) -> RoleGroup:  # fmt: skip
    answering = [
        Answering(plain_text(row), _once([*(also or {}).get(row.pk, []), *held.get(row.pk, [])]))
        for row in rows
    ]
    return RoleGroup(key, title, answering)


def _once(people: Iterable[Any]) -> list[Any]:
    return list({person.pk: person for person in people}.values())
