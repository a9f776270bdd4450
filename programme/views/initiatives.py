"""Undertakings with funding of their own that run beside the programme."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import get_editable
from core.editing import add_page, edit_page
from core.parameters import parameters_of
from core.permissions import can
from programme.access import programme_view
from programme.models import LinkedInitiative, Programme
from programme.parameters import RECONCILE_MONTHS
from programme.projects.forms import InitiativeAddForm, InitiativeForm
from programme.projects.initiatives import line_of
from programme.views.projects import READ_AND_SEND


def page_of(row: LinkedInitiative) -> str:
    return reverse("programme:initiative_detail", args=[row.programme.slug, row.key])


@require_safe
@programme_view("project.view")
def initiative_detail(request: HttpRequest, programme: Programme, key: str) -> HttpResponse:
    """Contact, coordinator, when it was last reconciled; the measures it carries out load beside."""
    rows = LinkedInitiative.objects.select_related("coordinator")
    row = get_object_or_404(rows, programme=programme, key=key)
    row.programme = programme
    limit = int(parameters_of(programme)[RECONCILE_MONTHS])
    context = {
        "row": row,
        "line": line_of(row, programme.today(), limit),
        "may_edit": can(request.user, "settings.edit", programme),
        "may_see_measures": can(request.user, "measure.view", programme),
    }
    return TemplateResponse(request, "programme/initiative_detail.html", context)


@READ_AND_SEND
@programme_view("settings.edit")
def initiative_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """One more undertaking beside the programme."""
    return add_page(
        request, InitiativeAddForm, programme,
        title=_("Add an undertaking beside the programme"),
        back=reverse("programme:project_list", args=[programme.slug]) + "#undertakings",
        done=page_of,
        instance=LinkedInitiative(programme=programme),
    )  # fmt: skip


@READ_AND_SEND
@programme_view("settings.edit")
def initiative_edit(request: HttpRequest, programme: Programme, key: str) -> HttpResponse:
    """What it is, who answers for it, and when it was last reconciled with the programme."""
    rows = LinkedInitiative.objects.filter(programme=programme)
    row = get_editable(rows, request.user, "settings.edit", key=key)
    row.programme = programme
    return edit_page(
        request, InitiativeForm, row,
        title=_("Edit undertaking: %(name)s") % {"name": row.name},
        back=page_of(row),
        template="programme/initiative_edit.html",
    )  # fmt: skip
