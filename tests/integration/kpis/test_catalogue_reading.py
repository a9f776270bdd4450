"""Reading the catalogue from a loopback Sotkanet: list, regions, details, what is gone, what is renumbered."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from core.jobs import error_of, run_job
from core.models import Job
from kpis.catalogue import jobs, reading, storing
from kpis.catalogue.search import Question, found
from kpis.models import CatalogueIndicator, CatalogueRegion, SourceLink
from kpis.regions import ids_by_key
from kpis.sotkanet.bundled import load_bundled
from kpis.sotkanet.client import Sotkanet
from kpis.sotkanet.failures import Failure
from programme.models import Programme
from tests.factories.accounts import make_programme
from tests.factories.kpis import make_indicator, make_source_link
from tests.factories.loaded import ETELA_KARJALA, load
from tests.sotkanet import FAULTS, Server, sotkanet_server

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 11, 1, 4, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with sotkanet_server() as server:
        yield server


@pytest.fixture
def server(running: Server, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The loopback service with its recorded answers, asked without pauses; nothing is known yet."""
    running.data, running.fault, running.times, running.only = type(running.data)(), None, None, None
    running.requests.clear()
    settings.SOTKANET_BASE_URL = running.url
    monkeypatch.setattr("config.limits.SOTKANET_PAUSE", 0)
    monkeypatch.setattr("config.limits.SOTKANET_BACKOFF", 0)
    CatalogueIndicator.objects.all().delete()
    CatalogueRegion.objects.all().delete()
    return running


@pytest.fixture
def client(server: Server) -> Iterator[Sotkanet]:
    with Sotkanet() as client:
        yield client


@pytest.fixture
def programme(db: None) -> Programme:
    return make_programme("kymenlaakso")


def done(job: Job) -> Job:
    run_job(job.pk)
    job.refresh_from_db()
    return job


def test_the_list_is_read_with_regions_and_what_links_lack(server: Server, programme: Programme) -> None:
    make_source_link(make_indicator(programme), sotkanet_id=186)
    job = done(jobs.ask_for_list(programme, None))
    assert (job.state, job.result["stored"]) == ("done", 1)
    assert CatalogueIndicator.objects.filter(listed_at__isnull=False).count() == len(server.data.indicators)
    row = CatalogueIndicator.objects.get(pk=186)
    assert (row.title_en, row.organisation_fi, row.range_end) == (
        "Mortality per 100 000 inhabitants",
        "Tilastokeskus",
        2024,
    )
    assert "<script" not in str(row.texts)
    assert "kuolinhetkellä" in row.words_fi
    assert CatalogueIndicator.objects.get(pk=322).fetched_at is None  # not linked, not asked
    assert ids_by_key()["HYVINVOINTIALUE:10"] == 967
    assert list(found(Question("kuolinhetkellä"))) == [row]


def test_what_is_no_longer_listed_is_retired_and_comes_back(server: Server, client: Sotkanet) -> None:
    reading.sync_list(client, at=AT)
    kept = server.data.indicators.pop(186)
    server.data.indicators[322]["title"]["fi"] = "Uusi otsikko"
    stored = reading.sync_list(client, at=AT)
    assert (stored.gone, stored.changed, stored.new) == (1, 1, 0)
    assert CatalogueIndicator.objects.get(pk=186).retired_at == AT
    assert CatalogueIndicator.objects.get(pk=322).title_fi == "Uusi otsikko"
    server.data.indicators[186] = kept
    assert reading.sync_list(client, at=AT).back == 1
    assert CatalogueIndicator.objects.get(pk=186).retired_at is None


def test_half_a_list_retires_nothing(server: Server, programme: Programme, client: Sotkanet) -> None:
    reading.sync_list(client, at=AT)
    for number in list(server.data.indicators)[5:]:
        del server.data.indicators[number]
    job = done(jobs.ask_for_list(programme, None))
    assert (job.state, job.error_code) == ("failed", "list_too_short")
    assert str(len(server.data.indicators)) in error_of(job)
    assert not CatalogueIndicator.objects.filter(retired_at__isnull=False).exists()


def test_a_renumbered_region_gets_its_new_id_and_links_stay(server: Server, client: Sotkanet) -> None:
    reading.sync_regions(client, at=AT)
    for row in server.data.regions:
        if row["id"] == 967:
            row["id"] = 1067
    stored = reading.sync_regions(client, at=AT)
    assert (stored.new, stored.gone) == (1, 1)
    assert ids_by_key()["HYVINVOINTIALUE:10"] == 1067
    assert CatalogueRegion.objects.get(pk=967).retired_at == AT


