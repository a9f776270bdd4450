"""Long work: the job row in PostgreSQL is the truth, the broker only wakes a worker.

A worker claims a job by a conditional UPDATE that gives it a lease and an attempt number, and keeps the
lease alive while it works. Whoever comes late, a zombie of an earlier attempt or a second copy of the
message, finds the number changed and can neither report nor finish. The sweeper wakes what nobody
claimed and takes back what nobody keeps alive.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

import pghistory
import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from config import limits
from core.models import Job, ScheduledRun
from core.rates import TooOften

log = structlog.get_logger(__name__)

SHORTEST_REPORT_GAP = 0.1  # s between two progress writes
#: Failures of the surroundings; anything else would fail the same way again.
PASSING = (OperationalError, InterfaceError, ConnectionError, TimeoutError)

ERROR_TEXTS: dict[str, Any] = {
    "worker_lost": _("The work was interrupted several times and was given up. Start it again."),
    "too_long": _("The work took longer than it may and was stopped."),
    "unexpected": _("The work failed for a reason nobody foresaw. The administrator finds it in the log."),
    "surroundings": _("The database or another service could not be reached. Start the work again later."),
    "unknown_kind": _("This version of the portal does not know this kind of work."),
}


class JobLost(Exception):
    """This attempt no longer owns the job: it was cancelled, or another worker took it over."""


class JobFailed(Exception):
    """The work cannot be done, and trying again would not help; `code` has a text, `params` fill it."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class TooManyJobs(TooOften):
    """The person already has as many jobs waiting as one may have; a view that lets it through answers 429."""

    def __init__(self) -> None:
        super().__init__(limits.JOB_RETRY)


class Report(Protocol):
    """What a handler tells while it works."""

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        """Notes progress; raises JobLost when the job was cancelled or taken over."""

    def still_mine(self) -> None:
        """Raises JobLost unless this attempt owns the job, and holds it until the transaction ends.

        Call it in the transaction that stores the result, so that a late worker's result is rolled back.
        That transaction must be READ COMMITTED: the lease moves meanwhile.
        """


@dataclass(frozen=True)
class Handler:
    """How a kind of job is done, and how it is told: title, steps and errors by code."""

    run: Callable[[Job, Report], dict[str, Any]]
    title: Any = ""
    steps: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, Any] = field(default_factory=dict)


HANDLERS: dict[str, Handler] = {}


def handler(
    kind: str,
    *,
    title: Any = "",
    steps: Mapping[str, Any] | None = None,
    errors: Mapping[str, Any] | None = None,
) -> Callable[[Callable[[Job, Report], dict[str, Any]]], Callable[[Job, Report], dict[str, Any]]]:
    """Registers `(job, report) -> result` for a kind; import the module in `AppConfig.ready()`.

    `result["page"] = [url_name, *args]` becomes the link to what was made.
    """

    def register(run: Callable[[Job, Report], dict[str, Any]]) -> Callable[[Job, Report], dict[str, Any]]:
        HANDLERS[kind] = Handler(run, title, steps or {}, errors or {})
        return run

    return register


# ---------------------------------------------------------------------------- asking for work
def enqueue(
    kind: str, key: str, *, programme: Any = None, params: dict[str, Any] | None = None, by: Any = None
) -> Job:
    """The active job of that kind and key, made if there is none; a worker is woken after the commit.

    Raises TooManyJobs when the person already has the allowed number waiting.
    """
    same = Job.objects.filter(programme=programme, kind=kind, key=key, state__in=Job.ACTIVE)
    with transaction.atomic():
        active = same.first()
        if active:
            return active
        if (
            by
            and Job.objects.filter(requested_by=by, state=Job.State.QUEUED).count()
            >= limits.JOBS_QUEUED_PER_USER
        ):
            raise TooManyJobs
        wanted = Job(
            programme=programme, kind=kind, key=key, params=params or {}, requested_by=by,
            lease_until=_in(limits.SWEEP),
        )  # fmt: skip
        Job.objects.bulk_create([wanted], ignore_conflicts=True)
        job = same.get()  # ours, or the one that came first
        transaction.on_commit(lambda: wake(job.pk))
    return job


def wake(job_id: int) -> bool:
    """Rings the broker's bell; without a broker the row waits for the sweeper."""
    from kombu.exceptions import KombuError
    from redis.exceptions import RedisError

    from core.tasks import wake_job

    try:
        wake_job.delay(job_id)
    except (KombuError, RedisError, OSError):
        log.warning("job_not_announced", job=job_id)
        return False
    return True


