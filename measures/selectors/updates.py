"""Measures whose month nobody has answered yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from measures.models import Measure, MonthlyUpdate, SavingsEntry, Series, Stage

#: Stages in which money is expected to move, so that a month is asked for.
WORKING = (Stage.DECIDED, Stage.IN_DELIVERY)


def without_update(month: date, programme_ids: Sequence[int]) -> QuerySet[Measure]:
    """Measures of the programmes that have neither an answer nor a claim for the month or a later one."""
    given = MonthlyUpdate.objects.filter(measure=OuterRef("pk"), month__gte=month)
    claimed = SavingsEntry.objects.filter(
        programme_id=OuterRef("programme_id"),
        line__measure=OuterRef("pk"),
        series=Series.CLAIMED,
        month__gte=month,
    )
    return Measure.objects.filter(programme_id__in=programme_ids, stage__in=WORKING).exclude(
        Exists(given) | Exists(claimed)
    )
