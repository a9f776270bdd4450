"""The monthly update of a project, the month's list, and lights stated otherwise than computed."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.editing import add_page, drafts, edit_page
from core.periods import MonthError, format_month, month_key, parse_month
from core.permissions import can
from programme.access import programme_view
from programme.models import Dimension, LightOverride, Programme, Project, StatusUpdate
from programme.projects.lights.forms import OverrideForm
from programme.projects.lights.selectors import Shown, lights_of
from programme.projects.lights.services import state_light, take_back
from programme.projects.parts import part_url
from programme.updates.forms import StatusForm
from programme.updates.months import due_month
from programme.updates.selectors import (
    Asked,
    asked_of,
    latest_updates,
    month_of_all,
    neighbours,
    waiting,
)
from programme.updates.services import give_same, give_update, require_open
from programme.views.projects import READ_AND_SEND, card_of, find_project


def _month(text: str, programme: Programme) -> dt.date:
    """The month in the address; 404 for what is none or is not due yet."""
    try:
        month = parse_month(text)
    except MonthError as bad:
        raise Http404 from bad
    if month > due_month(programme):
        raise Http404
    return month


#: How long a stated light holds unless somebody says otherwise.
USUALLY = dt.timedelta(days=28)


# --- the month's list ------------------------------------------------------------------------------------------


@require_safe
@programme_view("project.view")
def status_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Who has given the month's update, who has not, and how the lights stand."""
    due = due_month(programme)
    month = _month(request.GET["month"], programme) if request.GET.get("month") else due
    found = month_of_all(programme, month)
    before, after = neighbours(month, due)
    return TemplateResponse(
        request,
        "programme/status_list.html",
        {
            "found": found, "key": month_key(month), "before": before, "after": after,
            "before_key": month_key(before), "after_key": month_key(after) if after else "",
            "may_give": {line.project.pk: can(request.user, "status.give", line.project) for line in found.lines},
            "dimensions": [Dimension(name) for name in _named(found.lines)],
        },
    )  # fmt: skip


def _named(lines: Any) -> list[str]:
    """The dimensions that any of the lines has, in their order."""
    there = {name for line in lines for name in line.lights}
    return [name for name in Dimension.values if name in there]


# --- giving it ---------------------------------------------------------------------------------------------------


@READ_AND_SEND
@programme_view("status.give")
def status_give(request: HttpRequest, programme: Programme, slug: str, month: str) -> HttpResponse:
    """One screen: no change in one click, or what happened, what comes next and the report form's questions."""
    project = find_project(request, programme, slug, "status.give")
    asked = asked_of(project, programme, _month(month, programme))
    back = _next_url(request, asked)
    if request.method == "POST" and "same" in request.POST:
        return _same(request, asked, back)
    row = asked.given or StatusUpdate(programme=programme, project=project, month=asked.month)
    row.project, row.programme = project, programme
    return edit_page(
        request, partial(StatusForm, asked=asked), row,
        title=_("How did %(month)s go?") % {"month": format_month(asked.month)},
        back=card_of(project), done=back, template="programme/status_give.html",
        context={"asked": asked, "project": project, "is_open": asked.month == due_month(programme)},
        save=give_update,
    )  # fmt: skip


def _same(request: HttpRequest, asked: Asked, back: str) -> HttpResponse:
    try:
        require_open(asked)
        give_same(asked, request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect(request.path)
    drafts.drop_draft(request.user, request.path)
    messages.success(request, _("%(name)s is up to date.") % {"name": asked.project.name})
    return redirect(back)


def _next_url(request: HttpRequest, asked: Asked) -> str:
    """Straight to the next project of mine that waits; the last one leads to its page."""
    if asked.project.manager_id == request.user.pk:
        rows = (
            waiting(asked.programme, asked.month)
            .filter(manager=asked.project.manager_id)
            .exclude(pk=asked.project.pk)
        )
        if (following := rows.first()) is not None:
            return give_url(following, asked.programme, asked.month)
    return card_of(asked.project)


def give_url(project: Project, programme: Programme, month: dt.date) -> str:
    return reverse("programme:status_give", args=[programme.slug, project.slug, month_key(month)])


# --- lights ------------------------------------------------------------------------------------------------------


def _dimension(name: str) -> str:
    if name not in Dimension.values:
        raise Http404
    return name


@READ_AND_SEND
@programme_view("light.override")
def light_state(request: HttpRequest, programme: Programme, slug: str, dimension: str) -> HttpResponse:
    """States a light against the computed one: why, and until when."""
    project = find_project(request, programme, slug, "light.override")
    name = _dimension(dimension)
    shown: Shown | None = lights_of([project], programme=programme)[project.pk].get(name)
    if shown is None:
        raise Http404
    return add_page(
        request, OverrideForm, programme,
        title=_("State a light: %(light)s") % {"light": shown.title},
        back=card_of(project), done=lambda row: card_of(project),
        initial={"holds_until": programme.today() + USUALLY},
        instance=LightOverride(programme=programme, project=project, dimension=name),
        template="programme/light_state.html", context={"project": project, "shown": shown},
        make=state_light, submit=_("State it"),
    )  # fmt: skip


@require_POST
@programme_view("light.override")
def light_take_back(request: HttpRequest, programme: Programme, slug: str, dimension: str) -> HttpResponse:
    """Lets the computed light count again."""
    project = find_project(request, programme, slug, "light.override")
    if take_back(project=project, dimension=_dimension(dimension), by=request.user):
        messages.success(request, _("The computed light counts again."))
    return redirect(card_of(project))


# --- parts of the project's page ------------------------------------------------------------------------------------


def lights_part(request: HttpRequest, project: Project) -> dict[str, Any]:
    """The lights as they stand, the latest updates, and what may be done."""
    programme = project.programme
    month = due_month(programme)
    updates = latest_updates(project)
    return {
        "lights": lights_of([project], programme=programme)[project.pk],
        "updates": updates,
        "month": month,
        "given": next((row for row in updates if row.month == month), None),
        "give_url": give_url(project, programme, month),
        "may_give": can(request.user, "status.give", project) and project.state == Project.State.RUNNING,
        "may_state": can(request.user, "light.override", project),
        "part_url": part_url(project, "lights"),
    }
