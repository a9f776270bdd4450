"""Doors for the worker: a task takes an id or nothing and calls one service."""

from celery import shared_task

from core import jobs
from core.outbox import send_due


@shared_task(acks_late=True)
def wake_job(job_id: int) -> str:
    """State the job ended in; a second run of a finished job changes nothing."""
    return jobs.run_job(job_id)


@shared_task
def sweep_jobs() -> int:
    """Rung every `limits.SWEEP` seconds; the number of jobs woken."""
    return len(jobs.sweep_jobs())


@shared_task
def send_outbox() -> int:
    """Rung every `limits.SWEEP` seconds; the number of messages sent."""
    return send_due()
