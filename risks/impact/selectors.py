"""Reads of the pages about impacts and promises; each in a number of statements that does not grow with measures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q

from measures.models import Measure, Stage
from programme.models import Programme, Project
from risks.impact.watching import Watched, watched_of
from risks.models import (
    ImpactArea,
    ImpactAssessment,
    ProductionAnalysis,
    Promise,
    PromiseCheck,
    StaffHearing,
)

#: Answers in the order in which they are counted; "" are measures that nobody looked at.
IMPACT_ANSWERS = tuple(ImpactAssessment.Answer)
PROMISE_ANSWERS = tuple(PromiseCheck.Answer)
NEWEST = 10
#: Stages from which on a measure is somebody's work.
WORKED_ON = (Stage.PLANNED, Stage.DECIDED, Stage.IN_DELIVERY)


def measures_of(programme: Programme) -> Any:
    """The measures that count: those that are not withdrawn."""
    return Measure.objects.filter(programme=programme).exclude(stage=Stage.WITHDRAWN)


@dataclass(frozen=True)
class Counted:
    """How many measures gave one answer; `answer` is "" for those nobody looked at."""

    answer: str
    word: str
    count: int


@dataclass
class AreaLine:
    """One area: what is watched, and what measures say of it."""

    area: ImpactArea
    watched: list[Watched]
    counts: list[Counted]
    worse: list[ImpactAssessment] = field(default_factory=list)


def area_lines(programme: Programme) -> list[AreaLine]:
    """Every area of the programme. Seven statements."""
    areas = list(ImpactArea.objects.filter(programme=programme).prefetch_related("statements"))
    watched = watched_of(areas)
    measures = measures_of(programme)
    asked = measures.count()
    counted: dict[int, dict[str, int]] = defaultdict(dict)
    given = ImpactAssessment.objects.filter(programme=programme, measure__in=measures)
    for area, answer, count in given.order_by().values_list("area", "answer").annotate(count=Count("pk")):
        counted[area][answer] = count
    worse: dict[int, list[ImpactAssessment]] = defaultdict(list)
    rows = given.filter(answer__in=ImpactAssessment.NEGATIVES).select_related("measure", "signed_off_by")
    for row in rows.order_by("signed_off_on", "measure__code"):
        worse[row.area_id].append(row)
    return [
        AreaLine(area, watched[area.pk], _counts(IMPACT_ANSWERS, counted[area.pk], asked), worse[area.pk])
        for area in areas
    ]


def _counts(answers: Sequence[Any], given: dict[str, int], asked: int) -> list[Counted]:
    found = [Counted(str(one), str(one.label), given.get(str(one), 0)) for one in answers]
    return [*found, Counted("", "", max(0, asked - sum(given.values())))]


def assessments_of(area: ImpactArea) -> list[ImpactAssessment]:
    """What measures say of the area: what weakens it first, then what advances it. One statement."""
    rows = ImpactAssessment.objects.filter(area=area).exclude(measure__stage=Stage.WITHDRAWN)
    found = list(rows.select_related("measure", "signed_off_by").order_by("measure__code"))
    order = {"negative": 0, "positive": 1, "neutral": 2}
    return sorted(found, key=lambda row: order[row.answer])


# --- promises -----------------------------------------------------------------------------------------------------


@dataclass
class PromiseLine:
    """One promise and how many measures keep, endanger or break it."""

    promise: Promise
    counts: list[Counted]

    @property
    def audience(self) -> str:
        return self.promise.get_audience_display()


@dataclass
class PromiseReport:
    """The promises of a programme across its measures."""

    lines: list[PromiseLine]
    measures: int
    negatives: list[PromiseCheck]
    newest: list[PromiseCheck]
    unresourced: list[Measure]
    empty_projects: list[Project]
    unheard: int

    @property
    def unsigned(self) -> int:
        return sum(1 for row in self.negatives if not row.is_settled)


def promise_report(programme: Programme) -> PromiseReport:
    """Counts, negative answers (those without a signature first), the newest answers, what lacks people."""
    measures = measures_of(programme)
    asked = measures.count()
    given = PromiseCheck.objects.filter(programme=programme, measure__in=measures)
    counted: dict[int, dict[str, int]] = defaultdict(dict)
    for promise, answer, count in (
        given.order_by().values_list("promise", "answer").annotate(count=Count("pk"))
    ):
        counted[promise][answer] = count
    lines = [
        PromiseLine(promise, _counts(PROMISE_ANSWERS, counted[promise.pk], asked))
        for promise in Promise.objects.filter(programme=programme)
    ]
    told = given.select_related("measure", "promise", "signed_off_by", "updated_by")
    negatives = sorted(
        told.filter(answer__in=PromiseCheck.NEGATIVES),
        key=lambda row: (row.is_settled, row.answer != "broken", row.measure.code),
    )
    heard = StaffHearing.objects.filter(programme=programme).order_by().values("measure")
    return PromiseReport(
        lines, asked, negatives, list(told.order_by("-updated_at", "-pk")[:NEWEST]), unresourced(programme),
        projects_without_people(programme), measures.filter(stage__in=WORKED_ON).exclude(pk__in=heard).count(),
    )  # fmt: skip


def unresourced(programme: Programme) -> list[Measure]:
    """Measures under work of which nobody says who does them: no people, no project, no linked undertaking."""
    rows = measures_of(programme).filter(
        stage__in=WORKED_ON, project=None, linked_initiative=None, resources__regex=r"^\s*$"
    )
    return list(rows.order_by("code"))


def projects_without_people(programme: Programme) -> list[Project]:
    """Projects that are not closed and name no people for today or later."""
    today = programme.today()
    rows = Project.objects.filter(programme=programme, closed_on=None).exclude(state__in=["done", "stopped"])
    there = Q(people__ends_on__isnull=True) | Q(people__ends_on__gte=today)
    staffed = Project.objects.filter(there, programme=programme, people__isnull=False).values("pk")
    return list(rows.exclude(pk__in=staffed).order_by("name_fi", "pk"))


@dataclass(frozen=True)
class Answered:
    """A measure with its answer about a promise; `check` is None where nobody looked."""

    measure: Measure
    check: PromiseCheck | None


def answers_about(promise: Promise, answer: str | None) -> list[Answered]:
    """Measures that gave `answer` ("" nobody looked, None all): unsigned and broken ones first. Two statements."""
    checks = PromiseCheck.objects.filter(promise=promise).select_related("signed_off_by")
    given = {row.measure_id: row for row in checks}
    found = [
        Answered(measure, given.get(measure.pk))
        for measure in measures_of(promise.programme).order_by("code")
    ]
    if answer is not None:
        found = [one for one in found if (one.check.answer if one.check else "") == answer]
    order = {"broken": 1, "negative": 2, "ok": 3, "not_concerned": 4}
    return sorted(
        found,
        key=lambda one: (
            (0 if not one.check.is_settled else 1, order[one.check.answer]) if one.check else (2, 0)
        ),
    )


# --- of a measure ---------------------------------------------------------------------------------------------------


def hearings_of(measure: Measure) -> list[StaffHearing]:
    return list(StaffHearing.objects.filter(programme=measure.programme_id, measure=measure))


def analyses_of(measure: Measure) -> list[ProductionAnalysis]:
    rows = ProductionAnalysis.objects.filter(programme=measure.programme_id, measure=measure)
    return list(rows.select_related("service"))


def latest_day(rows: Sequence[StaffHearing]) -> date | None:
    return max((row.heard_on for row in rows), default=None)
