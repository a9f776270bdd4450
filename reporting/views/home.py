"""My work: what waits for the person who is signed in, their measures and programmes."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.limits import PAGE_ROWS
from core.access import keep_private
from core.permissions import can, may_somewhere
from programme.access import visible_programmes
from reporting.mywork import MyWork
from reporting.waiting import items_of, kinds_of, more_of, others_of

#: Things that wait which the first page names; the list of all has a page of its own.
SHOWN = 15


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
            "may_see_talk": can(request.user, "talk.view", programme),
        }
        for programme in programmes
    ]
    # Whoever sees no dashboard (council, staff) is not sent to it.
    leads = any(card["may_see_dashboard"] for card in cards)
    work = MyWork(request.user, programmes)
    waiting = items_of(work, timezone.localdate())
    context = {
        "cards": cards, "work": work, "leads": leads, "waiting": waiting[:SHOWN], "waiting_count": len(waiting),
        "more": more_of(work), "others": others_of(work),
    }  # fmt: skip
    return keep_private(TemplateResponse(request, "reporting/home.html", context))


@require_safe
@login_required
def waiting_list(request: HttpRequest) -> HttpResponse:
    """Everything that waits for me, in all programmes; `?kind=` shows one kind of it."""
    programmes = visible_programmes(request.user)
    work = MyWork(request.user, programmes)
    every = items_of(work, timezone.localdate())
    kind = request.GET.get("kind", "")
    rows = [item for item in every if item.kind == kind] if kind else every
    context = {
        "page": Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page")), "count": len(every),
        "kinds": kinds_of(every), "kind": kind, "more": more_of(work), "has_many": len(programmes) > 1,
    }  # fmt: skip
    return keep_private(TemplateResponse(request, "reporting/waiting_list.html", context))
