"""How long a sign-in lasts, and that a lost role or account ends it at once."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.sessions import APPROVING, SEEN, STARTED
from config import limits
from core.permissions import ROLES
from programme.models import RoleGrant
from tests.factories.accounts import make_member, make_person, make_programme

pytestmark = pytest.mark.django_db
HOME = "/p/own/about/"


@pytest.fixture
def programme() -> Any:
    return make_programme("own")


@pytest.fixture
def sign_in(programme: Any) -> Callable[[str], Client]:
    """A browser of somebody with that role in the programme."""

    def signed_in(role: str) -> Client:
        client = Client()
        client.force_login(make_member(programme, role))
        return client

    return signed_in


def wind(client: Client, key: str, seconds: float) -> None:
    """What the session notes under the key lies so much further back."""
    session = client.session
    session[key] -= int(seconds)
    session.save()


def is_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200


@pytest.mark.parametrize("role", ROLES)
def test_eight_hours_end_every_sign_in(sign_in: Callable[[str], Client], role: str) -> None:
    client = sign_in(role)
    wind(client, STARTED, limits.SESSION_AGE - 5)
    assert is_in(client)
    wind(client, STARTED, 10)

    answer = client.get(HOME)
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={HOME}")
    assert "eight hours" in client.get("/en/accounts/login/").content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_an_hour_without_a_request_ends_it_for_roles_that_approve(
    sign_in: Callable[[str], Client], role: str
) -> None:
    client = sign_in(role)
    wind(client, SEEN, limits.SESSION_IDLE + 1)

    assert is_in(client) == (role not in APPROVING)


def test_every_request_counts_as_being_there(sign_in: Callable[[str], Client]) -> None:
    client = sign_in("pmo")
    wind(client, SEEN, limits.SESSION_IDLE - 5)
    assert is_in(client)

    assert time.time() - client.session[SEEN] < 5


def test_a_page_that_asks_for_itself_does_not_count(sign_in: Callable[[str], Client], programme: Any) -> None:
    from tests.factories.core import make_job

    client, job = sign_in("pmo"), make_job(programme=programme)
    wind(client, SEEN, limits.SESSION_SEEN + 5)
    seen = client.session[SEEN]
    client.get(f"/p/own/jobs/{job.pk}/", headers={"HX-Request": "true"})
    assert client.session[SEEN] == seen
    client.get(f"/p/own/jobs/{job.pk}/")

    assert client.session[SEEN] > seen


def test_a_role_that_is_taken_away_ends_the_session_with_the_next_request(programme: Any) -> None:
    person, client = make_member(programme, "controller"), Client()
    RoleGrant.objects.create(programme=programme, user=person, role="staff")
    client.force_login(person)
    assert is_in(client)
    RoleGrant.objects.filter(user=person, role="controller").update(role="auditor")

    assert client.get(HOME).status_code == 302
    assert "roles have changed" in client.get("/en/accounts/login/").content.decode()


def test_a_role_that_is_added_is_no_reason_to_sign_in_again(programme: Any) -> None:
    person, client = make_member(programme, "staff"), Client()
    client.force_login(person)
    RoleGrant.objects.create(programme=programme, user=person, role="pmo")

    assert is_in(client)
    RoleGrant.objects.filter(user=person, role="pmo").delete()
    assert not is_in(client), "and it is known from then on"


def test_an_account_that_is_switched_off_is_out_at_once(programme: Any) -> None:
    person, client = make_member(programme, "pmo"), Client()
    client.force_login(person)
    assert is_in(client)
    person.is_active = False
    person.save()

    assert not is_in(client)
    assert (
        not Client()
        .post("/accounts/login/", {"login": person.username, "password": "x"})
        .wsgi_request.user.is_authenticated
    )


def test_watching_over_sessions_costs_no_statement(sign_in: Callable[[str], Client]) -> None:
    """Session, person, grants: what every page reads anyway, and nothing is written within a minute."""
    client = sign_in("pmo")
    client.get(HOME)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(HOME)
    statements = [query["sql"] for query in asked]

    assert [sql for sql in statements if sql.startswith(("INSERT", "UPDATE", "DELETE"))] == []
    assert sum('FROM "programme_rolegrant"' in sql for sql in statements) == 1
    assert sum('FROM "accounts_user"' in sql for sql in statements) == 1
    assert sum('FROM "django_session"' in sql for sql in statements) <= 1


def test_signing_in_gives_a_new_session_key() -> None:
    make_person("aila", password="a password of hers")
    client = Client()
    client.cookies["sessionid"] = "chosenbysomebodyelse0123456789ab"
    client.post("/accounts/login/", {"login": "aila", "password": "a password of hers"})

    assert client.cookies["sessionid"].value != "chosenbysomebodyelse0123456789ab"
    assert Session.objects.count() == 1


def test_nobody_who_only_looks_gets_a_session() -> None:
    client = Client()
    client.get("/accounts/login/")
    client.get(HOME)
    client.get("/accessibility/")

    assert Session.objects.count() == 0
    assert "sessionid" not in client.cookies
