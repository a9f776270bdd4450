"""The pages of runs and of values that were put aside."""

import datetime as dt
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db.models.functions import Now
from django.http import HttpResponse
from django.test import Client

from config import limits
from core.models import Job
from kpis.models import (
    LinkState,
    Observation,
    QuarantinedValue,
    RefreshItem,
    RefreshRun,
    ServiceState,
    SourceLink,
)
from kpis.observing import Reading, store
from kpis.refreshing.runs import ask
from kpis.refreshing.selectors import service
from kpis.sotkanet.client import SERVICE
from programme.models import Programme
from tests.factories.accounts import make_member, make_programme
from tests.factories.kpis import make_indicator, make_source_link
from tests.factories.loaded import client_of

pytestmark = pytest.mark.django_db
OWN = "HYVINVOINTIALUE:10"
NIGHT = dt.datetime(2026, 11, 3, 2, 20, tzinfo=dt.UTC)


@pytest.fixture
def programme() -> Programme:
    return make_programme("kymenlaakso")


@pytest.fixture
def link(programme: Programme) -> SourceLink:
    return make_source_link(make_indicator(programme, name_fi="Mielen hyvinvointi", unit="%"))


def page(client: Client, path: str) -> str:
    answer = client.get(f"/en/p/kymenlaakso/kpis/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def put(link: SourceLink, *, hours: int = 0, **values: str) -> None:
    store(
        indicator=link.indicator, link=link, source="Sotkanet 181", fetched_at=NIGHT + dt.timedelta(hours=hours),
        sha256="a", check_plausible=True,
        readings=[Reading(int(year[1:]), Decimal(value), region=OWN) for year, value in values.items()],
    )  # fmt: skip


def test_without_runs_the_page_says_what_comes(programme: Programme) -> None:
    client = client_of(programme)
    assert "No indicator has a source in Sotkanet" in page(client, "refresh/")
    make_source_link(make_indicator(programme))
    text = page(client, "refresh/")
    assert "Nothing has been read yet" in text and "Refresh now" in text
    assert "Refresh now" not in page(client_of(programme, "staff"), "refresh/")


def test_asking_twice_shows_the_same_run(programme: Programme, link: SourceLink) -> None:
    client = client_of(programme)
    first = client.post("/p/kymenlaakso/kpis/refresh/start/")
    second = client.post("/p/kymenlaakso/kpis/refresh/start/")
    assert first.status_code == 302 and first["Location"] == second["Location"]
    run = RefreshRun.objects.get()
    text = page(client, f"refresh/{run.pk}/")
    assert 'hx-trigger="every 2s"' in text
    part = client.get(
        f"/en/p/kymenlaakso/kpis/refresh/{run.pk}/", headers={"HX-Request": "true"}
    ).content.decode()
    assert part.lstrip().startswith("<div") and "refresh-run" in part

    client.post(f"/p/kymenlaakso/kpis/{link.indicator_id}/refresh/")
    assert RefreshRun.objects.filter(indicator=link.indicator).count() == 1


def test_asking_again_soon_is_refused_until_it_makes_sense(programme: Programme, link: SourceLink) -> None:
    client, path = client_of(programme), f"{link.indicator_id}/refresh/"

    def post(what: str) -> HttpResponse:
        return client.post(f"/en/p/kymenlaakso/kpis/{what}")  # type: ignore[return-value]

    assert [post(what).status_code for what in ("refresh/start/", path)] == [302, 302], "each by itself"
    for run in RefreshRun.objects.all():
        RefreshItem.objects.create(run=run, sotkanet_id=181, state="unchanged")
    Job.objects.update(state="done")
    assert post(path).status_code == 302, "broken off before its end"
    Job.objects.update(state="done")
    RefreshRun.objects.update(ended_at=Now())
    refused = post("refresh/start/")
    assert refused.status_code == 429 and 1 <= int(refused["Retry-After"]) <= limits.REFRESH_SECONDS
    assert "Try again at" in refused.content.decode()
    RefreshItem.objects.update(state="failed")
    assert post("refresh/start/").status_code == 302, "nothing had come"
    Job.objects.update(state="done")
    RefreshItem.objects.update(state="stored")
    run = RefreshRun.objects.filter(indicator=None).latest("pk")
    RefreshItem.objects.create(run=run, sotkanet_id=181, state="stored")
    long_ago = Now() - dt.timedelta(seconds=limits.REFRESH_SECONDS)
    RefreshRun.objects.filter(pk=run.pk).update(ended_at=Now())
    assert post("refresh/start/").status_code == 429
    assert ask(programme=programme).pk != run.pk, "the night and the command line are not held"
    Job.objects.update(state="done")
    RefreshRun.objects.filter(indicator=None).update(started_at=long_ago, ended_at=Now())
    assert post("refresh/start/").status_code == 302


def test_failures_say_what_happened_and_when_it_is_tried_again(
    programme: Programme, link: SourceLink
) -> None:
    run = ask(programme=programme)
    Job.objects.filter(pk=run.job_id).update(state="done")
    RefreshRun.objects.filter(pk=run.pk).update(ended_at=NIGHT)
    RefreshItem.objects.create(
        run=run,
        sotkanet_id=181,
        state="retry",
        code="read_timeout",
        params={"seconds": 20},
        next_try_at=NIGHT,
    )
    LinkState.objects.create(
        link=link, failure_code="read_timeout", failure_params={"seconds": 20}, failures=1, next_try_at=NIGHT
    )
    ServiceState.objects.create(
        name="sotkanet",
        failures=5,
        open_until=dt.datetime(2099, 1, 1, tzinfo=dt.UTC),
        last_code="read_timeout",
    )
    text = page(client_of(programme), "refresh/")
    assert "Sotkanet was silent for 20 seconds." in text and "Mielen hyvinvointi" in text
    assert 'data-service="bad"' in text and "left alone for a while" in text
    assert "the rest is tried again later" in text
    detail = page(client_of(programme), f"refresh/{run.pk}/")
    assert 'data-item="181" data-state="retry"' in detail
    assert "4:45" in detail or "04:45" in detail, "the round of the night at or after the moment"


def test_a_run_of_another_county_is_not_found(programme: Programme) -> None:
    other = RefreshRun.objects.create(programme=make_programme("muu"))
    assert client_of(programme).get(f"/p/kymenlaakso/kpis/refresh/{other.pk}/").status_code == 404


def test_a_value_put_aside_is_taken_with_a_reason(programme: Programme, link: SourceLink) -> None:
    put(link, y2022="10", y2023="11")
    put(link, hours=24, y2024="30")
    value = QuarantinedValue.objects.get()
    client = client_of(programme)
    text = page(client, "quarantine/")
    assert "+173 % from the value before" in text and "2023" in text

    refused = client.post("/en/p/kymenlaakso/kpis/quarantine/decide/", {"value": value.pk, "act": "take"})
    assert refused.status_code == 422 and f'value="{value.pk}"' in refused.content.decode()
    answer = client.post(
        "/p/kymenlaakso/kpis/quarantine/decide/", {"value": value.pk, "act": "take", "reason": "THL vahvisti"}
    )
    assert answer.status_code == 302
    row = Observation.objects.get(source_link=link, year=2024)
    assert (row.value, row.vintage, row.fetched_at) == (Decimal(30), 1, NIGHT + dt.timedelta(hours=24))
    value.refresh_from_db()
    assert (value.state, value.reason) == ("taken", "THL vahvisti")
    put(link, hours=48, y2024="30")
    assert Observation.objects.filter(source_link=link, year=2024).count() == 1


def test_a_refused_value_is_not_asked_about_again(programme: Programme, link: SourceLink) -> None:
    put(link, y2022="10")
    put(link, hours=24, y2023="30", y2024="-1")
    values = list(QuarantinedValue.objects.values_list("pk", flat=True))
    client = client_of(programme)
    client.post(
        "/p/kymenlaakso/kpis/quarantine/decide/",
        {"value": values, "act": "refuse", "reason": "Yksikkö vaihtui"},
    )
    put(link, hours=48, y2023="30", y2024="-1")
    assert QuarantinedValue.objects.filter(state="waiting").count() == 0
    assert not Observation.objects.filter(source_link=link, year__gt=2022).exists()
    again = client.post(
        "/en/p/kymenlaakso/kpis/quarantine/decide/",
        {"value": values, "act": "take", "reason": "x"},
        follow=True,
    )
    assert "2 values no longer waited" in again.content.decode()


def test_who_only_reads_decides_nothing(programme: Programme, link: SourceLink) -> None:
    put(link, y2022="10")
    put(link, hours=24, y2023="30")
    client = Client()
    client.force_login(make_member(programme, "staff"))
    assert "Take the chosen values" not in page(client, "quarantine/")
    assert client.post("/p/kymenlaakso/kpis/quarantine/decide/", {}).status_code == 403


def test_pages_ask_no_more_when_there_is_more(programme: Programme, link: SourceLink) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(programme)

    def statements(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            page(client, path)
        return len(seen)

    def add(number: int) -> None:
        more = make_source_link(make_indicator(programme, key=f"m{number}"), sotkanet_id=number)
        LinkState.objects.create(link=more, failure_code="not_found", failures=1, next_try_at=NIGHT)
        RefreshItem.objects.create(run=run, sotkanet_id=number, state="failed", code="not_found")
        QuarantinedValue.objects.create(
            programme=programme, source_link=more, year=2024, region_role="own", region="HYVINVOINTIALUE:10",
            value=1, code="jump", before=9, fetched_at=NIGHT, sha256="a",
        )  # fmt: skip
        RefreshRun.objects.create(programme=programme, ended_at=NIGHT)

    run = RefreshRun.objects.create(programme=programme, ended_at=NIGHT)
    paths = ("refresh/", f"refresh/{run.pk}/", "quarantine/")
    add(500)
    for path in paths:
        page(client, path)
    few = [statements(path) for path in paths]
    for number in range(501, 504):
        add(number)
    assert [statements(path) for path in paths] == few


def test_the_sources_of_an_indicator_offer_one_refresh(programme: Programme, link: SourceLink) -> None:
    make_source_link(link.indicator, key="sotkanet-182", sotkanet_id=182)
    make_source_link(link.indicator, key="own", kind="manual", sotkanet_id=None)
    text = page(client_of(programme), f"{link.indicator_id}/parts/sources/")
    assert text.count(f'action="/en/p/kymenlaakso/kpis/{link.indicator_id}/refresh/"') == 1


def test_the_service_names_the_address_that_was_not_found() -> None:
    ServiceState.objects.update_or_create(pk=SERVICE, defaults={"failures": 1, "last_code": "no_address"})
    assert urlsplit(settings.SOTKANET_BASE_URL).hostname in service().text
