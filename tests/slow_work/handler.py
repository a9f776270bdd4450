"""`params`: steps (count) and pause (seconds for each)."""

import os
import time
from typing import Any

from django.db import transaction

from core.jobs import Report, handler
from core.models import Job, Outbox


@handler("slow")
def slow(job: Job, report: Report) -> dict[str, Any]:
    """Says its process id while it works, and stores one row at the end in the transaction that asks for the lease."""
    for step in range(job.params["steps"]):
        report(f"pid {os.getpid()}", step, job.params["steps"])
        time.sleep(job.params["pause"])
    with transaction.atomic():
        report.still_mine()
        Outbox.objects.create(channel="test", message_id=f"{job.pk}-{job.attempt}", payload={}, attempts=10)
    return {"attempt": job.attempt}
