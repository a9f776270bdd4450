"""The job row is the truth: one active job of a kind and key, one owner at a time, one end."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, connection, transaction
from django.utils import timezone, translation

from config import limits
from core import jobs
from core.jobs import (
    JobFailed,
    JobLost,
    Report,
    TooManyJobs,
    cancel,
    claim,
    enqueue,
    run_job,
    run_once,
    sweep_jobs,
)
from core.models import Job, Outbox
from tests.factories.accounts import make_person, make_programme
from tests.factories.core import make_job

LONG_AGO = timezone.now() - dt.timedelta(days=1)
Doing = Callable[[Job, Report], Any]


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Ids of jobs for which the bell was rung."""
    ids: list[int] = []
    monkeypatch.setattr(jobs, "wake", lambda job_id: ids.append(job_id) or True)
    return ids


@pytest.fixture
def does(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Doing], None]]:
    """Gives the kind "test" its handler."""

    def register(doing: Doing) -> None:
        monkeypatch.setitem(
            jobs.HANDLERS, "test", jobs.Handler(doing, title="Test {key}", steps={"a": "Reading"})
        )

    yield register


def done(job: Job, report: Report) -> dict[str, Any]:
    return {"attempt": job.attempt}


def raising(error: BaseException) -> Doing:
    def work(job: Job, report: Report) -> dict[str, Any]:
        raise error

    return work


def expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=LONG_AGO)


