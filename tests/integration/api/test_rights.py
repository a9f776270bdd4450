"""The API lets in whom the pages let in, and says nothing of what one may not see."""

import pytest
from django.test import Client

from programme.models import Body, Decision
from tests.factories.counties import Api, person
from tests.factories.following import make_following

FOLLOWED = ("indicators", "observations", "target-rules", "objectives", "seasons", "risks", "decisions")
OF_PROGRAMME = ("themes", "goals", "sectors", "cost-types", "measures", "savings", *FOLLOWED)
LISTS = ("programmes", *OF_PROGRAMME)


@pytest.mark.parametrize("path", [*LISTS, "programmes/kymi", "programmes/kymi/summary", "measures/1"])
def test_a_stranger_is_asked_for_a_token(kymi, path):
    answer = Client().get(f"/api/v1/{path}/")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/json"


def test_a_wrong_token_is_refused(kymi):
    answer = Client(headers={"authorization": "Bearer nonsense"}).get("/api/v1/programmes/")

    assert answer.status_code == 401


def test_a_signed_in_person_needs_no_token(kymi):
    client = Client()
    client.force_login(person(kymi))

    assert client.get("/api/v1/programmes/").json()["results"][0]["key"] == "kymi"


@pytest.mark.parametrize("path", OF_PROGRAMME)
def test_a_list_holds_only_the_rows_of_ones_own_programmes(kymi, saimaa, path):
    for county in (kymi, saimaa):
        county.entry(county.measure(), county.programme.status_date.replace(day=1), -100)
        make_following(county.programme)

    rows = Api(person(kymi)).rows(f"{path}/")

    assert {row["programme"] for row in rows} == {"kymi"}


@pytest.mark.parametrize("path", OF_PROGRAMME)
def test_a_foreign_programme_is_answered_like_an_unknown_one(kymi, saimaa, path):
    api = Api(person(kymi))

    foreign, unknown = api.get(f"{path}/?programme=saimaa"), api.get(f"{path}/?programme=nowhere")

    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content


@pytest.mark.parametrize("path", ["programmes/{}/", "programmes/{}/summary/"])
def test_a_foreign_programme_has_no_address(kymi, saimaa, path):
    api = Api(person(kymi))

    foreign, unknown = api.get(path.format("saimaa")), api.get(path.format("nowhere"))

    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content


def test_a_foreign_measure_does_not_exist(kymi, saimaa):
    foreign = saimaa.measure()

    assert Api(person(kymi)).get(f"measures/{foreign.pk}/").status_code == 404


def test_a_council_member_sees_the_programme_and_no_measures(kymi):
    kymi.measure()
    api = Api(person(kymi, "council"))

    assert [row["key"] for row in api.rows("programmes/")] == ["kymi"]
    assert api.rows("measures/") == []
    assert api.get("measures/?programme=kymi").status_code == 403
    assert api.get("programmes/kymi/summary/").status_code == 403


def test_council_members_and_staff_read_public_decisions_only(kymi, saimaa):
    for county in (kymi, saimaa):
        make_following(county.programme)
    group = Body.objects.create(
        programme=kymi.programme, key="johtoryhma", kind="management_group", name_fi="Johtoryhmä"
    )
    for body in (group, None):
        Decision.objects.create(
            programme=kymi.programme, body=body, decided_on="2024-03-01", subject="Sisäinen"
        )

    found = {role: Api(person(kymi, role)).rows("decisions/") for role in ("council", "staff", "steering")}

    for role in ("council", "staff"):
        assert [(row["subject"], row["section"], row["body"]) for row in found[role]] == [
            ("Päätös", "35", "hallitus1")
        ]
    assert len(found["steering"]) == 3


@pytest.mark.parametrize("path", [*LISTS, "programmes/kymi", "programmes/kymi/summary"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written_through_the_api_yet(api, path, method):
    answer = getattr(api.client, method)(f"/api/v1/{path}/", data="{}", content_type="application/json")

    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/json"


def test_somebody_without_any_role_sees_empty_lists(kymi, django_user_model):
    api = Api(django_user_model.objects.create_user("nobody"))

    assert api.rows("programmes/") == []
    assert api.rows("measures/") == []
