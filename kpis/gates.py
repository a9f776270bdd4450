"""What gates ask of a measure about indicators."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from kpis.models import MeasureIndicator, TargetRule
from measures.gates import Check, Unmet, register
from measures.models import Measure
from programme.models import Goal, Programme


def _not_followed(programme: Programme, measures: Sequence[Measure]) -> Unmet:
    """Measures that no indicator follows: neither one of their own, nor a target of their goal or the goal above."""
    linked = set(
        MeasureIndicator.objects.filter(
            programme=programme, measure__in=[one.pk for one in measures]
        ).values_list("measure", flat=True)
    )
    goals = {one.goal_id for one in measures if one.pk not in linked}
    above = dict(Goal.objects.filter(pk__in=goals).values_list("pk", "parent")) if goals else {}
    wanted = {*goals, *(parent for parent in above.values() if parent)}
    ruled = set(
        TargetRule.objects.filter(programme=programme, goal__in=wanted, is_suggestion=False).values_list(
            "goal", flat=True
        )
    )
    return {
        one.pk: []
        for one in measures
        if one.pk not in linked and one.goal_id not in ruled and above.get(one.goal_id) not in ruled
    }


register(
    Check(
        "kpi_link", _("An indicator that follows it"),
        _("No indicator follows the measure, and its goal has no measured target."), _not_followed,
        "kpis:measure_indicators",
    ),
)  # fmt: skip
