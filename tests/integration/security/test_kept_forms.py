"""A form that is sent after the session ended: kept, and shown again after signing in."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from config import limits
from programme.models import Programme
from tests.factories.accounts import make_member, make_person, make_programme

pytestmark = pytest.mark.django_db
PASSWORD = "a password of hers"


@pytest.fixture(autouse=True)
def _forget_tries() -> None:
    cache.clear()


@pytest.fixture
def programme() -> Programme:
    return make_programme("own")


def member(programme: Programme, role: str = "pmo") -> Any:
    person = make_member(programme, role)
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def theme(programme: Programme) -> Any:
    from programme.models import Theme

    return Theme.objects.create(programme=programme, key="digi", number=1, name_fi="Digi")


@pytest.fixture
def url(theme: Any) -> str:
    """The page that edits the theme."""
    return f"/p/own/settings/themes/{theme.pk}/"


def fields_of(answer: Any) -> dict[str, str]:
    """What the row form of the page would send."""
    form = answer.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else str(value) for name, value in sent.items()}


def open_form(client: Client, person: Any, url: str) -> dict[str, str]:
    client.force_login(person)
    answer = client.get(url)
    assert answer.status_code == 200
    return fields_of(answer)


def lose_session(client: Client) -> None:
    client.session.delete()


def sign_in(client: Client, person: Any, following: str) -> Any:
    return client.post(
        following, {"login": person.username, "password": PASSWORD, "next": next_of(following)}
    )


def next_of(location: str) -> str:
    found = re.search(r"next=([^&]+)", location)
    assert found
    return found[1]


def test_what_was_typed_is_there_after_signing_in_again(programme: Programme, theme: Any, url: str) -> None:
    person, client = member(programme), Client()
    fields = open_form(client, person, url) | {"name_fi": "Digitaalinen arki"}
    lose_session(client)
    answer = client.post(url, fields)
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={url}")
    assert "kept" in client.get("/en/accounts/login/").content.decode()
    answer = sign_in(client, person, answer["Location"])
    assert answer["Location"] == url
    shown = client.get(url)

    assert shown.context["kept_after_sign_in"] is True
    assert fields_of(shown)["name_fi"] == "Digitaalinen arki"
    theme.refresh_from_db()
    assert theme.name_fi == "Digi", "nothing is saved before the person says so"
    assert client.post(url, fields_of(shown)).status_code == 302
    theme.refresh_from_db()
    assert theme.name_fi == "Digitaalinen arki"


def test_somebody_else_does_not_see_it(programme: Programme, theme: Any, url: str) -> None:
    person, other, client = member(programme), member(programme, "admin"), Client()
    fields = open_form(client, person, url) | {"name_fi": "Salainen"}
    lose_session(client)
    answer = client.post(url, fields)
    sign_in(client, other, answer["Location"])

    assert "Salainen" not in client.get(url).content.decode()
    assert "kept_form" not in client.session


def test_passwords_files_and_foreign_forms_are_not_kept(programme: Programme, theme: Any, url: str) -> None:
    client = Client()
    answer = client.post(url, {"name_fi": "made elsewhere", "password": "hunter2"})

    assert answer["Location"] == "/accounts/login/?next=/"
    assert Session.objects.count() == 0


def test_a_button_leads_back_to_the_page_it_stood_on(programme: Programme) -> None:
    answer = Client().post(
        "/accounts/language/", {"language": "sv"}, headers={"Referer": "http://testserver/p/own/about/?a=1"}
    )

    assert answer["Location"] == "/accounts/login/?next=/p/own/about/%3Fa%3D1"
    answer = Client().post(
        "/accounts/language/", {"language": "sv"}, headers={"Referer": "https://evil.example/x"}
    )
    assert answer["Location"] == "/accounts/login/?next=/"


def test_no_more_is_kept_than_fits(programme: Programme, theme: Any, url: str) -> None:
    person, client = member(programme), Client()
    fields = open_form(client, person, url) | {"name_fi": "x" * (limits.KEPT_MAX_BYTES + 1)}
    lose_session(client)
    client.post(url, fields)

    assert all(len(row.session_data) < limits.KEPT_MAX_BYTES for row in Session.objects.all())


def test_the_secret_of_forms_is_checked_before_anything_is_kept(
    programme: Programme, theme: Any, url: str
) -> None:
    person, client = member(programme), Client(enforce_csrf_checks=True)
    fields = open_form(client, person, url)
    lose_session(client)

    assert client.post(url, fields).status_code == 403
    assert Session.objects.count() == 0


def test_a_form_from_before_signing_in_again_in_another_tab_is_shown_again(
    programme: Programme, theme: Any, url: str
) -> None:
    """Its secret is old: nothing is saved, nothing typed is lost."""
    person, client = member(programme), Client(enforce_csrf_checks=True)
    fields = open_form(client, person, url) | {"name_fi": "Digitaalinen arki"}
    answer = client.post(url, fields | {"csrfmiddlewaretoken": "x" * 64})
    assert (answer.status_code, answer["Location"]) == (302, url)

    assert fields_of(client.get(url))["name_fi"] == "Digitaalinen arki"
    theme.refresh_from_db()
    assert theme.name_fi == "Digi"


# ---------------------------------------------------------------------------- scripts
def by_script(client: Client, method: str, url: str, *data: Any) -> Any:
    return getattr(client, method)(url, *data, headers={"X-Requested-With": "fetch"})


def test_a_script_is_told_and_gets_the_dialog(programme: Programme) -> None:
    person, client = member(programme), Client()
    assert by_script(client, "get", "/p/own/about/").status_code == 401
    dialog = by_script(client, "get", f"/accounts/login/?user={person.username}")

    text = dialog.content.decode()
    assert "data-sign-in-again" in text
    assert "<html" not in text
    assert f'value="{person.username}"' in text
    wrong = by_script(client, "post", "/accounts/login/", {"login": person.username, "password": "wrong"})
    assert wrong.status_code == 422
    assert "data-sign-in-again" in wrong.content.decode()


def test_after_the_password_a_script_gets_the_new_secret(programme: Programme) -> None:
    person, client = member(programme), Client(enforce_csrf_checks=True)
    page = by_script(client, "get", "/accounts/login/")
    secret = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
    assert secret
    answer = by_script(
        client, "post", "/accounts/login/",
        {"login": person.username, "password": PASSWORD, "csrfmiddlewaretoken": secret[1]},
    )  # fmt: skip

    told = answer.json()
    assert told["person"] == person.pk
    assert answer["Cache-Control"] == "no-store"
    kept = client.post("/accounts/language/", {"language": "sv", "csrfmiddlewaretoken": told["csrf"]})
    assert kept.status_code == 302


def test_a_script_whose_person_signed_in_elsewhere_needs_no_password(programme: Programme) -> None:
    person, client = make_person("aila"), Client()
    client.force_login(person)

    assert by_script(client, "get", "/accounts/login/").json()["person"] == person.pk
