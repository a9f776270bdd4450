"""The levels on which obstacles are answered, and their clocks."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.editing import edit_page
from core.permissions import can, require
from core.templatetags.ui import plain_text
from programme.access import programme_view
from programme.models import Programme
from risks.escalation.forms import LevelForm
from risks.escalation.levels import ladder_of, make_levels


@require_safe
@programme_view("risk.view")
def level_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The levels from the lowest, with their clocks."""
    context = {
        "levels": ladder_of(programme).rows,
        "may_edit": can(request.user, "governance.edit", programme),
    }
    return TemplateResponse(request, "risks/level_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@programme_view("governance.edit")
def level_edit(request: HttpRequest, programme: Programme, level: str) -> HttpResponse:
    """One level; the portal's own levels are written down when the first of them is changed."""
    require(request.user, "governance.edit", programme)
    if request.method == "POST":
        make_levels(programme, request.user)
    row = ladder_of(programme).by_level.get(level)
    if row is None:
        raise Http404
    title = _("Level: %(name)s") % {"name": plain_text(row)}
    return edit_page(
        request, LevelForm, row, title=title, back=reverse("risks:level_list", args=[programme.slug]),
        programme=programme,
    )  # fmt: skip