def test_one_bad_indicator_stops_nothing(server: Server, client: Sotkanet) -> None:
    server.only, server.fault = "/indicators/322", FAULTS["truncated"]
    read = reading.read_details(client, [186, 322, 3336, 99_999])
    assert read.stored == [186, 3336]
    assert list(read.failed) == [322]
    assert read.gone == [99_999]
    assert read.stopped is None
    assert CatalogueIndicator.objects.get(pk=99_999).retired_at is not None


def test_a_service_that_is_down_is_not_asked_for_every_one(server: Server, client: Sotkanet) -> None:
    server.fault = FAULTS["500"]
    read = reading.read_details(client, list(range(1, 40)))
    assert read.stopped is not None
    assert len(server.requests) < 10
    assert not read.stored


def test_a_failure_of_the_list_says_why(server: Server, programme: Programme) -> None:
    server.fault = FAULTS["500"]
    job = done(jobs.ask_for_list(programme, None))
    assert job.state == "failed"
    assert "500" in error_of(job)
    assert "%(" not in error_of(job)


def test_the_details_of_one_are_read_on_demand(server: Server, programme: Programme) -> None:
    job = done(jobs.ask_for_details(programme, 5033, None))
    assert job.result["page"] == ["kpis:sotkanet_detail", "kymenlaakso", 5033]
    assert CatalogueIndicator.objects.get(pk=5033).genders == []
    gone = done(jobs.ask_for_details(programme, 77, None))
    assert (gone.state, gone.error_code) == ("failed", "not_found")
    assert CatalogueIndicator.objects.get(pk=77).retired_at is not None


def test_a_night_reads_the_list_weekly_and_a_few_details_oldest_first(
    server: Server, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "DETAILS_A_NIGHT", 3)
    make_source_link(make_indicator(programme), sotkanet_id=5527)
    assert done(jobs.ask_for_night()).result["stored"] == 3
    first = set(CatalogueIndicator.objects.filter(fetched_at__isnull=False).values_list("pk", flat=True))
    assert 5527 in first
    server.requests.clear()
    Job.objects.all().delete()
    done(jobs.ask_for_night())
    assert len(server.requests) == 3  # the list is fresh
    second = set(CatalogueIndicator.objects.filter(fetched_at__isnull=False).values_list("pk", flat=True))
    assert len(second) == 6
    assert first < second


def test_bundled_rows_never_cover_fetched_ones(server: Server, client: Sotkanet) -> None:
    server.data.indicators[186]["title"]["fi"] = "Haettu otsikko"
    reading.sync_details(client, 186, at=AT)
    load_bundled()
    row = CatalogueIndicator.objects.get(pk=186)
    assert (row.title_fi, row.is_bundled) == ("Haettu otsikko", False)
    assert CatalogueIndicator.objects.get(pk=322).is_bundled
    server.data.indicators[322]["title"]["fi"] = "Tuore otsikko"
    reading.sync_details(client, 322, at=timezone.now())
    row = CatalogueIndicator.objects.get(pk=322)
    assert (row.title_fi, row.is_bundled) == ("Tuore otsikko", False)


def test_details_that_are_not_whole_store_nothing(server: Server, client: Sotkanet) -> None:
    server.fault = FAULTS["truncated"]
    with pytest.raises(Failure):
        reading.sync_details(client, 186)
    assert not CatalogueIndicator.objects.exists()


def test_all_fourteen_ids_of_the_programme_are_linked() -> None:
    programme = load(ETELA_KARJALA)
    links = SourceLink.objects.filter(programme=programme, sotkanet_id__isnull=False)
    ids = {5387, 4837, 305, 306, 181, 326, 699, 4280, 4273, 4287, 404, 5680, 5681, 5682}
    assert set(links.values_list("sotkanet_id", flat=True)) == ids
    assert reading.linked_numbers() == ids
    assert set(reading.due_details(20)) >= ids
    together = links.get(sotkanet_id=5681).indicator
    assert set(together.source_links.values_list("sotkanet_id", flat=True)) == {5680, 5681, 5682}
    storing.mark_gone(5680, at=AT)
    assert CatalogueIndicator.objects.get(pk=5680).retired_at == AT
