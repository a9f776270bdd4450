"""Pages of indicators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access import get_editable
from kpis.models import Indicator, MeasureIndicator
from kpis.selectors import (
    baselines,
    by_level,
    readable_indicators,
    sotkanet_ids,
    start_is_missing,
    values_by_year,
    with_starts,
)
from kpis.services import follow, ids_of
from measures.models import Measure
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


@require_http_methods(["GET", "HEAD", "POST"])
@programme_view("measure.edit")
def measure_indicators(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """The indicators that follow a measure, chosen by hand; those of its goal count beside them."""
    rows = Measure.objects.filter(programme=programme).select_related("goal__theme", "owner")
    measure = get_editable(rows, request.user, "measure.edit", code=code)
    indicators = list(Indicator.objects.filter(programme=programme))
    linked = set(
        MeasureIndicator.objects.filter(programme=programme, measure=measure).values_list(
            "indicator", flat=True
        )
    )
    back = reverse("measures:measure_detail", args=[programme.slug, code])
    status = 200
    if request.method == "POST":
        status = 422
        if "seen" in request.POST:
            known = {indicator.pk for indicator in indicators}
            shown, chosen = ids_of(request.POST.getlist("seen")), ids_of(request.POST.getlist("indicator"))
            follow(
                measure=measure,
                add=(chosen - shown) & known,
                remove=(shown - chosen) & known,
                by=request.user,
            )
            messages.success(request, _("Saved."))
            return redirect(back)
    context = {"measure": measure, "indicators": indicators, "linked": linked, "back": back}
    return TemplateResponse(request, "kpis/measure_indicators.html", context, status=status)
