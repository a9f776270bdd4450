"""Two counties with equal keys, codes and names never meet: pages, forms' choices, lists of people."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django import forms
from django.apps import apps
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.models import Row
from core.text import Named
from tests.factories.places import Place
from tests.integration.accounts.every_url import address, answer_of
from tests.integration.accounts.test_every_url import ASKED, GUARDS

pytestmark = [pytest.mark.usefixtures("taken_back"), pytest.mark.timeout(300)]
MARK = "Rajantakainen"


@pytest.fixture(scope="module")
def marked(places: tuple[Place, Place]) -> tuple[Place, Place]:
    """Every name of the other county, and of its people, carries a word that must not be seen here."""
    own, foreign = places
    named = [model for model in apps.get_models() if issubclass(model, Named) and issubclass(model, Row)]
    for model in named:
        rows = model._default_manager.filter(programme=foreign.programme)
        rows.update(name_fi=Concat(F("name_fi"), Value(f" {MARK}")))
    people = User.objects.filter(grants__programme=foreign.programme).exclude(grants__programme=own.programme)
    User.objects.filter(pk__in=people.values("pk")).update(first_name=MARK, last_name=MARK)
    return own, foreign


@pytest.fixture(scope="module")
def here(marked: tuple[Place, Place]) -> dict[str, Any]:
    """Every page of the own county as its administrator reads it."""
    own, _foreign = marked
    return pages(client_of(own.people["admin"]), own)


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def pages(client: Client, place: Place) -> dict[str, Any]:
    """Every page of the place that opens with GET, by URL name; whole documents only."""
    found = {}
    for name, pattern in ASKED:
        guard = GUARDS[name]
        if not guard.actions and not name.startswith("api_") and name != "reporting:home":
            continue
        answer = answer_of(client, "get", address(name, pattern, guard, place.own))
        if answer.status_code == 200:
            found[name] = answer
    return found


def test_no_page_of_one_county_names_anything_of_the_other(
    marked: tuple[Place, Place], here: dict[str, Any]
) -> None:
    _own, foreign = marked
    there = pages(client_of(foreign.people["admin"]), foreign)
    told_there = {name for name, answer in there.items() if MARK in text_of(answer)}

    assert {name for name, answer in here.items() if MARK in text_of(answer)} == set()
    assert len(told_there) >= 20, "the word is seen where it belongs, so the walk looks in the right places"
    assert {"measures:measure_list", "measures:measure_detail", "programme:person_list"} <= told_there


def text_of(answer: Any) -> str:
    """What the answer says; a workbook is opened and all of its parts are read."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if not content.startswith(b"PK"):
        return str(content.decode())
    with ZipFile(BytesIO(content)) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist())


def test_no_form_offers_rows_or_people_of_the_other_county(
    marked: tuple[Place, Place], here: dict[str, Any]
) -> None:
    own, foreign = marked
    strange, looked_at = [], 0
    for name, answer in here.items():
        for form in forms_in(answer):
            for field_name, field in form.fields.items():
                if not isinstance(field, forms.ModelChoiceField):
                    continue
                looked_at += 1
                rows = field.queryset
                if rows.model is User:
                    bad = rows.filter(grants__programme=foreign.programme).exclude(
                        grants__programme=own.programme
                    )
                elif issubclass(rows.model, Row):
                    bad = rows.exclude(programme=own.programme)
                else:
                    continue
                if bad.exists():
                    strange.append(f"{name}: {field_name}")

    assert strange == []
    assert looked_at >= 10


def forms_in(answer: Any) -> list[forms.BaseForm]:
    """The forms that the page was drawn with."""
    found: dict[int, forms.BaseForm] = {}
    for context in answer.context or []:
        for layer in getattr(context, "dicts", [context]):
            found |= {id(value): value for value in layer.values() if isinstance(value, forms.BaseForm)}
    return list(found.values())


def test_equal_codes_and_keys_lead_to_ones_own_rows(own: Place, foreign: Place) -> None:
    assert own.own.measure.code == foreign.own.measure.code
    for place, other in ((own, foreign), (foreign, own)):
        client = client_of(place.people["pmo"])
        card = client.get(f"/p/{place.programme.slug}/measures/{place.own.measure.code}/")
        assert card.context["measure"] == place.own.measure
        assert card.context["measure"] != other.own.measure


def test_a_change_by_an_equal_code_changes_ones_own_row_only(own: Place, foreign: Place) -> None:
    client = client_of(own.people["pmo"])
    foreign.own.theme.refresh_from_db()
    theirs = foreign.own.theme.name_fi
    url = reverse("programme:theme_edit", args=["own", own.own.theme.pk])
    form = client.get(url).context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {"name_fi": "Uusi nimi"}
    answer = client.post(url, data)

    assert answer.status_code == 302, answer.content
    own.own.theme.refresh_from_db()
    foreign.own.theme.refresh_from_db()
    assert own.own.theme.name_fi == "Uusi nimi"
    assert foreign.own.theme.name_fi == theirs


def test_the_administrator_sees_no_person_of_the_other_county(marked: tuple[Place, Place]) -> None:
    own, foreign = marked
    client = client_of(own.people["admin"])
    stranger = foreign.people["pmo"]
    grant = stranger.grants.get()

    assert MARK not in client.get("/p/own/people/").content.decode()
    assert client.get(f"/p/own/people/?q={stranger.username}").context["page"].paginator.count == 0
    for path in ("", "edit/", "deactivate/"):
        assert client.get(f"/p/own/people/{stranger.pk}/{path}").status_code == 404
    for path in ("", "remove/"):
        assert client.get(f"/p/own/people/roles/{grant.pk}/{path}").status_code == 404
    answer = client.post(
        "/p/own/people/roles/add/", {"user": stranger.pk, "role": "staff", "scope": "", "token": "x" * 20}
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"user"}
