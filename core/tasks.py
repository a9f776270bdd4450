"""Doors for the worker: a task takes an id or nothing and calls one service."""

from celery import shared_task

from core.jobs import run_job, sweep_jobs
from core.outbox import send_due


@shared_task(acks_late=True)
def wake_job(job_id: int) -> str:
    """State the job ended in; a second run of a finished job changes nothing."""
    return run_job(job_id)


@shared_task
def sweep() -> int:
    """Looks after jobs and unsent messages; runs every `limits.SWEEP` seconds. Jobs woken."""
    woken = sweep_jobs()
    send_due()
    return len(woken)
