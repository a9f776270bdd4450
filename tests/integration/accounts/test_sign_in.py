"""Signing in and out, the language one reads, and what demo mode shows."""

from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.demo import DEMOS, PASSWORD, USERNAMES, assign_demo_ownership
from accounts.models import User
from accounts.services import choose_language, demo_accounts_present
from core.permissions import ROLES, can, roles_in
from programme.models import Programme, Project, RoleGrant, Sector, Segment, Theme
from tests.factories.accounts import make_person, make_programme

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _forget_tries() -> None:
    cache.clear()


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post(more.pop("url", LOGIN), {"login": username, "password": password, **more})


@pytest.fixture
def kymenlaakso() -> Programme:
    programme = make_programme("kymenlaakso")
    Theme.objects.create(programme=programme, key="digi", number=1, name_fi="Digi")
    Sector.objects.create(programme=programme, key="tespa", name_fi="Terveyspalvelut")
    return programme


@pytest.fixture
def demo(kymenlaakso: Programme, settings: Any) -> Programme:
    settings.DEMO = True
    make_programme("etela-karjala")
    call_command("demo_accounts", stdout=StringIO())
    return kymenlaakso


# ---------------------------------------------------------------------------- signing in
def test_the_right_password_lets_in_and_leads_back() -> None:
    make_person("aila", password=PASSWORD)
    client = Client()
    answer = sign_in(client, "aila", next="/p/own/measures/?theme=digi")

    assert (answer.status_code, answer["Location"]) == (302, "/p/own/measures/?theme=digi")
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("username", ["aila", "nobody"])
def test_a_wrong_password_and_an_unknown_name_are_refused_alike(username: str) -> None:
    make_person("aila", password=PASSWORD)
    client = Client()
    answer = sign_in(client, username, "wrong")

    assert answer.status_code == 422
    assert client.get("/").status_code == 302
    assert answer.context["form"].errors.as_text().count("\n") == 1


def test_five_wrong_passwords_shut_the_door_for_the_right_one() -> None:
    make_person("aila", password=PASSWORD)
    for _unused in range(5):
        sign_in(Client(), "aila", "wrong")

    assert sign_in(Client(), "aila").status_code == 429


def test_nobody_signs_up() -> None:
    for path in ("signup/", "password/reset/", "email/"):
        assert Client().get(f"/accounts/{path}").status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


def test_an_account_that_was_switched_off_is_refused_like_a_wrong_password() -> None:
    make_person("aila", password=PASSWORD, is_active=False)

    assert sign_in(Client(), "aila").status_code == 422


def test_signing_out_takes_a_post() -> None:
    make_person("aila", password=PASSWORD)
    client = Client()
    sign_in(client, "aila")
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/").status_code == 200
    client.post("/accounts/logout/")

    assert client.get("/").status_code == 302


def test_a_foreign_address_is_not_gone_to() -> None:
    make_person("aila", password=PASSWORD)

    assert sign_in(Client(), "aila", next="https://elsewhere.example/")["Location"] == "/"


# ---------------------------------------------------------------------------- language
@pytest.mark.parametrize(
    ("language", "url", "location"),
    [
        ("fi", LOGIN, "/p/own/measures/?a=1"),
        ("sv", LOGIN, "/sv/p/own/measures/?a=1"),
        ("en", LOGIN, "/en/p/own/measures/?a=1"),
        ("fi", "/sv/accounts/login/", "/p/own/measures/?a=1"),
    ],
)
def test_after_signing_in_the_page_is_in_ones_own_language(language: str, url: str, location: str) -> None:
    make_person("aila", password=PASSWORD, language=language)

    assert sign_in(Client(), "aila", url=url, next="/p/own/measures/?a=1")["Location"] == location


