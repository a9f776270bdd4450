"""People and roles in the portal: the list, giving, changing and taking roles, accounts."""

import threading
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.models import Outbox
from core.outbox import send_due
from programme.models import Programme, RoleGrant, Sector, Segment, Theme
from programme.people import services
from programme.people.forms import PersonForm
from programme.people.rules import may_manage
from programme.people.selectors import hints, role_history
from tests.factories.accounts import make_member, make_person, make_programme

pytestmark = pytest.mark.django_db
PEOPLE = "/en/p/own/people/"
ARGON2 = "django.contrib.auth.hashers.Argon2PasswordHasher"


@pytest.fixture
def own() -> Programme:
    programme = make_programme("own")
    Theme.objects.create(programme=programme, key="digi", number=1, name_fi="Digi")
    Theme.objects.create(programme=programme, key="muu", number=2, name_fi="Muu")
    Sector.objects.create(programme=programme, key="tespa", name_fi="Terveys")
    return programme


@pytest.fixture
def admin(own: Programme) -> User:
    return make_member(own, "admin")


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def form_data(client: Client, url: str, **changes: Any) -> dict[str, Any]:
    """What the page's form would send, with some fields changed."""
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in data.items()} | changes


# ---------------------------------------------------------------------------- passwords
def test_passwords_are_kept_as_argon2_outside_the_tests(settings: Any) -> None:
    from config.settings import base

    assert base.PASSWORD_HASHERS[0] == ARGON2
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    person = make_person("aila", password="a long enough password")

    assert person.password.startswith("argon2$argon2id$")
    assert person.check_password("a long enough password")
    assert not person.check_password("another password")


def test_an_older_hash_becomes_argon2_at_the_next_sign_in(settings: Any) -> None:
    from config.settings import base

    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    person = make_person("aila")
    person.password = make_password("a long enough password", hasher=PBKDF2PasswordHasher().algorithm)
    person.save()
    assert person.password.startswith("pbkdf2_sha256$")
    Client().post("/accounts/login/", {"login": "aila", "password": "a long enough password"})

    assert User.objects.get(username="aila").password.startswith("argon2$argon2id$")


# ---------------------------------------------------------------------------- the list
def test_the_list_shows_who_may_what_and_when_they_last_signed_in(own: Programme, admin: User) -> None:
    theme = own_theme(own)
    lead = make_member(own, "theme", theme=theme)
    User.objects.filter(pk=lead.pk).update(
        first_name="Teemu",
        last_name="Digi",
        last_login=timezone.make_aware(timezone.datetime(2024, 3, 5, 12)),
    )
    text = client_of(admin).get(PEOPLE).content.decode()

    assert "Teemu Digi" in text
    assert "5.3.2024" in text or "05/03/2024" in text or "5 Mar" in text
    assert "Digi" in text


def own_theme(programme: Programme) -> Theme:
    return Theme.objects.get(programme=programme, key="digi")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=meikä", {"maija"}),
        ("q=maija+meikäläinen", {"maija"}),
        ("q=maija+virtanen", set()),
        ("q=example.org", {"maija"}),
        ("role=controller", {"kalle"}),
        ("state=inactive", {"kalle"}),
        ("state=no_scope", {"teemu"}),
        ("role=nonsense", set()),
    ],
)
def test_the_list_is_narrowed_by_its_address(
    own: Programme, admin: User, query: str, found: set[str]
) -> None:
    for username, role, fields in (
        ("maija", "staff", {"first_name": "Maija", "last_name": "Meikäläinen", "email": "maija@example.org"}),
        ("kalle", "controller", {"is_active": False}),
        ("teemu", "theme", {}),
    ):
        RoleGrant.objects.create(programme=own, user=make_person(username, **fields), role=role)
    page = client_of(admin).get(f"{PEOPLE}?{query}").context["page"]

    assert {grant.user.username for grant in page.object_list} == found


