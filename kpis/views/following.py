"""What measures and goals are meant to move."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.access import get_editable
from kpis.models import Indicator, MeasureIndicator
from kpis.services import follow, ids_of
from measures.models import Measure
from programme.access import programme_view
from programme.models import Programme


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
