"""The client against a loopback server that speaks the real protocol."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from config import limits
from kpis.models import ServiceState
from kpis.sotkanet.client import SERVICE, Seen, Sotkanet
from kpis.sotkanet.failures import Failure, NotModified
from tests.sotkanet import FAULTS, Server, sotkanet_server

pytestmark = pytest.mark.django_db
YEARS = range(2020, 2026)


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with sotkanet_server(gzipped=True, etags=True) as server:
        yield server


@pytest.fixture
def server(running: Server) -> Server:
    running.fault, running.times, running.only = None, None, ""
    running.requests.clear()
    return running


@pytest.fixture
def waits() -> list[float]:
    """Seconds that the client wished to wait; it did not."""
    return []


@pytest.fixture
def client(server: Server, waits: list[float]) -> Iterator[Sotkanet]:
    with Sotkanet(server.url, pause=0, wait=waits.append) as made:
        yield made


def refused(ask: Any) -> Failure:
    with pytest.raises(Failure) as caught:
        ask()
    return caught.value


# ---------------------------------------------------------------------------- what is asked
def test_every_request_says_who_asks(client: Sotkanet, server: Server, settings: Any) -> None:
    settings.SOTKANET_CONTACT = "tuki@example.fi (ä)\r\nX: y"
    client.rows(1080, YEARS, ["total"])
    assert server.requests[0].headers["user-agent"] == "productivity-portal/1.0 (tuki@example.fiX:y)"


def test_years_and_genders_are_repeated_and_both_there(client: Sotkanet, server: Server) -> None:
    client.rows(1080, [2024, 2023], ["total", "male"])
    assert server.requests[0].query == {
        "indicator": ["1080"], "years": ["2023", "2024"], "genders": ["male", "total"]
    }  # fmt: skip


def test_a_question_without_genders_is_not_sent(client: Sotkanet, server: Server) -> None:
    with pytest.raises(ValueError, match="genders"):
        client.rows(1080, YEARS, [])
    assert server.requests == []


# ---------------------------------------------------------------------------- what comes back
def test_recorded_rows_of_both_counties_and_the_country(client: Sotkanet) -> None:
    answer = client.rows(1080, YEARS, ["total"], regions={967, 957, 658})
    latest = {row.region: row.value for row in answer.rows if row.year == 2024}
    assert latest == {967: Decimal("2177"), 957: Decimal("1734"), 658: Decimal("2022")}
    assert [row.region for row in answer.rows] == sorted(row.region for row in answer.rows)
    assert len(answer.sha256) == 64 and answer.size > 500


def test_only_wanted_regions_come_out_of_an_answer_with_all(client: Sotkanet) -> None:
    everything = client.rows(3563, [2024], ["total"])
    mine = client.rows(3563, [2024], ["total"], regions=[967])
    assert len(everything.rows) == 22
    assert [(row.region, row.abs_value is None) for row in mine.rows] == [(967, False)]


def test_years_between_surveys_have_no_row(client: Sotkanet) -> None:
    rows = client.rows(4333, YEARS, ["total"], regions=[967]).rows
    assert [row.year for row in rows] == [2020, 2022, 2024]


def test_a_question_with_no_data_is_answered_by_nothing(client: Sotkanet) -> None:
    assert client.rows(4333, [1999], ["female"]).rows == []


def test_csv_says_the_same_as_json(client: Sotkanet) -> None:
    by_json = client.rows(3563, YEARS, ["total"])
    by_csv = client.rows(3563, YEARS, ["total"], as_csv=True)
    assert by_csv.rows == by_json.rows != []


def test_details_come_checked_and_harmless(client: Sotkanet) -> None:
    details = client.indicator(186)
    assert details.title["fi"] == "Kuolleisuus / 100 000 asukasta"
    assert (details.range_start, details.range_end, details.value_type) == (1990, 2024, "PER100000")
    assert details.organisation["fi"] == "Tilastokeskus"
    assert "<p>" in details.texts["description"]["fi"] and "id=" not in details.texts["description"]["fi"]
    assert "<" not in details.words["fi"] and "Kuolemansyytilastossa" in details.words["fi"]
    assert details.genders == ("male", "female", "total")


def test_an_indicator_without_classification_of_sex_is_read(client: Sotkanet) -> None:
    assert client.indicator(5051).genders == ()


def test_list_and_regions_are_read(client: Sotkanet) -> None:
    assert {186, 1080} <= {row.id for row in client.indicators()}
    own = {row.id: row for row in client.regions()}[967]
    assert (own.category, own.code, own.name["fi"]) == (
        "HYVINVOINTIALUE",
        "10",
        "Kymenlaakson hyvinvointialue",
    )


def test_an_answer_seen_before_is_not_sent_again(client: Sotkanet) -> None:
    first = client.rows(1080, YEARS, ["total"])
    assert first.etag
    with pytest.raises(NotModified):
        client.rows(1080, YEARS, ["total"], seen=Seen(first.etag))


# ---------------------------------------------------------------------------- trying again
@pytest.mark.parametrize("status", ["502", "503", "504", "429_none"])
def test_the_third_try_may_succeed(client: Sotkanet, server: Server, waits: list[float], status: str) -> None:
    server.fault, server.times = FAULTS[status], 2
    assert client.rows(1080, YEARS, ["total"]).rows
    assert len(server.requests) == 3
    base = limits.SOTKANET_BACKOFF
    assert base / 2 <= waits[0] <= base <= waits[1] <= base * 2


@pytest.mark.parametrize("status", ["400", "403", "404", "410", "500"])
def test_other_statuses_are_asked_once(client: Sotkanet, server: Server, status: str) -> None:
    server.fault = FAULTS[status]
    refused(lambda: client.indicator(186))
    assert len(server.requests) == 1


def test_a_short_retry_after_is_waited_for(client: Sotkanet, server: Server, waits: list[float]) -> None:
    server.fault, server.times = FAULTS["429_number"], 1
    pytest.raises(Failure, client.indicator, 186)  # nobody waited, so the service is still to be left alone
    assert waits == [limits.scaled(2)]
    state = ServiceState.objects.get(pk=SERVICE)
    assert state.open_until and state.open_until <= timezone.now() + timedelta(seconds=limits.scaled(2))


def test_nobody_asks_before_the_time_the_service_named(server: Server) -> None:
    server.fault, server.times = FAULTS["429_number"], 1
    with Sotkanet(server.url, pause=0) as client:
        assert client.indicator(186).id == 186
    first, second = server.requests
    assert second.at - first.at >= limits.scaled(2)


@pytest.mark.parametrize("name", ["429_huge", "429_nonsense"])
def test_a_retry_after_beyond_ten_minutes_leaves_it_for_later(
    client: Sotkanet, server: Server, waits: list[float], name: str
) -> None:
    server.fault = FAULTS[name]
    failure = refused(lambda: client.indicator(186))
    assert (failure.code, failure.is_passing, waits, len(server.requests)) == (
        "too_many_requests",
        True,
        [],
        1,
    )
    assert failure.retry_at and failure.retry_at < timezone.now() + timedelta(days=1)


# ---------------------------------------------------------------------------- circuit, turns
def test_five_failures_in_a_row_leave_the_service_alone(client: Sotkanet, server: Server) -> None:
    server.fault = FAULTS["500"]
    for _unused in range(5):
        assert refused(lambda: client.indicator(186)).code == "server_error"
    server.fault = None
    shut = refused(lambda: client.indicator(186))
    assert (shut.code, shut.is_passing, len(server.requests)) == ("circuit_open", True, 5)
    assert shut.retry_at == ServiceState.objects.get(pk=SERVICE).open_until


def test_after_the_rest_one_failure_shuts_and_one_success_opens(client: Sotkanet, server: Server) -> None:
    ServiceState.objects.create(name=SERVICE, failures=5, open_until=timezone.now() - timedelta(seconds=1))
    server.fault = FAULTS["500"]
    refused(lambda: client.indicator(186))
    assert refused(lambda: client.indicator(186)).code == "circuit_open"
    ServiceState.objects.update(open_until=timezone.now() - timedelta(seconds=1))
    server.fault = None
    assert client.indicator(186).id == 186
    assert ServiceState.objects.filter(failures=0, open_until=None, last_code="").exists()


def test_a_missing_indicator_is_no_failure_of_the_service(client: Sotkanet, server: Server) -> None:
    for number in range(700_000, 700_006):
        assert refused(lambda number=number: client.indicator(number)).code == "not_found"
    assert ServiceState.objects.get(pk=SERVICE).failures == 0


def test_requests_begin_a_pause_apart(server: Server, waits: list[float]) -> None:
    with Sotkanet(server.url, pause=60, wait=waits.append) as client:
        client.indicator(186)
        client.indicator(322)
    assert len(waits) == 1 and 50 < waits[0] <= 60


def test_one_process_at_a_time_talks_to_the_service(
    server: Server, django_db_blocker: Any, monkeypatch: Any
) -> None:
    """Another connection of the database holds the turn."""
    import psycopg
    from django.db import connection

    from kpis.sotkanet import turns

    monkeypatch.setattr(limits, "SOTKANET_TURN", 0.05)
    values = connection.get_connection_params()
    with psycopg.connect(
        **{k: v for k, v in values.items() if k in {"host", "port", "user", "password", "dbname"}}
    ) as other:
        other.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [turns._LOCK, SERVICE])
        with Sotkanet(server.url, pause=0) as client:
            assert refused(lambda: client.indicator(186)).code == "busy"
            assert server.requests == []
            other.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [turns._LOCK, SERVICE])
            assert client.indicator(186).id == 186


def test_the_turn_is_given_back_after_a_failure(client: Sotkanet, server: Server) -> None:
    from django.db import connection

    server.fault = FAULTS["html"]
    refused(lambda: client.indicator(186))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone() == (0,)


def test_the_clock_of_the_database_says_when_it_was_asked(client: Sotkanet) -> None:
    client.indicator(186)
    assert ServiceState.objects.filter(
        pk=SERVICE, last_request_at__lte=Now(), last_success_at__lte=Now()
    ).exists()


# ---------------------------------------------------------------------------- https
def test_a_trusted_certificate_is_accepted(monkeypatch: Any) -> None:
    from tests.sotkanet.server import CERTIFICATES

    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "authority.pem"))
    with sotkanet_server(certificate="good") as server, Sotkanet(server.url, pause=0) as client:
        assert client.indicator(186).id == 186


@pytest.mark.parametrize("name", ["tls_expired", "tls_wrong-host", "tls_self-signed"])
def test_a_bad_certificate_is_told_with_its_reason(server: Server, monkeypatch: Any, name: str) -> None:
    from tests.sotkanet.server import CERTIFICATES

    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "authority.pem"))
    server.fault = FAULTS[name]
    with Sotkanet(server.url, pause=0) as client:
        failure = refused(lambda: client.indicator(186))
    assert (failure.code, failure.is_passing) == ("tls", True)
    reason = {"tls_expired": "expired", "tls_wrong-host": "IP address mismatch", "tls_self-signed": "self"}[
        name
    ]
    assert reason in failure.params["reason"]