def test_a_scope_narrows_the_list(own: Programme, admin: User) -> None:
    theme = own_theme(own)
    lead = make_member(own, "theme", theme=theme)
    page = client_of(admin).get(f"{PEOPLE}?scope=theme-{theme.pk}").context["page"]

    assert [grant.user for grant in page.object_list] == [lead]


def test_the_list_asks_no_more_when_people_are_more(
    own: Programme, admin: User, django_assert_max_num_queries: Any
) -> None:
    client = client_of(admin)
    client.get(PEOPLE)
    for _unused in range(30):
        make_member(own, "staff")
    with django_assert_max_num_queries(30):
        assert len(client.get(PEOPLE).context["rows"]) == 31


def test_hints_say_what_the_set_up_lacks(own: Programme, admin: User) -> None:
    kinds = {hint.kind for hint in hints(own)}
    assert {"no_controller", "no_pmo", "one_admin", "themes_unled", "sectors_unled", "never_in"} <= kinds
    make_member(own, "controller")
    make_member(own, "admin")
    make_member(own, "theme", theme=own_theme(own))
    make_member(own, "theme")
    Segment.objects.create(programme=own, key="lapset", name_fi="Lapset")
    told = {hint.kind: hint.text for hint in hints(own)}

    assert not {"no_controller", "one_admin"} & set(told)
    assert "Muu" in told["themes_unled"]
    assert "Digi" not in told["themes_unled"]
    assert "Lapset" in told["segments_unled"]
    assert "no_scope" in told


def test_an_inactive_controller_is_no_controller(own: Programme) -> None:
    person = make_member(own, "controller")
    User.objects.filter(pk=person.pk).update(is_active=False)

    assert "no_controller" in {hint.kind for hint in hints(own)}


# ---------------------------------------------------------------------------- roles
def test_a_role_is_given_with_its_scope_and_kept_in_history(own: Programme, admin: User) -> None:
    person, theme = make_member(own, "staff"), own_theme(own)
    client, url = client_of(admin), f"{PEOPLE}roles/add/"
    data = form_data(client, url, user=person.pk, role="theme", scope=f"theme-{theme.pk}", reason="new lead")
    answer = client.post(url, data)

    assert answer.status_code == 302, answer.content
    grant = RoleGrant.objects.get(user=person, role="theme")
    assert (grant.theme, grant.programme, grant.created_by) == (theme, own, admin)
    change = role_history(own, person)[0]
    assert (change.kind, change.by, change.reason, change.scope) == ("insert", admin, "new lead", theme)


def test_the_same_form_sent_twice_gives_one_role(own: Programme, admin: User) -> None:
    person = make_member(own, "staff")
    client, url = client_of(admin), f"{PEOPLE}roles/add/"
    data = form_data(client, url, user=person.pk, role="controller")
    answers = [client.post(url, data) for _unused in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert RoleGrant.objects.filter(user=person, role="controller").count() == 1


@pytest.mark.parametrize(
    ("role", "scope"),
    [("theme", ""), ("theme", "sector"), ("controller", "theme"), ("sector", "foreign"), ("", "")],
)
def test_a_role_that_does_not_fit_its_scope_is_refused_with_the_field_named(
    own: Programme, admin: User, role: str, scope: str
) -> None:
    foreign = Sector.objects.create(programme=make_programme("foreign"), key="tespa", name_fi="Vieras")
    values = {
        "": "", "theme": f"theme-{own_theme(own).pk}", "foreign": f"sector-{foreign.pk}",
        "sector": f"sector-{Sector.objects.get(programme=own).pk}",
    }  # fmt: skip
    person = make_member(own, "staff")
    client, url = client_of(admin), f"{PEOPLE}roles/add/"
    answer = client.post(url, form_data(client, url, user=person.pk, role=role, scope=values[scope]))

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) & {"role", "scope"}
    assert RoleGrant.objects.filter(user=person).count() == 1


