"""The card of one measure."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from measures import cards
from measures.models import Measure
from measures.selectors import measure_card, measure_targets
from measures.views.shared import unit_context
from measures.wording import LEVEL_WORDS
from programme.access import programme_view
from programme.models import Programme
from programme.words import word


@require_safe
@programme_view("measure.view")
def measure_detail(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """The card: what the measure is, its figures, its months by line."""
    rows = Measure.objects.select_related("goal__theme", "owner", "project", "linked_initiative")
    measure = get_object_or_404(rows, programme=programme, code=code)
    measure.programme = programme
    card = measure_card(measure)
    whole, figures, lines = card.whole, card.figures, card.lines
    context = unit_context(request, "eur")
    years = sorted({cell.month.year for line in lines for cell in line.months})
    year = _asked_year(request, years, programme)
    context |= {
        "measure": measure,
        "stage": word(programme, f"stage.{measure.stage}"),
        "as_of": whole.as_of,
        "closed_through": whole.closed_through,
        "level_names": LEVEL_WORDS.values(),
        "quantities": cards.quantities(figures, whole, context["unit"]),
        "target": measure_targets([measure.pk], programme).get(measure.pk),
        "lines": lines,
        "grids": [cards.grid_of(line, year, context["unit"]) for line in lines],
        "year": year,
        "years": years,
        "other_goals": list(measure.other_goals.all()),
        "segments": list(measure.segments.all()),
        "overlaps": cards.overlaps_of(measure, context["unit"]),
    }
    return TemplateResponse(request, "measures/measure_detail.html", context)


def _asked_year(request: HttpRequest, years: list[int], programme: Programme) -> int:
    """The year of the grid: the one in the address, else that of the status date."""
    asked = request.GET.get("year", "")
    if asked.isascii() and asked.isdigit() and int(asked) in years:
        return int(asked)
    status = programme.today().year
    return status if status in years or not years else years[-1]
