"""Work that the schedule rings for (config/schedule.py)."""

from celery import shared_task
from django.utils import timezone

from core.jobs import run_once
from programme.models import Programme
from risks.escalation.ticking import tick
from risks.escalation.weekly import make_due_lists
from risks.register.notices import remind


@shared_task
def run_obstacle_clocks() -> int:
    """Daily: how many levels obstacles went up because their time ran out; reminders go out too."""
    return tick().went_up


@shared_task
def make_weekly_lists() -> int:
    """Daily: how many programmes got this week's list. On Mondays all do; later it finds them made."""
    return len(make_due_lists())


@shared_task
def remind_of_risks() -> int:
    """Daily: how many notices were made about risks that are due to be looked at. Rung twice it works once."""
    due = timezone.localtime().replace(hour=5, minute=40, second=0, microsecond=0)
    if not run_once("remind of risks", due):
        return 0
    return sum(remind(programme) for programme in Programme.objects.all())
