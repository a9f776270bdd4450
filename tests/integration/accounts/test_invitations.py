"""Inviting from a pasted list: what is understood, what is told, what is stored."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from core.models import Outbox
from programme.models import Programme, RoleGrant, Sector, Theme
from programme.people.invitations import carry_out, read_list, role_words, split_line, split_name
from tests.factories.accounts import make_member, make_person, make_programme

pytestmark = pytest.mark.django_db
URL = "/en/p/own/people/invite/"
GOOD = """Nimi;Sähköposti;Rooli;Laajuus
Maija Meikäläinen; maija@example.org; controller;

Teemu Digi\tteemu@example.org\tTheme owner\tDigi
"Terveys, Seija";SEIJA@example.org;toimialajohtaja?;tespa
"""


@pytest.fixture
def own() -> Programme:
    programme = make_programme("own")
    Theme.objects.create(programme=programme, key="digi", number=1, name_fi="Digi", name_sv="Digitalt")
    Sector.objects.create(programme=programme, key="tespa", name_fi="Terveys")
    return programme


@pytest.fixture
def admin(own: Programme) -> User:
    return make_member(own, "admin")


def good(by: User) -> str:
    """Three people in three ways to part cells; the sector lead's role in Finnish."""
    words = {code: word for word, code in role_words().items()}
    return GOOD.replace("toimialajohtaja?", words["sector"].upper())


def faults(text: str, programme: Programme, by: User) -> set[tuple[int, str]]:
    """(line, column) of everything that is wrong."""
    preview = read_list(text, programme=programme, by=by)
    return {(line.number, fault.column) for line in preview.lines for fault in line.faults}


# ---------------------------------------------------------------------------- reading
def test_a_good_list_is_understood(own: Programme, admin: User) -> None:
    preview = read_list(good(admin), programme=own, by=admin)

    assert preview.is_good, [(line.number, line.faults) for line in preview.lines]
    assert [
        (line.number, line.first_name, line.last_name, line.email, line.role) for line in preview.lines
    ] == [
        (2, "Maija", "Meikäläinen", "maija@example.org", "controller"),
        (4, "Teemu", "Digi", "teemu@example.org", "theme"),
        (5, "Seija", "Terveys", "seija@example.org", "sector"),
    ]
    assert [str(line.scope) if line.scope else "" for line in preview.lines] == ["", "Digi", "Terveys"]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("; maija@example.org; staff", "name"),
        ("Maija M; ; staff", "email"),
        ("Maija M; maija at example.org; staff", "email"),
        ("Maija M; maija@example.org; ", "role"),
        ("Maija M; maija@example.org; king", "role"),
        ("Maija M; maija@example.org; theme", "scope"),
        ("Maija M; maija@example.org; theme; nowhere", "scope"),
        ("Maija M; maija@example.org; theme; tespa", "scope"),
        ("Maija M; maija@example.org; staff; digi", "scope"),
        ("Maija M; maija@example.org; staff; ; more", ""),
        ("131052-308T; maija@example.org; staff", "name"),
        (f"{'x' * 200}; maija@example.org; staff", "name"),
    ],
)
def test_every_fault_is_told_by_line_and_column(own: Programme, admin: User, line: str, column: str) -> None:
    text = f"Aino A; aino@example.org; staff\n\n{line}"

    assert faults(text, own, admin) == {(3, column)}


@pytest.mark.parametrize("word", ["digi", "DIGI", "1", "Digitalt"])
def test_a_scope_is_named_by_key_number_or_any_name(own: Programme, admin: User, word: str) -> None:
    (line,) = read_list(f"T D; t@example.org; theme; {word}", programme=own, by=admin).lines

    assert str(line.scope.key) == "digi"


def test_a_word_that_means_two_things_is_refused(own: Programme, admin: User) -> None:
    Theme.objects.create(programme=own, key="toinen", number=2, name_fi="Digi")

    assert faults("T D; t@example.org; theme; Digi", own, admin) == set(), (
        "the key is one, its name another's"
    )
    Theme.objects.create(programme=own, key="kolmas", number=3, name_fi="Yhteinen")
    Theme.objects.create(programme=own, key="neljas", number=4, name_fi="Yhteinen")
    assert faults("T D; t@example.org; theme; yhteinen", own, admin) == {(1, "scope")}


