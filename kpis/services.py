"""Writes of indicators."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import models, transaction

from core.db import retrying
from core.editing import RowForm, Saved, save_edit
from core.history import own_context
from kpis.evaluating import evaluate
from kpis.models import GoalIndicator, Indicator, MeasureIndicator
from measures.models import Measure
from programme.models import Goal


def ids_of(texts: Iterable[str]) -> set[int]:
    """Numbers of a form; what is none is left out."""
    return {int(text) for text in texts if text.isascii() and text.isdigit()}


@retrying
def save_and_judge(form: RowForm, by: Any) -> Saved:
    """Saves an edited indicator, group, source or link, and has the rules asked anew: they read such columns."""
    with transaction.atomic():
        saved = save_edit(form, by)
        row = saved.row
        if isinstance(row, GoalIndicator):
            judge_goal(row.goal)
        else:
            evaluate([row if isinstance(row, Indicator) else row.indicator])
        return saved


def judge_goal(goal: Goal, also: Collection[int] = ()) -> None:
    """Has the rules asked anew of the indicators that the goal moves, and of those that it did until now."""
    linked = GoalIndicator.objects.filter(goal=goal).values_list("indicator", flat=True)
    evaluate(Indicator.objects.filter(programme=goal.programme_id, pk__in={*linked, *also}).only("pk"))


@retrying
def follow(*, measure: Measure, add: Collection[int], remove: Collection[int], by: Any) -> None:
    """Links and unlinks indicators of a measure; links that somebody else made meanwhile stay."""
    _link(MeasureIndicator, {"programme": measure.programme, "measure": measure}, add, remove, by)


@retrying
def follow_goal(*, goal: Goal, add: Collection[int], remove: Collection[int], by: Any) -> None:
    """The same for a goal."""
    with transaction.atomic():
        _link(GoalIndicator, {"programme": goal.programme, "goal": goal}, add, remove, by)
        judge_goal(goal, also=remove)


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