# ---------------------------------------------------------------------------- asking
@pytest.mark.django_db
def test_the_bell_is_rung_after_the_commit_only(
    rung: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue("test", "k", params={"a": 1})
        assert rung == []

    assert rung == [job.pk]
    assert (job.state, job.params, job.attempt) == ("queued", {"a": 1}, 0)


@pytest.mark.django_db
def test_there_is_one_active_job_of_a_kind_and_key(rung: list[int]) -> None:
    programme = make_programme("own")
    first = enqueue("test", "k", programme=programme)

    assert enqueue("test", "k", programme=programme) == first
    assert enqueue("test", "other", programme=programme) != first
    assert enqueue("test", "k") != first
    assert enqueue("test", "k") == enqueue("test", "k"), "no programme counts as one too"
    cancel(first)
    assert enqueue("test", "k", programme=programme) != first


@pytest.mark.django_db
def test_the_index_stands_when_two_ask_at_once(rung: list[int]) -> None:
    make_job()

    assert Job.objects.bulk_create([Job(kind="test", key="k")], ignore_conflicts=True)
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_a_person_has_only_so_many_jobs_waiting(rung: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "JOBS_QUEUED_PER_USER", 2)
    person = make_person()
    enqueue("test", "1", by=person)
    second = enqueue("test", "2", by=person)

    with pytest.raises(TooManyJobs):
        enqueue("test", "3", by=person)
    assert enqueue("test", "2", by=person) == second, "asking again for what waits is no new job"
    assert enqueue("test", "3", by=make_person())


@pytest.mark.django_db
def test_a_job_that_is_taken_back_rings_no_bell(
    rung: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(ZeroDivisionError),
        transaction.atomic(),
    ):
        enqueue("test", "k")
        raise ZeroDivisionError

    assert rung == []
    assert not Job.objects.exists()


# ---------------------------------------------------------------------------- doing
@pytest.mark.django_db
def test_a_job_is_done_once_however_often_it_is_run(does: Any) -> None:
    calls: list[int] = []
    does(lambda job, report: calls.append(job.pk) or {"page": ["reporting:home"]})
    job = make_job()

    assert [run_job(job.pk), run_job(job.pk)] == ["done", "done"]
    job.refresh_from_db()
    assert calls == [job.pk]
    assert (job.result, job.attempt, job.lease_until) == ({"page": ["reporting:home"]}, 1, None)
    assert job.started_at and job.ended_at


@pytest.mark.django_db
def test_a_claimed_job_is_not_claimed_again_before_its_lease_ends() -> None:
    job = make_job()
    first = claim(job.pk)

    assert first is not None and first.attempt == 1
    assert claim(job.pk) is None
    expire(job)
    second = claim(job.pk)
    assert second is not None and second.attempt == 2


@pytest.mark.django_db
def test_after_three_attempts_nobody_claims_it() -> None:
    job = make_job(attempt=limits.JOB_ATTEMPTS)

    assert claim(job.pk) is None


@pytest.mark.django_db(transaction=True)
def test_a_late_worker_can_neither_report_nor_store_nor_finish(does: Any) -> None:
    """While the first attempt works, its lease ends and a second one does the job."""
    job = make_job()
    refused = []

    def first_attempt(mine: Job, report: Report) -> dict[str, Any]:
        expire(mine)
        does(done)
        assert run_job(mine.pk) == "done"
        with pytest.raises(JobLost), transaction.atomic():
            Outbox.objects.create(channel="mail", message_id="late", payload={})
            report.still_mine()
        refused.append("store")
        return {"attempt": mine.attempt}

    does(first_attempt)
    assert run_job(job.pk) == "done"

    job.refresh_from_db()
    assert job.result == {"attempt": 2}
    assert refused == ["store"]
    assert not Outbox.objects.exists()


@pytest.mark.django_db
def test_progress_is_told_and_a_cancelled_job_stops_at_its_next_report(does: Any) -> None:
    seen = []

    def work(job: Job, report: Report) -> None:
        report("a", 1, 3)
        seen.append(Job.objects.get(pk=job.pk))
        cancel(job)
        report("a", 2, 3)
        seen.append("never")

    does(work)
    job = make_job()

    assert run_job(job.pk) == "cancelled"
    (told,) = seen
    assert (told.progress_step, told.progress_done, told.progress_total) == ("a", 1, 3)
    assert jobs.step_of(told) == "Reading"


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_kept_alive_while_the_handler_is_in_a_transaction(
    does: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lease is shorter than the work; progress is seen from outside although nothing was committed."""
    monkeypatch.setattr(limits, "HEARTBEAT", 0.05)
    seen = []

    def work(job: Job, report: Report) -> dict[str, Any]:
        before = Job.objects.get(pk=job.pk).heartbeat
        with transaction.atomic():
            report("a", 1, 2)
            for _unused in range(200):
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_sleep(0.02)")
                row = Job.objects.get(pk=job.pk)
                if row.progress_done == 1 and row.heartbeat > before:
                    seen.append(row.lease_until)
                    break
        return {}

    does(work)
    assert run_job(make_job().pk) == "done"
    assert len(seen) == 1


@pytest.mark.django_db(transaction=True)
def test_a_repeatable_read_handler_is_not_disturbed_by_its_lease(
    does: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "HEARTBEAT", 0.02)

    def work(job: Job, report: Report) -> dict[str, Any]:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            first = list(Job.objects.values_list("heartbeat"))
            report("a")
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.3)")
            assert list(Job.objects.values_list("heartbeat")) == first
        with transaction.atomic():
            report.still_mine()
        return {}

    does(work)
    assert run_job(make_job().pk) == "done"


# ---------------------------------------------------------------------------- failing
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "state", "code"),
    [
        (JobFailed("no_data", month="2024-03"), "failed", "no_data"),
        (SoftTimeLimitExceeded(), "failed", "too_long"),
        (ValueError("nobody foresaw this"), "failed", "unexpected"),
        (OperationalError("the database went away"), "queued", ""),
        (ConnectionResetError(), "queued", ""),
    ],
)
def test_how_a_job_fails(does: Any, error: BaseException, state: str, code: str) -> None:
    does(raising(error))
    job = make_job()

    assert run_job(job.pk) == state
    assert Job.objects.get(pk=job.pk).error_code == code


@pytest.mark.django_db
def test_surroundings_that_stay_away_are_told_after_the_last_attempt(does: Any) -> None:
    does(raising(OperationalError("away")))
    job = make_job()

    assert [run_job(job.pk) for _unused in range(3)] == ["queued", "queued", "failed"]
    job.refresh_from_db()
    assert job.error_code == "surroundings"


@pytest.mark.django_db
def test_an_unknown_kind_fails_and_says_so() -> None:
    job = make_job(kind="from the future")

    assert run_job(job.pk) == "failed"
    job.refresh_from_db()
    with translation.override("en"):
        assert "does not know" in jobs.error_of(job)


@pytest.mark.django_db
def test_texts_are_filled_and_an_unknown_code_is_still_told(monkeypatch: pytest.MonkeyPatch) -> None:
    handler = jobs.Handler(done, title="View {key}", errors={"no_data": "Nothing for {month}."})
    monkeypatch.setitem(jobs.HANDLERS, "test", handler)
    job = make_job(key="2024-03", error_code="no_data", error_params={"month": "3/2024"})

    assert jobs.title_of(job) == "View 2024-03"
    assert jobs.error_of(job) == "Nothing for 3/2024."
    job.error_params = {}
    assert jobs.error_of(job) == "Nothing for {month}."
    job.error_code = "strange"
    assert jobs.error_of(job) == str(jobs.ERROR_TEXTS["unexpected"])
    job.error_code = ""
    assert jobs.error_of(job) == ""


# ---------------------------------------------------------------------------- sweeping
@pytest.mark.django_db
def test_the_sweeper_takes_back_and_gives_up_and_wakes(rung: list[int]) -> None:
    expired = make_job(key="expired", state="running", attempt=1, lease_until=LONG_AGO)
    spent = make_job(key="spent", state="running", attempt=3, lease_until=LONG_AGO)
    alive = make_job(
        key="alive", state="running", attempt=1, lease_until=timezone.now() + dt.timedelta(minutes=1)
    )
    forgotten = make_job(key="forgotten", lease_until=LONG_AGO)
    announced = make_job(key="announced", lease_until=timezone.now() + dt.timedelta(minutes=1))
    ended = make_job(key="ended", state="done")

    assert sweep_jobs() == rung == [expired.pk, forgotten.pk]
    states = dict(Job.objects.values_list("key", "state"))
    assert states == {
        "expired": "queued", "spent": "failed", "alive": "running", "forgotten": "queued", "announced": "queued",
        "ended": "done",
    }  # fmt: skip
    assert Job.objects.get(pk=spent.pk).error_code == "worker_lost"
    assert sweep_jobs() == [], "what was woken just now is left in peace"
    assert {alive.pk, announced.pk, ended.pk}.isdisjoint(rung)


@pytest.mark.django_db
def test_cancelling_what_has_ended_changes_nothing(does: Any) -> None:
    does(done)
    job = make_job()
    run_job(job.pk)

    assert not cancel(job)
    assert Job.objects.get(pk=job.pk).state == "done"


@pytest.mark.django_db
def test_a_due_time_is_run_once() -> None:
    due = timezone.now()

    assert [run_once("snapshot", due), run_once("snapshot", due)] == [True, False]
    assert run_once("snapshot", due + dt.timedelta(days=1))
    assert run_once("reminders", due)
