"""My work: what waits for the person who is signed in, their measures and programmes."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from core.access import keep_private
from core.permissions import can, may_somewhere
from programme.access import visible_programmes
from reporting.mywork import MyWork


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    programmes = visible_programmes(request.user)
    cards = [
        {
            "programme": programme,
            "may_see_dashboard": can(request.user, "dashboard.view", programme),
            "may_see_measures": can(request.user, "measure.view", programme),
            "may_see_bigroom": can(request.user, "bigroom.view", programme),
            "may_raise": may_somewhere(request.user, "obstacle.raise", programme),
            "may_see_history": can(request.user, "history.view", programme),
            "may_see_strategy": can(request.user, "strategy.view", programme),
        }
        for programme in programmes
    ]
    # Whoever sees no dashboard (council, staff) is not sent to it.
    leads = any(card["may_see_dashboard"] for card in cards)
    work = MyWork(request.user, programmes)
    response = TemplateResponse(
        request, "reporting/home.html", {"cards": cards, "work": work, "leads": leads}
    )
    return keep_private(response)
