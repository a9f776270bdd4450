"""The page of the vision: themes with their indicators, spearheads, documents, balancing."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from kpis.models import Indicator
from kpis.selectors import readable_indicators
from programme.access import programme_view
from programme.models import Programme, StrategyDocument, Theme
from programme.page_selectors import statements_of
from strategy.models import BalancingProgramme
from strategy.selectors import under_vision_themes, vision_tree


@require_safe
@programme_view("strategy.view")
def vision(request: HttpRequest, programme: Programme) -> HttpResponse:
    indicators = list(readable_indicators(programme).filter(scope=Indicator.Scope.VISION))
    under = {theme.pk: rows for theme, rows in under_vision_themes(indicators) if theme}
    themes = [(theme, under.get(theme.pk, [])) for theme in vision_tree(programme)]
    return TemplateResponse(
        request,
        "strategy/vision.html",
        {
            "themes": themes,
            "spearheads": Theme.objects.filter(programme=programme),
            "documents": StrategyDocument.objects.filter(programme=programme).select_related("approved_by"),
            "balancing": BalancingProgramme.objects.filter(programme=programme).prefetch_related(
                "principles"
            ),
            "statements": statements_of(programme, "strategy_statement", "vision_note"),
        },
    )
