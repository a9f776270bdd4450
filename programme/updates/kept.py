"""Reporting of projects as a duty of the programme: kept when every project that is asked has given its month."""

from __future__ import annotations

import datetime as dt
from typing import Any

from programme.governance.duties import mark_kept
from programme.models import Programme
from programme.updates.selectors import waiting

#: The code by which a reporting duty is joined to the monthly updates (ReportingDuty.kept_by_code).
DUTY = "project_status"


def look(programme: Programme, month: dt.date, *, by: Any = None) -> bool:
    """Marks the duty as kept when nobody is waited for any more; whether it was."""
    if waiting(programme, month).exists():
        return False
    mark_kept(programme, DUTY, programme.today(), by=by)
    return True
