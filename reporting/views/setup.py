"""The set-up list of a programme, and the one line of it that the dashboard shows."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from measures.selectors.cached import cached
from programme.access import programme_view
from programme.models import Programme
from reporting import setup


@require_safe
@programme_view("settings.edit")
def set_up(request: HttpRequest, programme: Programme) -> HttpResponse:
    found = setup.found_in(programme)
    done = [one for one in found if one.is_done]
    return TemplateResponse(
        request,
        "reporting/set_up.html",
        {
            "sections": setup.by_section_of(found),
            "done": done,
            "open_count": len(found) - len(done),
            "all_count": len(found),
        },
    )


@require_safe
@programme_view("settings.edit")
def set_up_line(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A part of the dashboard, loaded after it: how much is still missing."""
    missing, blocking = cached(programme, "set-up-line", lambda: setup.open_counts(programme))
    return TemplateResponse(
        request, "reporting/set_up_line.html", {"open_count": missing, "blocking_count": blocking}
    )
