"""Who hears that statistics came: the indicator's owner, once for each indicator and run, and other apps."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import structlog
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from accounts.notices import notify
from core.text import LANGUAGES
from kpis import observing
from kpis.models import Indicator, Observation, QuarantinedValue, RefreshRun
from kpis.refreshing.notices import PUT_ASIDE, STATISTICS

log = structlog.get_logger(__name__)
#: Roles that hear of an indicator without an owner.
OFFICE = ("pmo",)
#: Values that a notice names; the rest are counted.
NAMED = 3


def tell_what_came(run: RefreshRun) -> None:
    """Notices to owners, and whatever other apps do with new statistics. In the transaction that ends the run."""
    _tell_of_doubts(run)
    rows = Observation.objects.filter(run=run)
    if not rows.exists():
        return
    _tell_owners(run)
    for act in observing.on_new_statistics:
        try:
            with transaction.atomic():
                act(run, rows)
        except Exception:
            # The figures are stored and their owners told: what another app makes of them is its own affair.
            log.exception("new_statistics_not_taken_up", run=run.pk)


def _tell_of_doubts(run: RefreshRun) -> None:
    """The office hears once that values of the run wait for a decision."""
    count = run.quarantined.filter(state=QuarantinedValue.State.WAITING).count()
    if count:
        notify(
            _office(run), PUT_ASIDE, params={"count": count},
            url=reverse("kpis:quarantine_list", args=[run.programme.slug]), dedupe_key=f"put-aside-{run.pk}",
            programme=run.programme,
        )  # fmt: skip


def _changed(run: RefreshRun) -> list[Indicator]:
    """Indicators with new or revised values in the run, counted as `came` and `revised`."""
    mine = Q(observations__run=run)
    return list(
        Indicator.objects.filter(programme=run.programme_id, observations__run=run)
        .annotate(
            came=Count("observations", filter=mine & Q(observations__vintage=1)),
            revised=Count("observations", filter=mine & Q(observations__vintage__gt=1)),
        )
        .select_related("owner")
        .order_by("pk")
    )


def _tell_owners(run: RefreshRun) -> None:
    indicators, latest, revisions = _changed(run), _latest(run), _revisions(run)
    office: list[Any] | None = None
    for indicator in indicators:
        if indicator.owner is None and office is None:
            office = _office(run)
        notify(
            office or [] if indicator.owner is None else [indicator.owner], STATISTICS,
            params={
                "names": {code: name for code in LANGUAGES if (name := getattr(indicator, f"name_{code}"))},
                "unit": indicator.unit, "came": indicator.came, "revised": indicator.revised,  # type: ignore[attr-defined]
                "latest": latest.get(indicator.pk), "revisions": revisions.get(indicator.pk, []),
            },
            url=reverse("kpis:indicator_detail", args=[run.programme.slug, indicator.pk]),
            dedupe_key=f"statistics-{run.pk}-{indicator.pk}", programme=run.programme,
        )  # fmt: skip


def _office(run: RefreshRun) -> list[Any]:
    people = get_user_model().objects.filter(
        grants__programme=run.programme_id, grants__role__in=OFFICE, is_active=True
    )
    return list(people.distinct())


def _own(run: RefreshRun) -> QuerySet[Observation]:
    """Yearly values of the own county and the whole country, of all together."""
    rows = Observation.objects.filter(run=run, breakdown="", term=None, month=None)
    return rows.exclude(region_role=Observation.Region.PEER)


def _latest(run: RefreshRun) -> dict[int, list[Any]]:
    """Year and value of the newest own value that came, by indicator."""
    rows = _own(run).filter(vintage=1, region_role=Observation.Region.OWN)
    newest = rows.order_by("indicator", "-year", "pk").distinct("indicator")
    return {pk: [year, str(value)] for pk, year, value in newest.values_list("indicator", "year", "value")}


def _revisions(run: RefreshRun) -> dict[int, list[list[Any]]]:
    """Role, year, old and new value of the newest revisions, by indicator. Not for every value of a whole series."""
    earlier = Observation.objects.filter(
        programme=run.programme_id, indicator=OuterRef("indicator"), source_link=OuterRef("source_link"),
        year=OuterRef("year"), term=None, month=None, region_role=OuterRef("region_role"), region=OuterRef("region"),
        breakdown="", vintage=OuterRef("vintage") - 1,
    )  # fmt: skip
    place = Window(
        RowNumber(), partition_by="indicator", order_by=[F("region_role").desc(), F("year").desc()]
    )
    rows = _own(run).filter(vintage__gt=1).annotate(place=place).filter(place__lte=NAMED)
    rows = rows.annotate(old=Subquery(earlier.values("value"))).order_by("indicator", "place")
    found: dict[int, list[list[Any]]] = defaultdict(list)
    for pk, role, year, old, new in rows.values_list("indicator", "region_role", "year", "old", "value"):
        found[pk].append([role, year, str(old), str(new)])
    return found
