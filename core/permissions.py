"""Who may do what: one table, read by pages, querysets, the API and `docs/permissions.md`.

An action names what is done ("measure.view"); a role has it within a scope: the whole programme, only
the theme, sector, segment or project that the grant names, or only rows the person owns. What a person
may not see is answered like something that does not exist (404); what is seen but not allowed is
refused (403).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied

from core import asof

ROLES = (
    "admin", "pmo", "owner", "director", "controller", "theme", "sector", "segment", "project", "measure",
    "steering", "board", "council", "auditor", "staff",
)  # fmt: skip

#: Scope kinds: the whole programme, the one object of that kind that the grant names, rows of one's own.
PROGRAMME = "programme"
NARROW = ("theme", "sector", "segment", "project")
OWN = "own"

LEADS = ("theme", "sector", "segment", "project", "measure")
MANAGEMENT = ("admin", "pmo", "owner", "director", "controller", "steering", "auditor")
INSIDERS = (*MANAGEMENT, *LEADS)


OFFICE = ("admin", "pmo")
#: Who only reads, whatever they may be members of.
READERS = ("auditor", "council")


def _programme_wide(roles: Iterable[str]) -> dict[str, str]:
    wanted = set(roles)
    return {role: PROGRAMME for role in ROLES if role in wanted}


def _with_leads(*leads: str) -> dict[str, str]:
    """The programme office everywhere; each of the leads within what it leads, an owner in what it owns."""
    return _programme_wide(OFFICE) | {lead: OWN if lead == "measure" else lead for lead in leads}


def _own_beside(roles: Iterable[str]) -> dict[str, str]:
    """Those roles everywhere; each lead what is its own."""
    return dict.fromkeys(LEADS, OWN) | _programme_wide(roles)


ACTIONS: dict[str, dict[str, str]] = {
    "programme.view": _programme_wide(ROLES),
    "strategy.view": _programme_wide(ROLES),
    "kpi.view": _programme_wide([*INSIDERS, "board", "staff"]),
    "governance.view": _programme_wide([*INSIDERS, "board", "staff"]),
    # What bodies say in their meetings, and decisions that quote measures and obstacles: not for all of the staff.
    "register.view": _programme_wide([*INSIDERS, "board"]),
    # Minutes of council and board are public: whoever has a role sees those decisions (demand 70).
    "decision.view": _programme_wide(ROLES),
    "dashboard.view": _programme_wide([*INSIDERS, "board"]),
    "theme.view": _programme_wide([*INSIDERS, "board"]),
    "sector.view": _programme_wide([*INSIDERS, "board"]),
    "savings.view": _programme_wide([*INSIDERS, "board"]),
    "funding.view": _programme_wide([*INSIDERS, "board"]),
    "measure.view": _programme_wide([*INSIDERS, "board"]),
    "project.view": _programme_wide([*INSIDERS, "board"]),
    "risk.view": _programme_wide([*INSIDERS, "board"]),
    "bigroom.view": _programme_wide([*INSIDERS, "board"]),
    "bigroom.build": _programme_wide(["admin", "pmo", "director"]),
    "history.view": _programme_wide(INSIDERS),
    "job.view": _programme_wide(["admin", "pmo", "owner", "director", "controller", "auditor"]),
    "job.cancel": _programme_wide(["admin", "pmo", "director"]),
    "api.view": _programme_wide(ROLES),
    "settings.edit": _programme_wide(OFFICE),
    "text.edit": _programme_wide(OFFICE),
    "theme.edit": _with_leads("theme"),
    "sector.edit": _with_leads("sector"),
    "segment.edit": _with_leads("segment"),
    "target.edit": _programme_wide(OFFICE),
    "funding.edit": _programme_wide([*OFFICE, "controller"]),
    "governance.edit": _programme_wide(OFFICE),
    "measure.add": _with_leads("theme", "sector"),
    "measure.edit": _with_leads(*LEADS),
    "measure.bulk": _programme_wide(OFFICE),
    "measure.override": _programme_wide(OFFICE),
    "savings.edit": _with_leads(*LEADS),
    "correction.add": _with_leads(*LEADS) | _programme_wide(["controller"]),
    "update.give": _with_leads(*LEADS),
    "obstacle.raise": _programme_wide([*OFFICE, "director", *LEADS]),
    "project.add": _with_leads("theme"),
    "project.edit": _with_leads("theme", "project"),
    "plan.accept": _with_leads("theme") | _programme_wide(["owner", "director"]),
    "gate.edit": _programme_wide(OFFICE),
    "gate.ask": _with_leads(*LEADS),
    "gate.decide": _with_leads("theme", "sector", "segment")
    | _programme_wide(["owner", "director", "controller", "steering", "board"]),
    "plan.change": _with_leads(*LEADS),
    "target.move": _programme_wide(OFFICE),
    "ledger.edit": _programme_wide(["admin", "controller"]),
    "claim.confirm": _programme_wide(["controller"]),
    "finding.edit": _programme_wide([*OFFICE, "controller"]),
    "overlap.edit": _programme_wide([*OFFICE, "controller"]),
    "deficit.edit": _programme_wide([*OFFICE, "controller"]),
    "scenario.save": _programme_wide(role for role in INSIDERS if role != "auditor"),
    "measure.import": _programme_wide(OFFICE),
    "attachment.add": _with_leads(*LEADS) | _programme_wide(["controller"]),
    "kpi.edit": _programme_wide(OFFICE),
    "kpi.enter": _own_beside([*OFFICE, "controller", "director"]),
    "kpi.approve": _programme_wide([*OFFICE, "owner", "director", "controller"]),
    "kpi.judge": _own_beside([*OFFICE, "owner", "director"]),
    "kpi.refresh": _programme_wide([*OFFICE, "director", "controller"]),
    "strategy.edit": _programme_wide(OFFICE),
    "objective.edit": _programme_wide(OFFICE),
    "objective.fix": _programme_wide(OFFICE),
    "objective.answer": _own_beside([*OFFICE, "director", "controller"]),
    "okr.edit": _programme_wide([*OFFICE, "director"]),
    "okr.own": dict.fromkeys((role for role in ROLES if role not in READERS), OWN) | _programme_wide(OFFICE),
    "plan.ready": _with_leads("theme", "project"),
    "communication.keep": dict.fromkeys((role for role in ROLES if role not in READERS), OWN)
    | _programme_wide(OFFICE),
    "status.give": _with_leads("theme", "project"),
    "light.override": _with_leads("theme", "project") | _programme_wide(["director"]),
    "change.ask": _with_leads("theme", "project"),
    "change.decide": _with_leads("theme") | _programme_wide(["owner", "director", "steering"]),
    "deviation.handle": _own_beside([*OFFICE, "director", "controller"]),
    "meeting.edit": _programme_wide([*OFFICE, "director"]),
    "decision.add": _programme_wide([*OFFICE, "director", "owner"]),
    "action.edit": _own_beside([*OFFICE, "director", "owner"]),
    "duty.keep": _own_beside([*OFFICE, "director", "owner"]),
    "obstacle.decide": _with_leads("theme") | _programme_wide(["owner", "director", "steering", "board"]),
    "risk.edit": _with_leads("theme", "project", "measure") | _programme_wide(["director"]),
    "project_risk.add": _with_leads("theme", "project") | _programme_wide(["director"]),
    "impact.edit": _programme_wide([*OFFICE, "director"]),
    "talk.view": _programme_wide([*INSIDERS, "board", "staff"]),
    "comment.add": _programme_wide(role for role in ROLES if role not in READERS),
    "comment.moderate": _programme_wide(OFFICE),
    "proposal.add": _programme_wide(role for role in ROLES if role not in READERS),
    "proposal.decide": _with_leads("theme", "sector"),
    "view.share": _programme_wide([*OFFICE, "director", "controller"]),
    "grant.view": _programme_wide([*OFFICE, "owner", "director", "auditor"]),
    "grant.edit": _programme_wide(OFFICE),
    "accounts.administer": _programme_wide(["admin"]),
}


@dataclass(frozen=True)
class Grant:
    """One role of a person in a programme; at most one of the four scope ids is set."""

    role: str
    programme_id: int
    theme_id: int | None = None
    sector_id: int | None = None
    segment_id: int | None = None
    project_id: int | None = None


GRANT_FIELDS = ("role", "programme_id", "theme_id", "sector_id", "segment_id", "project_id")


def grants_of(user: Any) -> tuple[Grant, ...]:
    """The person's grants, read once for each user object (that is once a request), with their programmes."""
    if not (user.is_authenticated and user.is_active):
        return ()
    if not hasattr(user, "_portal_grants"):
        rows = list(user.grants.select_related("programme__organisation").order_by("id"))
        user._portal_grants = tuple(Grant(*(getattr(row, name) for name in GRANT_FIELDS)) for row in rows)
        user._portal_granted = {row.programme_id: row.programme for row in rows}
    return user._portal_grants


