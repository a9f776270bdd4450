"""What a change is counted from."""

from __future__ import annotations

from kpis.calculations.data import RuleData
from kpis.calculations.figures import Frame, Line, Point


def start_of(rule: RuleData, line: Line, frame: Frame) -> Point | None:
    """The baseline of a rule on a line; None while it is missing, and then nothing is assumed.

    In order: the value that the rule itself names; the value of the day the rule names; a value marked as the
    baseline; without a named day the last year before the programme's period.
    """
    if rule.versus_value is not None:
        year = rule.versus_year or frame.start_year
        return Point(year=year, value=rule.versus_value, period=str(rule.versus_year or ""))
    if rule.versus_year is not None:
        return line.own.get(rule.versus_year)
    if rule.baseline_date:
        return line.periods.get(rule.baseline_date) or _marked(line)
    before = [year for year in line.own if year < frame.start_year]
    return _marked(line) or (line.own[max(before)] if before else None)


def _marked(line: Line) -> Point | None:
    """The latest value marked as the baseline."""
    marked = [point for point in line.periods.values() if point.is_baseline]
    return max(marked, key=lambda point: (point.year, point.period)) if marked else None
