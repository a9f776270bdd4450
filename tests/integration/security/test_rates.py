"""How often one may ask: exports, jobs, feedback and reports of browsers; and that Redis may be away."""

import json
import threading
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from redis.exceptions import ConnectionError as RedisAway

from config import limits
from core import jobs
from core.jobs import claim, enqueue, run_job
from core.models import Job, Outbox
from core.rates import EXPORT, Rate, TooOften, refuse_if_spent, spend
from tests.factories.accounts import make_member, make_person, make_programme
from tests.factories.core import make_job

CSV = "/p/own/measures/?format=csv"
REPORT = {
    "csp-report": {
        "document-uri": "https://portal.example.org/p/x/?q=secret", "blocked-uri": "inline", "line-number": 7,
        "effective-directive": "script-src-elem", "source-file": "https://portal.example.org/p/x/",
    }
}  # fmt: skip


@pytest.fixture(autouse=True)
def _forget() -> None:
    cache.clear()


def client_of(programme: Any, role: str = "pmo") -> Client:
    client = Client()
    client.force_login(make_member(programme, role))
    return client


def report(body: Any = REPORT, kind: str = "application/csp-report", **more: Any) -> Any:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client(**more).post("/csp-report/", text, content_type=kind)


# ---------------------------------------------------------------------------- counting
def test_a_window_begins_with_the_first_and_then_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "EXPORTS", 2)
    monkeypatch.setattr(limits, "EXPORT_SECONDS", 1)
    spend(EXPORT, 1)
    spend(EXPORT, 1)
    with pytest.raises(TooOften) as refused:
        spend(EXPORT, 1)
    assert refused.value.wait == 1
    with pytest.raises(TooOften):
        refuse_if_spent(EXPORT, 1)
    spend(EXPORT, 2)
    cache.clear()  # what the end of the window does

    spend(EXPORT, 1)


def test_a_limit_of_no_seconds_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "EXPORT_SECONDS", 0)
    for _unused in range(5):
        spend(EXPORT, 1)
    refuse_if_spent(EXPORT, 1)

    assert EXPORT.window == 0


def test_every_limit_names_a_number_that_exists() -> None:
    from core import rates

    for rate in (value for value in vars(rates).values() if isinstance(value, Rate)):
        assert rate.allowed >= 1
        assert rate.window >= 1


def test_without_redis_nothing_is_counted_and_pages_answer(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    def away(*args: Any, **kwargs: Any) -> Any:
        raise RedisAway("away")

    client = client_of(make_programme("own"))
    monkeypatch.setattr("django.core.cache.backends.redis.RedisCacheClient.get_client", away)

    assert [client.get(CSV).status_code for _unused in range(3)] == [200] * 3
    assert client.get("/p/own/about/").status_code == 200
    assert report().status_code == 204


# ---------------------------------------------------------------------------- exports
@pytest.mark.django_db
def test_one_export_at_a_time_for_each_person() -> None:
    programme = make_programme("own")
    client, colleague = client_of(programme), client_of(programme)
    assert client.get(CSV).status_code == 200
    answer = client.get(CSV)

    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 10
    assert "data-too-often" in answer.content.decode()
    assert client.get("/p/own/measures/").status_code == 200, "pages are not exports"
    assert colleague.get(CSV).status_code == 200


# ---------------------------------------------------------------------------- jobs
@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """No bell is rung; ids of jobs for which it would have been."""
    rung: list[int] = []
    monkeypatch.setattr(jobs, "wake", lambda job_id: rung.append(job_id) or True)
    return rung


@pytest.mark.django_db
def test_the_eleventh_waiting_job_is_answered_429(quiet: list[int]) -> None:
    programme = make_programme("own", status_date="2024-03-31")
    person, client = make_member(programme), Client()
    client.force_login(person)
    for number in range(limits.JOBS_QUEUED_PER_USER):
        enqueue("test", str(number), by=person)
    answer = client.post("/p/own/bigroom/build/", {"month": "2024-01"})

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) >= 1
    assert Job.objects.count() == limits.JOBS_QUEUED_PER_USER


