"""The parts of a measure's card that load after it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from core.pages import is_part
from measures.card_parts import part_named
from measures.models import Measure
from measures.views.known import shows_known_day
from measures.views.shared import unit_context
from programme.access import programme_view
from programme.models import Programme


@require_safe
@vary_on_headers("HX-Request", "HX-Boosted")
@programme_view("measure.view")
@shows_known_day
def card_part(request: HttpRequest, programme: Programme, code: str, part: str) -> HttpResponse:
    """One part: a piece of the card for htmx, a page of its own for a plain link."""
    rows = Measure.objects.select_related("goal__theme", "owner", "project", "linked_initiative")
    measure = get_object_or_404(rows, programme=programme, code=code)
    measure.programme = programme
    found = part_named(request.user, measure, part)
    if found is None:
        raise Http404
    context = unit_context(request, "eur") | {"measure": measure, "part": found}
    context |= found.context(request, programme, measure)
    template = found.template if is_part(request) else "measures/card_part.html"
    return TemplateResponse(request, template, context)
