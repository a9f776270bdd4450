"""Undertakings with funding of their own that run beside the programme."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.access import get_editable
from core.editing import edit_page
from programme.access import programme_view
from programme.models import LinkedInitiative, Programme
from programme.projects.forms import InitiativeForm
from programme.views.projects import READ_AND_SEND


@READ_AND_SEND
@programme_view("settings.edit")
def initiative_edit(request: HttpRequest, programme: Programme, key: str) -> HttpResponse:
    """The undertaking's name; which measures lean on it is chosen on a page of the measures."""
    rows = LinkedInitiative.objects.filter(programme=programme)
    row = get_editable(rows, request.user, "settings.edit", key=key)
    row.programme = programme
    return edit_page(
        request, InitiativeForm, row,
        title=_("Edit undertaking: %(name)s") % {"name": row.name},
        back=reverse("programme:project_list", args=[programme.slug]) + "#undertakings",
        template="programme/initiative_edit.html",
    )  # fmt: skip
