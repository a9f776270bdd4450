"""Reads of seasons: objectives by level and unit, with progress, confidence and what waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from programme.models import Programme, Theme
from strategy.models import AnnualObjective, CheckIn, KeyResult, MainLine, Objective, Season, Unit, UnitMember
from strategy.okr.calculations import is_stale, progress_of, progress_of_objective, weakest
from strategy.okr.parameters import stale_days
from strategy.okr.services import DEEPEST

#: Objectives that count: started ones, and those that closed with their season.
LIVE = (Objective.State.STARTED, Objective.State.CLOSED)


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
    way: list[Step] = field(default_factory=list)

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

    @property
    def indent(self) -> str:
        """What stands before the name in a list: how deep the unit lies."""
        return "\u2003" * (self.depth - 1) + "└ " if self.depth else ""

    @property
    def progress(self) -> Decimal | None:
        return mean_progress(self.objectives)

    @property
    def confidence(self) -> str:
        return weakest(one.confidence for one in self.objectives if one.row.state in LIVE)


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


# --- the way to the strategy ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One step of the way from an objective to the strategy; `kind` is objective, annual, line or spearhead."""

    kind: str
    row: Any


def way_up(objective: Objective, known: Mapping[int, Objective] | None = None) -> list[Step]:
    """Steps above an objective: objectives it serves, then what in the strategy the nearest of them names.

    `known` are objectives by id that need not be asked for.
    """
    steps: list[Step] = []
    row: Objective | None = objective
    named: list[Step] = []
    for _level in range(DEEPEST):
        if row is None:
            break
        named = named or _named_by(row)
        parent = (known or {}).get(row.parent_id or 0) or row.parent
        if parent is not None:
            steps.append(Step("objective", parent))
        row = parent
    return steps + named


def _named_by(row: Objective) -> list[Step]:
    found = []
    if row.annual_objective is not None:
        found.append(Step("annual", row.annual_objective))
    if row.main_line is not None:
        found.append(Step("line", row.main_line))
    if row.spearhead is not None:
        found.append(Step("spearhead", row.spearhead))
    return found


# --- a season as its page shows it ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """What a reader narrowed the season to; `link` is "annual:3", "line:1" or "spearhead:2"."""

    level: str = ""
    unit: int | None = None
    link: str = ""

    @property
    def is_narrowing(self) -> bool:
        return bool(self.level or self.unit or self.link)


@dataclass
class SeasonPage:
    """A season by unit: `tree` from the county down, and what its figures say of the whole."""

    season: Season
    tree: list[UnitRow]
    objectives: list[ObjectiveRow]

    @property
    def counts(self) -> dict[str, int]:
        """Objectives under way or closed, drafts, key results, how many are in danger and wait for a check-in."""
        going = [one for one in self.objectives if one.row.state in LIVE]
        results = [result for one in going for result in one.results]
        return {
            "objectives": len(going),
            "drafts": sum(one.row.state == Objective.State.DRAFT for one in self.objectives),
            "results": len(results),
            "low": sum(result.confidence == CheckIn.Confidence.LOW for result in results),
            "stale": sum(result.is_stale for result in results),
        }

    @property
    def progress(self) -> Decimal | None:
        return mean_progress(self.objectives)

    @property
    def dangers(self) -> list[tuple[ObjectiveRow, ResultRow]]:
        """Key results whose people doubt them, those in danger first."""
        order = (CheckIn.Confidence.LOW, CheckIn.Confidence.MEDIUM)
        found = [
            (one, result)
            for one in self.objectives
            if one.row.state == Objective.State.STARTED
            for result in one.results
            if result.confidence in order
        ]
        return sorted(found, key=lambda pair: order.index(CheckIn.Confidence(pair[1].confidence)))


def mean_progress(objectives: Iterable[ObjectiveRow]) -> Decimal | None:
    """The mean of objectives under way or closed; one without a check-in counts as not begun."""
    return progress_of_objective(one.progress for one in objectives if one.row.state in LIVE)


def season_page(
    season: Season, asked: Asked | None = None, *, today: date, after_days: int
) -> SeasonPage:  # fmt: skip
    """The season's objectives by unit, narrowed as asked. Three queries."""
    asked = asked or Asked()
    objectives = objectives_of(season, today, after_days=after_days)
    known = {one.row.pk: one.row for one in objectives}
    for one in objectives:
        one.way = way_up(one.row, known)
    tree = unit_tree(season.programme, objectives)
    if asked.is_narrowing:
        tree = _narrowed(tree, asked)
    return SeasonPage(season, tree, [one for unit in tree for one in unit.objectives])


def _narrowed(tree: list[UnitRow], asked: Asked) -> list[UnitRow]:
    under = {asked.unit} if asked.unit else set()
    found = []
    for unit in tree:  # the tree goes from above down, so that a unit's parent has been seen
        if unit.row.parent_id in under:
            under.add(unit.row.pk)
        if asked.unit and unit.row.pk not in under or asked.level and unit.row.level != asked.level:
            continue
        if asked.link:
            unit.objectives = [
                one for one in unit.objectives if asked.link in {f"{step.kind}:{step.row.pk}" for step in one.way}
            ]  # fmt: skip
            if not unit.objectives:
                continue
        found.append(unit)
    return found


def strategy_links(programme: Programme) -> list[tuple[str, list[Any]]]:
    """What objectives may serve, by kind: ("annual", rows), ("line", rows), ("spearhead", rows)."""
    return [
        ("annual", list(AnnualObjective.objects.filter(programme=programme).order_by("number"))),
        ("line", list(MainLine.objects.filter(programme=programme).order_by("number"))),
        ("spearhead", list(Theme.objects.filter(programme=programme).order_by("number"))),
    ]


def waiting_results(programmes: Iterable[Programme], today: date, *, of: Any = None) -> list[Any]:
    """Key results of open seasons without a recent check-in, with `since` and `who_ids`.

    They wait for their owner, else the objective's, else those who lead the unit; `of` asks for one person's only.
    """
    by_id = {one.pk: one for one in programmes}
    rows = KeyResult.objects.filter(
        programme__in=by_id,
        objective__state=Objective.State.STARTED,
        objective__season__state=Season.State.OPEN,
    )
    if of is not None:
        lead = Exists(UnitMember.objects.filter(unit=OuterRef("objective__unit"), user=of, is_lead=True))
        nobody = Q(owner=None, objective__owner=None)
        rows = rows.filter(Q(owner=of) | Q(owner=None, objective__owner=of) | (nobody & lead))
    found: list[Any] = []
    days: dict[int, int] = {}
    ordered: QuerySet[Any] = with_latest(
        rows.select_related("objective__season", "objective__unit")
    ).order_by("programme_id", "objective__unit__position", "pk")
    for row in ordered:
        if row.programme_id not in days:
            days[row.programme_id] = stale_days(by_id[row.programme_id])
        begun = row.objective.season.starts_on
        if is_stale(row.latest_on, begun, today, after_days=days[row.programme_id]):
            row.since = max(row.latest_on or begun, begun)
            found.append(row)
    leads: dict[int, list[int]] = defaultdict(list)
    if of is None:
        members = UnitMember.objects.filter(unit__in={row.objective.unit_id for row in found}, is_lead=True)
        for unit, user in members.values_list("unit", "user"):
            leads[unit].append(user)
    for row in found:
        owner = row.owner_id or row.objective.owner_id
        row.who_ids = [owner] if owner else leads[row.objective.unit_id]
    return found
