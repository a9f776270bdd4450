"""Writes of indicators."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import models, transaction

from core.db import retrying
from core.history import own_context
from kpis.models import GoalIndicator, MeasureIndicator
from measures.models import Measure
from programme.models import Goal


def ids_of(texts: Iterable[str]) -> set[int]:
    """Numbers of a form; what is none is left out."""
    return {int(text) for text in texts if text.isascii() and text.isdigit()}


@retrying
def follow(*, measure: Measure, add: Collection[int], remove: Collection[int], by: Any) -> None:
    """Links and unlinks indicators of a measure; links that somebody else made meanwhile stay."""
    _link(MeasureIndicator, {"programme": measure.programme, "measure": measure}, add, remove, by)


@retrying
def follow_goal(*, goal: Goal, add: Collection[int], remove: Collection[int], by: Any) -> None:
    """The same for a goal."""
    _link(GoalIndicator, {"programme": goal.programme, "goal": goal}, add, remove, by)


def _link(
    model: type[models.Model], of: dict[str, Any], add: Collection[int], remove: Collection[int], by: Any
) -> None:
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        there = model._default_manager.filter(**of)
        held = set(there.values_list("indicator", flat=True))
        model._default_manager.bulk_create(
            [model(**of, indicator_id=pk).stamp(by) for pk in sorted(set(add) - held)],  # type: ignore[attr-defined]
            ignore_conflicts=True,
        )
        if set(remove) & held:
            there.filter(indicator__in=remove).delete()
