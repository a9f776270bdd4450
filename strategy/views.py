"""Pages of the long view: vision, annual objectives, development seasons."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from kpis.models import Indicator
from kpis.selectors import readable_indicators
from programme.access import programme_view
from programme.models import Programme, StrategyDocument, Theme
from programme.page_selectors import statements_of
from strategy.models import BalancingProgramme, SeasonCycle
from strategy.selectors import objective_matrix, under_vision_themes, vision_tree


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


@require_safe
@programme_view("strategy.view")
def objective_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    return TemplateResponse(
        request,
        "strategy/objective_list.html",
        {
            "matrix": objective_matrix(programme),
            "notes": statements_of(programme, "objectives_note"),
        },
    )


@require_safe
@programme_view("strategy.view")
def season_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    return TemplateResponse(
        request,
        "strategy/season_list.html",
        {
            "cycle": SeasonCycle.objects.filter(programme=programme).first(),
            "statements": statements_of(programme, "okr", "okr_element", "okr_rollout", "action_plan"),
        },
    )
