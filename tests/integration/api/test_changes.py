"""Changing a measure by the API: the version is demanded, nobody is overwritten, rights are those of the page."""

from typing import Any

import pytest

from measures.models import Measure
from tests.factories.accounts import make_member
from tests.factories.counties import Api, County, person


@pytest.fixture
def measure(kymi: County) -> Measure:
    found: Measure = kymi.measure()
    return found


def patch(api: Api, row: Measure, body: dict[str, Any], *, version: int | None = None, **headers: str) -> Any:
    sent = headers | ({} if version is None else {"if-match": f'"{version}"'})
    return api.client.patch(
        f"/api/v1/measures/{row.pk}/", body, content_type="application/json", headers=sent
    )


def test_a_change_without_a_version_is_refused(api: Api, measure: Measure) -> None:
    assert patch(api, measure, {"name_fi": "Uusi"}).status_code == 428
    assert patch(api, measure, {"name_fi": "Uusi"}, **{"if-match": "*"}).status_code == 428
    measure.refresh_from_db()
    assert measure.version == 1


def test_a_change_is_stored_and_answers_the_new_version(api: Api, measure: Measure) -> None:
    answer = patch(
        api, measure, {"name_fi": "Uusi", "starts_on": "2024-03-01", "reason": "tarkennus"}, version=1
    )

    assert (answer.status_code, answer["ETag"], answer.json()["version"]) == (200, '"2"', 2)
    measure.refresh_from_db()
    assert (measure.name_fi, str(measure.starts_on)) == ("Uusi", "2024-03-01")
    event = measure.events.latest("pgh_id")
    assert event.pgh_context.metadata["reason"] == "tarkennus"


def test_a_stale_version_is_refused_and_a_compressed_tag_is_understood(api: Api, measure: Measure) -> None:
    assert patch(api, measure, {"name_fi": "Eka"}, version=1).status_code == 200
    assert patch(api, measure, {"name_fi": "Toka"}, version=1).status_code == 412
    assert patch(api, measure, {"name_fi": "Kolmas"}, **{"if-match": 'W/"2-gzip"'}).status_code == 200
    measure.refresh_from_db()
    assert measure.name_fi == "Kolmas"


def test_wrong_and_unknown_fields_are_named(api: Api, measure: Measure) -> None:
    dates = patch(api, measure, {"starts_on": "2024-05-01", "ends_on": "2024-03-01"}, version=1)
    unknown = patch(api, measure, {"stage": "closed", "programme": 2}, version=1)
    nobody = patch(api, measure, {"owner": "nobody-here"}, version=1)

    assert (dates.status_code, set(dates.json())) == (400, {"ends_on"})
    assert (unknown.status_code, set(unknown.json())) == (400, {"stage", "programme"})
    assert (nobody.status_code, set(nobody.json())) == (400, {"owner"})
    measure.refresh_from_db()
    assert measure.version == 1


def test_rights_are_those_of_the_page(kymi: County, saimaa: County, measure: Measure) -> None:
    reader, stranger = Api(make_member(kymi.programme, "auditor")), Api(person(saimaa))

    assert patch(reader, measure, {"name_fi": "Uusi"}, version=1).status_code == 403
    assert patch(stranger, measure, {"name_fi": "Uusi"}, version=1).status_code == 404


def test_an_owner_changes_only_ones_own(kymi: County, measure: Measure) -> None:
    owner = make_member(kymi.programme, "measure")
    assert patch(Api(owner), measure, {"name_fi": "Uusi"}, version=1).status_code == 403
    Measure.objects.filter(pk=measure.pk).update(owner=owner)
    assert patch(Api(owner), measure, {"name_fi": "Uusi"}, version=2).status_code == 200
