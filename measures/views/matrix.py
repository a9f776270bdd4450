"""The savings matrix."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from measures import tables
from measures.selectors import differences, matrix
from measures.views.known import shows_known_day
from measures.views.shared import unit_context
from measures.wording import difference_words
from programme.access import programme_view
from programme.models import Programme


@require_safe
@programme_view("savings.view")
@shows_known_day
def savings_matrix(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The target table as the programme prints it, sectors, their differences, and what is achieved beside."""
    found = matrix(programme)
    context = unit_context(request)
    unit = context["unit"]
    context |= {
        "figures": found.figures,
        "as_of": found.figures.as_of,
        "has_targets": bool(found.total.total) or any(row.total for row in found.cost_types + found.sectors),
        "tables": tables.matrix_tables(programme, found, unit),
        "ladder": found.figures.ladder,
        "ladder_rows": tables.ladder_rows(
            found.figures.ladder,
            unit,
            reverse("measures:measure_list", args=[programme.slug]),
            reverse("measures:unallocated", args=[programme.slug]),
        ),
        "differences": [difference_words(one, unit) for one in differences(programme)],
    }
    return TemplateResponse(request, "measures/savings_matrix.html", context)
