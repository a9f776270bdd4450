"""Work that the schedule rings for (config/schedule.py)."""

from celery import shared_task
from django.utils import timezone

from core.jobs import run_once
from programme.deviations.nightly import look_everywhere
from programme.governance.nightly import keep


@shared_task
def keep_duties() -> dict[str, int]:
    """Nightly: duties opened and missed, late action points told; rung twice on a day it works once."""
    due = timezone.localtime().replace(hour=4, minute=50, second=0, microsecond=0)
    return keep() if run_once("keep duties", due) else {}


@shared_task
def look_for_deviations() -> dict[str, int]:
    """Nightly: deviations opened and reminders of late updates; rung twice on a day it works once."""
    due = timezone.localtime().replace(hour=5, minute=15, second=0, microsecond=0)
    return look_everywhere() if run_once("look for deviations", due) else {}
