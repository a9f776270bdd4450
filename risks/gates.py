"""What gates ask of a measure about risks, promises and impacts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.text import translated
from measures.gates import Check, Unmet, register
from measures.models import Measure, Stage
from measures.selectors.stages import next_stage
from programme.models import Programme
from risks.checking import asked_in
from risks.impact.closing import missing_parts
from risks.models import (
    AffectedGroup,
    ClosureAssessment,
    GroupEffect,
    ImpactArea,
    ImpactAssessment,
    Promise,
    PromiseCheck,
    Risk,
    RiskCheck,
    StaffHearing,
)

PAGE = "risks:measure_checks"
#: Gates behind which a closing is decided or done: a programme without one of them is asked at the next.
AFTER_DECISION = (Stage.DECIDED, Stage.IN_DELIVERY, Stage.CLOSED)


def _unanswered(asked: Any, answered: Any, about: str) -> Callable[[Programme, Sequence[Measure]], Unmet]:
    """Rows of `asked` on which a measure has no answer, by name. Two statements."""

    def find(programme: Programme, measures: Sequence[Measure]) -> Unmet:
        rows = list(asked_in(asked, programme))
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
            programme=programme, measure__in=[one.pk for one in measures], answer__in=model.NEGATIVES
        )
        for row in rows.select_related(about):
            if not row.is_settled:
                unmet[row.measure_id].append(translated(getattr(row, about), "name").text)
    return dict(unmet)


def _unassessed_closings(programme: Programme, measures: Sequence[Measure]) -> Unmet:
    """Closings of service points without a finished assessment, with the parts that are not written.

    No statement where nothing is closed.
    """
    closing = [
        one
        for one in measures
        if one.closes_service_point and next_stage(programme, one.stage) in AFTER_DECISION
    ]
    if not closing:
        return {}
    rows = ClosureAssessment.objects.filter(programme=programme, measure__in=[one.pk for one in closing])
    found = {row.measure_id: row for row in rows}
    unmet: dict[int, list[str]] = {}
    for one in closing:
        row = found.get(one.pk)
        if row is None or not row.is_finished:
            unmet[one.pk] = missing_parts(row)
    return unmet


def _unheard(programme: Programme, measures: Sequence[Measure]) -> Unmet:
    """Measures about which staff were not heard, where the programme promises something to staff. Two statements."""
    if not Promise.objects.filter(programme=programme, audience=Promise.Audience.STAFF).exists():
        return {}
    rows = StaffHearing.objects.filter(programme=programme, measure__in=[one.pk for one in measures])
    heard = set(rows.order_by().values_list("measure", flat=True))
    return {one.pk: [] for one in measures if one.pk not in heard}


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
    Check(
        "groups", _("Groups of people looked at"), _("It is not said how the measure touches these groups."),
        _unanswered(AffectedGroup, GroupEffect, "group"), PAGE, anchor="groups",
    ),
    Check(
        "heard", _("Staff heard"), _("It is not told when and how staff were heard."), _unheard, PAGE, anchor="heard",
    ),
    Check(
        "closure", _("The closing of the service point has an overall assessment"),
        _("A service point is not closed without a finished overall assessment."), _unassessed_closings,
        PAGE, anchor="closure", is_hard=True, is_always=True,
    ),
)  # fmt: skip
