"""Indicators that are watched because of an impact area. They belong to an app that risks does not import."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.db import retrying
from core.history import own_context
from programme.models import Programme
from risks.models import ImpactArea, ImpactWatch

LABEL = "kpis.Indicator"


@dataclass(frozen=True)
class Watched:
    """One indicator beside an area, with its latest value and outcome in `indicator.summary` when it has any."""

    watch: ImpactWatch
    indicator: Any

    @property
    def summary(self) -> Any:
        return getattr(self.indicator, "summary", None)


def indicators_of(programme: Programme) -> QuerySet[Any]:
    """What can be watched: the indicators of the programme, in their order."""
    rows: QuerySet[Any] = apps.get_model(LABEL)._default_manager.filter(programme=programme)
    return rows.order_by("position", "pk")


def indicator_type() -> ContentType:
    return ContentType.objects.get_for_model(apps.get_model(LABEL))


def watched_of(areas: Iterable[ImpactArea]) -> dict[int, list[Watched]]:
    """Area id -> what is watched for the programme as a whole. Two statements."""
    rows = list(
        ImpactWatch.objects.filter(
            area__in=[area.pk for area in areas], assessment=None, content_type=indicator_type()
        ).order_by("area", "pk")
    )
    found = apps.get_model(LABEL)._default_manager.filter(pk__in=[row.object_id for row in rows])
    by_pk = {one.pk: one for one in found.select_related("summary")}
    watched: dict[int, list[Watched]] = defaultdict(list)
    for row in rows:
        if row.object_id in by_pk:  # an indicator that was taken away is watched no more
            watched[row.area_id].append(Watched(row, by_pk[row.object_id]))
    return watched


@retrying
def watch(*, area: ImpactArea, indicator: Any, note: str, by: Any) -> ImpactWatch:
    """Watches an indicator of the area's own programme."""
    if indicator.programme_id != area.programme_id:
        raise ValidationError({"indicator": _("Choose an indicator of this programme.")}, code="other")
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        row = ImpactWatch(
            programme_id=area.programme_id, area=area, content_type=indicator_type(), object_id=indicator.pk,
            note=note.strip(),
        ).stamp(by)  # fmt: skip
        row.full_clean()
        row.save()
        return row
