"""The table of permissions and the questions asked of it."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from core import permissions
from core.permissions import (
    ACTIONS,
    ROLES,
    can,
    forget_grants,
    grants_of,
    may_somewhere,
    programme_ids,
    require,
    roles_in,
)
from programme.models import Role, Sector, Theme
from tests.factories.accounts import make_member, make_person, make_programme

pytestmark = pytest.mark.django_db


def test_table_and_model_know_the_same_roles() -> None:
    assert tuple(Role.values) == ROLES


def test_every_action_names_known_roles_and_scopes() -> None:
    for action, roles in ACTIONS.items():
        assert roles, action
        assert set(roles) <= set(ROLES), action
        assert set(roles.values()) <= {permissions.PROGRAMME, *permissions.NARROW, permissions.OWN}, action


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_what_the_table_says_in_its_own_programme_and_nothing_in_another(role: str) -> None:
    own, foreign = make_programme("own"), make_programme("foreign")
    person = make_member(own, role)

    assert {action for action in ACTIONS if can(person, action, own)} == {
        a for a in ACTIONS if ACTIONS[a].get(role) == permissions.PROGRAMME
    }
    assert {action for action in ACTIONS if may_somewhere(person, action, own)} == {
        a for a in ACTIONS if role in ACTIONS[a]
    }
    assert not any(may_somewhere(person, action, foreign) for action in ACTIONS)


def test_council_reads_only_the_programme_and_its_strategy() -> None:
    allowed = {action for action, roles in ACTIONS.items() if "council" in roles}

    assert allowed == {"programme.view", "strategy.view", "api.view"}


def test_an_inactive_person_may_nothing() -> None:
    own = make_programme("own")
    person = make_member(own, "admin")
    person.is_active = False

    assert not any(can(person, action, own) for action in ACTIONS)


def test_require_refuses_with_permission_denied() -> None:
    own = make_programme("own")

    require(make_member(own, "pmo"), "bigroom.build", own)
    with pytest.raises(PermissionDenied):
        require(make_member(own, "auditor"), "bigroom.build", own)


def test_an_unknown_action_is_an_error_not_a_no() -> None:
    with pytest.raises(KeyError):
        can(make_person(), "measure.veiw", make_programme("own"))


def test_grants_are_read_once(django_assert_num_queries: Any) -> None:
    own = make_programme("own")
    person = make_member(own, "pmo")

    with django_assert_num_queries(1):
        for action in ACTIONS:
            can(person, action, own)
        assert roles_in(person, own) == ("pmo",)
    forget_grants(person)
    with django_assert_num_queries(1):
        grants_of(person)


def test_visible_to_asks_for_the_view_action_of_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    own, foreign = make_programme("own"), make_programme("foreign")
    for programme in (own, foreign):
        Theme.objects.create(programme=programme, key="digi", number=1, name_fi="Digi")
    monkeypatch.setattr(Theme, "view_action", "theme.view")

    assert [theme.programme for theme in Theme.objects.visible_to(make_member(own, "pmo"))] == [own]
    assert not Theme.objects.visible_to(make_member(own, "council")).exists()
    assert not Theme.objects.visible_to(make_person()).exists()


def test_a_narrow_scope_reaches_its_own_object_only(monkeypatch: pytest.MonkeyPatch) -> None:
    own = make_programme("own")
    digi, other = (
        Theme.objects.create(programme=own, key=key, number=n, name_fi=key)
        for n, key in enumerate(("digi", "other"))
    )
    monkeypatch.setitem(ACTIONS, "theme.edit", {"theme": "theme", "pmo": "programme"})
    owner = make_member(own, "theme", theme=digi)

    assert can(owner, "theme.edit", digi)
    assert not can(owner, "theme.edit", other)
    assert not can(owner, "theme.edit", own)
    assert not can(make_member(own, "theme"), "theme.edit", digi), "a grant without an object reaches none"
    assert can(make_member(own, "pmo"), "theme.edit", other)
    assert programme_ids(owner, "theme.edit") == {own.pk}


def test_a_grant_of_another_programmes_theme_is_refused() -> None:
    from django.core.exceptions import ValidationError

    from programme.models import RoleGrant

    own, foreign = make_programme("own"), make_programme("foreign")
    sector = Sector.objects.create(programme=foreign, key="tespa", name_fi="Terveys")
    grant = RoleGrant(programme=own, user=make_person(), role="sector", sector=sector)

    with pytest.raises(ValidationError, match="sector"):
        grant.full_clean()


def test_the_rendered_table_is_current() -> None:
    from core.management.commands.permissions_doc import PATH, rendered

    assert PATH.read_text() == rendered(), "run manage.py permissions_doc"
