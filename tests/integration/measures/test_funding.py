"""Funding: shares, reserved parts released by decisions, use against what may be used."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from measures.models import Spending
from measures.selectors.funding import funding_sources
from measures.services.funding import release_funding
from programme.models import Allocation, Body, Decision, FundingRelease, FundingSource
from tests.factories.counties import County, make_county, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    return make_county("raha")


@pytest.fixture
def reserved(county: County) -> Allocation:
    source = FundingSource.objects.create(
        programme=county.programme, key="raha", name_fi="Vakautusraha", kind="stabilisation",
        total_eur_cents=10_000_00,
    )  # fmt: skip
    Allocation.objects.create(
        programme=county.programme,
        source=source,
        key="digi",
        name_fi="Digi",
        share_low=60,
        share_high=70,
        position=1,
    )
    return Allocation.objects.create(
        programme=county.programme, source=source, key="varaus", name_fi="Varaus", share_low=30, share_high=30,
        state="reserved", position=2,
    )  # fmt: skip


@pytest.fixture
def board(county: County) -> Body:
    return Body.objects.create(programme=county.programme, key="hallitus", name_fi="Aluehallitus")


def released(allocation: Allocation, board: Body, cents: int, to: Allocation | None = None) -> FundingRelease:
    return release_funding(
        allocation=allocation, to_allocation=to, amount_eur_cents=cents, released_on=date(2024, 1, 1),
        decision={"body": board, "decided_on": date(2024, 1, 15), "section": "14"}, reason="Sovittu", by=None,
    )  # fmt: skip


def uses(county: County) -> dict[str, Any]:
    return {
        view.row.key: view.use for source in funding_sources(county.programme) for view in source.allocations
    }


def test_a_released_part_moves_with_its_decision(county: County, reserved: Allocation, board: Body) -> None:
    digi = Allocation.objects.get(key="digi")
    released(reserved, board, 1_000_00, digi)
    released(reserved, board, 500_00)

    found = uses(county)
    assert (found["digi"].available_low, found["digi"].available_high) == (7_000_00, 8_000_00)
    assert (found["varaus"].available_high, found["varaus"].still_reserved) == (500_00, 1_500_00)
    assert Decision.objects.filter(section="14", body=board).count() == 2


def test_no_more_is_released_than_is_reserved(county: County, reserved: Allocation, board: Body) -> None:
    released(reserved, board, 2_000_00)
    with pytest.raises(ValidationError, match="1"):
        released(reserved, board, 1_000_01)
    with pytest.raises(ValidationError):
        released(Allocation.objects.get(key="digi"), board, 1_00)
    assert FundingRelease.objects.count() == 1
    assert Decision.objects.count() == 1


def test_reserved_money_is_not_used_before_its_release(
    county: County, reserved: Allocation, board: Body
) -> None:
    row = Spending(
        programme=county.programme, source=reserved.source, allocation=reserved, month=date(2024, 1, 1),
        amount_eur_cents=100, booked_on=date(2024, 2, 1),
    )  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert "allocation" in refused.value.message_dict
    released(reserved, board, 100)
    row.full_clean()


def test_use_is_recorded_on_the_page_and_counted(
    county: County, reserved: Allocation, client: Client
) -> None:
    digi = Allocation.objects.get(key="digi")
    client.force_login(person(county, "controller"))
    add = reverse("measures:funding_use_add", args=[county.programme.slug])
    sent = {
        "source": reserved.source_id, "allocation": digi.pk, "month": "1/2024", "amount_eur_cents": "7 500,50",
        "note": "", "token": "t1",
    }  # fmt: skip

    assert client.post(add, sent).status_code == 302
    assert client.post(add, sent).status_code == 302  # sent twice, stored once
    row = Spending.objects.get()
    assert row.amount_eur_cents == 7_500_50
    refused = client.post(add, sent | {"amount_eur_cents": "−10", "token": "t2"})
    assert refused.status_code == 422

    (source,) = funding_sources(county.programme)
    assert (source.spent, source.remaining, source.unallocated) == (7_500_50, 2_499_50, 0)
    assert [view.row.key for view in source.overspent] == ["digi"]
    page = client.get(reverse("measures:funding", args=[county.programme.slug]))
    assert page.status_code == 200
    listed = client.get(
        reverse("measures:funding_uses", args=[county.programme.slug]),
        {"allocation": digi.pk, "year": "2024"},
    )
    assert "7\xa0500,50" in listed.content.decode()


def test_releasing_is_done_on_a_page_and_needs_a_decision(
    county: County, reserved: Allocation, board: Body, client: Client
) -> None:
    client.force_login(person(county, "controller"))
    page = reverse("measures:funding_release", args=[county.programme.slug, reserved.pk])
    sent = {
        "amount_eur_cents": "1 000",
        "to_allocation": "",
        "released_on": "1.2.2024",
        "reason": "Tarve",
        "token": "a",
    }

    assert client.get(page).status_code == 200
    assert client.post(page, sent).status_code == 422
    done = client.post(
        page, sent | {"body": board.pk, "decided_on": "15.1.2024", "section": "9", "token": "b"}
    )
    assert done.status_code == 302
    assert FundingRelease.objects.get().amount_eur_cents == 1_000_00


def test_the_card_of_a_measure_shows_its_cost_by_source(
    county: County, reserved: Allocation, client: Client
) -> None:
    measure = county.measure(code="T-001")
    for cents in (300_00, -50_00):
        Spending.objects.create(
            programme=county.programme, source=reserved.source, measure=measure, month=date(2024, 2, 1),
            amount_eur_cents=cents, booked_on=date(2024, 3, 1), note="Korjaus",
        )  # fmt: skip
    client.force_login(person(county, "pmo"))
    card = client.get(reverse("measures:measure_detail", args=[county.programme.slug, "T-001"]))
    part = reverse("measures:card_part", args=[county.programme.slug, "T-001", "funding"])

    assert part in card.content.decode()
    alone = client.get(part).content.decode()
    inside = client.get(part, headers={"HX-Request": "true"}).content.decode()
    assert "250\xa0€" in alone
    assert "250\xa0€" in inside
    assert "<html" in alone
    assert "<html" not in inside
    assert client.get(part.replace("funding", "nothing")).status_code == 404
