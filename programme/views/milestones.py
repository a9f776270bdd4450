"""Milestones of a project: added, edited, marked done, removed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.access import get_editable
from core.editing import add_page, edit_page
from core.identity_codes import found_in
from programme.access import programme_view
from programme.models import Milestone, Programme, Project
from programme.projects.links.forms import MilestoneForm
from programme.projects.links.selectors import network
from programme.projects.links.services import (
    Watched,
    add_milestone,
    edit_milestone,
    mark_done,
    remove_milestone,
)
from programme.projects.links.wording import tell
from programme.projects.selectors import line_of
from programme.views.projects import READ_AND_SEND, card_of, find_project


def _milestones_at(project: Project) -> str:
    """The card at its milestones."""
    return f"{card_of(project)}#milestones"


def _find(request: HttpRequest, programme: Programme, slug: str, pk: int) -> Milestone:
    rows = Milestone.objects.filter(programme=programme, project__slug=slug).select_related("project__theme")
    row: Milestone = get_editable(rows, request.user, "project.edit", pk=pk)
    row.programme = row.project.programme = programme
    return row


@READ_AND_SEND
@programme_view("project.edit")
def milestone_add(request: HttpRequest, programme: Programme, slug: str) -> HttpResponse:
    """A new milestone with the day it is planned for."""
    project = find_project(request, programme, slug, "project.edit")
    seen = Watched()

    def make(form: Any, by: Any) -> Milestone:
        row, watched = add_milestone(form, by)
        seen.now, seen.worse = watched.now, watched.worse
        return row

    answer = add_page(
        request, MilestoneForm, programme,
        title=_("Add a milestone: %(project)s") % {"project": project.name},
        back=_milestones_at(project),
        instance=Milestone(programme=programme, project=project),
        template="programme/milestone_edit.html",
        context={"project": project},
        make=make,
    )  # fmt: skip
    tell(request, seen.now, seen.worse)
    return answer


@READ_AND_SEND
@programme_view("project.edit")
def milestone_edit(request: HttpRequest, programme: Programme, slug: str, pk: int) -> HttpResponse:
    """Name, days and owner; the day first planned is changed with a reason. Says who is warned by it."""
    row = _find(request, programme, slug, pk)
    title = _("Edit milestone: %(name)s") % {"name": row.name}
    seen = Watched()

    def save(form: Any, by: Any) -> Any:
        saved, watched = edit_milestone(form, by)
        seen.now, seen.worse = watched.now, watched.worse
        return saved

    answer = edit_page(
        request, MilestoneForm, row,
        title=title,
        back=_milestones_at(row.project),
        template="programme/milestone_edit.html",
        context={"project": row.project},
        save=save,
    )  # fmt: skip
    tell(request, seen.now, seen.worse)
    return answer


@require_POST
@programme_view("project.edit")
def milestone_done(request: HttpRequest, programme: Programme, slug: str, pk: int) -> HttpResponse:
    """Marks it done today."""
    row = _find(request, programme, slug, pk)
    is_new, watched = mark_done(milestone=row, by=request.user, on=programme.today())
    if is_new:
        messages.success(request, _("Done: %(name)s.") % {"name": row.name})
        tell(request, watched.now, watched.worse)
    return redirect(_milestones_at(row.project))


@READ_AND_SEND
@programme_view("project.edit")
def milestone_remove(request: HttpRequest, programme: Programme, slug: str, pk: int) -> HttpResponse:
    """Asks first, then takes the milestone and its links away; why is kept in the history."""
    row = _find(request, programme, slug, pk)
    reason = request.POST.get("reason", "")[:1000]
    holds_code, problem = bool(found_in(reason)), ""
    if request.method == "POST" and not holds_code:
        try:
            remove_milestone(milestone=row, by=request.user, reason=reason)
        except ValidationError as refused:
            problem = " ".join(refused.messages)
        else:
            messages.success(request, _("Removed: %(name)s.") % {"name": row.name})
            return redirect(_milestones_at(row.project))
    now, node = network(programme), (row.project_id, row.pk)
    return TemplateResponse(
        request,
        "programme/milestone_remove.html",
        {
            "project": row.project,
            "line": line_of(row, programme.today()),
            "link_count": len(now.waits_for.get(node, [])) + len(now.waited_by.get(node, [])),
            "reason": reason,
            "holds_code": holds_code,
            "problem": problem,
        },
        status=422 if holds_code or problem else 200,
    )
