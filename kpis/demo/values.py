"""Illustrative values of indicators that have none of their own: own county, country and the other counties.

Invented and marked `is_illustrative` in every row and on every page. They hang on no source, so that a value that is
fetched or entered goes before them; the starting points of the programme stay as its document gives them. Indicators
whose baseline must still be found, or that a person judges, stay empty: that state is to be seen as well.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch

from core.bulk import bulk_write
from kpis.evaluating import evaluate_programme
from kpis.models import Indicator, MeasureIndicator, Observation, TargetRule
from kpis.regions import COUNTIES, own_key
from kpis.selectors import current_rules
from measures.demo.rows import insert
from programme.models import Programme

REASON = "illustrative values of indicators (illustrate_indicators)"
SOURCE = "havainnollistava"
YEARS_BEFORE = 4
#: Nobody measures these: a person judges or answers them, or what they measure is still open.
_UNMEASURED = {TargetRule.Kind.YES_NO, TargetRule.Kind.QUALITATIVE, TargetRule.Kind.TO_BE_SPECIFIED}
#: Shapes of the own county's way, as shares of the spread each year in the good direction.
_SHAPES = ((0.5, 0.4), (0.2, 0.3), (-0.2, 0.4), (0.8, 0.5))


#: A likely level where neither a starting point nor a target tells one.
_LIKELY = {
    "tyottomat": 11.4, "pitkaaikaistyottomat": 33.0, "ylipaino": 63.0, "lonkkamurtumat": 5.6,
    "sairauspoissaolot-tyokyvyttomyys": 7.9, "deficit-covered": 12.0, "esh-use": 3045.0,
    "esh-costs": 251.0, "purchases-reduced": 391.0,
}  # fmt: skip


@dataclass(frozen=True)
class Base:
    """Where the invention starts: levels of own county and country in `year`, and how far values spread."""

    year: int
    own: float
    country: float
    spread: float
    low: float
    high: float
    digits: int


#: What apps to the right made of the values and takes away before they are written anew.
before_rewriting: list[Callable[[Programme], None]] = []


def write_values(programme: Programme) -> int:
    """Writes the values in place of those of an earlier recipe; how many. The same again writes nothing."""
    rows = [row for indicator in _empty(programme) for row in _rows(programme, indicator)]
    there = Observation.objects.filter(programme=programme, is_illustrative=True, source=SOURCE)
    if set(there.values_list(*_SAME)) == {tuple(row[name] for name in _SAME) for row in rows}:
        return 0
    with bulk_write(None, REASON) as writer:
        for forget in before_rewriting:
            forget(programme)
        there.delete()
        insert(writer, Observation, rows)
        _say_how_measures_move(programme)
        evaluate_programme(programme)
    return len(rows)


_SAME = ("indicator", "year", "region_role", "region", "breakdown", "value")


def _empty(programme: Programme) -> list[Any]:
    """Indicators that are measured and of which nothing but a starting point is known."""
    known = Observation.objects.filter(programme=programme).exclude(source=SOURCE)
    known = known.exclude(is_baseline=True, source_link=None)
    found = []
    rules: dict[int, TargetRule] = {}
    for rule in current_rules().filter(programme=programme, indicator__isnull=False, parent=None):
        rules.setdefault(rule.indicator_id or 0, rule)
    own = Observation.objects.exclude(source=SOURCE)
    rows = Indicator.objects.filter(programme=programme, needs_baseline=False).exclude(
        pk__in=known.values("indicator")
    )
    for indicator in rows.prefetch_related(Prefetch("observations", queryset=own)):
        indicator.rule = rules.get(indicator.pk)  # type: ignore[attr-defined]
        if _is_measured(indicator):
            found.append(indicator)
    return found


def _is_measured(indicator: Any) -> bool:
    if indicator.to_be_specified:
        return False
    kind = indicator.rule.kind if indicator.rule is not None else ""
    if kind == TargetRule.Kind.RATIO_TO_BASELINE and not indicator.observations.all():
        return False
    return kind not in _UNMEASURED


def _rows(programme: Programme, indicator: Any) -> Iterator[dict[str, Any]]:
    chance = random.Random(f"{programme.slug}/{indicator.key}")
    base, own = _base(programme, indicator, chance), own_key(programme)
    years = range(programme.start_year - YEARS_BEFORE, min(programme.today().year, programme.end_year + 1))
    better = -1 if indicator.better == "down" else 1
    taken = {(row.year, row.region_role) for row in indicator.observations.all()}
    pull, noise = chance.choice(_SHAPES)
    plain: dict[str, Any] = {"programme": programme.pk, "indicator": indicator.pk, "is_illustrative": True,
                             "vintage": 1, "source": SOURCE}  # fmt: skip

    def row(year: int, role: str, region: str, level: float, breakdown: str = "") -> dict[str, Any]:
        value = Decimal(str(round(min(max(level, base.low), base.high), base.digits)))
        told = {"year": year, "region_role": role, "region": region, "value": value, "breakdown": breakdown}
        return plain | told

    others = [county for county in COUNTIES if county.key != own]
    levels = {county.key: base.country + chance.gauss(0, 1.6) * base.spread for county in others}
    for year in years:
        far = year - base.year
        at = base.own + better * base.spread * (pull * far + chance.gauss(0, noise) * bool(far))
        country = base.country + better * base.spread * 0.15 * far
        if (year, "own") not in taken:
            yield row(year, "own", "", at)
        if not _is_of_others(indicator):
            continue
        if (year, "national") not in taken:
            yield row(year, "national", "MAA", country)
        for county in others:
            yield row(
                year,
                "peer",
                county.key,
                levels[county.key] + better * base.spread * chance.gauss(0.15, 0.25) * far,
            )
        if indicator.unit == "%":
            for breakdown, apart in (("male", 0.6), ("female", -0.6)):
                yield row(year, "own", "", at + apart * base.spread, breakdown)
                yield row(year, "national", "MAA", country + apart * base.spread, breakdown)


def _base(programme: Programme, indicator: Any, chance: random.Random) -> Base:
    """From the programme's own starting point where there is one, else near the target."""
    starts = {row.region_role: row for row in indicator.observations.all() if row.is_baseline}
    up = -1 if indicator.better == "down" else 1
    if "own" in starts:
        own, year = float(starts["own"].value), starts["own"].year
    else:
        rule = indicator.rule
        target = (
            float(rule.value)
            if rule is not None and rule.value is not None and rule.kind == "level"
            else None
        )
        target = float(rule.value) if rule is not None and rule.kind == "share" and rule.value else target
        likely = _LIKELY.get(indicator.key, 50.0 if target is None else target * (1 - up * 0.15))
        own, year = likely, programme.start_year - 1
    spread = max(abs(own) * 0.06, 0.05 if abs(own) < 2 else 0.5)
    country = (
        float(starts["national"].value) if "national" in starts else own + chance.gauss(0.4, 0.6) * spread
    )
    if indicator.unit == "rank":
        return Base(year, 7, 0, 1, 1, 21, 0)
    share = indicator.unit.startswith("%")
    low, high = (0.0, 100.0) if share else (-100.0 if "NPS" in indicator.unit else 0.0, 1e9)
    return Base(year, own, country, spread, low, high, 0 if abs(own) >= 1000 else 2 if abs(own) < 2 else 1)


def _is_of_others(indicator: Indicator) -> bool:
    """Whether other counties could have the figure: not euros of the own budget, not a place among the counties."""
    return "€" not in indicator.unit and indicator.unit != "rank" and "NPS" not in indicator.unit


def _say_how_measures_move(programme: Programme) -> None:
    """Links of illustrative measures get an effect and a lag, so that both pages show them."""
    links = MeasureIndicator.objects.filter(
        programme=programme, measure__is_illustrative=True, lag_months=None
    )
    for index, link in enumerate(links.select_related("indicator").order_by("pk")[:12]):
        link.effect = (Effect.DIRECT, Effect.INDIRECT, Effect.INDIRECT)[index % 3]
        link.direction, link.lag_months = link.indicator.better, (6, 12, 18)[index % 3]
        link.save(update_fields=["effect", "direction", "lag_months"])


Effect = MeasureIndicator.Effect
