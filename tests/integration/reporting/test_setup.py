"""The set-up list counts what is missing and leads to where it is mended."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import Setting
from core.setup_list import Check, Missing, add, all_checks
from kpis.models import Indicator
from measures.models import Series
from programme.models import Project, RoleGrant, Target
from reporting import setup
from tests.factories.counties import County, make_county, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    return make_county("own")


@pytest.fixture
def pmo(county: County) -> Client:
    client = Client()
    client.force_login(person(county, "pmo"))
    return client


def counts(county: County) -> dict[str, int]:
    county.programme.refresh_from_db()
    return {found.check.key: found.missing.count for found in setup.found_in(county.programme)}


def test_each_matter_is_counted_and_gone_when_it_is_mended(county: County) -> None:
    programme = county.programme
    measure = county.measure()
    Project.objects.create(programme=programme, slug="hanke", name_fi="Hanke")
    Indicator.objects.create(programme=programme, key="i", name_fi="Mittari", needs_baseline=True)
    before = counts(county)

    assert before["theme_owner"] == before["measure_owner"] == before["project_manager"] == 1
    assert before["sector_lead"] == before["measure_plan"] == before["baseline"] == 1
    assert (before["measure_line"], before["controller"], before["meeting_days"]) == (0, 3, 2)
    assert before["stated_target"] == before["ledger"] == before["closed_books"] == before["status_date"] == 1

    lead = person(county, "sector", sector=county.sector)
    person(county, "controller"), person(county, "director"), person(county, "owner")
    type(county.theme).objects.filter(pk=county.theme.pk).update(owner=lead)
    type(measure).objects.filter(pk=measure.pk).update(owner=lead)
    county.entry(measure, dt.date(2024, 1, 1), -100, Series.PLAN)
    Target.objects.create(programme=programme, kind="stated", value_eur_cents=-1, valid_from="2023-01-01")
    Setting.objects.create(scope="own", key="meetings.big_room_day", value=12, valid_from="2023-01-01")
    after = counts(county)

    assert after["theme_owner"] == after["measure_owner"] == after["sector_lead"] == after["controller"] == 0
    assert (after["measure_plan"], after["stated_target"], after["meeting_days"]) == (0, 0, 1)
    assert after["target_decision"] == 1


def test_each_check_makes_one_query_at_most(county: County) -> None:
    for check in all_checks():
        with CaptureQueriesContext(connection) as queries:
            check.find(county.programme)
        assert len(queries) <= 1, check.key


def test_the_page_names_each_matter_with_its_link(county: County, pmo: Client) -> None:
    page = pmo.get("/en/p/own/set-up/").content.decode()

    assert 'data-check="theme_owner" data-missing="1"' in page
    assert 'href="/en/p/own/settings/themes/"' in page
    assert 'data-check="sector_lead"' in page


def test_every_check_leads_to_a_page_that_opens(county: County, pmo: Client) -> None:
    for check in all_checks():
        address = check.url(county.programme)
        assert address, check.key
        assert pmo.get(address).status_code == 200, check.key


def test_the_line_of_the_dashboard_counts_the_same(county: County, pmo: Client) -> None:
    missing = sum(1 for count in counts(county).values() if count)

    assert f'data-set-up="{missing}"' in pmo.get("/p/own/set-up/line/").content.decode()


def test_only_the_office_sees_it(county: County) -> None:
    client = Client()
    client.force_login(person(county, "theme", theme=county.theme))

    assert client.get("/p/own/set-up/").status_code == 403


def test_another_app_adds_a_check_of_its_own(county: County, pmo: Client) -> None:
    from core import setup_list

    def find(programme: Any) -> Missing:
        return Missing(7, 9)

    add(Check("extra", "Extra", "Something extra", "Because.", find, lambda programme: "/p/own/"))
    try:
        assert 'data-check="extra" data-missing="7"' in pmo.get("/en/p/own/set-up/").content.decode()
    finally:
        setup_list._CHECKS.pop("extra")
    assert RoleGrant.objects.filter(programme=county.programme).exists()
