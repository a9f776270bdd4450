"""Reporting points: when the council is told of objectives and vision, and what each point has to tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from core.db import retrying
from programme.models import Body, Programme
from strategy.models import FixedMetric, MetricYear, ObjectiveMetric, ReportingPoint, StatisticsNews
from strategy.objectives.matrix import (
    Missing,
    fixed_years,
    metrics_in,
    missing_in,
    readable_objectives,
    with_warnings,
)
from strategy.vision.status import ThemeStatus, vision_status

Kind, State = ReportingPoint.Kind, ReportingPoint.State

#: Points of a year: kind, due day as (years later, month, day), name. The source says what comes with what, not on
#: which day: these days are ours, and each point's day can be changed.
YEARLY: tuple[tuple[str, tuple[int, int, int], dict[str, str]], ...] = (
    (Kind.BUDGET, (-1, 12, 31), {"fi": "Talousarvio {year}", "sv": "Budget {year}", "en": "Budget {year}"}),
    (
        Kind.INTERIM, (0, 9, 30),
        {"fi": "Osavuosikatsaus {year}", "sv": "Delårsrapport {year}", "en": "Interim report {year}"},
    ),
    (Kind.ACCOUNTS, (1, 6, 30), {"fi": "Tilinpäätös {year}", "sv": "Bokslut {year}", "en": "Annual accounts {year}"}),
    (
        Kind.WELLBEING, (1, 6, 30),
        {"fi": "Hyvinvointikertomus {year}", "sv": "Välfärdsberättelse {year}", "en": "Wellbeing report {year}"},
    ),
)  # fmt: skip


def names_of(names: dict[str, str], **words: Any) -> dict[str, str]:
    """The columns of a point's name."""
    return {f"name_{language}": text.format(**words) for language, text in names.items()}


def council(programme: Programme) -> Body | None:
    """The body that sets and follows the objectives."""
    return Body.objects.filter(programme=programme, kind=Body.Kind.COUNTY_COUNCIL).first()


@retrying
def add_year(*, programme: Programme, year: int, by: Any) -> int:
    """Adds the points of the year that are not there yet; how many."""
    with transaction.atomic():
        Programme.objects.select_for_update().get(pk=programme.pk)
        there = set(
            ReportingPoint.objects.filter(programme=programme, year=year).values_list("kind", flat=True)
        )
        body = council(programme)
        new = [
            ReportingPoint(
                programme=programme, kind=kind, year=year, due_on=date(year + later, month, day), body=body,
                **names_of(names, year=year),
            ).stamp(by)
            for kind, (later, month, day), names in YEARLY
            if kind not in there
        ]  # fmt: skip
        ReportingPoint.objects.bulk_create(new)
        return len(new)


def state_of(point: ReportingPoint, on: date) -> str:
    """Given, coming, or missed: its day has passed and nobody has said that it was given."""
    if point.state == State.COMING and point.due_on is not None and point.due_on < on:
        return State.MISSED
    return point.state


def points_of(programme: Programme) -> QuerySet[ReportingPoint]:
    """The programme's points by year, those on statistics last."""
    return (
        ReportingPoint.objects.filter(programme=programme)
        .select_related("body")
        .order_by("-year", "due_on", "id")
    )


# --- what a point tells --------------------------------------------------------------------------------------


@dataclass
class Line:
    """A metric of an objective as a report prints it."""

    metric: ObjectiveMetric
    wording: str
    answer: MetricYear | None


@dataclass
class Told:
    """An objective as a report prints it; `is_printed` is False while wording is missing."""

    objective: Any
    wording: str
    is_printed: bool
    lines: list[Line] = field(default_factory=list)


@dataclass
class Contents:
    """What the page of a point prints."""

    objectives: list[Told] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    fixed: Any = None
    with_answers: bool = False
    themes: list[ThemeStatus] = field(default_factory=list)
    news: list[StatisticsNews] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def contents_of(point: ReportingPoint) -> Contents:
    """What the point has to tell: objectives with the budget, the interim report and the accounts, the vision with
    the accounts and the wellbeing report, and the values behind a report on new statistics."""
    found = Contents()
    if point.kind in (Kind.BUDGET, Kind.INTERIM, Kind.ACCOUNTS):
        _objectives(point, found)
    if point.kind in (Kind.INTERIM, Kind.ACCOUNTS, Kind.WELLBEING):
        found.themes = vision_status(point.programme)
    if point.kind == Kind.STATISTICS:
        found.news = news_of(point)
    return found


def _objectives(point: ReportingPoint, found: Contents) -> None:
    year = point.year
    found.with_answers = point.kind != Kind.BUDGET
    found.fixed = fixed_years(point.programme).get(year)
    objectives = list(readable_objectives(point.programme))
    found.missing = missing_in(objectives, year)
    lacking = {one.objective.pk for one in found.missing}
    decided = _decided(found.fixed)
    for objective in objectives:
        answers = {row.metric_id: row for row in with_warnings(objective) if row.year == year}
        kept = next((row for key, row in decided.items() if key[0] == objective.pk), None)
        # The decision's own words; where they were entered after it, the ones that were entered.
        wording = (kept.objective_text.get("fi") if kept else "") or objective.text_fi
        told = Told(objective, wording, objective.pk not in lacking and bool(wording))
        for metric in metrics_in(objective, year):
            row = decided.get((objective.pk, metric.pk))
            text = (row.metric_text.get("fi") if row else "") or metric.text_fi
            told.lines.append(Line(metric, text, answers.get(metric.pk)))
        found.objectives.append(told)
    for told in found.objectives:
        for line in told.lines:
            if line.answer is not None:
                found.counts[line.answer.answer] = found.counts.get(line.answer.answer, 0) + 1


def _decided(fixed: Any) -> dict[tuple[int, int | None], FixedMetric]:
    rows = FixedMetric.objects.filter(objective_set=fixed) if fixed else FixedMetric.objects.none()
    return {(row.objective_id, row.metric_id): row for row in rows}


def news_of(point: ReportingPoint) -> list[StatisticsNews]:
    """The values of a report on new statistics by indicator and year. One statement."""
    rows = (
        StatisticsNews.objects.filter(point=point)
        .select_related(
            "observation__indicator", "observation__source_link", "before", "evaluation__rule",
            "evaluation_before__rule",
        )
        .order_by("observation__indicator__position", "observation__indicator_id", "observation__year",
                  "-observation__region_role", "observation__breakdown")
    )  # fmt: skip
    return list(rows)
