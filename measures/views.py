"""Pages of measures: the list, the card, the savings matrix."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from config.limits import PAGE_ROWS
from core.money import unit_label
from core.pages import is_part
from core.units import asked_unit, unit_choices
from measures import cards, tables
from measures.exports import measures_csv
from measures.forms import MeasureFilter
from measures.models import Measure
from measures.selectors import (
    differences,
    matrix,
    measure_card,
    measure_levels,
    measure_targets,
)
from measures.wording import LEVEL_WORDS, difference_words
from programme.access import programme_view
from programme.models import Programme
from programme.words import word


def _unit_context(request: HttpRequest, default: Any = "meur") -> dict[str, Any]:
    unit = asked_unit(request, default)
    return {"unit": unit, "unit_label": unit_label(unit), "units": unit_choices(unit)}


@require_safe
@vary_on_headers("HX-Request", "HX-Boosted")
@programme_view("measure.view")
def measure_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """One page of the measures that the filters of the address leave; `format=csv` gives them all."""
    measures = Measure.objects.filter(programme=programme).order_by("code")
    filters = MeasureFilter(request.GET, programme=programme, queryset=measures)
    narrowed = filters.qs if filters.form.is_valid() else measures.none()
    if request.GET.get("format") == "csv":
        return _csv(programme, narrowed)
    page = Paginator(narrowed.select_related("goal", "owner"), PAGE_ROWS).get_page(request.GET.get("page"))
    found = list(page.object_list)
    context = _unit_context(request)
    levels = measure_levels([row.pk for row in found], programme)
    context |= {
        "filters": filters,
        "chosen": filters.chosen,
        "page": page,
        "rows": [tables.measure_row(programme, row, levels[row.pk], context["unit"]) for row in found],
        "words": tables.list_words(),
        "to_date": programme.today(),
        "illustrative": sum(row.is_illustrative for row in found),
    }
    template = "measures/_measure_table.html" if is_part(request) else "measures/measure_list.html"
    return TemplateResponse(request, template, context)


def _csv(programme: Programme, rows: Any) -> Any:
    language = (get_language() or "fi")[:2]
    answer = StreamingHttpResponse(
        measures_csv(programme, rows, language=language), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{programme.slug}-{_("measures")}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
@programme_view("measure.view")
def measure_detail(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """The card: what the measure is, its figures, its months by line."""
    rows = Measure.objects.select_related("goal__theme", "owner", "project", "linked_initiative")
    measure = get_object_or_404(rows, programme=programme, code=code)
    measure.programme = programme
    card = measure_card(measure)
    whole, figures, lines = card.whole, card.figures, card.lines
    context = _unit_context(request, "eur")
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


@require_safe
@programme_view("savings.view")
def savings_matrix(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The target table as the programme prints it, sectors, their differences, and what is achieved beside."""
    found = matrix(programme)
    context = _unit_context(request)
    unit = context["unit"]
    context |= {
        "figures": found.figures,
        "as_of": found.figures.as_of,
        "has_targets": bool(found.total.total) or any(row.total for row in found.cost_types + found.sectors),
        "tables": tables.matrix_tables(programme, found, unit),
        "ladder": found.figures.ladder,
        "ladder_rows": tables.ladder_rows(
            found.figures.ladder, unit, reverse("measures:measure_list", args=[programme.slug])
        ),
        "differences": [difference_words(one, unit) for one in differences(programme)],
    }
    return TemplateResponse(request, "measures/savings_matrix.html", context)