@pytest.mark.django_db
def test_a_person_has_two_running_and_the_third_waits_for_one_to_end(
    quiet: list[int], monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setitem(jobs.HANDLERS, "test", jobs.Handler(lambda job, report: {}))
    person = make_person()
    first, second, third = (make_job(kind="test", key=str(n), requested_by=person) for n in range(3))
    others = make_job(kind="test", key="x", requested_by=make_person())
    nobodys = make_job(kind="test", key="y")
    running = [claim(first.pk), claim(second.pk)]

    assert claim(third.pk) is None
    assert all((*running, claim(others.pk), claim(nobodys.pk)))
    third.refresh_from_db()
    assert (third.state, third.attempt) == ("queued", 0), "waiting costs no attempt"
    quiet.clear()
    with django_capture_on_commit_callbacks(execute=True):
        jobs._end(running[0], Job.State.DONE, result={})  # type: ignore[arg-type]
    assert quiet == [third.pk], "whoever waits is woken"
    assert run_job(third.pk) == "done"


@pytest.mark.django_db
def test_a_worker_that_died_takes_no_place(quiet: list[int]) -> None:
    person = make_person()
    dead = [make_job(kind="test", key=str(n), requested_by=person) for n in range(2)]
    for job in dead:
        claim(job.pk)
    Job.objects.filter(pk__in=[job.pk for job in dead]).update(lease_until="2024-01-01T00:00:00Z")

    assert claim(make_job(kind="test", key="z", requested_by=person).pk)
    assert claim(dead[0].pk), "and a lost job may be taken up again"


@pytest.mark.django_db(transaction=True)
def test_workers_that_ask_at_once_do_not_start_three(quiet: list[int]) -> None:
    person = make_person()
    waiting = [make_job(kind="test", key=str(n), requested_by=person) for n in range(6)]
    taken: list[bool] = []

    def work(job_id: int) -> None:
        try:
            taken.append(claim(job_id) is not None)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(job.pk,)) for job in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(taken) == [False] * 4 + [True] * 2


# ---------------------------------------------------------------------------- reports of browsers
def test_a_report_is_one_line_without_the_query(caplog: pytest.LogCaptureFixture) -> None:
    answer = report()

    assert (answer.status_code, answer.content) == (204, b"")
    lines = [record for record in caplog.records if "csp_report" in record.getMessage()]
    assert len(lines) == 1
    assert "script-src-elem" in lines[0].getMessage()
    assert "secret" not in lines[0].getMessage()


def test_the_new_form_of_reports_is_read_too(caplog: pytest.LogCaptureFixture) -> None:
    body = [{"type": "csp-violation", "body": {"documentURL": "https://x/", "effectiveDirective": "img-src"}}]

    assert report(body, "application/reports+json").status_code == 204
    assert "img-src" in caplog.text


@pytest.mark.parametrize(
    "body", [b"", b"no json", b"{}", b"[]", b"[1]", b'"x"', b'{"csp-report": 7}', b"[" * 5000, b"\xff\xfe"]
)
def test_what_is_no_report_is_refused(body: bytes) -> None:
    assert report(body).status_code == 400


def test_a_large_report_is_refused_unread() -> None:
    assert report(b"x" * (limits.CSP_REPORT_MAX_BYTES + 1)).status_code == 413


@pytest.mark.django_db
def test_a_flood_of_reports_is_cut_and_leaves_no_row(caplog: pytest.LogCaptureFixture) -> None:
    before = connection.introspection.table_names()
    statuses = [report().status_code for _unused in range(limits.CSP_REPORTS + 5)]

    assert statuses == [204] * limits.CSP_REPORTS + [429] * 5
    assert report(REMOTE_ADDR="10.0.0.9").status_code == 204
    assert before == connection.introspection.table_names()
    assert Outbox.objects.count() == 0
    assert (
        sum("'event': 'csp_report'" in record.getMessage() for record in caplog.records)
        <= limits.CSP_REPORTS + 1
    )


def test_a_forged_line_stays_one_line(caplog: pytest.LogCaptureFixture) -> None:
    report({"csp-report": {"document-uri": 'x\n{"event": "signed_in"}', "blocked-uri": "y" * 5000}})
    (line,) = [record.getMessage() for record in caplog.records if "csp_report" in record.getMessage()]

    assert "\n" not in line
    assert len(line) < 1500
