"""Leading the change in a project: elements ticked, effects on staff, lessons for those who come after."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from core.access import get_editable
from core.editing import add_page, edit_page, edit_part
from core.editing.drafts import storable
from programme.access import programme_view
from programme.models import ChangeElement, ChangeElementCheck, LessonLearned, Programme, Project, StaffEffect
from programme.projects.leading import check_element, found_lessons, lessons
from programme.projects.parts import part_url
from programme.projects.planning_forms import EffectForm, ElementForm, LessonForm
from programme.views.projects import READ_AND_SEND, card_of, find_project

PAGE_LENGTH = 50


@READ_AND_SEND
@vary_on_headers("HX-Request", "HX-Boosted")
@programme_view("project.edit")
def element_check(request: HttpRequest, programme: Programme, slug: str, key: str) -> HttpResponse:
    """Whether the project has taken care of one element, and how."""
    project = find_project(request, programme, slug, "project.edit")
    element = get_object_or_404(ChangeElement, programme=programme, key=key)
    row = ChangeElementCheck.objects.filter(project=project, element=element).first()
    row = row or ChangeElementCheck(programme=programme)
    row.project, row.element, row.programme = project, element, programme
    return edit_part(
        request, ElementForm, row,
        title=f"{element.name}: {project.name}",
        back=f"{part_url(project, 'change')}#element-{element.pk}",
        form_template="programme/project_part_form.html",
        shown_template="programme/_element_check.html",
        context={"project": project, "element": element, "may_edit": True},
        shown_context=lambda found: {"check": found if found.pk else None},
        save=check_element,
    )  # fmt: skip


def edited_row(rows: Any, request: HttpRequest, programme: Programme, slug: str, pk: int) -> Any:
    """The row of that project: 404 when it is not there, 403 without the right to edit its project."""
    found = rows.filter(programme=programme, project__slug=slug).select_related("project__theme")
    row = get_editable(found, request.user, "project.edit", pk=pk)
    row.programme = row.project.programme = programme
    return row


def part_at(project: Project, part: str) -> str:
    return f"{card_of(project)}#part-{part}"


@READ_AND_SEND
@programme_view("project.edit")
def effect_add(request: HttpRequest, programme: Programme, slug: str) -> HttpResponse:
    """How the change is seen to affect staff, on a day."""
    project = find_project(request, programme, slug, "project.edit")
    return add_page(
        request, EffectForm, programme,
        title=_("Add an effect on staff: %(project)s") % {"project": project.name},
        back=part_at(project, "change"), done=lambda row: part_at(project, "change"),
        instance=StaffEffect(programme=programme, project=project), initial={"seen_on": programme.today()},
        template="programme/project_row_edit.html", context={"project": project},
    )  # fmt: skip


@READ_AND_SEND
@programme_view("project.edit")
def effect_edit(request: HttpRequest, programme: Programme, slug: str, pk: int) -> HttpResponse:
    """An effect on staff, corrected or with what is done about it."""
    row = edited_row(StaffEffect.objects, request, programme, slug, pk)
    return edit_page(
        request, EffectForm, row,
        title=_("Effect on staff: %(group)s") % {"group": row.group}, back=part_at(row.project, "change"),
        template="programme/project_row_edit.html", context={"project": row.project},
    )  # fmt: skip


@READ_AND_SEND
@programme_view("project.edit")
def lesson_add(request: HttpRequest, programme: Programme, slug: str) -> HttpResponse:
    """A lesson for those who come after."""
    project = find_project(request, programme, slug, "project.edit")
    return add_page(
        request, LessonForm, programme,
        title=_("Add a lesson: %(project)s") % {"project": project.name},
        back=part_at(project, "lessons"), done=lambda row: part_at(project, "lessons"),
        instance=LessonLearned(programme=programme, project=project), initial={"noted_on": programme.today()},
        template="programme/project_row_edit.html", context={"project": project},
    )  # fmt: skip


@READ_AND_SEND
@programme_view("project.edit")
def lesson_edit(request: HttpRequest, programme: Programme, slug: str, pk: int) -> HttpResponse:
    """A lesson, corrected."""
    row = edited_row(LessonLearned.objects, request, programme, slug, pk)
    return edit_page(
        request, LessonForm, row,
        title=_("Lesson: %(subject)s") % {"subject": row.subject}, back=part_at(row.project, "lessons"),
        template="programme/project_row_edit.html", context={"project": row.project},
    )  # fmt: skip


@require_safe
@programme_view("project.view")
def lesson_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Lessons of all projects, found by words and kind."""
    query, kind = storable(request.GET.get("q", "")).strip()[:200], request.GET.get("kind", "")
    rows = found_lessons(lessons(programme), query)
    if kind in LessonLearned.Kind.values:
        rows = rows.filter(kind=kind)
    page = Paginator(rows, PAGE_LENGTH).get_page(request.GET.get("page"))
    context = {"page": page, "query": query, "kind": kind, "kinds": LessonLearned.Kind.choices}
    return TemplateResponse(request, "programme/lesson_list.html", context)
