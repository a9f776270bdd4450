"""Scheduled work: a door each, the work itself is in services."""

from celery import shared_task
from django.utils import timezone

from reporting.services import request_due_status_views


@shared_task
def build_due_status_views() -> int:
    """How many status views were put to work; a second run on the same day finds the jobs or the views."""
    return len(request_due_status_views(today=timezone.localdate()))
