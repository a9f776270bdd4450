"""Writes about people and their roles. Each is one transaction that leaves who and why in the history."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import make_person, switch_off, switch_on
from core.editing import RowForm
from core.editing.pages import CHANGED
from core.editing.saving import Saved, save_edit
from core.history import own_context
from core.outbox import post_mail
from core.permissions import roles_in
from core.text import translated
from programme.models import Programme, RoleGrant
from programme.people.rules import ADMIN, SCOPE_OF_ROLE, SCOPES, may_give_to, may_readdress, require_manage
from programme.people.selectors import scope_of

INVITATION = "programme/mail/invitation"
ROLE_GIVEN = "programme/mail/role_given"
PASSWORD_LINK = "programme/mail/password_link"
ADDRESS_CHANGED = "programme/mail/address_changed"


@contextmanager
def _acting(by: Any, reason: str) -> Iterator[None]:
    with transaction.atomic(), own_context(user=by.pk, reason=reason):
        yield


# ---------------------------------------------------------------------------- roles
def give_role(
    *, programme: Programme, person: User, role: str, scope: Model | None, by: Any, reason: str = ""
) -> RoleGrant:
    """A new grant. Raises ValidationError for one that is there already or a scope that does not fit the role."""
    _require_give(by, programme, role, person.pk)
    with _acting(by, reason):
        grant = RoleGrant(programme=programme, user=person, role=role, **scope_columns(role, scope))
        grant.stamp(by).full_clean()
        grant.save()
    return grant


def change_grant(
    *, grant: RoleGrant, role: str, scope: Model | None, by: Any, reason: str = "", version: int | None = None
) -> RoleGrant:
    """Another role or scope in the place of the old one.

    Raises ValidationError when somebody changed the grant since `version`, or when it was the last administrator.
    """
    with one_at_a_time(), _acting(by, reason):
        stored = _locked().get(pk=grant.pk)
        _require_give(by, stored.programme, stored.role, stored.user_id)
        _require_give(by, stored.programme, role, stored.user_id)
        _require_seen(stored, version)
        if stored.role == ADMIN and role != ADMIN:
            _keep_an_administrator(stored, by)
        stored.role = role
        for name, value in scope_columns(role, scope).items():
            setattr(stored, name, value)
        stored.stamp(by).full_clean()
        stored.save()
    return stored


def remove_grant(*, grant: RoleGrant, by: Any, reason: str, version: int | None = None) -> None:
    """Takes the role away; the history keeps who had it. Gone already is gone.

    Raises ValidationError when somebody changed the grant since `version`, or when it was the last administrator.
    """
    with one_at_a_time(), _acting(by, reason):
        stored = _locked().filter(pk=grant.pk).first()
        if stored is None:
            return
        _require_give(by, stored.programme, stored.role, stored.user_id)
        _require_seen(stored, version)
        if stored.role == ADMIN:
            _keep_an_administrator(stored, by)
        stored.delete()


def scope_columns(role: str, scope: Model | None) -> dict[str, Any]:
    """The four scope columns of a grant; raises ValidationError when the scope does not fit the role."""
    wanted = SCOPE_OF_ROLE.get(role)
    found = None if scope is None else scope._meta.model_name
    if wanted != found:
        raise ValidationError({"scope": scope_fault(role)})
    return {kind: scope if kind == wanted else None for kind in SCOPES}


def scope_fault(role: str) -> str:
    """What is asked of the scope of a role, as a sentence."""
    sentences = {
        "theme": _("Choose the theme that this person leads."),
        "sector": _("Choose the sector that this person leads."),
        "segment": _("Choose the client segment that this person leads."),
        "project": _("Choose the project that this person leads."),
    }
    return sentences.get(role) or _("This role holds in the whole programme: leave the scope empty.")


def _require_give(by: Any, programme: Programme, role: str, person_id: int | None) -> None:
    if not may_give_to(by, programme, role, person_id):
        raise PermissionDenied("grant.edit")


def _locked() -> QuerySet[RoleGrant]:
    """Grants locked as they are read, without their programmes: every new row of a programme would wait for those."""
    return RoleGrant.objects.select_for_update(of=("self",)).select_related("programme")


def _require_seen(stored: RoleGrant, version: int | None) -> None:
    """Raises ValidationError, saying what the locked grant is now, when it is not the version that was shown."""
    if version is None or stored.version == version:
        return
    scope = scope_of(stored)
    role = stored.get_role_display() + (f" ({translated(scope, 'name').text})" if scope else "")
    text = _(
        "Somebody changed this role meanwhile: it is now “%(role)s”. Nothing was written over. "
        "Send again if you still mean it."
    )
    raise ValidationError(text % {"role": role}, code=CHANGED)


def _keep_an_administrator(leaving: RoleGrant, by: Any) -> None:
    """Locks the programme's administrators; refuses to lose the last one, and one's own role.

    Of two administrators who remove each other the second waits (`one_at_a_time`) and is refused.
    """
    if leaving.user_id == by.pk:
        raise ValidationError(
            _("You cannot take your own role of administrator away. Ask another administrator."),
            code="own_admin",
        )
    _keep_another(leaving.programme, leaving.user_id)


def _keep_another(programme: Programme, person_id: int) -> None:
    admins = RoleGrant.objects.select_for_update(of=("self",)).filter(
        programme=programme, role=ADMIN, user__is_active=True
    )
    if not [grant for grant in admins.order_by("pk") if grant.user_id != person_id]:
        raise ValidationError(
            _("The programme must keep an administrator who can sign in."), code="last_admin"
        )


# ---------------------------------------------------------------------------- accounts
def change_details(form: RowForm, by: Any) -> Saved:
    """Saves a person's details; a new e-mail address is told to the old one.

    Raises Conflict as `save_edit`, PermissionDenied for an address that is not `by`'s to change.
    """
    with transaction.atomic():
        before = get_user_model().objects.select_for_update().get(pk=form.instance.pk)
        saved = save_edit(form, by)
        if saved.row.email.lower() != before.email.lower():
            if not may_readdress(by, before):
                raise PermissionDenied("email")
            _tell_old_address(before, form.programme, by)
    return saved


def _tell_old_address(person: User, programme: Programme, by: Any) -> None:
    """Mail to the address that was: whoever still reads it learns of the change, not of the new address."""
    if not person.email:
        return
    post_mail(
        message_id=f"address-{person.pk}-{uuid.uuid4().hex}",
        to=[person.email],
        template=ADDRESS_CHANGED,
        params={
            "name": person.get_full_name(), "username": person.username, "roles": roles_in(by, programme),
            "programme": {code: getattr(programme, f"name_{code}") for code in ("fi", "sv", "en")},
        },
        language=person.language,
    )  # fmt: skip


def deactivate(*, person: User, by: Any, reason: str) -> None:
    """Switches the account off: its sessions end at once, its tokens are refused. Roles stay, for the way back."""
    require_manage(by, person)
    if person.pk == by.pk:
        raise ValidationError(_("You cannot switch your own account off."), code="own_account")
    with one_at_a_time(), _acting(by, reason):
        for grant in RoleGrant.objects.filter(user=person, role=ADMIN).select_related("programme"):
            _keep_another(grant.programme, person.pk)
        switch_off(user=person)


def activate(*, person: User, by: Any, reason: str = "") -> None:
    """Switches the account on again."""
    require_manage(by, person)
    with _acting(by, reason):
        switch_on(user=person)


# ---------------------------------------------------------------------------- invitations
@contextmanager
def one_at_a_time() -> Iterator[None]:
    """A transaction in which nobody else makes people or takes roles away.

    Two invitations of one address make one person; two who lock administrators never wait for each other in a ring.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('programme.people'))")
        yield