def test_lines_are_compared_with_each_other(own: Programme, admin: User) -> None:
    told = (("A B", "a", "staff"), ("A B", "A", "staff"), ("C D", "a", "auditor"), ("A B", "a", "board"))
    text = "\n".join(f"{name}; {box}@example.org; {role}" for name, box, role in told)

    assert faults(text, own, admin) == {(2, ""), (3, "name")}


def test_a_role_that_one_may_not_give_is_refused(own: Programme, admin: User) -> None:
    pmo = make_member(own, "pmo")
    User.objects.filter(pk=pmo.pk).update(email="pmo@example.org")
    pmo.refresh_from_db()

    assert faults("A B; a@example.org; admin", own, pmo) == {(1, "role")}
    assert faults("A B; a@example.org; admin", own, admin) == set()
    assert faults("P P; pmo@example.org; controller", own, pmo) == {(1, "role")}


def test_a_list_that_is_empty_or_too_long_is_told_so(own: Programme, admin: User) -> None:
    for text in ("", "\n \n", "nimi;sähköposti;rooli;laajuus", "A;a@example.org;staff\n" * 501):
        preview = read_list(text, programme=own, by=admin)
        assert not preview.is_good
        assert len(preview.faults) == 1


def test_reading_writes_nothing(own: Programme, admin: User) -> None:
    before = User.objects.count(), RoleGrant.objects.count(), Outbox.objects.count()
    read_list(good(admin), programme=own, by=admin)

    assert (User.objects.count(), RoleGrant.objects.count(), Outbox.objects.count()) == before


