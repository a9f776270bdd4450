"""Which region is whose, and who is ranked against whom."""

import pytest
from django.utils import translation

from core.models import Setting
from kpis import regions
from kpis.models import CatalogueRegion
from tests.factories.counties import make_county

pytestmark = pytest.mark.django_db


def test_twenty_one_counties_are_ranked_and_two_regions_are_shown_beside_them():
    assert len(regions.COUNTIES) == 23
    assert len(regions.COUNTIES_RANKED) == 21
    assert not regions.is_ranked("HYVINVOINTIALUE:90")
    assert not regions.is_ranked("HYVINVOINTIALUE:91")
    assert not regions.is_ranked("MAA")
    assert regions.is_ranked("HYVINVOINTIALUE:01")


@pytest.mark.parametrize(
    "name",
    ["Etelä-Karjalan hyvinvointialue", "Södra Karelens välfärdsområde", "etelä-karjalan hyvinvointialue"],
)
def test_own_region_is_the_county_that_bears_the_name_of_the_organisation(name):
    programme = make_county("a").programme
    programme.organisation.name_fi = name
    assert regions.own_region(programme) == ("HYVINVOINTIALUE", "11")
    assert regions.own_key(programme) == "HYVINVOINTIALUE:11"


def test_own_region_set_by_hand_goes_first_and_an_unknown_county_has_none():
    programme = make_county("a").programme
    programme.organisation.name_fi = "Jokin muu"
    assert regions.own_region(programme) == ("", "")
    Setting.objects.create(
        scope="a", key=regions.SOTKANET_REGION.key, value="HYVINVOINTIALUE:10", valid_from="2020-01-01"
    )
    del programme.__dict__["_parameters"]
    assert regions.own_region(programme) == ("HYVINVOINTIALUE", "10")


def test_names_come_from_the_catalogue_first_then_from_the_list_that_comes_with_the_portal(
    django_assert_num_queries,
):
    CatalogueRegion.objects.filter(category="HYVINVOINTIALUE", code="10").delete()
    CatalogueRegion.objects.create(
        id=967, category="HYVINVOINTIALUE", code="10", name_fi="Kymenlaakson hva", name_en="Kymenlaakso WSC"
    )
    with translation.override("fi"), django_assert_num_queries(1):
        found = regions.names_of(["HYVINVOINTIALUE:10", "HYVINVOINTIALUE:11", "MAA", "KUNTA:999"])
    assert found["HYVINVOINTIALUE:10"] == "Kymenlaakson hva"
    assert found["HYVINVOINTIALUE:11"] == "Etelä-Karjalan hyvinvointialue"
    assert found["KUNTA:999"] == "KUNTA:999"
    with translation.override("sv"):
        assert regions.name_of("HYVINVOINTIALUE:10") == "Kymmenedalens välfärdsområde"


def test_a_renumbered_region_is_found_by_its_code():
    CatalogueRegion.objects.filter(category="HYVINVOINTIALUE", code="10").delete()
    CatalogueRegion.objects.create(
        id=887, category="HYVINVOINTIALUE", code="10", retired_at="2024-07-01T00:00Z"
    )
    CatalogueRegion.objects.create(id=967, category="HYVINVOINTIALUE", code="10")
    CatalogueRegion.objects.create(id=658, category="MAA")
    assert regions.ids_by_key()["HYVINVOINTIALUE:10"] == 967
    assert regions.ids_by_key()["MAA"] == 658
