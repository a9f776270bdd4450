"""The phases that a project goes through, what it answers to their questions, and moving from one to another."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from core.editing import RowForm, Saved
from core.history import own_context
from programme.models import PhaseAnswer, PhaseQuestion, Project, ProjectPhase
from programme.projects.once import forget, write_once


@dataclass(frozen=True)
class QuestionLine:
    """A question and what the project has answered; `answer` may be None."""

    question: PhaseQuestion
    answer: PhaseAnswer | None


@dataclass(frozen=True)
class PhaseLine:
    """A phase with its questions, and whether the project is in it."""

    phase: ProjectPhase
    questions: list[QuestionLine]
    is_now: bool
    is_past: bool

    @property
    def unanswered(self) -> list[PhaseQuestion]:
        """Questions that are still asked and have no answer."""
        return [
            line.question for line in self.questions if line.answer is None and not line.question.is_closed
        ]


@dataclass(frozen=True)
class Phases:
    """All phases of a project in their order."""

    lines: list[PhaseLine]

    @property
    def now(self) -> PhaseLine | None:
        return next((line for line in self.lines if line.is_now), None)

    @property
    def after(self) -> ProjectPhase | None:
        """The phase that comes next."""
        return self._beside(1)

    @property
    def before(self) -> ProjectPhase | None:
        return self._beside(-1)

    def _beside(self, step: int) -> ProjectPhase | None:
        at = next((place for place, line in enumerate(self.lines) if line.is_now), None)
        if at is None or not 0 <= at + step < len(self.lines):
            return None
        return self.lines[at + step].phase


def phases_of(project: Project) -> Phases:
    """The phases with questions and answers. Three statements.

    A question that is no longer asked stands while the project has answered it.
    """
    answers = {row.question_id: row for row in project.phase_answers.select_related("updated_by")}
    rows = ProjectPhase.objects.filter(programme=project.programme_id).prefetch_related(
        Prefetch("questions", PhaseQuestion.objects.order_by("position", "id"))
    )
    return Phases([_line(row, answers, project.phase_number) for row in rows])


def _line(phase: ProjectPhase, answers: dict[int, PhaseAnswer], now: int) -> PhaseLine:
    lines = [QuestionLine(question, answers.get(question.pk)) for question in phase.questions.all()]
    shown = [line for line in lines if line.answer is not None or not line.question.is_closed]
    return PhaseLine(phase, shown, is_now=phase.number == now, is_past=phase.number < now)


def answer_question(form: RowForm, by: Any) -> Saved:
    """Saves the answer with its day; an answer whose text is taken away is none."""
    if not form.cleaned_data["text"]:
        return _taken_away(form, by)
    return write_once(form, by, "project", "question", also={"answered_on": form.programme.today()})


def _taken_away(form: RowForm, by: Any) -> Saved:
    row = form.instance
    kept = PhaseAnswer.objects.filter(project=row.project, question=row.question).first()
    if kept is None:
        return Saved(row)
    if kept.version != form.shown.get("version"):
        raise ValidationError(_("Somebody changed it meanwhile."), code="changed")
    return forget(kept, by)


def move_phase(*, project: Project, to: int, seen: int, by: Any) -> bool:
    """Moves the project to the phase of that number; False when it is not in the phase `seen` any more."""
    with transaction.atomic(), own_context(user=by.pk):
        waiting = Project.objects.filter(pk=project.pk, phase_number=seen)
        return waiting.update(phase_number=to, updated_by=by) == 1


def unanswered_by_project(projects: list[Project]) -> dict[int, int]:
    """By project, how many questions of its phase have no answer. Two statements."""
    if not projects:
        return {}
    asked: dict[int, set[int]] = defaultdict(set)
    questions = PhaseQuestion.objects.filter(programme=projects[0].programme_id, is_closed=False)
    for number, pk in questions.order_by().values_list("phase__number", "pk"):
        asked[number].add(pk)
    answered = set(
        PhaseAnswer.objects.filter(project__in=[row.pk for row in projects])
        .order_by()
        .values_list("project", "question")
    )
    return {
        row.pk: sum((row.pk, question) not in answered for question in asked[row.phase_number])
        for row in projects
    }