def forget_grants(user: Any) -> None:
    """Lets the next question read the grants again, after they were changed."""
    user.__dict__.pop("_portal_grants", None)


def programme_ids(user: Any, action: str = "programme.view") -> frozenset[int]:
    """Programmes in which at least one grant of the person allows the action, within whatever scope."""
    if not possible_now(action):
        return frozenset()
    roles = ACTIONS[action]
    return frozenset(grant.programme_id for grant in grants_of(user) if grant.role in roles)


def roles_in(user: Any, programme: Any) -> tuple[str, ...]:
    """The person's roles in the programme, each once, in the order of `ROLES`."""
    held = {grant.role for grant in grants_of(user) if grant.programme_id == _programme_id(programme)}
    return tuple(role for role in ROLES if role in held)


def possible_now(action: str) -> bool:
    """Nothing but looking is possible where the past is shown (core.asof)."""
    return action.endswith(".view") or asof.past() is None


def can(user: Any, action: str, obj: Any) -> bool:
    """Whether the person may do the action to `obj`: a programme or a row of one."""
    if not possible_now(action):
        return False
    roles = ACTIONS[action]
    programme_id = _programme_id(obj)
    held = [grant for grant in grants_of(user) if grant.programme_id == programme_id and grant.role in roles]
    # The whole programme first: it needs no question about the row.
    held.sort(key=lambda grant: roles[grant.role] != PROGRAMME)
    return any(_reaches(user, grant, roles[grant.role], obj) for grant in held)


