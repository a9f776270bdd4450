"""The figures that come with the portal."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from kpis.demo.nearby import NEARBY, write_nearby
from kpis.models import (
    CatalogueIndicator,
    CatalogueRegion,
    Indicator,
    IndicatorSummary,
    LinkState,
    Observation,
    SourceLink,
)
from kpis.observing import Reading, store
from kpis.regions import COUNTIES_RANKED, ids_by_key
from kpis.sotkanet.bundled import SOURCE, load_bundled
from programme.models import Programme
from tests.factories.loaded import ETELA_KARJALA, KYMENLAAKSO, client_of, load, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def programmes(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Programme]]:
    """Both programmes with the figures that come along; rolled back when the module is done."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = {slug: load(slug) for slug in (KYMENLAAKSO, ETELA_KARJALA)}
        load_bundled()
        assert not Observation.objects.exclude(source_link=None).exists(), (
            "their own ids have no recorded values"
        )
        for programme in made.values():
            write_nearby(programme)
        load_bundled()
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def programme(programmes: dict[str, Programme], db: None) -> Programme:
    return programmes[KYMENLAAKSO]


def values(programme: Programme, number: int, role: str) -> dict[int, Decimal]:
    rows = Observation.objects.filter(source_link__sotkanet_id=number, programme=programme, region_role=role)
    return dict(rows.values_list("year", "value"))


def test_recorded_rows_of_each_county_and_the_country_reach_their_indicator(
    programmes: dict[str, Programme], programme: Programme
) -> None:
    south = programmes[ETELA_KARJALA]
    by_hand = {  # region 967, 957 and 658 of indicator 1080 in the recorded answers
        "kymenlaakso": {2020: 1704, 2021: 1882, 2022: 1860, 2023: 2055, 2024: 2177},
        "etela-karjala": {2020: 1788, 2021: 1814, 2022: 1741, 2023: 1812, 2024: 1734},
        "koko maa": {2020: 1785, 2021: 1806, 2022: 1878, 2023: 1925, 2024: 2022},
    }
    assert values(programme, 1080, "own") == by_hand["kymenlaakso"]
    assert values(south, 1080, "own") == by_hand["etela-karjala"]
    assert values(programme, 1080, "national") == values(south, 1080, "national") == by_hand["koko maa"]
    assert values(programme, 4333, "own") == {
        2020: Decimal("43.9"),
        2022: Decimal("43.4"),
        2024: Decimal("42.3"),
    }


def test_peers_are_the_other_counties(programme: Programme) -> None:
    peers = Observation.objects.filter(
        programme=programme, source_link__sotkanet_id=3563, year=2024, region_role="peer"
    )
    regions = set(peers.values_list("region", flat=True))
    assert len(regions) == 21 and "HYVINVOINTIALUE:10" not in regions
    assert set(COUNTIES_RANKED) - regions == {"HYVINVOINTIALUE:10"}
    assert peers.filter(count__gt=0).count() == 21


def test_values_say_where_they_are_from_and_how_old_they_are(programme: Programme) -> None:
    one = Observation.objects.filter(programme=programme, source_link__sotkanet_id=1080).first()
    assert one is not None
    assert (one.source, one.fetched_at, one.is_illustrative) == (
        SOURCE,
        datetime(2026, 8, 18, 12, tzinfo=UTC),
        False,
    )
    summary = IndicatorSummary.objects.get(indicator__programme=programme, indicator__key="lisa-1080")
    assert (summary.latest_year, summary.own, summary.national) == (2024, 2177, 2022)


def test_additions_say_that_they_are_not_in_the_source(programme: Programme) -> None:
    added = Indicator.objects.filter(programme=programme, key__startswith="lisa-")
    assert added.count() == len(NEARBY)
    assert all("Ei ohjelman lähteessä" in one.source_note for one in added)
    assert not added.filter(rules__isnull=False).exists()


def test_loading_again_changes_nothing(programme: Programme) -> None:
    before = Observation.objects.count()
    assert write_nearby(programme) == 0
    again = load_bundled()
    assert (again.regions, again.indicators, again.values, Observation.objects.count()) == (0, 0, 0, before)


def test_what_was_fetched_stays(programme: Programme) -> None:
    link = SourceLink.objects.get(programme=programme, sotkanet_id=1080)
    now = timezone.now()
    store(indicator=link.indicator, link=link, readings=[Reading(2024, Decimal(2180), "own", "HYVINVOINTIALUE:10")],
          source="Sotkanet 1080", fetched_at=now)  # fmt: skip
    LinkState.objects.create(link=link, fetched_at=now)
    CatalogueIndicator.objects.filter(pk=186).update(title_fi="Haettu", is_bundled=False)
    CatalogueRegion.objects.filter(pk=967).update(name_fi="Haettu", is_bundled=False)
    assert load_bundled(programme).values == 0
    latest = (
        Observation.objects.filter(source_link=link, year=2024, region_role="own")
        .order_by("-vintage")
        .first()
    )
    assert latest is not None and latest.value == 2180
    assert CatalogueIndicator.objects.get(pk=186).title_fi == "Haettu"
    assert CatalogueRegion.objects.get(pk=967).name_fi == "Haettu"


def test_the_catalogue_knows_what_was_recorded(programme: Programme) -> None:
    assert ids_by_key()["HYVINVOINTIALUE:10"] == 967 and ids_by_key()["MAA"] == 658
    mortality = CatalogueIndicator.objects.get(pk=186)
    assert (mortality.title_en, mortality.range_end) == ("Mortality per 100 000 inhabitants", 2024)
    assert mortality.is_bundled and "Tilastokeskus" in mortality.organisation_fi
    assert CatalogueIndicator.objects.get(pk=181).title_fi == "Työttömät, % työvoimasta"
    assert not CatalogueIndicator.objects.filter(pk=5387).exists()  # nobody recorded its official title


def test_pages_show_the_values_and_their_age_without_a_network(programme: Programme) -> None:
    browser = client_of(programme)
    assert "Perusterveydenhuollon avohoidon lääkärikäynnit" in text_of(
        browser, "kpis:indicator_list", programme.slug
    )
    indicator = Indicator.objects.get(programme=programme, key="lisa-1080")
    page = text_of(browser, "kpis:indicator_detail", programme.slug, indicator.pk)
    assert "2 177" in page and "2024" in page and "18.8.2026" in page
