"""The wall of indicators, and the same as a table."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from kpis.models import Indicator
from kpis.selectors import by_level, sotkanet_ids, with_starts
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
