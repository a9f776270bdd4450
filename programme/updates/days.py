"""The last days for monthly updates, as days of the programme's calendar."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.periods import format_month, month_key, months, next_month, previous_month
from programme.governance.calendar import Event, register_events
from programme.models import Programme
from programme.updates.months import cut_off, due_month


def cut_offs(programme: Programme, first: date, last: date) -> list[Event]:
    """The last day of each month's updates between the two days. No statement beyond the parameters."""
    found = []
    for month in months(previous_month(first), next_month(last)):
        day = cut_off(programme, month)
        if first <= day <= last:
            url = reverse("programme:status_list", args=[programme.slug])
            asked = f"?month={month_key(month)}" if month <= due_month(programme) else ""
            found.append(
                Event(
                    day=day,
                    kind="status",
                    title=_("Updates of projects for %(month)s") % {"month": format_month(month)},
                    url=f"{url}{asked}",
                    uid=f"status-{month_key(month)}",
                )
            )
    return found


register_events(cut_offs, kinds={"status": gettext_lazy("monthly updates")}, action="project.view")
