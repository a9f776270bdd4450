"""Pages of indicators."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from kpis.models import Indicator
from kpis.selectors import (
    baselines,
    by_level,
    readable_indicators,
    sotkanet_ids,
    start_is_missing,
    values_by_year,
    with_starts,
)
from programme.access import programme_view
from programme.models import Programme
from programme.page_selectors import statements_of


@require_safe
@programme_view("kpi.view")
def indicator_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    indicators = with_starts(programme)
    monitoring = [row for row in indicators if row.scope == Indicator.Scope.MONITORING]
    vision = [row for row in indicators if row.scope == Indicator.Scope.VISION]
    return TemplateResponse(
        request,
        "kpis/indicator_list.html",
        {
            "indicators": indicators,
            "levels": by_level(monitoring),
            "vision": vision,
            "sotkanet_ids": sotkanet_ids(indicators),
            "hyte_count": sum(row.is_hyte for row in indicators),
            "notes": statements_of(programme, "indicator_note", "monitoring_note"),
        },
    )


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
