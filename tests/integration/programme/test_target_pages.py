"""Targets get new values in the browser; every value they had stays readable."""

from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from measures.selectors import target_figures
from programme.models import Target
from tests.factories.counties import County, make_county, person
from tests.integration.programme.forms import opened, sent

pytestmark = pytest.mark.django_db
BASE = "/en/p/own/targets"
NEW = {"value_eur_cents": "-80", "valid_from": "1.4.2024", "reason": "Hallitus päätti."}


@pytest.fixture
def county() -> County:
    return make_county("own")


@pytest.fixture
def pmo(county: County) -> Client:
    client = Client()
    client.force_login(person(county, "pmo"))
    return client


@pytest.fixture
def stated(county: County) -> Target:
    return Target.objects.create(
        programme=county.programme, kind="stated", value_eur_cents=-78_000_000_00, valid_from="2023-01-01"
    )


def figures(county: County) -> list[tuple[int | None, str]]:
    rows = Target.objects.filter(programme=county.programme).order_by("valid_from")
    return [(row.value_eur_cents, str(row.valid_from)) for row in rows]


def test_a_new_value_holds_from_its_day_and_the_old_one_stays(
    county: County, pmo: Client, stated: Target
) -> None:
    answer = sent(pmo, f"{BASE}/{stated.pk}/new/", **NEW, decision_reference="Aluehallitus § 41")
    page = pmo.get(f"{BASE}/{stated.pk}/").content.decode()

    assert answer.status_code == 302
    assert figures(county) == [(-78_000_000_00, "2023-01-01"), (-80_000_000_00, "2024-04-01")]
    assert 'data-version="2023-01-01"' in page and 'data-version="2024-04-01"' in page
    assert "Aluehallitus § 41" in page and "Hallitus päätti." in page
    assert target_figures(county.programme).stated == -78_000_000_00


def test_pages_show_the_value_of_the_programmes_day(county: County, pmo: Client, stated: Target) -> None:
    sent(pmo, f"{BASE}/{stated.pk}/new/", **NEW)

    assert "−78" in pmo.get("/en/p/own/about/").content.decode()


def test_a_saving_that_becomes_a_cost_is_asked_about_and_can_be_meant(
    county: County, pmo: Client, stated: Target
) -> None:
    address = f"{BASE}/{stated.pk}/new/"
    fields = opened(pmo, address)
    assert "is_investment" not in fields
    asked = pmo.post(address, fields | NEW | {"value_eur_cents": "80"})
    meant = pmo.post(address, fields | NEW | {"value_eur_cents": "80", "is_investment": "on"})

    assert asked.status_code == 422 and b'id="id_is_investment"' in asked.content
    assert meant.status_code == 302
    assert figures(county)[-1] == (80_000_000_00, "2024-04-01")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"value_eur_cents": "paljon"}, "value_eur_cents"),
        ({"value_eur_cents": ""}, "value_eur_cents"),
        ({"cautious_eur_cents": "-1"}, "value_eur_cents"),
        ({"valid_from": "1.1.2023"}, "valid_from"),
        ({"valid_from": "ensi kuussa"}, "valid_from"),
        ({"reason": ""}, "reason"),
    ],
)
def test_what_does_not_fit_comes_back_with_the_field_named(
    county: County, pmo: Client, stated: Target, changes: dict[str, str], field: str
) -> None:
    answer = sent(pmo, f"{BASE}/{stated.pk}/new/", **(NEW | changes))

    assert answer.status_code == 422
    assert f'href="#id_{field}"' in answer.content.decode()
    assert figures(county) == [(-78_000_000_00, "2023-01-01")]


def test_a_value_to_come_is_corrected_or_cancelled(county: County, pmo: Client, stated: Target) -> None:
    sent(pmo, f"{BASE}/{stated.pk}/new/", **NEW)
    coming = Target.objects.get(valid_from="2024-04-01")
    corrected = sent(
        pmo,
        f"{BASE}/{coming.pk}/correct/",
        value_eur_cents="-81",
        valid_from="1.6.2024",
        reason="Kirjoitusvirhe.",
    )

    assert corrected.status_code == 302
    assert figures(county) == [(-78_000_000_00, "2023-01-01"), (-81_000_000_00, "2024-06-01")]
    address = f"{BASE}/{coming.pk}/cancel/"
    assert pmo.post(address, cancelling(pmo, address, "Päätös peruttiin.")).status_code == 302
    assert figures(county) == [(-78_000_000_00, "2023-01-01")]
    stated.refresh_from_db()
    assert stated.valid_to is None