def test_a_scope_is_changed_and_the_old_one_stays_in_history(own: Programme, admin: User) -> None:
    first, second = Theme.objects.filter(programme=own).order_by("number")
    lead = make_member(own, "theme", theme=first)
    client, url = client_of(admin), f"{PEOPLE}roles/{lead.grants.get().pk}/"
    answer = client.post(url, form_data(client, url, scope=f"theme-{second.pk}", reason="moved"))

    assert answer.status_code == 302
    assert lead.grants.get().theme == second
    assert [(change.kind, change.scope) for change in role_history(own, lead)] == [
        ("update", second), ("insert", first),
    ]  # fmt: skip


def test_a_role_somebody_changed_meanwhile_is_not_changed_over(own: Programme, admin: User) -> None:
    first, second = Theme.objects.filter(programme=own).order_by("number")
    lead = make_member(own, "theme", theme=first)
    grant = lead.grants.get()
    client, url = client_of(admin), f"{PEOPLE}roles/{grant.pk}/"
    data = form_data(client, url, scope=f"theme-{second.pk}")
    services.change_grant(grant=grant, role="staff", scope=None, by=admin)
    answer = client.post(url, data)

    assert answer.status_code == 409
    assert "staff" in answer.context["form"].non_field_errors()[0]
    assert lead.grants.get().role == "staff"
    again = data | {"was": answer.context["form"]["was"].value()}
    assert client.post(url, again).status_code == 302, "what the page told has been seen"
    assert lead.grants.get().theme == second


def test_a_role_somebody_changed_meanwhile_is_not_taken_away(own: Programme, admin: User) -> None:
    lead = make_member(own, "theme", theme=own_theme(own))
    grant = lead.grants.get()
    client, url = client_of(admin), f"{PEOPLE}roles/{grant.pk}/remove/"
    data = form_data(client, url, reason="left")
    services.change_grant(grant=grant, role="controller", scope=None, by=admin)
    answer = client.post(url, data)

    assert answer.status_code == 409
    assert "controller" in answer.context["form"].non_field_errors()[0]
    assert lead.grants.get().role == "controller"
    assert client.post(url, {"reason": "left"}).status_code == 409, "a form without a version has seen none"
    again = data | {"version": answer.context["form"]["version"].value()}
    assert client.post(url, again).status_code == 302
    assert not lead.grants.exists()


def test_a_role_is_taken_away_with_a_reason(own: Programme, admin: User) -> None:
    person = make_member(own, "controller")
    RoleGrant.objects.create(programme=own, user=person, role="staff")
    grant = person.grants.get(role="controller")
    client, url = client_of(admin), f"{PEOPLE}roles/{grant.pk}/remove/"

    assert client.post(url, {"reason": ""}).status_code == 422
    data = form_data(client, url, reason="left the finance team")
    assert client.post(url, data).status_code == 302
    assert list(person.grants.values_list("role", flat=True)) == ["staff"]
    change = role_history(own, person)[0]
    assert (change.kind, change.by, change.reason) == ("delete", admin, "left the finance team")
    text = client.get(f"{PEOPLE}{person.pk}/").content.decode()
    assert "left the finance team" in text


def test_a_role_taken_away_ends_its_rights_with_the_next_request(own: Programme, admin: User) -> None:
    person = make_member(own, "pmo")
    client = client_of(person)
    assert client.get(PEOPLE).status_code == 200
    services.remove_grant(grant=person.grants.get(), by=admin, reason="left")

    assert client.get(PEOPLE).status_code in {302, 404}


def test_nobody_takes_away_their_own_last_administration(own: Programme, admin: User) -> None:
    make_member(own, "admin")
    client, url = client_of(admin), f"{PEOPLE}roles/{admin.grants.get().pk}/remove/"
    answer = client.post(url, form_data(client, url, reason="tired"))

    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()
    assert admin.grants.filter(role="admin").exists()
    with pytest.raises(ValidationError):
        services.change_grant(grant=admin.grants.get(), role="pmo", scope=None, by=admin)


