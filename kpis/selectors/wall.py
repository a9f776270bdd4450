"""What the wall shows of each indicator: one kept row for each, and how it was on a past day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from core import asof
from core.statements import give
from kpis.models import Evaluation, Indicator, Observation, SourceLink, TargetRule
from kpis.selectors.series import Observed, counting, until_known
from programme.models import Programme


@dataclass
class Shown:
    """The fields of an IndicatorSummary that the wall reads, worked out where none is kept for the day."""

    outcome: str = ""
    evaluation: Evaluation | None = None
    latest_year: int | None = None
    latest_period: str = ""
    own: Decimal | None = None
    before: Decimal | None = None
    national: Decimal | None = None
    national_year: int | None = None
    target: Decimal | None = None
    rank: int | None = None
    rank_of: int | None = None
    fetched_at: datetime | None = None
    source: str = ""
    is_illustrative: bool = False
    series: list[list[Any]] = field(default_factory=list)


#: Texts that no card shows.
_LONG = (
    "confidence", "source_note", "definition_fi", "definition_sv", "definition_en", "to_be_specified_fi",
    "to_be_specified_sv", "to_be_specified_en",
)  # fmt: skip


def wall_indicators(programme: Programme) -> QuerySet[Indicator]:
    """Indicators with everything a card shows: summary, rules in force, sources. A constant number of queries."""
    return (
        Indicator.objects.filter(programme=programme)
        .select_related("summary", "level", "owner")
        .defer(*_LONG)
        .prefetch_related(Prefetch("source_links", queryset=SourceLink.objects.order_by("position")))
    )


def with_rules(indicators: Iterable[Indicator]) -> None:
    """Gives each indicator its `wall_rules`: those in force, combined ones with their parts. One query."""
    rows = {row.pk: row for row in indicators}
    for row in rows.values():
        row.wall_rules = []  # type: ignore[attr-defined]
    wanted = Q(indicator__in=rows) | Q(parent__indicator__in=rows, parent__valid_to=None)
    found = list(TargetRule.objects.filter(wanted, valid_to=None).order_by("position", "id"))
    parts: dict[int, list[TargetRule]] = defaultdict(list)
    for rule in found:
        if rule.parent_id:
            parts[rule.parent_id].append(rule)
    for rule in found:
        if rule.parent_id:
            continue
        if rule.kind == TargetRule.Kind.ALL_OF:
            give(rule, "parts", parts[rule.pk])
        rows[rule.indicator_id].wall_rules.append(rule)  # type: ignore[index, attr-defined]


def with_shown(indicators: Iterable[Indicator]) -> list[Any]:
    """The indicators with `shown` beside them: the kept summary, or what the observations of that day tell."""
    rows = list(indicators)
    past = asof.past()
    kept = {} if past else {row.pk: row.summary for row in rows if hasattr(row, "summary")}
    lacking = [row.pk for row in rows if row.pk not in kept]
    found = _worked_out(lacking) if lacking else {}
    for row in rows:
        row.shown = kept.get(row.pk) or found[row.pk]  # type: ignore[attr-defined]
    return rows


def evaluations_then(indicators: Iterable[int]) -> QuerySet[Evaluation]:
    """The answers in force: today, or at the end of the day a page looks back to."""
    rows = Evaluation.objects.filter(indicator__in=list(indicators))
    past = asof.past()
    if past is None:
        return rows.filter(superseded_at=None)
    end = asof.end_of(past.day)
    return rows.filter(evaluated_at__lt=end).filter(Q(superseded_at=None) | Q(superseded_at__gte=end))


def all_evaluations(indicator_id: int) -> list[Any]:
    """Every answer about the indicator that was known by then, newest year first, with `is_current`."""
    rows = Evaluation.objects.filter(indicator=indicator_id).select_related("rule")
    past = asof.past()
    end = asof.end_of(past.day) if past else None
    if end is not None:
        rows = rows.filter(evaluated_at__lt=end)
    found = list(rows.order_by("-year", "-evaluated_at", "-pk"))
    for row in found:
        gone = row.superseded_at is not None and (end is None or row.superseded_at < end)
        row.is_current = not gone  # type: ignore[attr-defined]
    return found


_COLUMNS = (
    "year", "term", "month", "region_role", "region", "breakdown", "value", "vintage", "source_link_id", "source",
    "fetched_at", "is_illustrative", "is_baseline", "indicator_id",
)  # fmt: skip


def _worked_out(indicators: list[int]) -> dict[int, Shown]:
    """What a summary would say, from the observations and answers that were there. Two queries."""
    rows: dict[int, list[Observed]] = defaultdict(list)
    values = until_known(
        Observation.objects.filter(
            indicator__in=indicators, region_role__in=("own", "national"), breakdown=""
        )
    )
    for *values_of, indicator in values.order_by().values_list(*_COLUMNS):
        rows[indicator].append(Observed._make(values_of))
    found = {pk: _shown_of(rows[pk]) for pk in indicators}
    latest = evaluations_then(indicators).select_related("rule").order_by("year", "pk")
    for answer in latest:
        if answer.indicator_id in found:
            found[answer.indicator_id].outcome = answer.outcome
            found[answer.indicator_id].evaluation = answer
    return found


def _shown_of(rows: list[Observed]) -> Shown:
    shown, years = Shown(), defaultdict(lambda: [None, None])  # type: ignore[var-annotated]
    national: dict[int, Decimal] = {}
    for row in counting(rows):
        if row.role == "national":
            national[row.year] = row.value
            years[row.year][1] = str(row.value)
            continue
        years[row.year][0] = str(row.value)
        shown.before, shown.own = shown.own, row.value
        shown.latest_year, shown.latest_period = row.year, _period(row)
        shown.fetched_at, shown.source = row.fetched_at, row.source
        shown.is_illustrative = row.is_illustrative
    if national:
        year = shown.latest_year if shown.latest_year in national else max(national)
        shown.national, shown.national_year = national[year], year
    shown.series = [[year, *years[year]] for year in sorted(years)]
    return shown


def _period(row: Observed) -> str:
    if row.month:
        return f"{row.year}-{row.month:02d}"
    return f"{row.year}-T{row.term}" if row.term else str(row.year)
