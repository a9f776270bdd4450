"""The page of development seasons."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from programme.access import programme_view
from programme.models import Programme
from programme.page_selectors import statements_of
from strategy.models import SeasonCycle


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