def cancel(job: Job) -> bool:
    """Ends the job if it is still active; a running worker notices at its next report."""
    return bool(
        Job.objects.filter(pk=job.pk, state__in=Job.ACTIVE).update(
            state=Job.State.CANCELLED, ended_at=Now(), lease_until=None
        )
    )


# ---------------------------------------------------------------------------- doing it
def run_job(job_id: int) -> str:
    """Claims the job, does it and ends it; the state it is in afterwards.

    A job that is done, cancelled or in another worker's hands is left as it is.
    """
    job = claim(job_id)
    if job is None:
        return _state(job_id)
    with structlog.contextvars.bound_contextvars(job=job.pk, kind=job.kind, attempt=job.attempt):
        _do(job)
    return _state(job_id)


def claim(job_id: int) -> Job | None:
    """The job with a fresh lease and the next attempt number, None when it is not to be had.

    It waits while the person who asked for it has as many running as one may have.
    """
    free = Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, lease_until__lt=Now())
    with transaction.atomic():
        if not _has_room(job_id):
            return None
        taken = Job.objects.filter(free, pk=job_id, attempt__lt=limits.JOB_ATTEMPTS).update(
            state=Job.State.RUNNING, attempt=F("attempt") + 1, lease_until=_in(limits.LEASE), heartbeat=Now(),
            started_at=Now(), progress_step="", progress_done=0, progress_total=0,
        )  # fmt: skip
        return Job.objects.select_related("programme", "requested_by").get(pk=job_id) if taken else None


def _has_room(job_id: int) -> bool:
    """Whether the person may have one more running; the lock makes two workers that ask at once ask in turn."""
    person = Job.objects.values_list("requested_by_id", flat=True).filter(pk=job_id).first()
    if person is None:
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('core.jobs.person'), %s)", [person % 2**31])
    running = Job.objects.filter(requested_by=person, state=Job.State.RUNNING, lease_until__gte=Now())
    return running.exclude(pk=job_id).count() < limits.JOBS_RUNNING_PER_USER


def _wake_next(job: Job) -> None:
    """The person's oldest waiting job may have waited for this one."""
    if job.requested_by_id is None:
        return
    waiting = Job.objects.filter(requested_by=job.requested_by_id, state=Job.State.QUEUED)
    following = waiting.order_by("created_at", "pk").values_list("pk", flat=True).first()
    if following is not None:
        transaction.on_commit(lambda: wake(following))


def _do(job: Job) -> None:
    known = HANDLERS.get(job.kind)
    if known is None:
        _end(job, Job.State.FAILED, error_code="unknown_kind")
        return
    try:
        said = {"user": job.requested_by_id, "job": job.pk, "reason": f"job {job.kind} {job.key}"}
        with _reporter(job) as report, pghistory.context(**said):
            result = known.run(job, report)
    except JobLost:
        log.info("job_lost")
    except JobFailed as error:
        _end(job, Job.State.FAILED, error_code=error.code, error_params=error.params)
    except SoftTimeLimitExceeded:
        _end(job, Job.State.FAILED, error_code="too_long")
    except PASSING:
        log.exception("job_interrupted")
        _give_back(job)
    except Exception:
        log.exception("job_failed")
        _end(job, Job.State.FAILED, error_code="unexpected")
    else:
        _end(job, Job.State.DONE, result=result or {})


def _end(job: Job, state: Job.State, **values: Any) -> bool:
    """False when another attempt owns the job by now: then nothing of this one counts."""
    ended = _mine(job).update(state=state, ended_at=Now(), lease_until=None, **values)
    log.info("job_ended" if ended else "job_end_refused", state=str(state))
    if ended:
        _wake_next(job)
    return bool(ended)


def _give_back(job: Job) -> None:
    """Leaves the job to the sweeper, or gives up after the last attempt."""
    if job.attempt >= limits.JOB_ATTEMPTS:
        _end(job, Job.State.FAILED, error_code="surroundings")
    else:
        _mine(job).update(state=Job.State.QUEUED, lease_until=_in(limits.SWEEP))


def _mine(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, attempt=job.attempt, state=Job.State.RUNNING)


def _state(job_id: int) -> str:
    return Job.objects.values_list("state", flat=True).get(pk=job_id)


