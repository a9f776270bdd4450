"""The page of one indicator: counties, ranks, vintages, groups, answers, credit."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.periods import format_date
from kpis.models import GoalIndicator, Indicator, IndicatorGroup, MeasureIndicator, Observation
from kpis.regions import COUNTIES
from programme.models import Programme
from tests.factories.accounts import make_programme
from tests.factories.kpis import make_indicator, make_observation, make_source_link
from tests.factories.loaded import KYMENLAAKSO, client_of, load
from tests.factories.measures import make_ground, make_measure

pytestmark = pytest.mark.django_db
FETCHED = dt.datetime(2026, 11, 3, 8, tzinfo=dt.UTC)


@pytest.fixture
def programme() -> Programme:
    programme = make_programme("kymi")
    programme.organisation.name_fi = "Kymenlaakson hyvinvointialue"
    programme.organisation.save()
    return programme


@pytest.fixture
def indicator(programme: Programme) -> Indicator:
    """Values of all counties in 2023 and 2024: the county of code n has n, the own one 4 and then 2.5."""
    indicator = make_indicator(programme, unit="%", better="down")
    link = make_source_link(indicator)
    own = {2023: Decimal(4), 2024: Decimal("2.5")}
    rows = [
        Observation(
            programme=programme, indicator=indicator, source_link=link, year=year, region=county.key,
            region_role="own" if county.code == "10" else "peer",
            value=own[year] if county.code == "10" else Decimal(int(county.code)), fetched_at=FETCHED,
        )
        for year in own for county in COUNTIES
    ]  # fmt: skip
    Observation.objects.bulk_create(rows)
    make_observation(indicator, source_link=link, year=2024, region_role="national", region="MAA", value=6)
    return indicator


def read(programme: Programme, indicator: Indicator, part: str = "", query: str = "", **headers: Any) -> str:
    tail = f"parts/{part}/" if part else ""
    answer = client_of(programme).get(
        f"/en/p/kymi/kpis/{indicator.pk}/{tail}{query}", headers=headers or None
    )
    assert answer.status_code == 200
    return answer.content.decode()


def test_counties_are_ranked_and_helsinki_and_aland_are_not(
    programme: Programme, indicator: Indicator
) -> None:
    page = read(programme, indicator, "distribution")
    own = page[page.index('class="is-own"') :].partition("</tr>")[0]
    assert ">3<" in own and "2.5" in own  # counties 01 and 02 are below
    assert page.count(">not ranked<") == 2
    assert page.count('<tr><th scope="row">20') == 2  # rank over time: 2023 and 2024
    assert "3/21" in page and "4/21" in page
    assert "<main" not in read(programme, indicator, "distribution", **{"HX-Request": "true"})


def test_chosen_counties_stand_in_the_chart_and_in_the_address(
    programme: Programme, indicator: Indicator
) -> None:
    page = read(programme, indicator, query="?peer=09&peer=11&peer=nowhere")
    assert page.count("ch-s-peer") >= 2
    assert 'value="09" checked' in page and 'value="01" checked' not in page
    assert "parts/values/?peer=09&amp;peer=11" in page


def test_a_revised_value_keeps_the_earlier_one_with_its_day(
    programme: Programme, indicator: Indicator
) -> None:
    link = indicator.source_links.get()
    make_observation(
        indicator, source_link=link, year=2024, value=Decimal("2.7"), vintage=2, region="HYVINVOINTIALUE:10",
        fetched_at=FETCHED + dt.timedelta(days=14), is_illustrative=False,
    )  # fmt: skip
    page = read(programme, indicator, "values")
    assert "<del>2.5</del>" in page
    assert all(
        format_date(FETCHED.date() + dt.timedelta(days=days), language="en") in page for days in (0, 14)
    )


def test_groups_stand_beside_each_other(programme: Programme) -> None:
    indicator = make_indicator(programme, unit="%")
    for breakdown, value in (("male", 10), ("female", 12)):
        make_observation(indicator, breakdown=breakdown, value=value, year=2023)
        make_observation(indicator, breakdown=breakdown, value=value + 1, year=2023, region_role="national")
    page = read(programme, indicator, "groups")
    assert "men" in page and "women" in page and "(13)" in page


def test_the_source_has_its_credit_line(programme: Programme, indicator: Indicator) -> None:
    page = read(programme, indicator, "sources")
    assert "Sotkanet Indicator Bank" in page and "(ind. 181)" in page


def test_an_unknown_part_is_not_found(programme: Programme, indicator: Indicator) -> None:
    client: Client = client_of(programme)
    assert client.get(f"/p/kymi/kpis/{indicator.pk}/parts/nothing/").status_code == 404


def test_a_measure_and_a_goal_say_how_they_move_an_indicator(programme: Programme) -> None:
    ground = make_ground("toinen")
    measure, indicator = make_measure(ground), make_indicator(ground.programme, name_fi="Sairauspoissaolot")
    client = client_of(ground.programme)
    chosen = {"seen": "", "indicator": str(indicator.pk)}
    client.post(f"/p/toinen/measures/{measure.code}/indicators/", chosen)
    client.post(f"/p/toinen/goals/{measure.goal_id}/indicators/choose/", chosen)
    of_measure, of_goal = MeasureIndicator.objects.get(), GoalIndicator.objects.get()
    for url, link in ((f"/p/toinen/kpis/measure-links/{of_measure.pk}/", of_measure),
                      (f"/p/toinen/kpis/goal-links/{of_goal.pk}/", of_goal)):  # fmt: skip
        was = re.search(r'name="was" value="([^"]+)"', client.get(url).content.decode())
        assert was is not None
        moving = {"effect": "direct", "direction": "down", "lag_months": "18", "note": "", "was": was[1]}
        assert client.post(url, moving).status_code == 302
        link.refresh_from_db()
        assert (link.effect, link.direction, link.lag_months) == ("direct", "down", 18)
    card = client.get(f"/en/p/toinen/measures/{measure.code}/more/indicators/").content.decode()
    goal = client.get(f"/en/p/toinen/goals/{measure.goal_id}/indicators/").content.decode()
    page = client.get(f"/en/p/toinen/kpis/{indicator.pk}/parts/following/").content.decode()
    for text in (card, goal, page):
        assert "moves it directly" in text and "shows after 18 months" in text
    assert measure.code in page and "Sairauspoissaolot" in card


def test_starting_points_stand_with_year_country_and_charts(db: None) -> None:
    client = client_of(load(KYMENLAAKSO))
    page = client.get("/p/kymenlaakso/kpis/baselines/").content.decode()
    text = " ".join(re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " ").split())
    assert "4 660 5 592" in text
    for key, total in (("operating-costs-2023", "937"), ("purchased-services-by-sector", "391")):
        part = page[page.index(f'data-whole="{key}"') :].partition("</section>")[0]
        assert total in part and "<svg" in part and "<table" in part
    assert page.count('class="is-own"') == 1  # four counties beside each other, the own one marked
    assert "sick-leave" not in page and "data-missing" in page


def test_the_page_of_a_past_day_shows_what_was_known(programme: Programme, indicator: Indicator) -> None:
    yesterday = timezone.now() - dt.timedelta(days=1)
    began = timezone.now() - dt.timedelta(days=3)
    with pgtrigger.ignore():
        for name in ("kpis.IndicatorEvent", "kpis.SourceLinkEvent", "programme.ProgrammeEvent"):
            apps.get_model(name).objects.update(pgh_created_at=began)
    Observation.objects.update(created_at=began)
    link = indicator.source_links.get()
    make_observation(indicator, source_link=link, year=2024, value=Decimal("9.9"), vintage=2)
    query = f"?day={timezone.localdate(yesterday)}"
    now, then = read(programme, indicator), read(programme, indicator, query=query)
    assert "9.9" in now and "9.9" not in then and "2.5" in then
    wall = client_of(programme).get(f"/en/p/kymi/kpis/{query}").content.decode()
    assert "2.5" in wall and "9.9" not in wall
    assert f"/parts/values/?day={timezone.localdate(yesterday)}" in then


def test_groups_and_sources_take_no_statement_each(programme: Programme, indicator: Indicator) -> None:
    browser = client_of(programme)
    pages = [
        f"/en/p/kymi/kpis/{indicator.pk}/{tail}" for tail in ("parts/groups/", "parts/sources/", "sources/")
    ]

    def grow(numbers: range) -> None:
        for n in numbers:
            IndicatorGroup.objects.create(
                programme=programme, indicator=indicator, key=f"g{n}", name_fi=f"Ryhmä {n}", dimension="age"
            )
            link = make_source_link(indicator, key=f"s{n}", sotkanet_id=9000 + n, position=n + 1)
            make_observation(indicator, year=2024, source_link=link, breakdown=f"g{n}")

    def statements() -> list[int]:
        counted = []
        for page in pages:
            with CaptureQueriesContext(connection) as found:
                assert browser.get(page).status_code == 200, page
            counted.append(len(found))
        return counted

    grow(range(1, 3))
    statements()  # fills what is kept between requests
    few = statements()
    grow(range(3, 9))
    assert statements() == few
