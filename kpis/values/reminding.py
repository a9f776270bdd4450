"""Owners are reminded of values that are late against their indicator's own cycle, once in each cycle."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from core.periods import add_months
from kpis.lateness import cycle_of, expected_by
from kpis.models import Indicator, Observation
from kpis.values.periods import Period
from kpis.values.telling import tell_late
from programme.models import Programme


def remind(*, today: date | None = None) -> int:
    """Tells each owner of late values; how many notices were made. Run twice on a day it makes them once."""
    rows = Indicator.objects.filter(state=Indicator.State.ACTIVE, owner__isnull=False, owner__is_active=True)
    indicators = [row for row in rows.select_related("owner", "programme") if cycle_of(row)]
    latest = latest_periods(indicators)
    told = 0
    for row in indicators:
        on = today or _today(row.programme)
        if (due := missing_since(row, latest.get(row.pk), on)) is not None:
            with transaction.atomic():
                told += tell_late(row, due=due, latest=latest[row.pk].key if row.pk in latest else "")
    return told


def _today(programme: Programme) -> date:
    """The real day: people are reminded of work, not of figures."""
    return timezone.localdate()


def latest_periods(indicators: list[Indicator]) -> dict[int, Period]:
    """The latest period in which each indicator has a value of the own county, in any group. One query."""
    rows = Observation.objects.filter(indicator__in=indicators, region_role=Observation.Region.OWN)
    found: dict[int, Period] = {}
    for pk, year, term, month in rows.values_list("indicator", "year", "term", "month").distinct():
        period = Period(year, term, month)
        if pk not in found or period.end > found[pk].end:
            found[pk] = period
    return found


def missing_since(indicator: Indicator, latest: Period | None, today: date) -> date | None:
    """The day by which the latest missing value should have come; None when nothing is late.

    One date for each cycle that has gone by without a value, so that a reminder is repeated once in a cycle.
    """
    months = cycle_of(indicator)
    due = expected_by(indicator, (latest or _before_start(indicator)).key)
    if due is None or not months or due > today:
        return None
    while (following := add_months(due, months)) <= today:
        due = following
    return due


def _before_start(indicator: Indicator) -> Period:
    """Where counting begins for an indicator without values: the year before its programme."""
    return Period(indicator.programme.start_year - 1)
