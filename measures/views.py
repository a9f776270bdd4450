"""Pages of measures: the list, the card, the savings matrix."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from config.limits import PAGE_ROWS
from core.money import rounded_parts_differ, unit_label
from core.pages import is_part
from core.units import asked_unit, unit_choices
from measures.exports import measures_csv
from measures.forms import MeasureFilter
from measures.grids import grid_of
from measures.models import Measure, Overlap
from measures.selectors import (
    differences,
    line_months,
    matrix,
    measure_figures,
    measure_targets,
)
from programme.access import programme_view
from programme.models import Programme

#: Levels of the list's columns.
LIST_LEVELS = ("plan", "forecast", "claimed", "confirmed")


@require_GET
@vary_on_headers("HX-Request", "HX-Boosted")
@programme_view("measure.view")
def measure_list(request: HttpRequest, programme: Programme) -> HttpResponse | StreamingHttpResponse:
    """One page of the measures that the filters of the address leave; `format=csv` gives them all."""
    measures = Measure.objects.filter(programme=programme).order_by("code")
    filters = MeasureFilter(request.GET, programme=programme, queryset=measures)
    narrowed = filters.qs if filters.form.is_valid() else measures.none()
    if request.GET.get("format") == "csv":
        return _csv(programme, narrowed)
    rows = narrowed.select_related("goal__theme", "owner")
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    found = list(page.object_list)
    figures = measure_figures([row.pk for row in found], programme)
    context = {
        "filters": filters,
        "page": page,
        "rows": [(row, figures[row.pk].level_change, figures[row.pk].in_base) for row in found],
        "chosen": filters.chosen,
        "unit": (unit := asked_unit(request)),
        "unit_label": unit_label(unit),
        "units": unit_choices(unit),
        "illustrative": sum(row.is_illustrative for row in found),
    }
    template = "measures/_measure_table.html" if is_part(request) else "measures/measure_list.html"
    return TemplateResponse(request, template, context)


def _csv(programme: Programme, rows: Any) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(
        measures_csv(programme, rows, language=(get_language() or "fi")[:2]), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{programme.slug}-measures.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
@programme_view("measure.view")
def measure_detail(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """The card: what the measure is, its figures, its months by line."""
    rows = Measure.objects.select_related("goal__theme", "goal__parent", "owner", "project", "linked_initiative")
    measure = get_object_or_404(rows, programme=programme, code=code)
    measure.programme = programme
    lines = line_months(measure)
    figures = measure_figures([measure.pk], programme)[measure.pk]
    unit = asked_unit(request, "eur")
    years = sorted({cell.month.year for line in lines for cell in line.months})
    year = _asked_year(request, years, programme)
    overlaps = list(
        Overlap.objects.filter(programme=programme, yielding_line__measure=measure).select_related(
            "other_line__measure", "yielding_line__sector", "yielding_line__cost_type"
        )
        | Overlap.objects.filter(programme=programme, other_line__measure=measure).select_related(
            "other_line__measure", "yielding_line__sector", "yielding_line__cost_type", "yielding_line__measure"
        )
    )
    return TemplateResponse(
        request,
        "measures/measure_detail.html",
        {
            "measure": measure,
            "figures": figures,
            "target": measure_targets([measure.pk], programme).get(measure.pk),
            "lines": lines,
            "grids": [grid_of(line, year) for line in lines],
            "year": year,
            "years": years,
            "final_year": programme.final_year,
            "other_goals": list(measure.other_goals.all()),
            "segments": list(measure.segments.all()),
            "overlaps": overlaps,
            "unit": unit,
            "unit_label": unit_label(unit),
            "units": unit_choices(unit),
        },
    )


def _asked_year(request: HttpRequest, years: list[int], programme: Programme) -> int:
    """The year of the grid: the one in the address, else that of the status date."""
    asked = request.GET.get("year", "")
    if asked.isascii() and asked.isdigit() and int(asked) in years:
        return int(asked)
    status = programme.today().year
    return status if status in years else (years[-1] if years else status)


@require_GET
@programme_view("savings.view")
def savings_matrix(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The target table as the programme prints it, sectors, their differences, and what is achieved beside."""
    found = matrix(programme)
    unit = asked_unit(request)
    return TemplateResponse(
        request,
        "measures/savings_matrix.html",
        {
            "matrix": found,
            "figures": found.figures,
            "ladder": found.figures.ladder,
            "differences": differences(programme),
            "has_targets": any(row.total or row.base or row.later for row in [*found.cost_types, *found.sectors]),
            "is_rounded": {
                "cost_types": _differs(found.cost_types, found.total, unit),
                "sectors": _differs(found.sectors, found.sector_total, unit),
            },
            "unit": unit,
            "unit_label": unit_label(unit),
            "units": unit_choices(unit),
            "measures_url": reverse("measures:measure_list", args=[programme.slug]),
            "final_year": programme.final_year,
            "as_of": found.figures.as_of,
        },
    )


def _differs(rows: list[Any], total: Any, unit: Any) -> bool:
    """Whether some column of what is achieved does not add up once it is rounded."""
    return any(
        rounded_parts_differ(
            [getattr(row.achieved.level_change, level) for row in rows],
            getattr(total.achieved.level_change, level),
            unit=unit,
        )
        for level in LIST_LEVELS
    )
