"""Days by which risks are looked at again, for the programme's calendar."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.ui import plain_text
from programme.governance.calendar import Event, register_events
from programme.models import Programme
from risks.models import Risk
from risks.register import notices  # noqa: F401  its words
from risks.register.selectors import lines_of


def reviews(programme: Programme, first: date, last: date) -> list[Event]:
    """Open risks that are looked at again in these days. Two statements."""
    rows = Risk.objects.filter(programme=programme, state=Risk.State.OPEN).prefetch_related("assessments")
    found = []
    for line in lines_of(programme, rows):
        day = line.review_on
        if day is not None and first <= day <= last:
            found.append(
                Event(
                    day, "risk_review",
                    _("Risk %(number)s is looked at: %(name)s")
                    % {"number": line.row.number, "name": plain_text(line.row)},
                    reverse("risks:risk_detail", args=[programme.slug, line.row.pk]),
                    "warn" if line.is_review_due else "none", uid=f"risk-review-{line.row.pk}",
                    is_illustrative=line.row.is_illustrative,
                )
            )  # fmt: skip
    return found


register_events(reviews, kinds={"risk_review": gettext_lazy("risk to look at")}, action="risk.view")