def may_somewhere(user: Any, action: str, programme: Any) -> bool:
    """Whether a grant of the person allows the action to something in the programme, however narrow."""
    return _programme_id(programme) in programme_ids(user, action)


def require(user: Any, action: str, obj: Any) -> None:
    """Raises PermissionDenied (403) unless the person may do the action to `obj`."""
    if not can(user, action, obj):
        raise PermissionDenied(action)


def _programme_id(obj: Any) -> int:
    """The programme that `obj` is, or belongs to."""
    return obj.programme_id if hasattr(obj, "programme_id") else obj.pk


def _reaches(user: Any, grant: Grant, scope: str, obj: Any) -> bool:
    """Whether the grant's scope covers `obj`. A narrow grant without an object covers nothing."""
    if scope == PROGRAMME:
        return True
    if not hasattr(obj, "scope_ids"):  # a programme itself is no part of anything narrower
        return False
    wanted = user.pk if scope == OWN else getattr(grant, f"{scope}_id")
    return wanted is not None and wanted in obj.scope_ids(scope)


def can_as(user: Any, role: str, action: str, obj: Any) -> bool:
    """Whether the person may do the action to `obj` by that role alone, within what its grant names."""
    scope = ACTIONS[action].get(role)
    programme_id = _programme_id(obj)
    return scope is not None and any(
        grant.role == role and grant.programme_id == programme_id and _reaches(user, grant, scope, obj)
        for grant in grants_of(user)
    )
