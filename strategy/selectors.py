"""Reads for the pages of vision, annual objectives and seasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet

from kpis.models import Indicator
from programme.models import Programme
from strategy.models import AnnualObjective, MetricYear, ObjectiveMetric, VisionIndicator, VisionTheme


def vision_tree(programme: Programme) -> QuerySet[VisionTheme]:
    """Vision themes with their sub-themes."""
    return VisionTheme.objects.filter(programme=programme, parent__isnull=True).prefetch_related("sub_themes")


def under_vision_themes(indicators: Sequence[Indicator]) -> list[tuple[VisionTheme | None, list[Indicator]]]:
    """Indicators by the vision theme they follow, in the order of the themes; without a theme last. One query."""
    links = (
        VisionIndicator.objects.filter(indicator__in=[row.pk for row in indicators])
        .select_related("theme")
        .order_by("theme__position", "position")
    )
    by_id = {row.pk: row for row in indicators}
    groups: dict[int, tuple[VisionTheme, list[Indicator]]] = {}
    seen = set()
    for link in links:
        groups.setdefault(link.theme_id, (link.theme, []))[1].append(by_id[link.indicator_id])
        seen.add(link.indicator_id)
    rest = [row for row in indicators if row.pk not in seen]
    found: list[tuple[VisionTheme | None, list[Indicator]]] = list(groups.values())
    return [*found, (None, rest)] if rest else found


@dataclass
class Cell:
    """Answers of one objective in one year; empty when no metric concerns the year, which is not a "no"."""

    year: int
    answers: list[MetricYear] = field(default_factory=list)


@dataclass
class ObjectiveRow:
    objective: AnnualObjective
    cells: list[Cell]
    metric_count: int


@dataclass
class Matrix:
    """Objectives down, years across, and how many of everything there is."""

    years: list[int]
    rows: list[ObjectiveRow]
    metric_count: int
    cell_count: int
    assumed_count: int
    states: dict[str, int]
    doubts: list[ObjectiveMetric]


def objective_matrix(programme: Programme) -> Matrix:
    """Every answer of every metric by objective and year. Four queries, however many rows."""
    metrics = ObjectiveMetric.objects.select_related("rule").prefetch_related("years")
    objectives = list(
        AnnualObjective.objects.filter(programme=programme)
        .select_related("same_as_indicator")
        .prefetch_related(Prefetch("metrics", queryset=metrics))
    )
    answers = [answer for objective in objectives for answer in _answers(objective)]
    years = sorted({answer.year for answer in answers})
    states: dict[str, int] = defaultdict(int)
    for answer in answers:
        states[answer.answer] += 1
    rows = [_row(objective, years) for objective in objectives]
    return Matrix(
        years=years,
        rows=rows,
        metric_count=sum(row.metric_count for row in rows),
        cell_count=len(answers),
        assumed_count=sum(not answer.year_stated for answer in answers),
        states=dict(states),
        doubts=[
            metric
            for objective in objectives
            for metric in objective.metrics.all()
            if metric.confidence or metric.source_note or metric.data_source
        ],
    )


def _row(objective: AnnualObjective, years: list[int]) -> ObjectiveRow:
    cells = {year: Cell(year) for year in years}
    for answer in _answers(objective):
        cells[answer.year].answers.append(answer)
    return ObjectiveRow(objective, [cells[year] for year in years], len(objective.metrics.all()))


def _answers(objective: AnnualObjective) -> Iterable[MetricYear]:
    for metric in objective.metrics.all():
        for answer in metric.years.all():
            answer.metric = metric  # the prefetched one, with its rule
            yield answer
