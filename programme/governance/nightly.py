"""What governance does by itself each night."""

from __future__ import annotations

from datetime import date

from programme.governance import duties, meetings
from programme.models import Programme


def keep(today: date | None = None) -> dict[str, int]:
    """Opens and misses due times, reminds of late action points; how many of each. Safe to run twice."""
    opened, missed = duties.keep_calendar(today=today)
    reminded = sum(
        meetings.remind_of_late(programme, today=today or programme.today())
        for programme in Programme.objects.all()
    )
    return {"opened": opened, "missed": missed, "reminded": reminded}