@pytest.mark.parametrize(
    ("raw", "cells"),
    [
        ("a;b;c;d", ["a", "b", "c", "d"]),
        ("a\tb\tc\td\t\t", ["a", "b", "c", "d"]),
        ("a, b, c", ["a", "b", "c"]),
        ("Last, First;b;c", ["Last, First", "b", "c"]),
        ('"x;y";b', ["x;y", "b"]),
        ("  a   b ;\u00a0c", ["a b", "c"]),
        ('"unclosed; b', ["unclosed; b"]),
    ],
)
def test_a_line_is_split(raw: str, cells: list[str]) -> None:
    assert split_line(raw) == cells


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Maija Meikäläinen", ("Maija", "Meikäläinen")),
        ("Meikäläinen, Maija Liisa", ("Maija Liisa", "Meikäläinen")),
        ("Maija Liisa von Wright", ("Maija Liisa von", "Wright")),
        ("Maija", ("", "Maija")),
        ("", ("", "")),
    ],
)
def test_a_name_is_split(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts


@given(raw=st.text(max_size=200))
def test_any_line_is_split_without_falling(raw: str) -> None:
    cells = split_line(raw.replace("\n", " ").replace("\r", " "))

    assert cells
    assert all(cell == cell.strip() for cell in cells)


# ---------------------------------------------------------------------------- carrying out
def test_a_good_list_is_carried_out_whole(own: Programme, admin: User) -> None:
    done = carry_out(good(admin), programme=own, by=admin, site="https://portal.example")

    assert (done.people, done.roles, done.there) == (3, 3, 0)
    grants = RoleGrant.objects.filter(programme=own).exclude(user=admin)
    assert {(grant.user.username, grant.role) for grant in grants} == {
        ("maija@example.org", "controller"), ("teemu@example.org", "theme"), ("seija@example.org", "sector"),
    }  # fmt: skip
    assert Outbox.objects.count() == 3
    assert not any(grant.user.has_usable_password() for grant in grants)


def test_carried_out_again_it_changes_nothing(own: Programme, admin: User) -> None:
    carry_out(good(admin), programme=own, by=admin, site="https://portal.example")
    done = carry_out(good(admin), programme=own, by=admin, site="https://portal.example")

    assert (done.people, done.roles, done.there) == (0, 0, 3)
    assert Outbox.objects.count() == 3


def test_one_bad_line_stores_nothing_of_the_others(own: Programme, admin: User) -> None:
    before = User.objects.count()
    with pytest.raises(ValidationError):
        carry_out(
            f"{good(admin)}X Y; not an address; staff", programme=own, by=admin, site="https://portal.example"
        )

    assert (User.objects.count(), Outbox.objects.count()) == (before, 0)


def test_a_failure_in_the_middle_stores_nothing(
    own: Programme, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from programme.people import services

    before, told = User.objects.count(), []

    def post_once(**message: Any) -> bool:
        told.append(message)
        if len(told) == 2:
            raise RuntimeError("the outbox is full")
        return True

    monkeypatch.setattr(services, "post_mail", post_once)
    with pytest.raises(RuntimeError):
        carry_out(good(admin), programme=own, by=admin, site="https://portal.example")

    assert (User.objects.count(), RoleGrant.objects.filter(programme=own).count()) == (before, 1)


def test_one_person_may_get_several_roles_in_one_list(own: Programme, admin: User) -> None:
    text = "A B; a@example.org; staff\nA B; a@example.org; theme; digi"
    done = carry_out(text, programme=own, by=admin, site="https://portal.example")

    assert (done.people, done.roles) == (1, 2)


# ---------------------------------------------------------------------------- the other county
def test_the_list_says_nothing_of_people_who_have_no_role_here(own: Programme, admin: User) -> None:
    """Somebody of the other county looks like somebody new, and keeps name and account."""
    stranger = make_member(make_programme("foreign"), "pmo")
    User.objects.filter(pk=stranger.pk).update(
        email="eeva@example.org", first_name="Eeva", last_name="Saimaa"
    )
    client = Client()
    client.force_login(admin)
    text = client.post(URL, {"people": "E S; eeva@example.org; staff"}).content.decode()
    new = client.post(URL, {"people": "E S; nobody@example.org; staff"}).content.decode()

    assert "Saimaa" not in text
    assert _plain(text).replace("eeva@example.org", "") == _plain(new).replace("nobody@example.org", "")
    carry_out("E S; eeva@example.org; staff", programme=own, by=admin, site="https://portal.example")
    stranger.refresh_from_db()
    assert (stranger.first_name, stranger.grants.filter(programme=own).count()) == ("Eeva", 1)


def _plain(text: str) -> str:
    import re

    return re.sub(r"[A-Za-z0-9]{64}", "", text)


def test_an_account_switched_off_here_is_told(own: Programme, admin: User) -> None:
    person = make_person("off", email="off@example.org", is_active=False)
    RoleGrant.objects.create(programme=own, user=person, role="staff")

    assert faults("O F; off@example.org; auditor", own, admin) == {(1, "email")}


# ---------------------------------------------------------------------------- the page
def test_the_page_shows_first_and_stores_when_it_is_confirmed(own: Programme, admin: User) -> None:
    client = Client()
    client.force_login(admin)
    assert client.get(URL).status_code == 200
    shown = client.post(URL, {"people": good(admin)})
    assert shown.status_code == 200
    assert b'data-preview="good"' in shown.content
    assert User.objects.count() == 1
    done = client.post(URL, {"people": good(admin), "confirm": "1"})

    assert (done.status_code, done["Location"]) == (302, "/en/p/own/people/")
    assert User.objects.count() == 4


def test_the_page_marks_bad_lines_and_keeps_what_was_pasted(own: Programme, admin: User) -> None:
    client = Client()
    client.force_login(admin)
    text = "A B; a@example.org; staff\nB C; nothing; king"
    for confirm in ({}, {"confirm": "1"}):
        answer = client.post(URL, {"people": text} | confirm)
        page = answer.content.decode()

        assert answer.status_code == 422
        assert 'data-line="2" data-column="email"' in page
        assert 'data-line="2" data-column="role"' in page
        assert "A B; a@example.org; staff" in page
    assert client.post(URL, {"people": ""}).status_code == 422
    assert User.objects.count() == 1


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_what_was_pasted_does_not_run(own: Programme, admin: User, payload: str) -> None:
    client = Client()
    client.force_login(admin)
    page = client.post(URL, {"people": f"{payload}; {payload}; {payload}; {payload}"}).content.decode()

    assert payload not in page
