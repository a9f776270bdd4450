"""Indicator pages: rules in words, own and national starting points, sources."""

import pytest

from kpis.models import Indicator
from tests.factories.loaded import ETELA_KARJALA, KYMENLAAKSO, address_of, client_of, load, text_of

pytestmark = pytest.mark.django_db


def test_list_shows_vision_indicators_with_sotkanet_ids() -> None:
    programme = load(ETELA_KARJALA)
    page = text_of(
        client_of(programme), "kpis:indicator_list", ETELA_KARJALA, language="en", query="?view=table"
    )
    assert page.startswith("Indicators 20 indicators 3 of the HYTE coefficient 14 Sotkanet series")
    for indicator in Indicator.objects.filter(programme=programme):
        assert indicator.name_en in page
    for word in ("Sotkanet 5387", "Sotkanet 5682", "16.8 %", "15.4", "Below 0.9 %", "At least 100 %"):
        assert word in page


def test_list_shows_both_levels_of_the_programme() -> None:
    page = text_of(client_of(load(KYMENLAAKSO)), "kpis:indicator_list", KYMENLAAKSO)
    assert "Taso 1: Hyvinvointialuetason talouden seuranta" in page
    assert "Taso 2: Vaikutukset toimintaan, palveluihin ja henkilöstöön" in page
    assert "−9" in page


def test_missing_starting_point_is_said() -> None:
    programme = load(KYMENLAAKSO)
    indicator = Indicator.objects.get(programme=programme, key="sick-leave")
    page = text_of(client_of(programme), "kpis:indicator_detail", KYMENLAAKSO, indicator.pk, language="en")
    assert "▲ Baseline missing" in page
    assert "Falls to half of the level of 1/2023" in page


def test_suggestion_is_told_from_the_rule() -> None:
    programme = load(ETELA_KARJALA)
    indicator = Indicator.objects.get(programme=programme, key="tarpeenmukainen-palvelu")
    page = text_of(client_of(programme), "kpis:indicator_detail", ETELA_KARJALA, indicator.pk, language="en")
    assert "Suggestion, not in the source: Above 50 %" in page


def test_indicator_of_another_county_is_not_found() -> None:
    own, other = load(KYMENLAAKSO), load(ETELA_KARJALA)
    indicator = Indicator.objects.filter(programme=other).first()
    assert indicator is not None
    address = address_of("kpis:indicator_detail", own.slug, indicator.pk)
    assert client_of(own).get(address).status_code == 404


def test_table_tells_value_country_and_standing_with_like_decimals() -> None:
    programme = load(ETELA_KARJALA)
    page = text_of(
        client_of(programme), "kpis:indicator_list", ETELA_KARJALA, language="en", query="?view=table"
    )
    assert "Latest Whole country Standing Rule" in page
    assert "48.3 % 2022 51.0 2022 ◇ Starting level" in page
