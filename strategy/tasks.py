"""Work that the schedule rings for (config/schedule.py)."""

from celery import shared_task

from strategy.okr.reminding import remind_of_check_ins


@shared_task
def remind_of_stale_results() -> int:
    """Daily: how many people were told of key results without a check-in; nobody is told twice in a week."""
    return remind_of_check_ins()
