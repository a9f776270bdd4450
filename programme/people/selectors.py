"""Reads about people of a programme: roles, one person, what the set-up of rights still lacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programme.models import Programme, Project, Role, RoleGrant, Sector, Segment, Theme
from programme.people.rules import ADMIN, SCOPE_OF_ROLE, may_give_to

SCOPES = ("theme", "sector", "segment", "project")


def grants_of(programme: Programme) -> QuerySet[RoleGrant]:
    """Roles held in the programme, each with its person and its scope."""
    return RoleGrant.objects.filter(programme=programme).select_related("user", *SCOPES)


def people_of(programme: Programme) -> QuerySet:
    """People who have a role in the programme, each once."""
    return get_user_model().objects.filter(grants__programme=programme).distinct()


@dataclass(frozen=True)
class GrantRow:
    """A role as listed: whom, what, within what, and whether the reader may change it."""

    grant: RoleGrant
    scope: Any
    may_change: bool

    @property
    def person(self) -> Any:
        return self.grant.user

    @property
    def lacks_scope(self) -> bool:
        """A lead without an object reaches nothing."""
        return self.grant.role in SCOPE_OF_ROLE and self.scope is None


def grant_rows(grants: Any, *, by: Any, programme: Programme) -> list[GrantRow]:
    return [
        GrantRow(grant, scope_of(grant), may_give_to(by, programme, grant.role, grant.user_id))
        for grant in grants
    ]


def scope_of(grant: RoleGrant) -> Any:
    """The one theme, sector, segment or project of the grant; None for the whole programme."""
    return next((getattr(grant, kind) for kind in SCOPES if getattr(grant, f"{kind}_id")), None)


# ---------------------------------------------------------------------------- set-up
#: Roles without which somebody waits in vain, and what waits.
NEEDED = ("pmo", "owner", "director", "controller", "auditor")


@dataclass(frozen=True)
class Hint:
    """Something the set-up of rights lacks. `kind` names it for tests and links; `query` filters the list."""

    kind: str
    text: str
    query: str = ""


def hints(programme: Programme) -> list[Hint]:
    """What is missing, the gravest first; empty when the set-up is complete."""
    active = RoleGrant.objects.filter(programme=programme, user__is_active=True)
    held = dict(active.values_list("role").annotate(Count("user", distinct=True)).order_by())
    found = [
        Hint(f"no_{role}", _("Nobody has the role: %(role)s.") % {"role": Role(role).label})
        for role in NEEDED
        if role not in held
    ]
    if held.get(ADMIN, 0) < 2:
        found.append(Hint("one_admin", _("Only one person is an administrator. Name a second one.")))
    found += _unled(active, programme)
    return found + _people_hints(active)


def _unled(active: QuerySet[RoleGrant], programme: Programme) -> list[Hint]:
    """Themes, sectors and segments that nobody leads."""
    led = {kind: active.filter(role=role).values(kind) for role, kind in SCOPE_OF_ROLE.items()}
    themes = Theme.objects.filter(programme=programme).exclude(pk__in=led["theme"].exclude(theme=None))
    sectors = Sector.objects.filter(programme=programme, is_rest=False).exclude(
        pk__in=led["sector"].exclude(sector=None)
    )
    segments = Segment.objects.filter(programme=programme).exclude(
        pk__in=led["segment"].exclude(segment=None)
    )
    projects = (
        Project.objects.filter(programme=programme, state=Project.State.RUNNING)
        .exclude(pk__in=led["project"].exclude(project=None))
        .exclude(manager__isnull=False)
    )
    told = (
        ("themes_unled", themes, lambda names: _("Themes that nobody leads: %(names)s.") % names),
        ("sectors_unled", sectors, lambda names: _("Sectors that nobody leads: %(names)s.") % names),
        (
            "segments_unled",
            segments,
            lambda names: _("Client segments that nobody leads: %(names)s.") % names,
        ),
        ("projects_unled", projects, lambda names: _("Projects that nobody manages: %(names)s.") % names),
    )
    hints = []
    for kind, rows, sentence in told:
        names = ", ".join(str(row) for row in rows)
        if names:
            hints.append(Hint(kind, sentence({"names": names})))
    return hints


def _people_hints(active: QuerySet[RoleGrant]) -> list[Hint]:
    leads = Q()
    for role, kind in SCOPE_OF_ROLE.items():
        leads |= Q(**{"role": role, kind: None})
    loose = active.filter(leads).count()
    never = active.filter(user__last_login=None).values("user").distinct().count()
    found = []
    if loose:
        text = ngettext(
            "%(n)s lead has no scope and reaches nothing.", "%(n)s leads have no scope and reach nothing.", loose
        )  # fmt: skip
        found.append(Hint("no_scope", text % {"n": loose}, "state=no_scope"))
    if never:
        text = ngettext("%(n)s person has never signed in.", "%(n)s people have never signed in.", never)
        found.append(Hint("never_in", text % {"n": never}, "state=never"))
    return found


# ---------------------------------------------------------------------------- what became of a person's roles
@dataclass(frozen=True)
class RoleChange:
    """One line of the history of a person's roles here. `kind` is insert, update or delete."""

    at: Any
    kind: str
    role: str
    scope: Any
    by: Any
    reason: str

    @property
    def word(self) -> str:
        words = {"insert": _("given"), "update": _("changed to"), "delete": _("taken away")}
        return words[self.kind]


def role_history(programme: Programme, person: Any) -> list[RoleChange]:
    """Every role given, changed and taken away of the person in this programme, the latest first."""
    event_model = apps.get_model("programme", "RoleGrantEvent")
    events = list(
        event_model.objects.filter(programme=programme, user=person)
        .select_related("pgh_context")
        .order_by("-pgh_id")
    )
    told = [(event.pgh_context.metadata if event.pgh_context else {}) for event in events]
    people = get_user_model().objects.in_bulk({one["user"] for one in told if one.get("user")})
    rows = {kind: _named(kind, events) for kind in SCOPES}
    return [
        RoleChange(
            event.pgh_created_at,
            event.pgh_label,
            str(Role(event.role).label) if event.role in Role.values else event.role,
            next((rows[k].get(getattr(event, f"{k}_id")) for k in SCOPES if getattr(event, f"{k}_id")), None),
            people.get(one.get("user")),
            str(one.get("reason") or ""),
        )
        for event, one in zip(events, told, strict=True)
    ]


def _named(kind: str, events: list[Any]) -> dict[int, Any]:
    ids = {getattr(event, f"{kind}_id") for event in events} - {None}
    model = {"theme": Theme, "sector": Sector, "segment": Segment, "project": Project}[kind]
    return model._default_manager.in_bulk(ids) if ids else {}