def test_the_chosen_language_is_kept_and_the_page_shown_in_it() -> None:
    client, person = Client(), make_person()
    client.force_login(person)
    answer = client.post("/accounts/language/", {"language": "sv", "next": "/p/own/measures/"})

    person.refresh_from_db()
    assert (answer["Location"], person.language) == ("/sv/p/own/measures/", "sv")
    answer = client.post("/sv/accounts/language/", {"language": "fi", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"
    assert client.post("/accounts/language/", {"language": "de"}).status_code == 400
    assert client.get("/accounts/language/").status_code == 405


def test_choosing_the_language_again_writes_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        choose_language(user=User(language="sv"), language="sv")


# ---------------------------------------------------------------------------- demo mode
def test_demo_accounts_are_made_only_in_demo_mode() -> None:
    with pytest.raises(CommandError, match="PORTAL_DEMO"):
        call_command("demo_accounts")
    assert not demo_accounts_present()


def test_there_is_one_account_for_each_role_and_one_for_the_other_county(demo: Programme) -> None:
    people = {person.username: person for person in User.objects.filter(is_demo=True)}

    assert set(people) == {*ROLES, "ek-pmo"} == set(USERNAMES)
    assert {name: roles_in(people[name], demo) for name in ROLES} == {name: (name,) for name in ROLES}
    assert set(
        RoleGrant.objects.exclude(programme=demo).values_list("user__username", "programme__slug")
    ) == {("ek-pmo", "etela-karjala")}
    assert all(person.check_password(PASSWORD) for person in people.values())
    assert demo_accounts_present()


def test_narrow_roles_have_their_object(demo: Programme) -> None:
    grants = {grant.role: grant for grant in RoleGrant.objects.filter(programme=demo)}

    assert grants["theme"].theme.key == "digi"
    assert grants["sector"].sector.key == "tespa"
    assert grants["segment"].segment is None
    Segment.objects.create(programme=demo, key="lapset", name_fi="Lapset")
    call_command("demo_accounts", stdout=StringIO())
    assert RoleGrant.objects.get(programme=demo, role="segment").segment.key == "lapset"


def test_the_project_manager_of_the_demonstration_leads_a_project_of_their_own(demo: Programme) -> None:
    assert RoleGrant.objects.get(programme=demo, role="project").project is None, "there is none yet"
    for n in range(3):
        Project.objects.create(programme=demo, slug=f"h{n}", name_fi=f"Hanke {n}", is_illustrative=True)
    assign_demo_ownership()
    grant = RoleGrant.objects.get(programme=demo, role="project")

    assert grant.project.manager == grant.user
    assert can(grant.user, "project.edit", grant.project)


def test_making_them_twice_changes_nothing(demo: Programme, django_user_model: Any) -> None:
    grants = RoleGrant.objects.model._meta.get_field("events").related_model
    people = django_user_model._meta.get_field("events").related_model
    before = grants.objects.count(), people.objects.count(), User.objects.count()
    call_command("demo_accounts", stdout=StringIO())

    assert (grants.objects.count(), people.objects.count(), User.objects.count()) == before


def test_a_real_account_of_that_name_is_left_alone(kymenlaakso: Programme, settings: Any) -> None:
    settings.DEMO = True
    make_person("pmo", password="a real password")

    with pytest.raises(CommandError, match="pmo"):
        call_command("demo_accounts")
    assert User.objects.get(username="pmo").check_password("a real password")
    assert User.objects.count() == 1


def test_ownership_is_handed_out_once_and_takes_nothing_from_anybody(demo: Programme) -> None:
    other = make_person()
    for n in range(5):
        Project.objects.create(
            programme=demo, slug=f"h{n}", name_fi=f"Hanke {n}", is_illustrative=n != 0,
            manager=other if n == 1 else None,
        )  # fmt: skip
    assign_demo_ownership()
    assign_demo_ownership()

    owned = Project.objects.filter(manager__username="project").values_list("slug", flat=True)
    assert sorted(owned) == ["h2", "h3"]
    assert Project.objects.get(slug="h1").manager == other
    assert Theme.objects.get(key="digi").owner.username == "theme"


def test_the_sign_in_page_lists_demo_accounts_with_their_roles(demo: Programme) -> None:
    text = Client().get(f"{LOGIN}?next=/p/kymenlaakso/&user=controller").content.decode()

    for account in DEMOS:
        assert f'href="{LOGIN}?user={account.username}&amp;next=%2Fp%2Fkymenlaakso%2F"' in text
    assert 'value="controller"' in text
    assert PASSWORD in text
    assert "kymenlaakso hyvinvointialue" in text


def test_outside_demo_mode_the_sign_in_page_names_nobody(demo: Programme, settings: Any) -> None:
    settings.DEMO = False
    text = Client().get(LOGIN).content.decode()

    assert PASSWORD not in text
    assert "controller" not in text
