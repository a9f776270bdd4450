"""Work that the schedule rings for (config/schedule.py)."""

from celery import shared_task
from django.utils import timezone

from accounts.notices import post_digests, site_address


@shared_task
def mail_notices() -> int:
    """Once a day: one mail for each person with unread notices; the number of mails."""
    return post_digests(now=timezone.now(), site=site_address())
