"""Work that the schedule rings for (config/schedule.py)."""

from celery import shared_task
from django.utils import timezone

from core.jobs import run_once
from kpis.evaluating import evaluate_due
from kpis.refreshing.judging import judge_left
from kpis.refreshing.pauses import ROUNDS
from kpis.refreshing.runs import ask_by_night
from kpis.values.reminding import remind


@shared_task
def refresh_indicators() -> int:
    """Nightly: how many programmes' figures were put to reading; rung twice on a day it asks once."""
    due = timezone.localtime().replace(hour=ROUNDS[0].hour, minute=ROUNDS[0].minute, second=0, microsecond=0)
    return len(ask_by_night()) if run_once("refresh indicators", due) else 0


@shared_task
def judge_what_was_stored() -> int:
    """Every few minutes: how many runs had been broken off before they judged what they stored."""
    return judge_left()


@shared_task
def refresh_what_failed() -> int:
    """In the later rounds of the night: how many programmes have something due that failed before."""
    return len(ask_by_night(only_failed=True))


@shared_task
def remind_of_late_values() -> int:
    """Daily: how many owners were told of a value that is late; nobody is told twice in a cycle."""
    return remind()


@shared_task
def judge_what_the_day_changed() -> int:
    """Daily: how many indicators were judged again, as a value became late or a rule or a year began."""
    return evaluate_due()