def cancelling(client: Client, address: str, reason: str) -> dict[str, Any]:
    """What the page that asks why would send."""
    return {"version": client.get(address).context["form"]["version"].value(), "reason": reason}


def test_a_value_to_come_goes_only_with_a_reason_that_stays_in_history(
    county: County, pmo: Client, stated: Target
) -> None:
    sent(pmo, f"{BASE}/{stated.pk}/new/", **NEW)
    coming = Target.objects.get(valid_from="2024-04-01")
    address = f"{BASE}/{coming.pk}/cancel/"
    refused = pmo.post(address, cancelling(pmo, address, ""))

    assert refused.status_code == 422 and b'href="#id_reason"' in refused.content
    assert Target.objects.filter(pk=coming.pk).exists()
    assert pmo.post(address, cancelling(pmo, address, "Päätös peruttiin.")).status_code == 302
    event = apps.get_model("programme.TargetEvent").objects.get(pgh_obj_id=coming.pk, pgh_label="delete")
    assert event.pgh_context.metadata["reason"] == "Päätös peruttiin."


def test_a_value_to_come_that_was_corrected_meanwhile_is_not_cancelled(
    county: County, pmo: Client, stated: Target
) -> None:
    sent(pmo, f"{BASE}/{stated.pk}/new/", **NEW)
    coming = Target.objects.get(valid_from="2024-04-01")
    address = f"{BASE}/{coming.pk}/cancel/"
    asked = cancelling(pmo, address, "Turha.")
    sent(pmo, f"{BASE}/{coming.pk}/correct/", value_eur_cents="-81")
    refused = pmo.post(address, asked)

    assert refused.status_code == 409
    assert figures(county)[-1][0] == -81_000_000_00
    assert pmo.post(address, cancelling(pmo, address, "Turha.")).status_code == 302


def test_two_corrections_at_once_are_not_written_over(county: County, pmo: Client, stated: Target) -> None:
    sent(pmo, f"{BASE}/{stated.pk}/new/", **NEW)
    address = f"{BASE}/{Target.objects.get(valid_from='2024-04-01').pk}/correct/"
    first, second = opened(pmo, address), opened(pmo, address)

    assert pmo.post(address, first | {"value_eur_cents": "-81"}).status_code == 302
    assert pmo.post(address, second | {"value_eur_cents": "-82"}).status_code == 422
    assert figures(county)[-1][0] == -81_000_000_00


def test_what_holds_is_neither_corrected_nor_cancelled(county: County, pmo: Client, stated: Target) -> None:
    assert pmo.get(f"{BASE}/{stated.pk}/correct/").status_code == 302
    assert pmo.post(f"{BASE}/{stated.pk}/cancel/").status_code == 302
    assert figures(county) == [(-78_000_000_00, "2023-01-01")]


def test_a_pair_is_added_for_a_sector_and_only_once(county: County, pmo: Client) -> None:
    new = {
        "kind": "sector", "column": "total", "sector": str(county.sector.pk), "cautious_eur_cents": "-27",
        "full_eur_cents": "-52", "valid_from": "1.1.2023", "reason": "Ohjelma.",
    }  # fmt: skip
    added, again = sent(pmo, f"{BASE}/add/", **new), sent(pmo, f"{BASE}/add/", **new)
    row = Target.objects.get(programme=county.programme)

    assert (added.status_code, again.status_code) == (302, 422)
    assert (row.cautious_eur_cents, row.full_eur_cents) == (-27_000_000_00, -52_000_000_00)


def test_a_target_of_a_kind_needs_what_it_is_about(county: County, pmo: Client) -> None:
    answer = sent(pmo, f"{BASE}/add/", kind="annual", column="total", **NEW)

    assert answer.status_code == 422 and b'href="#id_year"' in answer.content


def test_readers_see_the_values_and_no_way_to_change_them(county: County, stated: Target) -> None:
    client = Client()
    client.force_login(person(county, "board"))
    page = client.get(f"{BASE}/{stated.pk}/").content.decode()

    assert f"{BASE}/{stated.pk}/new/" not in page
    assert client.get(f"{BASE}/{stated.pk}/new/").status_code == 403


def test_two_parts_of_the_target_stand_beside_each_other(county: County, pmo: Client) -> None:
    new = {"kind": "composition", "column": "total"} | NEW
    first, second = (sent(pmo, f"{BASE}/add/", **new, label_fi=label) for label in ("Alijäämä", "Muu säästö"))

    assert first.status_code == second.status_code == 302
    assert set(Target.objects.values_list("key", flat=True)) == {"alijaama", "muu-saasto"}
