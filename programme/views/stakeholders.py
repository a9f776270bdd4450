"""Stakeholders and the communication plan, of the programme and of each project."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import get_editable
from core.editing import add_page, edit_page
from core.permissions import can
from programme.access import programme_view
from programme.models import CommunicationItem, Programme, Project, Stakeholder
from programme.projects import stakeholders as told
from programme.projects.planning_forms import CommunicationForm, StakeholderForm
from programme.views.projects import READ_AND_SEND, card_of, find_project

LIST = "list"


@require_safe
@programme_view("project.view")
def stakeholder_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The programme's own stakeholders, and those of its projects, each with the items of its plan."""
    lines = told.lines_of(told.stakeholders(programme).order_by("name_fi", "id"), programme.today())
    mark_editable(request.user, lines)
    own = [line for line in lines if line.row.project_id is None]
    by_project: dict[Project, list[told.StakeholderLine]] = {}
    for line in lines:
        if line.row.project is not None:
            by_project.setdefault(line.row.project, []).append(line)
    context = {
        "own": own,
        "by_project": sorted(by_project.items(), key=lambda pair: pair[0].name),
        "late": sum(line.late for line in lines),
        "on": programme.today(),
        "came_from": LIST,
    }
    return TemplateResponse(request, "programme/stakeholder_list.html", context)


def mark_editable(user: Any, lines: list[told.StakeholderLine]) -> None:
    """Marks what the person may edit and which items they may say are done."""
    for line in lines:
        line.row.may_edit = may_edit = can(user, "project.edit", line.row)  # type: ignore[attr-defined]
        for item in line.items:
            item.row.may_tell = may_edit or item.row.owner_id == user.pk  # type: ignore[attr-defined]


def stakeholders_part(request: HttpRequest, project: Project) -> dict[str, Any]:
    """What the project's part shows."""
    lines = told.for_project(project, project.programme.today())
    mark_editable(request.user, lines)
    return {
        "lines": lines,
        "late": sum(line.late for line in lines),
        "may_edit": can(request.user, "project.edit", project),
    }


@READ_AND_SEND
@programme_view("settings.edit")
def stakeholder_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A stakeholder of the programme itself."""
    return _add(request, programme, None)


@READ_AND_SEND
@programme_view("project.edit")
def project_stakeholder_add(request: HttpRequest, programme: Programme, slug: str) -> HttpResponse:
    """A stakeholder of one project."""
    return _add(request, programme, find_project(request, programme, slug, "project.edit"))


def _add(request: HttpRequest, programme: Programme, project: Project | None) -> HttpResponse:
    row = Stakeholder(programme=programme, project=project)
    return add_page(
        request, StakeholderForm, programme,
        title=_("Add a stakeholder"),
        back=f"{card_of(project)}#part-stakeholders" if project else told.place_of(row).partition("#")[0],
        done=told.place_of,
        instance=row, template="programme/stakeholder_edit.html", context={"project": project},
    )  # fmt: skip


@READ_AND_SEND
@programme_view("project.edit")
def stakeholder_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """A stakeholder's name, weight and who keeps contact."""
    row = get_editable(told.stakeholders(programme), request.user, "project.edit", pk=pk)
    return edit_page(
        request, StakeholderForm, row,
        title=_("Edit the stakeholder: %(name)s") % {"name": row.name}, back=told.place_of(row),
        template="programme/stakeholder_edit.html", context={"project": row.project},
    )  # fmt: skip


@READ_AND_SEND
@programme_view("project.edit")
def communication_add(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """One more item of the communication plan, for this stakeholder."""
    whom = get_editable(told.stakeholders(programme), request.user, "project.edit", pk=pk)
    row = CommunicationItem(programme=programme, project=whom.project, stakeholder=whom)
    return add_page(
        request, CommunicationForm, programme,
        title=_("Tell %(name)s") % {"name": whom.name},
        back=told.place_of(whom), done=told.place_of,
        instance=row, initial={"owner": whom.owner_id},
        template="programme/stakeholder_edit.html", context={"project": whom.project, "stakeholder": whom},
    )  # fmt: skip


@READ_AND_SEND
@programme_view("project.edit")
def communication_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """What is told, when, how and by whom."""
    row = get_editable(told.communications(programme), request.user, "project.edit", pk=pk)
    return edit_page(
        request, CommunicationForm, row,
        title=_("Edit: %(subject)s") % {"subject": row.subject}, back=told.place_of(row),
        template="programme/stakeholder_edit.html",
        context={"project": row.project, "stakeholder": row.stakeholder},
    )  # fmt: skip


@require_POST
@programme_view("project.view")
def communication_done(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Its owner, or who may edit it, notes that it was told today."""
    row = get_object_or_404(told.communications(programme), pk=pk)
    row.programme = programme
    if not (can(request.user, "communication.keep", row) or can(request.user, "project.edit", row)):
        raise PermissionDenied(_("Your role does not include this page."))
    if told.tell(item=row, by=request.user, on=programme.today()):
        messages.success(request, _("Done: %(name)s.") % {"name": row.subject})
    if request.POST.get("from") == LIST or row.project is None:
        row.project = None
        return redirect(told.place_of(row))
    return redirect(f"{card_of(row.project)}#part-stakeholders")
