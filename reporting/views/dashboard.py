"""The dashboard: are we reaching the target. The first answer at once, the panels below it after it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from core.pages import is_part
from core.units import asked_unit, unit_choices
from measures.views.known import shows_known_day
from programme.access import programme_view
from programme.models import Programme
from reporting.content import Content
from reporting.layout import OPEN_PANELS, PANELS, board_of, panel_names
from reporting.presenting import present
from reporting.selectors import Overview
from reporting.views.status import status_line


@require_safe
@programme_view("dashboard.view")
@shows_known_day
def dashboard(request: HttpRequest, programme: Programme) -> HttpResponse:
    overview = Overview(programme)
    content = Content.for_page()
    places: list[str] = []
    for place, added in board_of(overview).items():
        for add in added:
            add(content, overview)
        places += [place] * (len(content.blocks) - len(places))
    unit = asked_unit(request)
    blocks = present(content, programme=programme, unit=unit)
    board: dict[str, list[dict[str, Any]]] = {place: [] for place in board_of(overview)}
    for place, block in zip(places, blocks, strict=True):
        board[place].append(block)
    return TemplateResponse(
        request,
        "reporting/dashboard.html",
        {
            "overview": overview,
            "status": status_line(overview),
            "board": board,
            "panels": [
                {
                    "name": name,
                    "title": PANELS[name][0],
                    "span": PANELS[name][1],
                    "is_open": name in OPEN_PANELS,
                    "url": f"{reverse('reporting:dashboard_panel', args=[programme.slug, name])}?unit={unit}",
                }
                for name in panel_names(overview)
            ],
            "units": unit_choices(unit) if overview.has_target else [],
        },
    )


@require_safe
@vary_on_headers("HX-Request", "HX-Boosted")
@programme_view("dashboard.view")
@shows_known_day
def dashboard_panel(request: HttpRequest, programme: Programme, name: str) -> HttpResponse:
    """One panel: a part for htmx, a page of its own for a plain link."""
    if name not in PANELS:
        raise Http404
    overview = Overview(programme)
    content = Content.for_page()
    title, _span, blocks = PANELS[name]
    for add in blocks:
        add(content, overview)
    unit = asked_unit(request)
    template = "reporting/_panel.html" if is_part(request) else "reporting/panel.html"
    return TemplateResponse(
        request,
        template,
        {
            "title": title,
            "blocks": present(content, programme=programme, unit=unit),
            "status": [] if is_part(request) else status_line(overview),
            "units": unit_choices(unit),
        },
    )
