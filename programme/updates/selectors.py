"""Who is asked for the monthly update, who has given it, and what the form shows. A constant number of statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.periods import month_end, next_month, previous_month
from programme.models import Programme, Project, ReportQuestion, StatusAnswer, StatusUpdate
from programme.projects.lights.selectors import Lights, frozen, lights_of
from programme.updates.months import closes_on, cut_off, due_month, is_late


def asked(programme: Programme, month: dt.date | None = None) -> QuerySet[Project]:
    """Projects under way; with a month those that had begun by its end."""
    rows = Project.objects.filter(programme=programme, state=Project.State.RUNNING)
    if month is not None:
        rows = rows.filter(Q(starts_on__isnull=True) | Q(starts_on__lte=month_end(month)))
    return rows.order_by("theme__number", "slug")


def waiting(programme: Programme, month: dt.date) -> QuerySet[Project]:
    """Projects that are asked and have not given the month's update."""
    given = StatusUpdate.objects.filter(project=OuterRef("pk"), month=month)
    return asked(programme, month).exclude(Exists(given))


def questions_of(programme: Programme) -> list[ReportQuestion]:
    """The questions of the one report form, in their order, without those no longer asked."""
    return list(
        ReportQuestion.objects.filter(programme=programme, is_closed=False).order_by("position", "pk")
    )


@dataclass
class Asked:
    """Everything the form needs of one project and month."""

    project: Project
    programme: Programme
    month: dt.date
    today: dt.date
    questions: list[ReportQuestion]
    given: StatusUpdate | None = None
    before: StatusUpdate | None = None
    #: Answers by question, of the given update and of the one before.
    answers: dict[int, StatusAnswer] = field(default_factory=dict)
    answers_before: dict[int, StatusAnswer] = field(default_factory=dict)

    @cached_property
    def lights(self) -> Lights:
        """The lights as they stand now."""
        return lights_of([self.project], programme=self.programme)[self.project.pk]

    @property
    def lights_before(self) -> Lights:
        return frozen(self.before.lights) if self.before else {}

    @property
    def cut_off(self) -> dt.date:
        return cut_off(self.programme, self.month)

    @property
    def is_late(self) -> bool:
        return self.given is None and is_late(self.programme, self.month, self.today)

    @property
    def closes_on(self) -> dt.date:
        return closes_on(self.month)

    @property
    def lacks_for_same(self) -> list[ReportQuestion]:
        """Questions that must be answered and were not last month: then "no change" says too little."""
        return [one for one in self.questions if one.is_required and one.pk not in self.answers_before]

    @property
    def may_keep(self) -> bool:
        """Whether one click does: there is an update of an earlier month that says everything that is asked."""
        return self.given is None and self.before is not None and not self.lacks_for_same


def asked_of(project: Project, programme: Programme, month: dt.date | None = None) -> Asked:
    """What is asked of the project for the month (the due one). Three statements, the lights apart."""
    month = month or due_month(programme)
    rows = StatusUpdate.objects.filter(project=project, month__lte=month).order_by("-month")
    latest = list(rows.select_related("given_by")[:2])
    given = next((row for row in latest if row.month == month), None)
    before = next((row for row in latest if row.month < month), None)
    found = Asked(project, programme, month, programme.today(), questions_of(programme), given, before)
    for row in StatusAnswer.objects.filter(update__in=[one for one in latest if one]):
        (found.answers if given and row.update_id == given.pk else found.answers_before)[row.question_id] = (
            row
        )
    return found


@dataclass(frozen=True)
class MonthLine:
    """A project in the month's list: its update if it has given one, and its lights as they stand now."""

    project: Project
    update: StatusUpdate | None
    lights: Lights


@dataclass(frozen=True)
class Month:
    """The month's list: who has given and who has not."""

    month: dt.date
    cut_off: dt.date
    is_due: bool
    is_late: bool
    lines: Sequence[MonthLine]

    @property
    def given(self) -> list[MonthLine]:
        return [line for line in self.lines if line.update is not None]

    @property
    def missing(self) -> list[MonthLine]:
        return [line for line in self.lines if line.update is None]


def month_of_all(programme: Programme, month: dt.date | None = None) -> Month:
    """Every project that is asked for the month, with frozen lights where an update is given."""
    due = due_month(programme)
    month = min(month or due, due)
    projects = list(asked(programme, month).select_related("theme", "manager"))
    updates = {
        row.project_id: row
        for row in StatusUpdate.objects.filter(programme=programme, month=month).select_related("given_by")
    }
    now = lights_of(projects, programme=programme) if month == due else {}
    lines = []
    for row in projects:
        update = updates.get(row.pk)
        lines.append(MonthLine(row, update, frozen(update.lights) if update else now.get(row.pk, {})))
    today = programme.today()
    return Month(month, cut_off(programme, month), month == due, is_late(programme, month, today), lines)


def neighbours(month: dt.date, due: dt.date) -> tuple[dt.date, dt.date | None]:
    """The month before, and the one after unless it is not due yet."""
    return previous_month(month), (next_month(month) if month < due else None)


def latest_updates(project: Project, limit: int = 6) -> list[StatusUpdate]:
    """The project's latest updates with their answers. Two statements."""
    rows: Any = project.status_updates.select_related("given_by").prefetch_related("answers__question")
    return list(rows.order_by("-month")[:limit])
