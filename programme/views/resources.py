"""People and money of projects, and the load of people over all projects."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.editing import add_page, edit_page
from core.permissions import can
from programme.access import programme_view
from programme.models import Programme, Project, ProjectFinance, ProjectPerson
from programme.projects.finances import finances_of, money_by_project, remove_finance
from programme.projects.people import load_of, months_of, most, name_of, people_of, take_off
from programme.projects.resource_forms import FinanceForm, PersonForm
from programme.views.leading import edited_row, part_at
from programme.views.projects import READ_AND_SEND, find_project


def people_part(request: HttpRequest, project: Project) -> dict[str, Any]:
    """The part of the project's page."""
    lines = people_of(project)
    return {
        "people": lines,
        "lacking": sum(line.lacks_substitute for line in lines),
        "overloaded": sum(line.is_overloaded for line in lines),
        "may_edit": can(request.user, "project.edit", project),
    }


def finances_part(request: HttpRequest, project: Project) -> dict[str, Any]:
    """The part of the project's page."""
    lines, total = finances_of(project)
    return {"finances": lines, "total": total, "may_edit": can(request.user, "project.edit", project)}


# --- people -----------------------------------------------------------------------------------------------------


@READ_AND_SEND
@programme_view("project.edit")
def project_person_add(request: HttpRequest, programme: Programme, slug: str) -> HttpResponse:
    """Somebody who works in the project."""
    project = find_project(request, programme, slug, "project.edit")
    return add_page(
        request, PersonForm, programme,
        title=_("Add somebody to the project: %(project)s") % {"project": project.name},
        back=part_at(project, "people"), done=lambda row: part_at(project, "people"),
        instance=ProjectPerson(programme=programme, project=project), initial={"starts_on": programme.today()},
        template="programme/project_row_edit.html", context={"project": project},
    )  # fmt: skip


@READ_AND_SEND
@programme_view("project.edit")
def project_person_edit(request: HttpRequest, programme: Programme, slug: str, pk: int) -> HttpResponse:
    """Somebody's task, share, days and substitute."""
    row = edited_row(ProjectPerson.objects, request, programme, slug, pk)
    return edit_page(
        request, PersonForm, row,
        title=_("Work in the project: %(name)s") % {"name": name_of(row)}, back=part_at(row.project, "people"),
        template="programme/project_resource_edit.html",
        context={"project": row.project, "remove": "programme:project_person_remove"},
    )  # fmt: skip


@READ_AND_SEND
@programme_view("project.edit")
def project_person_remove(request: HttpRequest, programme: Programme, slug: str, pk: int) -> HttpResponse:
    """Asks first, then takes off somebody who was never in the project."""
    row = edited_row(ProjectPerson.objects, request, programme, slug, pk)
    back = part_at(row.project, "people")
    if request.method == "POST":
        take_off(row, request.user)
        messages.success(request, _("Taken off the project: %(name)s.") % {"name": name_of(row)})
        return redirect(back)
    context = {
        "title": _("Take somebody off the project?"), "back": back,
        "what": _("%(name)s: whoever stops gets a last day instead, so that it is seen who worked when.")
        % {"name": name_of(row)},
    }  # fmt: skip
    return TemplateResponse(request, "programme/meeting_part_remove.html", context)


@require_safe
@programme_view("project.view")
def load(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Who works in which projects, and who has more than full time in the months to come."""
    lines = load_of(programme)
    context = {
        "lines": lines,
        "months": months_of(programme.today()),
        "most": most(programme),
        "overloaded": sum(line.is_overloaded for line in lines),
    }
    return TemplateResponse(request, "programme/load.html", context)


# --- money ------------------------------------------------------------------------------------------------------


@READ_AND_SEND
@programme_view("project.edit")
def project_finance_add(request: HttpRequest, programme: Programme, slug: str) -> HttpResponse:
    """A year's money from one source."""
    project = find_project(request, programme, slug, "project.edit")
    return add_page(
        request, FinanceForm, programme,
        title=_("Add money of a year: %(project)s") % {"project": project.name},
        back=part_at(project, "finances"), done=lambda row: part_at(project, "finances"),
        instance=ProjectFinance(programme=programme, project=project), initial={"year": programme.today().year},
        template="programme/project_row_edit.html", context={"project": project},
    )  # fmt: skip


@READ_AND_SEND
@programme_view("project.edit")
def project_finance_edit(request: HttpRequest, programme: Programme, slug: str, pk: int) -> HttpResponse:
    """A year's money: the actual and the forecast, and the budget until the plan is ready."""
    row = edited_row(ProjectFinance.objects, request, programme, slug, pk)
    return edit_page(
        request, FinanceForm, row,
        title=_("Money of %(year)s: %(project)s") % {"year": row.year, "project": row.project.name},
        back=part_at(row.project, "finances"), template="programme/project_resource_edit.html",
        context={"project": row.project, "remove": "programme:project_finance_remove"},
    )  # fmt: skip


@READ_AND_SEND
@programme_view("project.edit")
def project_finance_remove(request: HttpRequest, programme: Programme, slug: str, pk: int) -> HttpResponse:
    """Asks first, then takes a year's money away."""
    row = edited_row(ProjectFinance.objects, request, programme, slug, pk)
    back = part_at(row.project, "finances")
    problem = _why_it_stays(row)
    if request.method == "POST" and not problem:
        remove_finance(row, request.user)
        messages.success(request, _("Removed: %(name)s.") % {"name": row.year})
        return redirect(back)
    context = {
        "title": _("Remove the year's money?"), "back": back, "problem": problem,
        "what": _("%(year)s: what it was stays in the history.") % {"year": row.year},
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "programme/meeting_part_remove.html", context, status=status)


def _why_it_stays(row: ProjectFinance) -> str:
    """Why a year's money is not removed; empty when it may be."""
    if row.budget_changes.exists():
        return _("A change request moves this budget, so it stays.")
    if row.project.is_baselined and row.budget_eur_cents:
        return _("The plan is ready: the budget changes by a change request.")
    return ""


@require_safe
@programme_view("project.view")
def project_finance_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Money of all projects beside each other."""
    rows, total = money_by_project(programme)
    return TemplateResponse(request, "programme/finance_list.html", {"rows": rows, "total": total})
