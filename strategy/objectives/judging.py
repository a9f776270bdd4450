"""From the numbers of a metric to its answer, by the same rules that judge indicators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from kpis.calculations import Frame, Said, judge_numbers, rule_data
from kpis.models import TargetRule
from kpis.sentences import sentence_of
from strategy.models import MetricYear, ObjectiveMetric

Answer = MetricYear.Answer
Kind = TargetRule.Kind
Numbers = Mapping[int, Decimal]

#: Rules that are answered by a number and what follows from it.
NUMERIC = frozenset({Kind.COMPARE, Kind.SHARE, Kind.LEVEL, Kind.SERIES_INCREASE, Kind.DIRECTION})
#: Of these, the ones that look at earlier years too.
OF_EARLIER = frozenset({Kind.SERIES_INCREASE, Kind.DIRECTION})
_ANSWERS = {Said.MET: Answer.YES, Said.PARTLY: Answer.PARTLY, Said.NOT_MET: Answer.NO}


@dataclass(frozen=True)
class Judged:
    """What the rule says: an answer, OPEN where it cannot tell, and what its sentence is made of."""

    answer: str
    outcome: str = ""
    code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """Why, in the active language; empty where there is no figure to speak of."""
        return sentence_of(self.outcome, self.code, dict(self.params)) if self.code else ""


def is_numeric(metric: ObjectiveMetric) -> bool:
    """Whether a number answers the metric."""
    return metric.rule is not None and metric.rule.kind in NUMERIC


def numbers_of(metric: ObjectiveMetric) -> dict[int, Decimal]:
    """The metric's numbers by year, with the starting figure that the rule holds."""
    found = {row.year: row.number for row in metric.years.all() if row.number is not None}
    rule = metric.rule
    if rule is not None and rule.versus_year is not None and rule.versus_value is not None:
        found.setdefault(rule.versus_year, rule.versus_value)
    return found


def judged(rule: TargetRule | None, numbers: Numbers, year: int, unit: str = "") -> Judged:
    """The answer that follows from the numbers, exactly: nothing is rounded before it is compared.

    OPEN where the number of the year, or of the year before that a growing series needs, is missing.
    """
    if rule is None or rule.kind not in NUMERIC or year not in numbers:
        return Judged(Answer.OPEN)
    data = rule_data(rule)
    if rule.kind == Kind.DIRECTION:  # an objective that asks for a rise without a size means any rise
        data = replace(data, magnitude=data.magnitude or TargetRule.Magnitude.ANY.value)
    frame = Frame(start_year=year, end_year=year, last_year=year, today=date(year + 1, 1, 1), unit=unit)
    said = judge_numbers(data, numbers, year, frame)
    if said is None:
        return Judged(Answer.OPEN)
    return Judged(_ANSWERS.get(said.outcome, Answer.OPEN), said.outcome.value, said.code, said.params)


def judged_row(row: MetricYear) -> Judged:
    """What the numbers of the answer's metric say of its year."""
    return judged(row.metric.rule, numbers_of(row.metric), row.year, row.metric.unit)
