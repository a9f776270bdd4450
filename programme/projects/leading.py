"""Leading people through the change in a project: the elements, effects on staff, lessons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from core.editing import RowForm, Saved
from programme.models import ChangeElement, ChangeElementCheck, LessonLearned, Programme, Project
from programme.projects.once import write_once


@dataclass(frozen=True)
class ElementLine:
    """An element of leading the change, and what the project says of it; `check` may be None."""

    element: ChangeElement
    check: ChangeElementCheck | None

    @property
    def is_done(self) -> bool:
        return self.check is not None and self.check.is_done


def elements_of(project: Project) -> list[ElementLine]:
    """The elements in their order; one that is closed stands while the project has looked at it. Two statements."""
    checks = {row.element_id: row for row in project.element_checks.all()}
    rows = ChangeElement.objects.filter(programme=project.programme_id)
    lines = [ElementLine(row, checks.get(row.pk)) for row in rows]
    return [line for line in lines if line.check is not None or not line.element.is_closed]


def check_element(form: RowForm, by: Any) -> Saved:
    """Saves whether the element is taken care of; the day is today unless another is given."""
    on = form.cleaned_data.get("checked_on") or form.programme.today()
    form.cleaned_data["checked_on"] = form.instance.checked_on = on
    return write_once(form, by, "project", "element", also={"checked_on": on})


def lessons(programme: Programme) -> QuerySet[LessonLearned]:
    """Lessons of all projects, newest first."""
    return LessonLearned.objects.filter(programme=programme).select_related("project__theme")


def found_lessons(rows: QuerySet[LessonLearned], text: str) -> QuerySet[LessonLearned]:
    """Lessons in which every word of the text stands: in the lesson, the advice or the project's name."""
    for term in text.split()[:8]:
        wanted = Q(subject__icontains=term) | Q(recommendation__icontains=term)
        for name in ("name_fi", "name_sv", "name_en"):
            wanted |= Q(**{f"project__{name}__icontains": term})
        rows = rows.filter(wanted)
    return rows