def _in(seconds: float) -> Any:
    """That many seconds from now by the database's clock, which all workers share."""
    return Now() + Value(timedelta(seconds=seconds))


# ---------------------------------------------------------------------------- lease and progress
class _Reporter:
    """Writes progress and keeps the lease alive on a connection of its own.

    The handler may be in a long transaction: what it wrote there would be seen by nobody, and a lease
    moved from outside would break a repeatable-read transaction that touched the row itself.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.progress: tuple[str, int, int] = ("", 0, 0)
        self.lost = False
        self._changed, self._stopped = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._keep_alive, name=f"job-{job.pk}", daemon=True)

    def __enter__(self) -> "_Reporter":
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stopped.set()
        self._changed.set()
        self._thread.join(limits.LEASE)

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        if self.lost:
            raise JobLost
        self.progress = (step, done, total)
        self._changed.set()

    def still_mine(self) -> None:
        if not _mine(self.job).update(heartbeat=Now()):
            raise JobLost

    def write(self) -> bool:
        """False when the attempt lost the job."""
        step, done, total = self.progress
        return bool(
            _mine(self.job).update(
                progress_step=step, progress_done=done, progress_total=total, heartbeat=Now(),
                lease_until=_in(limits.LEASE),
            )
        )  # fmt: skip

    def _keep_alive(self) -> None:
        try:
            while not self._stopped.is_set() and not self.lost:
                self._changed.wait(limits.HEARTBEAT)
                self._changed.clear()
                if not self._stopped.is_set():
                    self._write_once()
                    self._stopped.wait(SHORTEST_REPORT_GAP)
        finally:
            connection.close()

    def _write_once(self) -> None:
        try:
            self.lost = not self.write()
        except DatabaseError:
            log.warning("heartbeat_missed")
            connection.close()


class _InlineReporter(_Reporter):
    """For a caller that is itself in a transaction: no other connection could see the job."""

    def __enter__(self) -> "_InlineReporter":
        return self

    def __exit__(self, *exc: object) -> None:
        return None

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        self.progress = (step, done, total)
        if not self.write():
            raise JobLost


def _reporter(job: Job) -> _Reporter:
    return _InlineReporter(job) if connection.in_atomic_block else _Reporter(job)


# ---------------------------------------------------------------------------- looking after it
def sweep_jobs() -> list[int]:
    """Fails what was interrupted too often, takes back expired leases, wakes what waits; ids woken."""
    expired = Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=Now())
    expired.filter(attempt__gte=limits.JOB_ATTEMPTS).update(
        state=Job.State.FAILED, error_code="worker_lost", ended_at=Now(), lease_until=None
    )
    expired.update(state=Job.State.QUEUED, lease_until=None)
    waiting = Job.objects.filter(Q(lease_until=None) | Q(lease_until__lt=Now()), state=Job.State.QUEUED)
    woken = list(waiting.order_by("created_at").values_list("pk", flat=True))
    Job.objects.filter(pk__in=woken, state=Job.State.QUEUED).update(lease_until=_in(limits.SWEEP))
    for job_id in woken:
        wake(job_id)
    return woken


def run_once(schedule: str, due_at: Any) -> bool:
    """Whether the caller is the first to run that schedule at that due time."""
    return ScheduledRun.objects.get_or_create(schedule=schedule, due_at=due_at)[1]


# ---------------------------------------------------------------------------- telling about it
def title_of(job: Job) -> str:
    """What the job does, in the active language; the title may hold {key} and the parameters."""
    known = HANDLERS.get(job.kind)
    text = str(known.title) if known and known.title else job.kind
    return _filled(text, {"key": job.key, **job.params})


def step_of(job: Job) -> str:
    """What the job is doing now, empty when it has not said."""
    known = HANDLERS.get(job.kind)
    return str(known.steps.get(job.progress_step, job.progress_step)) if known else job.progress_step


def error_of(job: Job) -> str:
    """Why the job failed, empty when it did not."""
    if not job.error_code:
        return ""
    known = HANDLERS.get(job.kind)
    texts = ERROR_TEXTS | dict(known.errors if known else {})
    return _filled(str(texts.get(job.error_code, ERROR_TEXTS["unexpected"])), job.error_params)


def _filled(text: str, params: Mapping[str, Any]) -> str:
    try:
        return text.format(**params)
    except (KeyError, IndexError):
        return text
