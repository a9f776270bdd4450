"""What the programme is and says."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from core.money import sum_known
from programme import page_selectors as pages
from programme.access import programme_view
from programme.models import (
    CostType,
    PeerComparison,
    PreparationWorkshop,
    Programme,
    StrategyDocument,
    Target,
)


@require_safe
@programme_view("programme.view")
def programme_facts(request: HttpRequest, programme: Programme) -> HttpResponse:
    composition = pages.money_targets(programme, Target.Kind.COMPOSITION)
    return TemplateResponse(
        request,
        "programme/programme_facts.html",
        {
            "chapters": pages.chapters(programme),
            "fact_groups": pages.fact_groups(programme),
            "peers": PeerComparison.objects.filter(programme=programme),
            "documents": StrategyDocument.objects.filter(programme=programme).select_related("approved_by"),
            "cost_types": CostType.objects.filter(programme=programme, parent=None).prefetch_related("parts"),
            "workshops": PreparationWorkshop.objects.filter(programme=programme),
            "stated": pages.stated_targets(programme),
            "totals": pages.total_targets(programme),
            "composition": composition,
            "composition_total": sum_known(row.value_eur_cents for row in composition).cents,
            "annual": pages.money_targets(programme, Target.Kind.ANNUAL),
        },
    )
