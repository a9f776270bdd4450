"""From the numbers of a metric to its answer: what the rule says of a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kpis.models import TargetRule
from strategy.models import MetricYear, ObjectiveMetric

Answer = MetricYear.Answer
Kind = TargetRule.Kind
Numbers = Mapping[int, Decimal]

#: Rules that are answered by a number and what follows from it.
NUMERIC = frozenset({Kind.COMPARE, Kind.SHARE, Kind.LEVEL, Kind.SERIES_INCREASE, Kind.DIRECTION})
#: Of these, the ones that look at earlier years too.
OF_EARLIER = frozenset({Kind.SERIES_INCREASE, Kind.DIRECTION})


@dataclass(frozen=True)
class Judged:
    """What the rule says: an answer, or OPEN with the year whose number is missing."""

    answer: str
    missing_year: int | None = None


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


def judged(rule: TargetRule | None, numbers: Numbers, year: int) -> Judged:
    """The answer that follows from the numbers, exactly: nothing is rounded before it is compared.

    OPEN where the number of the year, or of the year before that a growing series needs, is missing.
    """
    if rule is None or rule.kind not in NUMERIC:
        return Judged(Answer.OPEN)
    if year not in numbers:
        return Judged(Answer.OPEN, year)
    value = numbers[year]
    if rule.kind not in OF_EARLIER:
        return (
            Judged(_answer(_holds(rule.compare, value, rule.value)))
            if rule.value is not None
            else Judged(Answer.OPEN)
        )
    earlier = {at: number for at, number in numbers.items() if at < year}
    if rule.kind == Kind.DIRECTION:
        return _moved(rule, value, earlier, year)
    if year - 1 not in earlier:
        return Judged(Answer.OPEN, year - 1)
    return Judged(_answer(all(value > number for number in earlier.values())))


def _moved(rule: TargetRule, value: Decimal, earlier: Numbers, year: int) -> Judged:
    """A change of any size is seen; how much is significant or essential the source does not say: a person judges."""
    if rule.magnitude in (TargetRule.Magnitude.SIGNIFICANT, TargetRule.Magnitude.ESSENTIAL):
        return Judged(Answer.OPEN)
    if not earlier:
        return Judged(Answer.OPEN, year - 1)
    before = earlier[max(earlier)]
    return Judged(_answer(value < before if rule.direction == "down" else value > before))


def _holds(compare: str, value: Decimal, limit: Decimal) -> bool:
    return {
        TargetRule.Compare.BELOW: value < limit,
        TargetRule.Compare.ABOVE: value > limit,
        TargetRule.Compare.AT_MOST: value <= limit,
    }.get(TargetRule.Compare(compare) if compare else TargetRule.Compare.AT_LEAST, value >= limit)  # fmt: skip


def _answer(holds: bool) -> str:
    return Answer.YES if holds else Answer.NO
