"""Reads of the annual objectives: objectives down, years across, every answer with what it rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet

from programme.models import Programme
from strategy.models import AnnualObjective, MetricYear, ObjectiveMetric, ObjectiveSet

Answer = MetricYear.Answer


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
class Year:
    """One year of the matrix: how it was answered so far and what the council fixed of it last."""

    year: int
    fixed: ObjectiveSet | None = None
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Answer.values, 0))

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def answered(self) -> int:
        return self.total - self.counts[Answer.OPEN]


@dataclass
class Matrix:
    """Objectives down, years across, and how many of everything there is."""

    years: list[int]
    heads: list[Year]
    rows: list[ObjectiveRow]
    metric_count: int
    cell_count: int
    assumed_count: int
    states: dict[str, int]
    doubts: list[ObjectiveMetric]


def readable_objectives(programme: Programme) -> QuerySet[AnnualObjective]:
    """Objectives with their metrics, rules, answers and who gave them. Four statements, however many rows."""
    answers = MetricYear.objects.select_related("answered_by")
    metrics = ObjectiveMetric.objects.select_related("rule", "follows").prefetch_related(
        Prefetch("years", queryset=answers)
    )
    return (
        AnnualObjective.objects.filter(programme=programme)
        .select_related("same_as_indicator", "owner")
        .prefetch_related(Prefetch("metrics", queryset=metrics))
    )


def fixed_years(programme: Programme) -> dict[int, ObjectiveSet]:
    """What the council decided last of each year, by year."""
    rows = ObjectiveSet.objects.filter(programme=programme).select_related("decision__body")
    return {row.year: row for row in rows.order_by("year", "number")}


def objective_matrix(programme: Programme) -> Matrix:
    """Every answer of every metric by objective and year. Five statements, however many rows."""
    objectives = list(readable_objectives(programme))
    fixed = fixed_years(programme)
    answers = [answer for objective in objectives for answer in with_warnings(objective)]
    years = sorted({answer.year for answer in answers} | set(fixed))
    heads = {year: Year(year, fixed.get(year)) for year in years}
    states: dict[str, int] = defaultdict(int)
    for answer in answers:
        states[answer.answer] += 1
        heads[answer.year].counts[answer.answer] += 1
    rows = [_row(objective, years) for objective in objectives]
    return Matrix(
        years=years,
        heads=list(heads.values()),
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
    for answer in answers_of(objective):
        cells[answer.year].answers.append(answer)
    return ObjectiveRow(objective, [cells[year] for year in years], len(objective.metrics.all()))


def answers_of(objective: AnnualObjective) -> Iterable[MetricYear]:
    """Every answer of the prefetched objective, each with its prefetched metric."""
    for metric in objective.metrics.all():
        metric.objective = objective
        for answer in metric.years.all():
            answer.metric = metric  # the prefetched one, with its rule
            yield answer


# --- chains: plan, in use, effects ---------------------------------------------------------------------------


@dataclass
class Chain:
    """Metrics that build on each other, the first step first."""

    steps: list[ObjectiveMetric]


def chains_of(objective: AnnualObjective) -> list[Chain]:
    """The chains of the prefetched objective; a metric that nothing follows and that follows nothing is in none."""
    metrics = list(objective.metrics.all())
    after: dict[int, list[ObjectiveMetric]] = defaultdict(list)
    for metric in metrics:
        if metric.follows_id:
            after[metric.follows_id].append(metric)
    found: list[Chain] = []

    def walk(steps: list[ObjectiveMetric]) -> None:
        following = [one for one in after[steps[-1].pk] if one not in steps]
        for one in following:
            walk([*steps, one])
        if not following and len(steps) > 1:
            found.append(Chain(steps))

    for metric in metrics:
        if not metric.follows_id:
            walk([metric])
    return found


def with_warnings(objective: AnnualObjective) -> list[MetricYear]:
    """The answers, each with `missing_step`: the answer of an earlier step that is a "no", or None.

    An earlier step is looked at in its last answered year up to the year of the answer: a plan that was
    missing first and made later holds nothing up.
    """
    metrics = {metric.pk: metric for metric in objective.metrics.all()}
    answers = list(answers_of(objective))
    for answer in answers:
        answer.missing_step = _refused_before(answer, metrics)  # type: ignore[attr-defined]
    return answers


def _refused_before(answer: MetricYear, metrics: dict[int, ObjectiveMetric]) -> MetricYear | None:
    seen = {answer.metric_id}
    step = metrics.get(answer.metric.follows_id or 0)
    while step is not None and step.pk not in seen:
        seen.add(step.pk)
        given = [
            one for one in step.years.all() if one.year <= answer.year and one.answer != Answer.OPEN
        ]  # fmt: skip
        if given and max(given, key=lambda one: one.year).answer == Answer.NO:
            return max(given, key=lambda one: one.year)
        step = metrics.get(step.follows_id or 0)
    return None


# --- wording -------------------------------------------------------------------------------------------------


@dataclass
class Missing:
    """An objective whose verbatim wording nobody has entered, or metrics of it."""

    objective: AnnualObjective
    is_own: bool
    metrics: list[ObjectiveMetric]


def wording_missing(programme: Programme, year: int) -> list[Missing]:
    """Objectives of the year that no report to the council may print yet: `text_fi` of them or of a metric is empty."""
    return missing_in(readable_objectives(programme), year)


def missing_in(objectives: Iterable[AnnualObjective], year: int) -> list[Missing]:
    """The same of prefetched objectives."""
    found = []
    for objective in objectives:
        asked = metrics_in(objective, year)
        metrics = [metric for metric in asked if not metric.text_fi]
        if asked and (not objective.text_fi or metrics):
            found.append(Missing(objective, not objective.text_fi, metrics))
    return found


def metrics_in(objective: AnnualObjective, year: int) -> list[ObjectiveMetric]:
    """Metrics of the prefetched objective that concern the year."""
    return [
        metric for metric in objective.metrics.all() if any(one.year == year for one in metric.years.all())
    ]
