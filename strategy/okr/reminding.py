"""Owners of key results are reminded of check-ins, once a week in each programme."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.notices import notify, register
from programme.models import Programme
from strategy.okr.selectors import waiting_results

STALE = "strategy.stale_results"


def _words(params: Mapping[str, Any], _programme: Any) -> str:
    return ngettext(
        "%(n)s key result of yours waits for a check-in.",
        "%(n)s key results of yours wait for a check-in.",
        int(params["count"]),
    ) % {"n": params["count"]}


register(STALE, _words)


def remind_of_check_ins(*, today: date | None = None) -> int:
    """Tells people of key results nobody has checked in on; how many notices. Run twice in a week it tells once."""
    on = today or timezone.localdate()
    year, week, _day = on.isocalendar()
    counts: dict[tuple[int, int], int] = defaultdict(int)
    first: dict[tuple[int, int], Any] = {}
    programmes = Programme.objects.in_bulk()
    for row in waiting_results(programmes.values(), on):
        for user in row.who_ids:
            counts[user, row.programme_id] += 1
            first.setdefault((user, row.programme_id), row)
    people = get_user_model().objects.in_bulk({user for user, _programme in counts})
    told = 0
    with transaction.atomic():
        for (user, pk), count in counts.items():
            programme = programmes[pk]
            url = reverse("strategy:check_in", args=[programme.slug, first[user, pk].pk])
            if count > 1:
                url = reverse("strategy:season_list", args=[programme.slug])
            told += notify(
                [people[user]], STALE, params={"count": count}, url=url,
                dedupe_key=f"okr-stale-{pk}-{year}-{week:02}", programme=programme,
            )  # fmt: skip
    return told
