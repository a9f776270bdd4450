"""Who hears that statistics came: the indicator's owner, once for each indicator and run, and other apps."""

from __future__ import annotations

from typing import Any

import structlog
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery
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
    for indicator in _changed(run):
        _tell(run, indicator)
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
        .select_related("owner", "programme")
        .order_by("pk")
    )


def _tell(run: RefreshRun, indicator: Any) -> None:
    people = [indicator.owner] if indicator.owner is not None else _office(run)
    notify(
        people, STATISTICS,
        params={
            "names": {code: name for code in LANGUAGES if (name := getattr(indicator, f"name_{code}"))},
            "unit": indicator.unit, "came": indicator.came, "revised": indicator.revised,
            "latest": _latest(run, indicator), "revisions": _revisions(run, indicator),
        },
        url=reverse("kpis:indicator_detail", args=[indicator.programme.slug, indicator.pk]),
        dedupe_key=f"statistics-{run.pk}-{indicator.pk}", programme=indicator.programme,
    )  # fmt: skip


def _office(run: RefreshRun) -> list[Any]:
    people = get_user_model().objects.filter(
        grants__programme=run.programme_id, grants__role__in=OFFICE, is_active=True
    )
    return list(people.distinct())


def _own(run: RefreshRun, indicator: Indicator) -> Any:
    return Observation.objects.filter(run=run, indicator=indicator, breakdown="").exclude(
        region_role=Observation.Region.PEER
    )


def _latest(run: RefreshRun, indicator: Indicator) -> list[Any] | None:
    """Year and value of the newest own value that came, None when none did."""
    row = _own(run, indicator).filter(vintage=1, region_role=Observation.Region.OWN).order_by("-year").first()
    return None if row is None else [row.year, str(row.value)]


def _revisions(run: RefreshRun, indicator: Indicator) -> list[list[Any]]:
    """Role, year, old and new value of the newest revisions."""
    earlier = Observation.objects.filter(
        source_link=OuterRef("source_link"), indicator=indicator, year=OuterRef("year"),
        region_role=OuterRef("region_role"), region=OuterRef("region"), breakdown=OuterRef("breakdown"),
        term=None, month=None, vintage__lt=OuterRef("vintage"),
    )  # fmt: skip
    rows = _own(run, indicator).filter(vintage__gt=1, term=None, month=None).annotate(
        old=Subquery(earlier.order_by("-vintage").values("value")[:1])
    )  # fmt: skip
    found = rows.order_by("-region_role", "-year").values_list("region_role", "year", "old", "value")[:NAMED]
    return [[role, year, str(old), str(new)] for role, year, old, new in found]
