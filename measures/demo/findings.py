"""Illustrative findings: what the illustrative books leave unexplained, one of them already being looked into."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth import get_user_model

from measures.selectors.reconciliation import default_period
from measures.services.findings import KIND, open_findings
from programme.models import Deviation, Programme

#: Demo accounts that look into the findings, in turn.
OWNERS = ("sector", "controller")
EXPLANATION = "Havainnollistava: ostopalvelujen laskuja on kirjattu etuajassa; tarkistetaan jaksotus."


def write_findings(programme: Programme, today: date) -> int:
    """Opens the findings of the year to the last closed month and gives them to demo accounts."""
    first, last = default_period(programme)
    open_findings(programme=programme, first=first, last=last, by=None, on=today)
    people = {one.username: one for one in get_user_model().objects.filter(username__in=OWNERS)}
    rows = list(Deviation.objects.filter(programme=programme, kind=KIND, closed_on=None).order_by("pk"))
    for at, row in enumerate(rows):
        row.owner = people.get(OWNERS[at % len(OWNERS)])
        row.params = row.params | {"illustrative": True}
        if at == 0:
            row.state, row.explanation = Deviation.State.IN_PROGRESS, EXPLANATION
            row.due_on = today + timedelta(days=5)
        row.save()
    return len(rows)


def forget_findings(programme: Programme) -> None:
    """Takes the illustrative findings away."""
    Deviation.objects.filter(programme=programme, kind=KIND, params__illustrative=True).delete()
