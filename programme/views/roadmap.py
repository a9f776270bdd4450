"""The roadmap across the programme."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.permissions import can
from programme import page_selectors as pages
from programme.access import programme_view
from programme.models import Programme, Theme
from programme.projects.gantt.roadmap import roadmap_of
from programme.projects.links.selectors import network
from programme.views.gantt import KNOWN, address_of


@require_safe
@programme_view("project.view")
def roadmap(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Activities, decisions, projects and milestones: whole, by year or by quarter, of all themes or one."""
    asked = {key: request.GET.get(key, "") for key in KNOWN}
    themes = list(Theme.objects.filter(programme=programme))
    theme = next((row for row in themes if row.key == asked["theme"]), None)
    if asked["theme"] and theme is None:
        raise Http404
    slots, bars = pages.roadmap(programme)
    found = roadmap_of(
        programme, network(programme), [bar.activity for bar in bars], user=request.user,
        theme=theme.pk if theme else None, zoom=asked["zoom"], at=asked["at"],
    )  # fmt: skip
    here, window = reverse("programme:roadmap", args=[programme.slug]), found.window
    return TemplateResponse(
        request,
        "programme/roadmap.html",
        {
            "slots": slots,
            "bars": bars,
            "roadmap": found,
            "window": window,
            "themes": themes,
            "asked": asked,
            "here": here,
            "before": address_of(here, asked, at=window.before) if window.before else "",
            "after": address_of(here, asked, at=window.after) if window.after else "",
            "may_read_decisions": can(request.user, "register.view", programme),
            "notes": pages.statements_of(programme, "roadmap_note", "full_launch"),
        },
    )
