"""Reads for the indicator pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from kpis.models import Indicator, MonitoringLevel, Observation, SourceLink, TargetRule
from kpis.selectors.series import until_known
from programme.models import Programme


@dataclass
class Baseline:
    """The starting point of one year: own county beside the whole country."""

    year: int
    own: Decimal | None = None
    national: Decimal | None = None


@dataclass
class Level:
    """A level of the programme's monitoring with its indicators; `row` is None for those without a level."""

    row: MonitoringLevel | None
    indicators: list[Indicator] = field(default_factory=list)


def current_rules() -> QuerySet[TargetRule]:
    return TargetRule.objects.filter(valid_to__isnull=True).prefetch_related("parts")


def readable_indicators(programme: Programme) -> QuerySet[Indicator]:
    """Indicators with everything a list shows: rules, sources, baselines. A constant number of queries."""
    return (
        Indicator.objects.filter(programme=programme)
        .select_related("level", "related_cost_type", "derived_from")
        .prefetch_related(
            Prefetch("rules", queryset=current_rules()),
            "source_links",
            Prefetch(
                "observations",
                queryset=until_known(Observation.objects.filter(is_baseline=True)),
                to_attr="baseline_rows",
            ),
        )
    )


def by_level(indicators: Iterable[Indicator]) -> list[Level]:
    """Monitoring indicators under their levels, in the order of the source."""
    levels: dict[int | None, Level] = {}
    for indicator in indicators:
        levels.setdefault(indicator.level_id, Level(indicator.level)).indicators.append(indicator)
    return sorted(levels.values(), key=lambda level: level.row.number if level.row else 999)


def baselines(observations: Iterable[Observation]) -> list[Baseline]:
    """Own and national starting values side by side, by year; the latest vintage counts."""
    years: dict[int, Baseline] = {}
    for row in sorted(observations, key=lambda row: row.vintage):
        pair = years.setdefault(row.year, Baseline(row.year))
        if row.region_role == Observation.Region.OWN:
            pair.own = row.value
        elif row.region_role == Observation.Region.NATIONAL:
            pair.national = row.value
    return [years[year] for year in sorted(years)]


def rules_of_goals(programme: Programme) -> dict[int, TargetRule]:
    """The rule in force of each goal or sub-goal that has one, by goal id."""
    rules = current_rules().filter(programme=programme, goal__isnull=False, parent__isnull=True)
    return {rule.goal_id: rule for rule in rules if rule.goal_id is not None}


def rules_of_statements(programme: Programme) -> dict[int, list[TargetRule]]:
    """Rules that hang on statements of the programme (360-degree measurements), by statement id."""
    found: dict[int, list[TargetRule]] = defaultdict(list)
    for rule in current_rules().filter(programme=programme, statement__isnull=False, parent__isnull=True):
        if rule.statement_id is not None:
            found[rule.statement_id].append(rule)
    return dict(found)


def sotkanet_ids(indicators: Iterable[Indicator]) -> list[int]:
    """Every Sotkanet id behind the indicators, once each."""
    found = {
        link.sotkanet_id
        for indicator in indicators
        for link in indicator.source_links.all()
        if link.kind == SourceLink.Kind.SOTKANET and link.sotkanet_id
    }
    return sorted(found)


#: Rules that cannot be judged without a starting value.
_FROM_START = {
    TargetRule.Kind.RATIO_TO_BASELINE, TargetRule.Kind.ABSOLUTE_CHANGE, TargetRule.Kind.RELATIVE_CHANGE,
    TargetRule.Kind.RELATIVE_CHANGE_RANGE,
}  # fmt: skip


def start_is_missing(indicator: Indicator, starts: list[Baseline]) -> bool:
    """The indicator's change cannot be judged: its rule needs a starting value and there is none."""
    if any(start.own is not None for start in starts):
        return False
    return indicator.needs_baseline or any(rule.kind in _FROM_START for rule in indicator.rules.all())


def with_starts(programme: Programme) -> list[Indicator]:
    """The indicators with `baselines` and `start_missing` beside them, ready for a list."""
    rows = list(readable_indicators(programme))
    for row in rows:
        row.baselines = baselines(row.baseline_rows)  # type: ignore[attr-defined]
        row.start_missing = start_is_missing(row, row.baselines)  # type: ignore[attr-defined]
    return rows


def values_by_year(observations: Iterable[Observation]) -> list[tuple[str, list[Observation]]]:
    """Every value of an indicator: period as text, then the values of that period."""
    periods: dict[tuple[int, int], list[Observation]] = defaultdict(list)
    for row in observations:
        periods[row.year, row.month or 0].append(row)
    return [
        (f"{month}/{year}" if month else str(year), rows) for (year, month), rows in sorted(periods.items())
    ]
