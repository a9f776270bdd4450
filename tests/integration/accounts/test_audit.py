"""Who changed what through the portal: pages, the API's tokens, the administration."""

from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.authentication import digest
from accounts.middleware import AuditContextMiddleware, url_name
from accounts.models import ApiToken, User
from core.models import Setting
from programme.models import Programme, RoleGrant
from tests.factories.accounts import make_member, make_person, make_programme

pytestmark = pytest.mark.django_db
Context = apps.get_model("pghistory", "Context")


def client_of(person: User, **defaults: Any) -> Client:
    client = Client(**defaults)
    client.force_login(person)
    return client


def last_context(row: Any) -> dict[str, Any]:
    event = row.events.select_related("pgh_context").latest("pgh_id")
    return event.pgh_context.metadata


@pytest.fixture
def own() -> Programme:
    return make_programme("own")


# ---------------------------------------------------------------------------- the audit context
def test_a_change_through_a_page_names_person_request_and_address() -> None:
    person = make_person()
    answer = client_of(person).post(
        "/accounts/language/", {"language": "sv"}, headers={"X-Request-ID": "request-1234"}
    )

    assert answer["X-Request-ID"] == "request-1234"
    assert last_context(person) == {
        "user": person.pk, "request": "request-1234", "url": "accounts:language_choose",
    }  # fmt: skip


def test_reading_opens_no_context(own: Programme) -> None:
    client = client_of(make_member(own))
    before = Context.objects.count()
    for path in ("/", "/p/own/", "/p/own/measures/"):
        assert client.get(path).status_code == 200

    assert Context.objects.count() == before


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_every_unsafe_method_carries_a_context(method: str) -> None:
    from pghistory import runtime

    seen = []
    middleware = AuditContextMiddleware(lambda request: seen.append(runtime._tracker.value.metadata))
    middleware(getattr(RequestFactory(), method)("/nowhere/at/all/"))

    assert seen == [{"request": "", "url": "/nowhere/at/all/"}]
    assert not hasattr(runtime._tracker, "value")


def test_an_address_without_a_name_is_told_by_its_path() -> None:
    assert url_name(RequestFactory().get("/p/own/")) == "reporting:dashboard"
    assert url_name(RequestFactory().get("/nowhere/")) == "/nowhere/"


# ---------------------------------------------------------------------------- tokens
def token_of(person: User, capsys: pytest.CaptureFixture[str]) -> str:
    call_command("api_token", person.username)
    return capsys.readouterr().out.strip()


def test_the_command_prints_a_new_token_each_time_and_stores_no_token(
    own: Programme, capsys: pytest.CaptureFixture[str]
) -> None:
    person = make_member(own)
    first, second = token_of(person, capsys), token_of(person, capsys)

    assert first != second
    assert len(first) >= 40
    stored = set(ApiToken.objects.values_list("digest", flat=True))
    assert stored == {digest(first), digest(second)}
    for token in (first, second):
        answer = Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/programmes/")
        assert [row["key"] for row in answer.json()["results"]] == ["own"]


def test_a_token_is_for_a_person_that_is_there() -> None:
    with pytest.raises(CommandError, match="nobody"):
        call_command("api_token", "nobody")


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer wrong", "Token right"])
def test_other_headers_are_refused(header: str, own: Programme, capsys: pytest.CaptureFixture[str]) -> None:
    header = header.replace("right", token_of(make_member(own), capsys))

    assert Client(headers={"Authorization": header}).get("/api/v1/programmes/").status_code == 401


def test_the_token_of_somebody_who_left_is_refused(
    own: Programme, capsys: pytest.CaptureFixture[str]
) -> None:
    person = make_member(own)
    token = token_of(person, capsys)
    User.objects.filter(pk=person.pk).update(is_active=False)

    assert Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/programmes/").status_code == 401