def test_two_administrators_cannot_remove_each_other(own: Programme, admin: User) -> None:
    """The second of the two finds itself the last; what happens at once waits on the rows' locks."""
    other = make_member(own, "admin")
    services.remove_grant(grant=other.grants.get(), by=admin, reason="first")

    with pytest.raises((ValidationError, PermissionDenied)):
        services.remove_grant(grant=admin.grants.get(), by=User.objects.get(pk=other.pk), reason="second")
    assert admin.grants.filter(role="admin").exists()


# ---------------------------------------------------------------------------- what the programme office may not
def test_the_office_gives_every_role_but_administrator(own: Programme, admin: User) -> None:
    pmo, person = make_member(own, "pmo"), make_member(own, "staff")
    client, url = client_of(pmo), f"{PEOPLE}roles/add/"
    offered = {value for value, _label in client.get(url).context["form"].fields["role"].choices}

    assert "admin" not in offered
    assert {"controller", "pmo", "auditor"} <= offered
    answer = client.post(url, form_data(client, url, user=person.pk, role="admin"))
    assert answer.status_code == 422
    with pytest.raises(PermissionDenied):
        services.give_role(programme=own, person=person, role="admin", scope=None, by=pmo)


def test_the_office_does_not_touch_administrators(own: Programme, admin: User) -> None:
    pmo, client = make_member(own, "pmo"), None
    client = client_of(pmo)
    make_member(own, "admin")
    grant = admin.grants.get()

    for path in (
        f"roles/{grant.pk}/",
        f"roles/{grant.pk}/remove/",
        f"{admin.pk}/edit/",
        f"{admin.pk}/deactivate/",
    ):
        assert client.get(f"{PEOPLE}{path}").status_code == 403, path
        assert client.post(f"{PEOPLE}{path}", {"reason": "x"}).status_code == 403, path
    for path in (f"{admin.pk}/password/", f"{admin.pk}/activate/"):
        assert client.post(f"{PEOPLE}{path}").status_code == 403, path
    assert User.objects.get(pk=admin.pk).is_active
    assert not Outbox.objects.exists()


def test_the_office_gives_itself_nothing(own: Programme) -> None:
    pmo = make_member(own, "pmo")

    with pytest.raises(PermissionDenied):
        services.give_role(programme=own, person=pmo, role="controller", scope=None, by=pmo)
    assert list(pmo.grants.values_list("role", flat=True)) == ["pmo"]


# ---------------------------------------------------------------------------- accounts
def test_a_person_is_added_with_a_role_and_sets_a_password_by_a_link(own: Programme, admin: User) -> None:
    client, url = client_of(admin), f"{PEOPLE}add/"
    data = form_data(
        client, url, first_name="Maija", last_name="Meikäläinen", email="Maija@Example.org", language="sv",
        username="Maija", role="controller",
    )  # fmt: skip
    answer = client.post(url, data)
    person = User.objects.get(username="maija")

    assert (answer.status_code, answer["Location"]) == (302, f"{PEOPLE}{person.pk}/")
    assert (person.email, person.language, person.has_usable_password()) == ("maija@example.org", "sv", False)
    assert [grant.role for grant in person.grants.all()] == ["controller"]
    link = sent_link(person)
    assert "/sv/accounts/password/" in link
    set_password(link, "tämä on pitkä salasana")
    assert signs_in("maija")


def signs_in(username: str) -> bool:
    answer = Client().post("/accounts/login/", {"login": username, "password": "tämä on pitkä salasana"})
    return answer.status_code == 302


def sent_link(person: User) -> str:
    """The link in the newest mail to the person; sends what waits."""
    send_due()
    letters = [letter for letter in mail.outbox if letter.to == [person.email]]
    return next(word for word in letters[-1].body.split() if "/accounts/password/" in word)


