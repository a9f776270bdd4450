"""What gates ask of a measure about risks, promises and impacts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.text import translated
from measures.gates import Check, Unmet, register
from measures.models import Measure
from programme.models import Programme
from risks.models import ImpactArea, ImpactAssessment, Promise, PromiseCheck, Risk, RiskCheck

PAGE = "risks:measure_checks"


def _unanswered(asked: Any, answered: Any, about: str) -> Callable[[Programme, Sequence[Measure]], Unmet]:
    """Rows of `asked` on which a measure has no answer, by name. Two statements."""

    def find(programme: Programme, measures: Sequence[Measure]) -> Unmet:
        rows = list(asked.objects.filter(programme=programme))
        done: dict[int, set[int]] = defaultdict(set)
        given = answered.objects.filter(programme=programme, measure__in=[one.pk for one in measures])
        for measure, about_id in given.values_list("measure", about):
            done[measure].add(about_id)
        return {
            one.pk: [translated(row, "name").text for row in rows if row.pk not in done[one.pk]]
            for one in measures
            if any(row.pk not in done[one.pk] for row in rows)
        }

    return find


def _unsettled(programme: Programme, measures: Sequence[Measure]) -> Unmet:
    """Negative answers without a mitigation or without a signature, by name. Two statements."""
    unmet: dict[int, list[str]] = defaultdict(list)
    for model, about in ((PromiseCheck, "promise"), (ImpactAssessment, "area")):
        rows = model.objects.filter(
            programme=programme, measure__in=[one.pk for one in measures], answer=model.NEGATIVE
        )
        for row in rows.select_related(about):
            if not row.is_settled:
                unmet[row.measure_id].append(translated(getattr(row, about), "name").text)
    return dict(unmet)


register(
    Check(
        "risks", _("Risks looked at"), _("It is not said of these risks whether they concern the measure."),
        _unanswered(Risk, RiskCheck, "risk"), PAGE, anchor="risks",
    ),
    Check(
        "promises", _("Promises checked"), _("It is not said whether these promises are kept."),
        _unanswered(Promise, PromiseCheck, "promise"), PAGE, anchor="promises",
    ),
    Check(
        "impacts", _("Impacts assessed"), _("These impacts are not assessed."),
        _unanswered(ImpactArea, ImpactAssessment, "area"), PAGE, anchor="impacts", is_hard=True,
    ),
    Check(
        "negatives", _("Every negative effect has a mitigation, signed off by somebody outside finance"),
        _("What is done about it is not written, or nobody outside finance has signed it off."), _unsettled, PAGE,
        anchor="promises", is_hard=True,
    ),
)  # fmt: skip
