"""Own and bought production of services."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from measures.models import Service, ServiceYear
from measures.selectors.production import service_costs
from tests.factories.counties import make_county, person

pytestmark = pytest.mark.django_db


def test_a_service_shows_own_and_bought_costs_over_time(client: Client) -> None:
    county = make_county("tuotanto")
    client.force_login(person(county, "controller"))
    slug = county.programme.slug
    added = client.post(
        reverse("measures:production_service_add", args=[slug]),
        {
            "name_fi": "Asumispalvelut",
            "sector": county.sector.pk,
            "analysis": "Oma on edullisempi.",
            "token": "a",
        },
    )
    service = Service.objects.get()
    for year, own, bought in (("2023", "1 000 000", "3 000 000"), ("2024", "2 000 000", "2 000 000")):
        sent = {"year": year, "own_eur_cents": own, "bought_eur_cents": bought, "token": year}
        stored = client.post(reverse("measures:production_year_add", args=[slug, service.pk]), sent)
        assert stored.status_code == 302

    (cost,) = service_costs(county.programme)
    page = client.get(reverse("measures:production_list", args=[slug])).content.decode()

    assert added.status_code == 302
    assert [year.bought_share for year in cost.years] == [Decimal("0.75"), Decimal("0.5")]
    assert cost.change == -25
    assert "75,0\xa0%" in page
    assert "Oma on edullisempi." in page


def test_unknown_cost_is_not_zero_and_a_year_stands_once(client: Client) -> None:
    county = make_county("tuotanto")
    service = Service.objects.create(programme=county.programme, sector=county.sector, name_fi="Hoiva")
    ServiceYear.objects.create(programme=county.programme, service=service, year=2024, own_eur_cents=100)
    client.force_login(person(county, "controller"))
    sent = {"year": "2024", "own_eur_cents": "-5", "token": "b"}
    refused = client.post(
        reverse("measures:production_year_add", args=[county.programme.slug, service.pk]), sent
    )

    (cost,) = service_costs(county.programme)
    assert refused.status_code == 422
    assert cost.years[0].total is None
    assert cost.years[0].bought_share is None
    assert cost.change is None
