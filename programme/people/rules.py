"""Who may give which role, to whom, and whose account they may touch."""

from typing import Any

from django.core.exceptions import PermissionDenied

from core.permissions import ROLES, can
from programme.models import Programme, RoleGrant

#: Roles that lead one thing, and the kind of it. All others hold in the whole programme.
SCOPE_OF_ROLE = {"theme": "theme", "sector": "sector", "segment": "segment", "project": "project"}
SCOPES = tuple(dict.fromkeys(SCOPE_OF_ROLE.values()))
ADMIN = "admin"
#: Roles that approve figures and plans or decide: who reads their mail could approve in their name.
APPROVING = frozenset({ADMIN, "controller", "owner", "director", "board", "steering"})


def may_give(by: Any, programme: Programme, role: str) -> bool:
    """Whether the person may give or take the role in the programme: only an administrator makes another one."""
    action = "accounts.administer" if role == ADMIN else "grant.edit"
    return can(by, action, programme)


def roles_to_give(by: Any, programme: Programme) -> list[str]:
    """Roles the person may give in the programme, in the order of `ROLES`."""
    return [role for role in ROLES if may_give(by, programme, role)]


def may_give_to(by: Any, programme: Programme, role: str, person_id: int | None) -> bool:
    """As `may_give`; and nobody but an administrator gives roles to themselves."""
    if by.pk == person_id and not may_give(by, programme, ADMIN):
        return False
    return may_give(by, programme, role)


def may_manage(by: Any, person: Any) -> bool:
    """Whether `by` may change the person's account: every role the person has anywhere is one `by` may give.

    Who changes an e-mail address can sign in as that person, so an account that reaches further than one's
    own rights, into another county or into administration, is not one's to change.
    """
    if person.is_superuser:
        return False
    grants = list(RoleGrant.objects.filter(user=person).select_related("programme"))
    return bool(grants) and all(may_give(by, grant.programme, grant.role) for grant in grants)


def require_manage(by: Any, person: Any) -> None:
    """Raises PermissionDenied (403) unless `by` may change the person's account."""
    if not may_manage(by, person):
        raise PermissionDenied("account")


def may_readdress(by: Any, person: Any) -> bool:
    """Whether `by` may change the person's e-mail address: of somebody who approves, only an administrator there.

    The office claims and the controller confirms; a new address would let the one sign in as the other.
    """
    grants = RoleGrant.objects.filter(user=person, role__in=APPROVING).select_related("programme")
    return all(may_give(by, grant.programme, ADMIN) for grant in grants)
