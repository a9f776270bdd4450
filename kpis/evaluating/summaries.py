"""What the wall of indicators shows of each, worked out when its figures or answers change."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from kpis.calculations import Line, place_of, rule_data, start_of
from kpis.calculations.figures import Point
from kpis.calculations.outcomes import JUDGED
from kpis.evaluating.reading import Read
from kpis.models import Evaluation, IndicatorSummary, TargetRule

#: Columns that a summary fills, as they are compared and written.
FIELDS = ("outcome", "evaluation_id", "latest_year", "latest_period", "own", "before", "national",
          "national_year", "target", "rank", "rank_of", "fetched_at", "series", "source",
          "is_illustrative")  # fmt: skip
_PLACES = Decimal("0.0001")


def summary_of(one: Read, evaluations: list[Evaluation]) -> IndicatorSummary:
    """The summary of an indicator, not saved. `evaluations` are the current ones of all its rules."""
    line = main_line(one)
    years = sorted(line.own)
    latest = line.own[years[-1]] if years else None
    before = line.own[years[-2]] if len(years) > 1 else None
    country = line.national.get(latest.year) if latest else None
    if country is None and line.national:
        country = line.national[max(line.national)]
    chosen = _telling(evaluations, one, latest)
    place = _rank(one, line, latest)
    return IndicatorSummary(
        programme_id=one.indicator.programme_id,
        indicator=one.indicator,
        outcome=chosen.outcome if chosen else "",
        evaluation_id=chosen.pk if chosen else None,
        latest_year=latest.year if latest else None,
        latest_period=latest.period if latest else "",
        own=_kept(latest),
        before=_kept(before),
        national=_kept(country),
        national_year=country.year if country else None,
        target=_target(one, line, country),
        rank=place[0],
        rank_of=place[1],
        fetched_at=latest.fetched_at if latest else None,
        series=_series(line),
        source=latest.source[:300] if latest else "",
        is_illustrative=latest.is_illustrative if latest else False,
    )


def main_line(one: Read) -> Line:
    """The series that stands for the indicator: all together, of the first source that still gives values."""
    streams = [stream for stream in one.figures.streams if not stream.is_ended] or one.figures.streams
    for stream in streams:
        if "" in stream.lines:
            return stream.lines[""]
    return next(iter(streams[0].lines.values())) if streams and streams[0].lines else Line()


def _kept(point: Point | None) -> Decimal | None:
    return point.value.quantize(_PLACES) if point else None


def _series(line: Line) -> list[list[Any]]:
    """[[year, own, national], ...] of every year with either."""
    return [
        [
            year,
            *(
                str(of[year].value.normalize() + 0) if year in of else None
                for of in (line.own, line.national)
            ),
        ]
        for year in sorted(line.own.keys() | line.national.keys())
    ]


def _telling(evaluations: list[Evaluation], one: Read, latest: Point | None) -> Evaluation | None:
    """The answer that stands for the indicator: the worst one of the latest year that has been judged.

    A year whose figure is still to come says nothing of the indicator while an earlier one can be told.
    """
    if not evaluations:
        return None
    observed = one.figures.years() | set(one.frame.judgements)
    with_figures = [row for row in evaluations if row.year in observed]
    rows = with_figures or evaluations
    year = max(row.year for row in rows)
    order = [said.value for said in JUDGED]
    return min(
        (row for row in rows if row.year == year),
        key=lambda row: (order.index(row.outcome) if row.outcome in order else len(order), row.pk or 0),
    )


def _rank(one: Read, line: Line, latest: Point | None) -> tuple[int | None, int | None]:
    """Place among the ranked counties that have a value for the year, and how many they are."""
    if latest is None or "-" in latest.period:
        return None, None
    others = list(line.peers.get(latest.year, {}).values())
    place = place_of(latest.value, others, one.frame.better)
    return (place, len(others) + 1) if place else (None, None)


def _target(one: Read, line: Line, country: Point | None) -> Decimal | None:
    """Where the line of the target goes: the limit in the indicator's own unit, None for none."""
    for rule, parts in one.rules:
        for row in (rule, *parts):
            found = _target_of(row, one, line, country)
            if found is not None:
                return found.quantize(_PLACES)
    return None


def _target_of(row: TargetRule, one: Read, line: Line, country: Point | None) -> Decimal | None:
    if row.reference == "national_average":
        return country.value if country else None
    data = rule_data(row)
    if data.kind in ("share", "level", "compare", "level_change", "rank"):
        return data.value
    start = start_of(data, line, one.frame)
    if start is None:
        return None
    if data.kind == "ratio_to_baseline" and data.value is not None:
        return start.value * data.value
    amount = data.low if data.kind == "relative_change_range" else data.value
    if amount is None or data.kind not in ("absolute_change", "relative_change", "relative_change_range"):
        return None
    moved = amount if data.kind == "absolute_change" else abs(start.value) * amount / 100
    return start.value - moved if data.direction == "down" else start.value + moved
