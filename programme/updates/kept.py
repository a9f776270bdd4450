"""Reporting of projects as a duty of the programme: kept when every project that is asked has given its month."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection

from core.periods import next_month
from programme.governance.duties import mark_kept
from programme.models import Programme
from programme.updates.selectors import waiting

#: The code by which a reporting duty is joined to the monthly updates (ReportingDuty.kept_by_code).
DUTY = "project_status"


def look(programme: Programme, month: dt.date, *, by: Any = None) -> bool:
    """Marks the duty as kept when nobody is waited for any more; whether it was. Call it in the update's transaction.

    Of the two last updates given at once the later one waits here, and then sees that the other was given. A month
    given on its last day is that of the duty of the month after it, in which it is due.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('programme.updates'), %s)", [programme.pk % 2**31]
        )
    if waiting(programme, month).exists():
        return False
    today = programme.today()
    mark_kept(programme, DUTY, today, of=max(today, next_month(month)), by=by)
    return True
