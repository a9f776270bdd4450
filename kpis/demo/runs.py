"""An illustrative run and a value that waits, so that the pages of refreshing show what they are for.

Nothing was fetched: the run is marked, and so is the value. Written once, where something could be fetched.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.history import own_context
from kpis.models import Observation, QuarantinedValue, RefreshItem, RefreshRun, SourceLink
from kpis.refreshing.pauses import PAUSES, ROUNDS
from kpis.refreshing.runs import links_of
from programme.models import Programme

REASON = "illustrative run (illustrate_indicators)"
State = RefreshItem.State


@transaction.atomic
def write_runs(programme: Programme) -> int:
    """How many runs were written; a second call writes none."""
    links = list(links_of(programme).order_by("pk"))
    if not links or RefreshRun.objects.filter(programme=programme).exists():
        return 0
    with own_context(user=None, reason=REASON):
        begins = timezone.make_aware(dt.datetime.combine(programme.today(), ROUNDS[0])) - dt.timedelta(days=1)
        run = RefreshRun.objects.create(
            programme=programme,
            started_at=begins,
            ended_at=begins + dt.timedelta(minutes=2),
            is_illustrative=True,
        )
        is_waiting = _put_aside(run, links)
        numbers = sorted({link.sotkanet_id for link in links if link.sotkanet_id is not None})
        RefreshItem.objects.bulk_create(
            RefreshItem(run=run, sotkanet_id=number, **_what_came(place, begins, is_waiting))
            for place, number in enumerate(numbers)
        )
    return 1


def _what_came(place: int, begins: dt.datetime, is_waiting: bool) -> dict[str, Any]:
    """The first series brought something, the second did not answer, the others are what they were."""
    if place == 0:
        return {
            "state": State.STORED,
            "new": 24,
            "revised": 1,
            "unchanged": 216,
            "quarantined": int(is_waiting),
        }
    if place == 1:
        later = begins + PAUSES[0]
        return {
            "state": State.RETRY, "code": "read_timeout", "params": {"seconds": 20}, "next_try_at": later
        }  # fmt: skip
    return {"state": State.UNCHANGED, "unchanged": 240}


def _put_aside(run: RefreshRun, links: list[SourceLink]) -> bool:
    """A value three times the newest one known of some source; false where none is known."""
    rows = Observation.objects.filter(
        source_link__in=links, region_role=Observation.Region.OWN, term=None, month=None, value__gt=0
    )
    known = rows.order_by("-year", "source_link", "breakdown", "-vintage").first()
    if known is None or known.source_link is None:
        return False
    QuarantinedValue.objects.create(
        programme=run.programme, source_link=known.source_link, year=known.year + 1, region_role=known.region_role,
        region=known.region, breakdown=known.breakdown, value=known.value * Decimal(3), before=known.value,
        code="jump", params={"before_year": known.year, "is_illustrative": True}, fetched_at=run.started_at,
        sha256="0" * 64, run=run,
    )  # fmt: skip
    return True