def test_the_day_of_last_use_is_noted_once_a_day(
    own: Programme, capsys: pytest.CaptureFixture[str], django_assert_num_queries: Any
) -> None:
    from rest_framework.request import Request

    from accounts.authentication import BearerAuthentication

    request = Request(
        RequestFactory().get("/", headers={"Authorization": f"bearer {token_of(make_member(own), capsys)}"})
    )
    with django_assert_num_queries(2):
        BearerAuthentication().authenticate(request)
    assert ApiToken.objects.get().last_used_on == timezone.localdate()
    with django_assert_num_queries(1):
        BearerAuthentication().authenticate(request)


# ---------------------------------------------------------------------------- the administration
@pytest.fixture
def admin(own: Programme) -> User:
    person = make_member(own, "admin")
    person.is_staff = True
    person.save()
    return person


def test_the_administrator_sees_people_and_roles_of_own_programmes_only(own: Programme, admin: User) -> None:
    foreign = make_programme("foreign")
    ours, theirs, new = make_member(own, "pmo"), make_member(foreign, "pmo"), make_person("newcomer")
    client = client_of(admin)
    people = client.get("/admin/accounts/user/").content.decode()

    assert ours.username in people
    assert new.username in people
    assert f">{theirs.username}<" not in people
    for path in (
        f"accounts/user/{theirs.pk}/change/",
        f"programme/rolegrant/{theirs.grants.get().pk}/change/",
    ):
        assert client.get(f"/admin/{path}").status_code == 302, "hidden rows lead back to the list"
    assert client.get(f"/admin/accounts/user/{ours.pk}/change/").status_code == 200


def test_a_role_given_in_the_administration_has_who_and_request(own: Programme, admin: User) -> None:
    person = make_person()
    answer = client_of(admin).post(
        "/admin/programme/rolegrant/add/", {"programme": own.pk, "user": person.pk, "role": "controller"}
    )

    assert answer.status_code == 302
    grant = RoleGrant.objects.get(user=person)
    said = last_context(grant)
    assert (said["user"], said["url"], grant.created_by) == (admin.pk, "admin:programme_rolegrant_add", admin)


def test_a_role_in_a_foreign_programme_cannot_be_given(own: Programme, admin: User) -> None:
    foreign, person = make_programme("foreign"), make_person()
    client_of(admin).post(
        "/admin/programme/rolegrant/add/", {"programme": foreign.pk, "user": person.pk, "role": "controller"}
    )

    assert not RoleGrant.objects.filter(user=person).exists()


def test_nobody_makes_a_superuser_of_himself(own: Programme, admin: User) -> None:
    client_of(admin).post(
        f"/admin/accounts/user/{admin.pk}/change/",
        {
            "username": admin.username,
            "language": "fi",
            "is_active": "on",
            "is_staff": "on",
            "is_superuser": "on",
        },
    )

    admin.refresh_from_db()
    assert not admin.is_superuser
    assert admin.is_staff


@pytest.mark.parametrize("role", ["pmo", "auditor"])
def test_staff_of_other_roles_are_not_let_in(own: Programme, role: str) -> None:
    person = make_member(own, role)
    person.is_staff = True
    person.save()

    assert client_of(person).get("/admin/accounts/user/").status_code == 403


def test_parameters_are_set_for_own_programmes_only(own: Programme, admin: User) -> None:
    make_programme("foreign")
    client = client_of(admin)
    for scope in ("own", "foreign", ""):
        client.post(
            "/admin/core/setting/add/",
            {"scope": scope, "key": "k", "value": "1", "valid_from": "2024-01-01", "reason": "r"},
        )

    assert list(Setting.objects.values_list("scope", flat=True)) == ["own"]


def test_every_page_of_the_administration_opens_for_a_superuser(own: Programme, admin: User) -> None:
    User.objects.filter(pk=admin.pk).update(is_superuser=True)
    client = client_of(User.objects.get(pk=admin.pk))
    for path in ("", "accounts/user/", f"accounts/user/{admin.pk}/change/", "accounts/user/add/", "accounts/apitoken/",
                 "programme/rolegrant/", "programme/rolegrant/add/", "core/setting/", "core/setting/add/"):  # fmt: skip
        assert client.get(f"/admin/{path}").status_code == 200, path
