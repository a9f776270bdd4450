"""Reads of seasons: objectives by level and unit, with progress, confidence and what waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from programme.models import Programme
from strategy.models import CheckIn, KeyResult, Objective, Season, Unit
from strategy.okr.calculations import is_stale, progress_of, progress_of_objective, weakest


@dataclass
class ResultRow:
    """A key result with its latest check-in."""

    row: KeyResult
    progress: Decimal | None
    confidence: str
    checked_on: date | None
    value: Decimal | None
    is_done: bool | None
    is_stale: bool


@dataclass
class ObjectiveRow:
    """An objective with its key results; `progress` is 0 to 1, None while nobody has checked in."""

    row: Objective
    results: list[ResultRow] = field(default_factory=list)

    @property
    def progress(self) -> Decimal | None:
        return progress_of_objective(one.progress for one in self.results)

    @property
    def confidence(self) -> str:
        return weakest(one.confidence for one in self.results)

    @property
    def stale_count(self) -> int:
        return sum(one.is_stale for one in self.results)


@dataclass
class UnitRow:
    """A unit with its objectives in the season; `depth` is how far below the county it lies."""

    row: Unit
    depth: int
    objectives: list[ObjectiveRow] = field(default_factory=list)


def current_season(programme: Programme, today: date) -> Season | None:
    """The open season; otherwise the one of today; otherwise none."""
    seasons = Season.objects.filter(programme=programme)
    return (
        seasons.filter(state=Season.State.OPEN).first()
        or seasons.filter(starts_on__lte=today, ends_on__gte=today).first()
    )


def next_season(season: Season) -> Season | None:
    """The season that begins next after it and has not ended."""
    later = Season.objects.filter(programme=season.programme_id, starts_on__gt=season.starts_on)
    return later.filter(state__in=[Season.State.PLANNED, Season.State.OPEN]).order_by("starts_on").first()


def with_latest(results: QuerySet[KeyResult]) -> QuerySet[KeyResult]:
    """Key results with `latest_on`, `latest_value`, `latest_done`, `latest_confidence`; one subquery each."""
    latest = CheckIn.objects.filter(key_result=OuterRef("pk")).order_by("-checked_on", "-id")
    return results.annotate(
        latest_on=Subquery(latest.values("checked_on")[:1]),
        latest_value=Subquery(latest.values("value")[:1]),
        latest_done=Subquery(latest.values("is_done")[:1]),
        latest_confidence=Subquery(latest.values("confidence")[:1]),
    )


def result_row(result: Any, season: Season, today: date, *, after_days: int) -> ResultRow:
    """A key result of `with_latest` as pages show it. Only started objectives of an open season grow stale."""
    is_running = season.state == Season.State.OPEN and result.objective.state == Objective.State.STARTED
    return ResultRow(
        row=result,
        progress=progress_of(result, result.latest_value, result.latest_done),
        confidence=result.latest_confidence or "",
        checked_on=result.latest_on,
        value=result.latest_value,
        is_done=result.latest_done,
        is_stale=is_running and is_stale(result.latest_on, season.starts_on, today, after_days=after_days),
    )


def objectives_of(season: Season, today: date, *, after_days: int, **only: Any) -> list[ObjectiveRow]:
    """The season's objectives with their key results, by unit and position. Two queries."""
    objectives = list(
        Objective.objects.filter(season=season, **only)
        .select_related("unit", "owner", "annual_objective", "spearhead", "main_line", "parent__annual_objective",
                        "parent__spearhead", "parent__main_line", "parent__unit")
        .order_by("unit__position", "unit_id", "position", "id")
    )  # fmt: skip
    results: dict[int, list[KeyResult]] = defaultdict(list)
    for result in with_latest(KeyResult.objects.filter(objective__in=objectives)).select_related(
        "owner", "objective", "indicator"
    ):
        results[result.objective_id].append(result)
    return [
        ObjectiveRow(one, [result_row(r, season, today, after_days=after_days) for r in results[one.pk]])
        for one in objectives
    ]


def unit_tree(programme: Programme, objectives: Iterable[ObjectiveRow]) -> list[UnitRow]:
    """Units from the county down, each followed by its parts; a closed one only where it has objectives."""
    under: dict[int | None, list[Unit]] = defaultdict(list)
    units = list(Unit.objects.filter(programme=programme).select_related("sector", "parent"))
    known = {unit.pk for unit in units}
    for unit in units:
        under[unit.parent_id if unit.parent_id in known else None].append(unit)
    of_unit: dict[int, list[ObjectiveRow]] = defaultdict(list)
    for one in objectives:
        of_unit[one.row.unit_id].append(one)
    found: list[UnitRow] = []
    seen: set[int] = set()

    def walk(parent: int | None, depth: int) -> None:
        for unit in under[parent]:
            if unit.pk not in seen:
                seen.add(unit.pk)
                if not unit.is_closed or of_unit[unit.pk]:
                    found.append(UnitRow(unit, depth, of_unit[unit.pk]))
                walk(unit.pk, depth + 1)

    walk(None, 0)
    return found
