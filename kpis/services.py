"""Writes of indicators."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction

from core.db import retrying
from core.history import own_context
from kpis.models import MeasureIndicator
from measures.models import Measure


def ids_of(texts: Iterable[str]) -> set[int]:
    """Numbers of a form; what is none is left out."""
    return {int(text) for text in texts if text.isascii() and text.isdigit()}


@retrying
def follow(*, measure: Measure, add: Collection[int], remove: Collection[int], by: Any) -> None:
    """Links and unlinks indicators of a measure; links that somebody else made meanwhile stay."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        there = MeasureIndicator.objects.filter(programme=measure.programme, measure=measure)
        held = set(there.values_list("indicator", flat=True))
        MeasureIndicator.objects.bulk_create(
            [
                MeasureIndicator(programme=measure.programme, measure=measure, indicator_id=pk).stamp(by)
                for pk in sorted(set(add) - held)
            ],
            ignore_conflicts=True,
        )
        if set(remove) & held:
            there.filter(indicator__in=remove).delete()