def set_password(link: str, password: str) -> Any:
    client = Client()
    shown = client.get(link, follow=True)
    assert shown.status_code == 200, shown.content
    return client.post(shown.redirect_chain[-1][0], {"new_password1": password, "new_password2": password})


def test_no_message_waits_with_a_link_in_it(own: Programme, admin: User) -> None:
    invite(own, admin, "maija@example.org")
    (message,) = Outbox.objects.all()

    assert "/accounts/password/" not in str(message.payload)
    assert "token" not in str(message.payload)


def invite(programme: Programme, by: User, email: str, role: str = "staff") -> RoleGrant:
    return services.invite(
        programme=programme, email=email, first_name="Maija", last_name="Meikäläinen", role=role, scope=None, by=by,
        site="https://portal.example",
    )[0]  # fmt: skip


def test_a_link_works_once_and_a_weak_password_is_refused(own: Programme, admin: User) -> None:
    person = invite(own, admin, "maija@example.org").user
    link = sent_link(person)
    weak = set_password(link, "lyhyt")
    assert weak.status_code == 422
    assert set_password(link, "tämä on pitkä salasana").status_code == 302
    again = Client().get(link, follow=True)

    assert again.status_code == 410
    assert signs_in(person.username)


def test_a_link_dies_with_the_account_and_with_age(own: Programme, admin: User, settings: Any) -> None:
    person = invite(own, admin, "maija@example.org").user
    link = sent_link(person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert Client().get(link, follow=True).status_code == 410
    User.objects.filter(pk=person.pk).update(is_active=True)
    assert Client().get(link, follow=True).status_code == 200
    settings.PASSWORD_RESET_TIMEOUT = -1

    assert Client().get(link, follow=True).status_code == 410


def test_links_live_for_a_week() -> None:
    from config.settings import base

    assert base.PASSWORD_RESET_TIMEOUT == 7 * 24 * 3600


def test_a_new_link_is_sent_when_asked(own: Programme, admin: User) -> None:
    person = make_member(own, "staff")
    client = client_of(admin)
    client.post(f"{PEOPLE}{person.pk}/password/")
    assert not Outbox.objects.exists(), "no address, no mail"
    User.objects.filter(pk=person.pk).update(email="p@example.org")
    client.post(f"{PEOPLE}{person.pk}/password/")
    person.refresh_from_db()

    assert set_password(sent_link(person), "tämä on pitkä salasana").status_code == 302


def test_somebody_who_is_there_gets_the_role_and_keeps_the_account(own: Programme, admin: User) -> None:
    foreign = make_programme("foreign")
    person = make_member(foreign, "pmo")
    User.objects.filter(pk=person.pk).update(
        email="Eeva@Example.org", first_name="Eeva", password=make_password("their own password")
    )
    grant = invite(own, admin, "eeva@example.org", "auditor")

    person.refresh_from_db()
    assert (grant.user, person.first_name, User.objects.count()) == (person, "Eeva", 2)
    assert person.check_password("their own password")
    send_due()
    assert "/accounts/password/" not in mail.outbox[-1].body
    assert mail.outbox[-1].to == ["Eeva@Example.org"]


def test_details_are_changed_and_nothing_else(own: Programme, admin: User) -> None:
    person = make_member(own, "staff")
    User.objects.filter(pk=person.pk).update(first_name="Maija", last_name="M", email="m@example.org")
    client, url = client_of(admin), f"{PEOPLE}{person.pk}/edit/"
    data = form_data(client, url, last_name="Virtanen") | {
        "is_superuser": "on",
        "is_staff": "on",
        "password": "x",
    }
    before = User.objects.get(pk=person.pk)
    assert client.post(url, data).status_code == 302
    person.refresh_from_db()

    assert (person.first_name, person.last_name) == ("Maija", "Virtanen")
    assert (person.is_superuser, person.is_staff, person.password) == (False, False, before.password)


def test_details_that_somebody_else_changed_meanwhile_are_not_written_over(
    own: Programme, admin: User
) -> None:
    person = make_member(own, "staff")
    User.objects.filter(pk=person.pk).update(first_name="Maija", last_name="M", email="m@example.org")
    client, url = client_of(admin), f"{PEOPLE}{person.pk}/edit/"
    data = form_data(client, url, last_name="Virtanen")
    User.objects.filter(pk=person.pk).update(last_name="Korhonen", email="uusi@example.org")

    assert client.post(url, data).status_code == 409
    person.refresh_from_db()
    assert (person.last_name, person.email) == ("Korhonen", "uusi@example.org")

    assert client.post(url, form_data(client, url, last_name="Virtanen")).status_code == 302
    person.refresh_from_db()
    assert (person.last_name, person.email) == ("Virtanen", "uusi@example.org")


def test_an_address_of_somebody_else_is_refused(own: Programme, admin: User) -> None:
    make_person("other", email="taken@example.org")
    person = make_member(own, "staff")
    User.objects.filter(pk=person.pk).update(first_name="M", last_name="M", email="m@example.org")
    client, url = client_of(admin), f"{PEOPLE}{person.pk}/edit/"
    answer = client.post(url, form_data(client, url, email="TAKEN@example.org"))

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"email"}


