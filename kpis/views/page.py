"""The page of one indicator."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from kpis.selectors import baselines, readable_indicators, start_is_missing, values_by_year
from programme.access import programme_view
from programme.models import Programme


@require_safe
@programme_view("kpi.view")
def indicator_detail(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    rows = readable_indicators(programme).prefetch_related("derived")
    indicator = get_object_or_404(rows, pk=pk)
    observations = list(indicator.observations.select_related("source_link"))
    starts = baselines(indicator.baseline_rows)  # type: ignore[attr-defined]
    return TemplateResponse(
        request,
        "kpis/indicator_detail.html",
        {
            "indicator": indicator,
            "baselines": starts,
            "start_missing": start_is_missing(indicator, starts),
            "periods": values_by_year(observations),
        },
    )
