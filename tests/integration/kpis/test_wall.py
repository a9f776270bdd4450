"""The wall of indicators and the page of one: what each state says, and how many queries it takes."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.periods import format_date
from kpis.models import Indicator, IndicatorSummary, MonitoringLevel
from programme.models import Programme
from tests.factories.accounts import make_programme
from tests.factories.kpis import make_indicator, make_observation, make_rule, make_source_link
from tests.factories.loaded import client_of

pytestmark = pytest.mark.django_db
FETCHED = dt.datetime(2026, 11, 3, 8, tzinfo=dt.UTC)
DAY = format_date(FETCHED.date(), language="en")


def summarise(indicator: Indicator, **fields: Any) -> IndicatorSummary:
    own = {
        "latest_year": 2024, "latest_period": "2024", "own": Decimal("16.8"), "before": Decimal("18"),
        "national": Decimal("15.4"), "national_year": 2024, "fetched_at": FETCHED, "source": "Sotkanet",
        "series": [["2023", "18", "16"], ["2024", "16.8", "15.4"]],
    } | fields  # fmt: skip
    return IndicatorSummary.objects.create(programme=indicator.programme, indicator=indicator, **own)


def ready(programme: Programme, key: str, outcome: str = "", **fields: Any) -> Indicator:
    """An indicator with a Sotkanet source and a summary; a rule as well unless it has no answer."""
    shown = fields.pop("shown", {})
    indicator = make_indicator(
        programme, key=key, name_fi=f"Mittari {key}", unit="%", better="down", **fields
    )
    make_source_link(indicator)
    if outcome:
        make_rule(indicator, key=key, compare="below", value=15)
    summarise(indicator, outcome=outcome, **shown)
    return indicator


def card(client: Client, programme: Programme, key: str, query: str = "") -> str:
    page = client.get(f"/en/p/{programme.slug}/kpis/{query}").content.decode()
    start = page.index(f'data-kpi="{key}"')
    return page[start : page.index("</li>", start)]


@pytest.fixture
def programme() -> Programme:
    return make_programme("ohjelma")


@pytest.fixture
def client(programme: Programme) -> Client:
    return client_of(programme)


def test_a_card_says_value_direction_country_status_and_age(programme: Programme, client: Client) -> None:
    ready(programme, "a", "not_met")
    text = card(client, programme, "a")

    assert 'data-state="not_met"' in text
    assert "status--bad" in text and "■" in text
    for words in ("16.8", "2024", "↓", "better", "18", "15.4", DAY, "chart-spark"):
        assert words in text, words


@pytest.mark.parametrize(
    ("outcome", "shown", "words", "never"),
    [
        ("", {}, "no target", "status--"),
        (
            "baseline_missing",
            {"own": None, "before": None, "latest_period": ""},
            "baseline missing",
            "status--bad",
        ),
        ("met", {"source": "bundled"}, "came with the portal", "status--bad"),
        ("met", {"is_illustrative": True}, "illustrative", "status--bad"),
        ("not_published", {"latest_period": "2015", "latest_year": 2015}, "data-late", "status--bad"),
    ],
)
def test_every_state_of_a_card(
    programme: Programme, client: Client, outcome: str, shown: dict[str, Any], words: str, never: str
) -> None:
    ready(programme, "a", outcome, shown=shown, cycle_months=12)
    text = card(client, programme, "a")

    assert words in text
    assert never not in text


def test_a_country_value_of_another_year_says_its_year(programme: Programme, client: Client) -> None:
    ready(programme, "a", shown={"national_year": 2022})
    assert "(2022)" in card(client, programme, "a")


def test_filters_leave_what_they_say(programme: Programme, client: Client) -> None:
    level = MonitoringLevel.objects.create(programme=programme, number=1, name_fi="Talous")
    ready(programme, "a", "met", level=level, is_hyte=True)
    ready(programme, "b", "not_met", scope="vision")
    ready(programme, "c", needs_baseline=True, cycle_months=12, shown={"latest_period": "2015"})

    def keys(query: str) -> list[str]:
        page = client.get(f"/p/{programme.slug}/kpis/{query}").content.decode()
        return [part.partition('"')[0] for part in page.split('data-kpi="')[1:]]

    assert keys("?hyte=True") == ["a"]
    assert keys("?level=1") == ["a"]
    assert keys("?level=vision") == ["b"]
    assert keys("?status=not_met") == ["b"]
    assert keys("?status=none") == ["c"]
    assert keys("?needs=missing") == ["c"]
    assert keys("?needs=late") == ["c"]
    assert keys("?q=mittari b") == ["b"]
    assert keys("?owner=none") == ["a", "b", "c"]  # by level, then the vision, then those of no level


def test_queries_do_not_grow_with_the_indicators(programme: Programme, client: Client) -> None:
    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(path).status_code == 200
        return len(found)

    path = f"/p/{programme.slug}/kpis/"
    for number in range(10):
        ready(programme, f"i{number}", "met", scope="vision" if number % 2 else "monitoring")
    client.get(path)
    few = count(path)
    first = Indicator.objects.all()[0]
    rows = Indicator.objects.bulk_create(
        Indicator(programme=programme, key=f"m{number}", name_fi="M", unit="%") for number in range(90)
    )
    IndicatorSummary.objects.bulk_create(
        IndicatorSummary(programme=programme, indicator=row, own=1, latest_period="2024") for row in rows
    )
    assert count(path) == few <= 12
    assert count(f"{path}{first.pk}/") <= 14


def test_without_a_summary_the_wall_reads_the_observations(programme: Programme, client: Client) -> None:
    indicator = make_indicator(programme, unit="%")
    make_observation(indicator, year=2022, value=Decimal("12.5"))
    make_observation(indicator, year=2023, value=Decimal("13.5"))
    make_observation(indicator, year=2023, value=Decimal("11"), region_role="national", region="MAA")
    text = card(client, programme, "i1")
    assert "13.5" in text and "12.5" in text and "11" in text