def with_address(programme: Programme, role: str) -> User:
    person = make_member(programme, role)
    person.first_name, person.last_name, person.email = "Maija", "M", "Maija@example.org"
    person.language = "en"
    person.save()
    return person


def test_a_new_address_is_told_to_the_old_one(own: Programme, admin: User) -> None:
    person = with_address(own, "staff")
    pmo = make_member(own, "pmo")
    client, url = client_of(pmo), f"{PEOPLE}{person.pk}/edit/"
    assert client.post(url, form_data(client, url, last_name="Virtanen")).status_code == 302
    assert not Outbox.objects.exists(), "the address stayed"
    assert client.post(url, form_data(client, url, email="uusi@example.org")).status_code == 302
    send_due()
    (letter,) = mail.outbox

    assert letter.to == ["maija@example.org"]
    assert "programme office (PMO)" in letter.body and person.username in letter.body
    assert "uusi@example.org" not in letter.body and "administrator" in letter.body
    assert User.objects.get(pk=person.pk).email == "uusi@example.org"


def test_a_new_address_that_is_not_saved_is_not_told(own: Programme, admin: User) -> None:
    person = with_address(own, "staff")
    client, url = client_of(admin), f"{PEOPLE}{person.pk}/edit/"
    data = form_data(client, url, email="uusi@example.org")
    User.objects.filter(pk=person.pk).update(email="muu@example.org")

    assert client.post(url, data).status_code == 409
    assert not Outbox.objects.exists()


@pytest.mark.parametrize("role", ["controller", "owner", "director", "board", "steering"])
def test_the_address_of_somebody_who_approves_is_the_administrators_to_change(
    own: Programme, admin: User, role: str
) -> None:
    person = with_address(own, role)
    client, url = client_of(make_member(own, "pmo")), f"{PEOPLE}{person.pk}/edit/"
    form = client.get(url).context["form"]
    assert form.fields["email"].widget.attrs["readonly"]
    refused = client.post(url, form_data(client, url, email="office@example.org"))

    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"email"}
    assert client.post(url, form_data(client, url, last_name="Virtanen")).status_code == 302
    person.refresh_from_db()
    assert (person.last_name, person.email) == ("Virtanen", "Maija@example.org")
    client = client_of(admin)
    assert client.post(url, form_data(client, url, email="uusi@example.org")).status_code == 302
    assert User.objects.get(pk=person.pk).email == "uusi@example.org"


