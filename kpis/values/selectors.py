"""What the pages of entered values show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.templatetags.ui import plain_text
from kpis.models import Indicator, IndicatorGroup, ManualValue, Observation, SourceLink, TargetRule
from kpis.values.derived import stated_inputs
from kpis.values.entering import OWN_KINDS, place_of
from kpis.values.figures import needed
from kpis.values.forms import share_words, source_name
from kpis.values.periods import Period
from measures.models import ImportKind, ImportRun
from programme.models import Programme

#: Kinds of rules that a person answers.
JUDGED = (TargetRule.Kind.YES_NO, TargetRule.Kind.QUALITATIVE, TargetRule.Kind.DIRECTION)


@dataclass(frozen=True)
class ShownValue:
    """An entered value as people read it. `now` is what counts in its place, where that was asked."""

    row: ManualValue
    period: str
    group: str
    shares: str
    source: str
    now: Decimal | None = None


def shown_values(rows: Iterable[ManualValue], *, with_now: bool = False) -> list[ShownValue]:
    """The values with the names of their groups. Two queries at most besides that of the rows."""
    values = list(rows)
    names = _group_names({one.indicator_id for one in values})
    now = _counting(values) if with_now else {}
    return [
        ShownValue(
            one, str(Period.of(one)), names.get((one.indicator_id, one.breakdown), one.breakdown),
            share_words(one.count, one.base_count), _source(one), now.get(_key(one)),
        )
        for one in values
    ]  # fmt: skip


def shown_value(row: ManualValue) -> ShownValue:
    return shown_values([row])[0]


def _source(value: ManualValue) -> str:
    return value.source or (source_name(value.source_link) if value.source_link else "")


def _group_names(indicators: set[int]) -> dict[tuple[int, str], str]:
    rows = IndicatorGroup.objects.filter(indicator__in=indicators) if indicators else []
    return {(row.indicator_id, row.key): plain_text(row) for row in rows}


def _key(row: Any) -> tuple[Any, ...]:
    return row.indicator_id, row.source_link_id, *place_of(row).values()


def _counting(values: list[ManualValue]) -> dict[tuple[Any, ...], Decimal]:
    """The latest vintage where each of the values stands."""
    rows = Observation.objects.filter(
        indicator__in={one.indicator_id for one in values}, year__in={one.year for one in values}
    ).exclude(region_role=Observation.Region.PEER)
    found: dict[tuple[Any, ...], Decimal] = {}
    for row in rows.order_by("vintage"):
        found[_key(row)] = row.value
    return found


def own_sources(indicator: Indicator) -> list[SourceLink]:
    """The indicator's sources other than Sotkanet."""
    kinds = [*OWN_KINDS, SourceLink.Kind.DERIVED]
    return list(indicator.source_links.filter(kind__in=kinds).order_by("is_ended", "position", "pk"))


def is_judged(indicator: Indicator) -> bool:
    """Whether a person answers the indicator's rule."""
    rules = TargetRule.objects.filter(indicator=indicator, valid_to=None, is_suggestion=False)
    return rules.filter(kind__in=JUDGED).exists() or rules.filter(parts__kind__in=JUDGED).exists()


@dataclass(frozen=True)
class Wanted:
    """What a share target of a year asks of the latest base: 75 of 300 for 25 %."""

    year: int | None
    and_onwards: bool
    share: Decimal
    count: int
    base: Decimal
    is_met: bool


def coverage_of(indicator: Indicator) -> list[Wanted]:
    """How many the share targets ask for, of the latest base that is known; empty where none is."""
    latest = (
        Observation.objects.filter(indicator=indicator, region_role="own", breakdown="", base_count__gt=0)
        .order_by("-year", "-vintage")
        .first()
    )
    if latest is None or latest.base_count is None:
        return []
    rules = TargetRule.objects.filter(indicator=indicator, kind="share", compare="at_least", valid_to=None)
    return [
        Wanted(
            rule.year, rule.and_onwards, rule.value, needed(rule.value, latest.base_count), latest.base_count,
            latest.count is not None and latest.count >= needed(rule.value, latest.base_count),
        )
        for rule in rules.order_by("year")
        if rule.value is not None
    ]  # fmt: skip


def waiting_files(programme: Programme) -> list[ImportRun]:
    """Files of values that were read and wait for somebody to take them over."""
    rows = ImportRun.objects.filter(programme=programme, kind=ImportKind.VALUES, state=ImportRun.State.READ)
    return list(rows.select_related("created_by"))


__all__ = [
    "coverage_of",
    "is_judged",
    "own_sources",
    "shown_value",
    "shown_values",
    "stated_inputs",
    "waiting_files",
]