def people_of_address(email: str) -> list[User]:
    """Accounts with that e-mail address, capitals aside; more than one is somebody's mistake."""
    return list(get_user_model().objects.filter(email__iexact=email.strip()).order_by("pk")[:2])


def invite(
    *,
    programme: Programme,
    email: str,
    first_name: str,
    last_name: str,
    role: str,
    scope: Model | None,
    by: Any,
    site: str,
    username: str = "",
    language: str = "",
    reason: str = "",
) -> tuple[RoleGrant, bool]:
    """The grant of whoever has that address, and whether the person was made for it.

    A new person gets mail with a link to set a password; one who has an account gets the role and word of it.
    Nothing else of an existing account changes. A grant that is there already is answered as it is.
    """
    _require_give(by, programme, role, None)
    columns = scope_columns(role, scope)
    with one_at_a_time(), _acting(by, reason):
        found = people_of_address(email)
        if len(found) > 1:
            raise ValidationError(
                {"email": _("Two accounts have this address. Give the role by name instead.")}
            )
        is_new = not found
        person = found[0] if found else make_person(
            username=username or email, email=email, first_name=first_name, last_name=last_name,
            language=language or programme.language,
        )  # fmt: skip
        grant = RoleGrant.objects.filter(programme=programme, user=person, role=role, **columns).first()
        if grant is not None:
            return grant, False
        grant = give_role(programme=programme, person=person, role=role, scope=scope, by=by, reason=reason)
        _tell_of_role(grant, site)
    return grant, is_new


def _tell_of_role(grant: RoleGrant, site: str) -> None:
    person, programme = grant.user, grant.programme
    if not person.email or not person.is_active:
        return
    template = ROLE_GIVEN if person.has_usable_password() else INVITATION
    names = {code: getattr(programme, f"name_{code}") for code in ("fi", "sv", "en")}
    county = {code: getattr(programme.organisation, f"name_{code}") for code in ("fi", "sv", "en")}
    post_mail(
        message_id=f"role-{grant.pk}",
        to=[person.email],
        template=template,
        params={
            "user": person.pk, "username": person.username, "name": person.get_full_name(), "role": grant.role,
            "programme": names, "county": county, "site": site,
        },
        language=person.language,
    )  # fmt: skip


def send_password_link(*, person: User, by: Any, site: str) -> None:
    """Mail with a new link to set a password. Raises ValidationError without an address or a living account."""
    require_manage(by, person)
    if not person.email or not person.is_active:
        raise ValidationError(_("The account needs an e-mail address and must be in use."))
    post_mail(
        message_id=f"password-{person.pk}-{uuid.uuid4().hex}",
        to=[person.email],
        template=PASSWORD_LINK,
        params={"user": person.pk, "username": person.username, "name": person.get_full_name(), "site": site},
        language=person.language,
    )