def test_a_role_given_while_the_form_is_saved_still_guards_the_address(own: Programme, admin: User) -> None:
    person, pmo = with_address(own, "staff"), make_member(own, "pmo")
    form = PersonForm(None, instance=person, programme=own, user=pmo)
    data = {name: form[name].value() for name in form.fields} | {"email": "office@example.org"}
    sent = PersonForm(data, instance=person, programme=own, user=pmo)
    assert sent.is_valid()
    services.give_role(programme=own, person=person, role="controller", scope=None, by=admin)

    with pytest.raises(PermissionDenied):
        services.change_details(sent, pmo)
    assert User.objects.get(pk=person.pk).email == "Maija@example.org"


def test_switching_off_ends_sessions_and_tokens_at_once(own: Programme, admin: User) -> None:
    from django.contrib.sessions.models import Session

    person = make_member(own, "pmo")
    first, second, bystander = client_of(person), client_of(person), client_of(make_member(own, "pmo"))
    assert first.get(PEOPLE).status_code == second.get(PEOPLE).status_code == 200
    before = Session.objects.count()
    client = client_of(admin)
    assert client.post(f"{PEOPLE}{person.pk}/deactivate/", {"reason": ""}).status_code == 422
    assert client.post(f"{PEOPLE}{person.pk}/deactivate/", {"reason": "left the county"}).status_code == 302

    assert Session.objects.count() == before + 1 - 2, "the administrator's came, the person's two went"
    assert first.get(PEOPLE).status_code == second.get(PEOPLE).status_code == 302
    assert bystander.get(PEOPLE).status_code == 200
    event = User.objects.get(pk=person.pk).events.latest("pgh_id")
    assert (event.is_active, event.pgh_context.metadata["reason"]) == (False, "left the county")
    assert client.post(f"{PEOPLE}{person.pk}/activate/").status_code == 302
    assert User.objects.get(pk=person.pk).is_active
    assert first.get(PEOPLE).status_code == 302, "an ended session does not come back"


def test_nobody_switches_themselves_or_the_last_administrator_off(own: Programme, admin: User) -> None:
    with pytest.raises(ValidationError):
        services.deactivate(person=admin, by=admin, reason="x")
    other = make_member(own, "admin")
    services.deactivate(person=other, by=admin, reason="x")

    assert not User.objects.get(pk=other.pk).is_active
    assert User.objects.get(pk=admin.pk).is_active


def test_an_account_that_reaches_further_than_ones_rights_is_left_alone(own: Programme, admin: User) -> None:
    """A new e-mail address would be the way into the other county."""
    person = make_member(own, "staff")
    assert may_manage(admin, person)
    RoleGrant.objects.create(programme=make_programme("foreign"), user=person, role="staff")
    client = client_of(admin)

    assert not may_manage(admin, person)
    for path in ("edit/", "deactivate/"):
        assert client.get(f"{PEOPLE}{person.pk}/{path}").status_code == 403
    assert client.post(f"{PEOPLE}{person.pk}/password/").status_code == 403
    text = client.get(f"{PEOPLE}{person.pk}/").content.decode()
    assert "foreign" not in text
    boss = make_member(own, "staff")
    User.objects.filter(pk=boss.pk).update(is_superuser=True)
    assert not may_manage(admin, User.objects.get(pk=boss.pk))


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_remove_each_other_at_once_leave_one() -> None:
    """Each in a connection of its own: the second waits for the first and finds itself the last."""
    programme = make_programme("own")
    first, second = make_member(programme, "admin"), make_member(programme, "admin")
    together, refused = threading.Barrier(2), []

    def remove(grant: RoleGrant, by: User) -> None:
        together.wait(60)
        try:
            services.remove_grant(grant=grant, by=User.objects.get(pk=by.pk), reason="at once")
        except (ValidationError, PermissionDenied):
            refused.append(by.pk)
        finally:
            connection.close()

    pairs = ((second.grants.get(), first), (first.grants.get(), second))
    threads = [threading.Thread(target=remove, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(refused) == 1
    assert RoleGrant.objects.filter(programme=programme, role="admin").count() == 1
