"""Pages of change requests."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import get_editable
from core.editing import add_page
from core.permissions import can
from programme.access import programme_view
from programme.models import ChangeRequest, Programme, Project
from programme.projects.changes import services
from programme.projects.changes.forms import AskForm, DecideForm
from programme.projects.changes.notices import address_of
from programme.projects.changes.selectors import baselines_of, requests, requests_of
from programme.projects.links.wording import tell
from programme.views.projects import READ_AND_SEND, card_of, find_project

STATES = ChangeRequest.State.choices


def changes_part(request: HttpRequest, project: Project) -> dict[str, Any]:
    """The part of the project's page: requests, and how the baseline moved."""
    return {
        "requests": requests_of(project),
        "baselines": baselines_of(project),
        "may_ask": can(request.user, "change.ask", project),
    }


def _found(request: HttpRequest, programme: Programme, slug: str, number: int, action: str) -> ChangeRequest:
    rows = requests().filter(programme=programme, project__slug=slug)
    row: ChangeRequest = get_editable(rows, request.user, action, number=number)
    row.programme = row.project.programme = programme
    return row


@require_safe
@programme_view("project.view")
def change_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Requests of all projects: those that wait first."""
    state = request.GET.get("state", "")
    rows = requests().filter(programme=programme)
    if state in ChangeRequest.State.values:
        rows = rows.filter(state=state)
    found = sorted(rows.order_by("-asked_at"), key=lambda row: row.state != ChangeRequest.State.ASKED)
    for row in found:
        row.programme = programme
    return TemplateResponse(
        request, "programme/change_list.html", {"requests": found, "state": state, "states": STATES}
    )


@require_safe
@programme_view("project.view")
def change_detail(request: HttpRequest, programme: Programme, slug: str, number: int) -> HttpResponse:
    """One request: what it moves, why, and the decision."""
    row = _found(request, programme, slug, number, "project.view")
    waits = row.state == ChangeRequest.State.ASKED
    context = {
        "change": row, "project": row.project, "waits": waits,
        "decides": waits and row.asked_by_id != request.user.pk and can(request.user, "change.decide", row),
        "may_take_back": waits and can(request.user, "change.ask", row),
    }  # fmt: skip
    return TemplateResponse(request, "programme/change_detail.html", context)


@READ_AND_SEND
@programme_view("change.ask")
def change_ask(request: HttpRequest, programme: Programme, slug: str) -> HttpResponse:
    """Asks for a change."""
    project = find_project(request, programme, slug, "change.ask")

    def make(form: AskForm, by: Any) -> ChangeRequest:
        told = form.cleaned_data
        return services.ask(
            project=project, by=by, subject=told["subject"], reason=told["why"], effect=told["effect"],
            is_scope=told["is_scope"], wanted=form.wanted(),
        )  # fmt: skip

    return add_page(
        request, partial(AskForm, project=project), programme,
        title=_("Ask for a change: %(project)s") % {"project": project.name},
        back=f"{card_of(project)}#part-changes", done=address_of, make=make,  # type: ignore[arg-type]
        submit=_("Ask"), told=_("The change was asked for. Those who decide were told."),
        template="programme/project_row_edit.html", context={"project": project},
    )  # fmt: skip


@READ_AND_SEND
@programme_view("change.decide")
def change_decide(request: HttpRequest, programme: Programme, slug: str, number: int) -> HttpResponse:
    """Accepts or refuses a request."""
    row = _found(request, programme, slug, number, "change.decide")
    if row.asked_by_id == request.user.pk:  # before anything is typed
        raise PermissionDenied(_("Nobody decides on their own request."))

    def make(form: DecideForm, by: Any) -> ChangeRequest:
        told = form.cleaned_data
        values = {name: told[name] for name in ("body", "section", "case_number")}
        watched = services.decide(
            request=row,
            accept=form.accepts,
            by=by,
            on=told["decided_on"],
            answer=told["answer"],
            values=values,
        )
        if watched is not None:
            tell(request, watched.now, watched.worse)
        return row

    return add_page(
        request, DecideForm, programme,
        title=_("Decide on the change: %(subject)s") % {"subject": row.subject},
        back=address_of(row), done=lambda _row: address_of(row), make=make,  # type: ignore[arg-type]
        submit=_("Decide"), told=_("The decision was stored."), initial={"decided_on": programme.today()},
        template="programme/change_decide.html", context={"project": row.project, "change": row},
    )  # fmt: skip


@require_POST
@programme_view("change.ask")
def change_take_back(request: HttpRequest, programme: Programme, slug: str, number: int) -> HttpResponse:
    """Takes a request back before it is decided."""
    row = _found(request, programme, slug, number, "change.ask")
    try:
        services.take_back(request=row, by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    else:
        messages.success(request, _("The request was taken back."))
    return redirect(reverse("programme:change_detail", args=[programme.slug, slug, number]))
