"""Work that the schedule rings for (config/schedule.py)."""

from celery import shared_task

from risks.escalation.ticking import tick
from risks.escalation.weekly import make_due_lists


@shared_task
def run_obstacle_clocks() -> int:
    """Daily: how many levels obstacles went up because their time ran out; reminders go out too."""
    return tick().went_up


@shared_task
def make_weekly_lists() -> int:
    """Daily: how many programmes got this week's list. On Mondays all do; later it finds them made."""
    return len(make_due_lists())
