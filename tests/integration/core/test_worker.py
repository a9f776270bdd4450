"""Jobs in the hands of a real Celery worker, killed at bad moments."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings

from config import limits
from core.jobs import sweep_jobs, wake
from core.models import Job, Outbox
from tests.factories.core import make_job

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

SOON = 60  # s; the test ends as soon as what it waits for is there


@pytest.fixture
def child_env(database_url: str) -> dict[str, str]:
    """The worker knows the slow job."""
    return os.environ | {
        "DATABASE_URL": database_url,
        "MIGRATE_DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "tests.slow_work.settings",
    }


def wait_for(condition: Callable[[], Any], *, sweeping: bool = False) -> Any:
    """What the condition gives once it is true; meanwhile sweeps as beat would."""
    end = time.monotonic() + SOON
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        if sweeping:
            sweep_jobs()
        time.sleep(0.05)
    raise AssertionError(f"not within {SOON} s: {list(Job.objects.values())}")


def pid_at_work(job: Job) -> int | None:
    """The process that works on the job, as it says itself."""
    job.refresh_from_db()
    said = re.fullmatch(r"pid (\d+)", job.progress_step)
    return int(said[1]) if said and job.state == Job.State.RUNNING else None


def ended(job: Job) -> bool:
    job.refresh_from_db()
    return job.state not in Job.ACTIVE


def slow_job(steps: int = 20, pause: float = 0.1) -> Job:
    job = make_job(kind="slow", params={"steps": steps, "pause": pause})
    assert wake(job.pk)
    return job


def test_a_worker_does_the_job_and_a_second_bell_changes_nothing(worker: Any) -> None:
    job = slow_job(steps=3)
    wait_for(lambda: ended(job))
    wake(job.pk)
    other = make_job(kind="slow", key="behind it", params={"steps": 1, "pause": 0})
    wake(other.pk)
    wait_for(lambda: ended(other))

    job.refresh_from_db()
    assert (job.state, job.attempt) == ("done", 1)
    assert Outbox.objects.filter(message_id__startswith=f"{job.pk}-").count() == 1


def test_killing_the_child_in_mid_job_gives_exactly_one_result(worker: Any) -> None:
    job = slow_job()
    pid = wait_for(lambda: pid_at_work(job))
    assert pid in worker.children()
    os.kill(pid, signal.SIGKILL)

    wait_for(lambda: ended(job), sweeping=True)
    assert (job.state, job.attempt, job.result) == ("done", 2, {"attempt": 2})
    assert Outbox.objects.count() == 1


def test_killing_the_whole_worker_gives_exactly_one_result(worker: Any) -> None:
    job = slow_job()
    wait_for(lambda: pid_at_work(job))
    worker.kill()
    worker.start()

    wait_for(lambda: ended(job), sweeping=True)
    assert (job.state, job.attempt) == ("done", 2)
    assert Outbox.objects.count() == 1


def test_a_cancelled_job_stops_and_leaves_nothing(worker: Any) -> None:
    from core.jobs import cancel

    job = slow_job(steps=600)
    wait_for(lambda: pid_at_work(job))
    assert cancel(job)
    other = make_job(kind="slow", key="behind it", params={"steps": 1, "pause": 0})
    wake(other.pk)
    wait_for(lambda: ended(other))

    job.refresh_from_db()
    assert job.state == "cancelled"
    assert Outbox.objects.count() == 1, "only the other job's"


#: Tells how many seconds the asking took, without what the start of the program takes.
ASK = """
import time, django; django.setup()
from core.jobs import enqueue
began = time.monotonic()
print(enqueue("slow", "no broker", params={"steps": 1, "pause": 0}).state, time.monotonic() - began)
"""


def test_without_a_broker_the_job_waits_for_the_sweeper(worker: Any, child_env: dict[str, str]) -> None:
    nowhere = child_env | {"REDIS_URL": "redis://127.0.0.1:9/0"}
    asked = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=settings.BASE_DIR,
        env=nowhere,
        capture_output=True,
        text=True,
        timeout=100,
    )

    state, seconds = asked.stdout.split()[-2:] or pytest.fail(asked.stderr)
    assert state == "queued"
    assert float(seconds) < 20
    job = Job.objects.get(key="no broker")
    assert job.state == "queued"
    assert limits.SWEEP < SOON
    wait_for(lambda: ended(job), sweeping=True)
    assert job.state == "done"
