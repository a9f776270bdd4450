"""The programme's own settings: texts, period, base, words, stages and parameters."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client

from core import parameters
from core.models import Setting
from core.parameters import read_parameters, share
from programme.models import Programme
from programme.parameters import BIG_ROOM_DAY
from programme.words import stages, word
from tests.factories.counties import County, make_county, person
from tests.integration.programme.forms import fields_of, opened, sent

pytestmark = pytest.mark.django_db
BASE = "/en/p/own/settings"
DAY = f"{BASE}/parameters/meetings.big_room_day/"


@pytest.fixture
def county() -> County:
    return make_county("own")


@pytest.fixture
def pmo(county: County) -> Client:
    client = Client()
    client.force_login(person(county, "pmo"))
    return client


def fresh(county: County) -> Programme:
    return Programme.objects.get(pk=county.programme.pk)


def test_every_entry_of_the_settings_opens(county: County, pmo: Client) -> None:
    page = pmo.get(f"{BASE}/").content.decode().split("<main")[1].split("</main>")[0]
    links = [part.split('"')[0] for part in page.split('<a href="')[1:]]

    assert len(links) >= 20
    for link in links:
        assert pmo.get(link).status_code == 200, link


def test_names_are_saved_and_merge_with_what_others_changed(county: County, pmo: Client) -> None:
    mine = opened(pmo, f"{BASE}/names/")
    Programme.objects.filter(pk=county.programme.pk).update(purpose_fi="Tarkoitus")
    answer = pmo.post(f"{BASE}/names/", mine | {"name_sv": "Programmet"})

    assert answer.status_code == 302
    assert (fresh(county).name_sv, fresh(county).purpose_fi) == ("Programmet", "Tarkoitus")


def test_a_period_that_ends_before_it_starts_is_refused(county: County, pmo: Client) -> None:
    answer = sent(pmo, f"{BASE}/period/", end_year="2020")

    assert answer.status_code == 422 and fresh(county).end_year == 2025


def test_the_status_date_can_be_emptied(county: County, pmo: Client) -> None:
    assert sent(pmo, f"{BASE}/period/", status_date="").status_code == 302
    assert fresh(county).status_date is None


def test_the_basis_changes_only_when_it_is_meant_and_with_a_reason(county: County, pmo: Client) -> None:
    asked = sent(pmo, f"{BASE}/basis/", basis="cumulative", reason="Hallitus päätti.")
    reasonless = sent(pmo, f"{BASE}/basis/", basis="cumulative", is_meant="on")
    done = sent(pmo, f"{BASE}/basis/", basis="cumulative", is_meant="on", reason="Hallitus päätti.")

    assert asked.status_code == 422 and b'href="#id_is_meant"' in asked.content
    assert reasonless.status_code == 422 and b'href="#id_reason"' in reasonless.content
    assert done.status_code == 302 and fresh(county).basis == "cumulative"


def test_a_text_of_the_base_changes_without_the_second_question(county: County, pmo: Client) -> None:
    answer = sent(pmo, f"{BASE}/basis/", comparison_base_fi="Talousarvio 2023", reason="Kirjattiin.")

    assert answer.status_code == 302 and fresh(county).comparison_base_fi == "Talousarvio 2023"


def test_words_of_levels_are_the_programmes_own_and_empty_ones_the_portals(
    county: County, pmo: Client
) -> None:
    page = pmo.get(f"{BASE}/words/").content.decode()
    sent(pmo, f"{BASE}/words/", theme__fi="kärki", theme__fi_plural="kärjet", column_base__sv="i budgeten")
    programme = fresh(county)

    assert 'placeholder="teemat"' in page
    assert word(programme, "themes", language="fi") == "kärjet"
    assert word(programme, "column.base", language="sv") == "i budgeten"
    assert word(programme, "goals", language="fi") == "tavoitteet"
    sent(pmo, f"{BASE}/words/", theme__fi="", theme__fi_plural="")
    assert "theme" not in fresh(county).words


def test_two_people_write_different_words_and_one_the_same(county: County, pmo: Client) -> None:
    first, second = opened(pmo, f"{BASE}/words/"), opened(pmo, f"{BASE}/words/")
    assert pmo.post(f"{BASE}/words/", first | {"theme__fi": "kärki"}).status_code == 302
    assert pmo.post(f"{BASE}/words/", second | {"goal__fi": "päämäärä"}).status_code == 302
    refused = pmo.post(f"{BASE}/words/", second | {"theme__fi": "linja"})

    assert fresh(county).words["theme"] == {"fi": "kärki"}
    assert fresh(county).words["goal"] == {"fi": "päämäärä"}
    assert refused.status_code == 409 and b"linja" in refused.content


def test_stages_get_names_and_an_order_of_their_own(county: County, pmo: Client) -> None:
    assert stages(county.programme) == []
    sent(pmo, f"{BASE}/stages/", decided__fi="hyväksytty", decided__order="1")
    programme = fresh(county)

    assert stages(programme)[:3] == ["decided", "identified", "planned"]
    assert word(programme, "stage.decided", language="fi") == "hyväksytty"
    sent(pmo, f"{BASE}/stages/", decided__order="3")
    assert stages(fresh(county))[:3] == ["identified", "planned", "decided"]


def test_a_parameter_gets_a_value_from_a_day_on(county: County, pmo: Client) -> None:
    answer = sent(pmo, DAY, value="20", valid_from="1.5.2024", reason="Kokousaika siirtyi.")
    row = Setting.objects.get(scope="own")

    assert answer.status_code == 302
    assert (row.key, row.value, row.valid_from) == ("meetings.big_room_day", 20, dt.date(2024, 5, 1))
    assert read_parameters("own", dt.date(2024, 4, 30))[BIG_ROOM_DAY] == 15
    assert read_parameters("own", dt.date(2024, 5, 1))[BIG_ROOM_DAY] == 20
    page = pmo.get(DAY).content.decode()
    assert "Kokousaika siirtyi." in page and "pmo-" in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"value": "kaksi"}, "value"),
        ({"value": "31"}, "value"),
        ({"value": "2,5"}, "value"),
        ({"value": "20", "valid_from": "30.3.2024"}, "valid_from"),
        ({"value": "20", "valid_from": "huomenna"}, "valid_from"),
        ({"value": "20", "reason": ""}, "reason"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_field_named(
    county: County, pmo: Client, changes: dict[str, str], field: str
) -> None:
    answer = sent(pmo, DAY, **({"valid_from": "1.5.2024", "reason": "Syy."} | changes))

    assert answer.status_code == 422
    assert f'href="#id_{field}"' in answer.content.decode()
    assert not Setting.objects.exists()


def test_a_value_to_come_can_be_cancelled_and_one_that_holds_cannot(county: County, pmo: Client) -> None:
    coming = Setting.objects.create(scope="own", key=BIG_ROOM_DAY.key, value=20, valid_from="2024-05-01")
    holding = Setting.objects.create(scope="own", key=BIG_ROOM_DAY.key, value=12, valid_from="2024-01-01")
    foreign = Setting.objects.create(scope="foreign", key=BIG_ROOM_DAY.key, value=9, valid_from="2030-01-01")
    for row in (coming, holding):
        assert pmo.post(f"{BASE}/parameters/{row.pk}/cancel/").status_code == 302
    assert pmo.post(f"{BASE}/parameters/{foreign.pk}/cancel/").status_code == 404

    assert set(Setting.objects.values_list("pk", flat=True)) == {holding.pk, foreign.pk}
    assert "12" in pmo.get(DAY).content.decode()


def test_a_value_that_another_set_for_the_same_day_is_told_and_not_written_over(
    county: County, pmo: Client
) -> None:
    mine, theirs = opened(pmo, DAY), opened(pmo, DAY)
    told = {"valid_from": "1.5.2024", "reason": "Syy."}
    assert pmo.post(DAY, theirs | told | {"value": "18"}).status_code == 302
    refused = pmo.post(DAY, mine | told | {"value": "20"})
    page = refused.content.decode()

    assert refused.status_code == 409
    assert "18" in refused.context["form"].non_field_errors()[0]
    assert "20" in refused.context["form"].non_field_errors()[0]
    assert Setting.objects.get(scope="own").value == 18
    again = pmo.post(DAY, fields_of(page))
    assert again.status_code == 302, "what the page told has been seen"
    assert Setting.objects.get(scope="own").value == 20


def test_a_value_to_come_that_the_form_showed_is_set_anew(county: County, pmo: Client) -> None:
    Setting.objects.create(scope="own", key=BIG_ROOM_DAY.key, value=18, valid_from="2024-05-01")
    mine, day = opened(pmo, DAY), {"valid_from": "1.5.2024", "reason": "Syy."}
    answer = sent(pmo, DAY, value="20", **day)
    late = pmo.post(DAY, mine | day | {"value": "22"})

    assert (answer.status_code, late.status_code) == (302, 409)
    assert Setting.objects.get(scope="own").value == 20


def test_a_share_is_typed_with_a_comma_and_kept_exactly(county: County, pmo: Client) -> None:
    tried = share("test.share", "0.5", "A share.", lowest=0, highest=1)
    try:
        answer = sent(
            pmo, f"{BASE}/parameters/test.share/", value="0,35", valid_from="1.5.2024", reason="Syy."
        )
        assert answer.status_code == 302
        assert read_parameters("own", dt.date(2024, 5, 1))[tried] == Decimal("0.35")
    finally:
        parameters.REGISTRY.pop("test.share")


def test_every_registered_parameter_stands_on_the_page_and_has_a_form(county: County, pmo: Client) -> None:
    page = pmo.get(f"{BASE}/parameters/").content.decode()

    for key in parameters.REGISTRY:
        assert f'data-parameter="{key}"' in page, key
        assert pmo.get(f"{BASE}/parameters/{key}/").status_code == 200, key
    assert pmo.get(f"{BASE}/parameters/nothing/").status_code == 404
