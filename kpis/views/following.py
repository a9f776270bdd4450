"""What measures and goals are meant to move: the indicators chosen for them, with effect, direction and lag."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from core.access import get_editable
from core.editing import edit_page
from core.pages import is_part
from core.permissions import can
from kpis.cards import age_text, decimals_shown, figure
from kpis.models import GoalIndicator, Indicator, MeasureIndicator
from kpis.selectors.wall import with_shown
from kpis.sentences import outcome_badge
from kpis.services import follow, follow_goal, ids_of, save_and_judge
from kpis.views.moving_forms import GoalMovingForm, MeasureMovingForm
from measures.models import Measure
from measures.views.known import shows_known_day
from programme.access import programme_view
from programme.models import Goal, Programme

FORM = ["GET", "HEAD", "POST"]


# --- of a measure ------------------------------------------------------------------------------------


@require_http_methods(FORM)
@programme_view("measure.edit")
def measure_indicators(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """The indicators that follow a measure, chosen by hand; those of its goal count beside them."""
    rows = Measure.objects.filter(programme=programme).select_related("goal__theme", "owner")
    measure = get_editable(rows, request.user, "measure.edit", code=code)
    back = reverse("measures:measure_detail", args=[programme.slug, code])
    links = MeasureIndicator.objects.filter(programme=programme, measure=measure)

    def save(add: set[int], remove: set[int]) -> None:
        follow(measure=measure, add=add, remove=remove, by=request.user)

    context = {"measure": measure, "edit_name": "kpis:measure_link_edit"}
    return _choosing(request, programme, links, save, back, "kpis/measure_indicators.html", context)


@require_http_methods(FORM)
@programme_view("measure.edit")
def measure_link_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """How a measure is meant to move one indicator."""
    rows = MeasureIndicator.objects.filter(programme=programme).select_related("measure__goal", "indicator")
    link = get_editable(rows, request.user, "measure.edit", pk=pk)
    link.programme = link.measure.programme = programme
    back = reverse("kpis:measure_indicators", args=[programme.slug, link.measure.code])
    title = _("%(what)s and the indicator %(name)s") % {"what": link.measure.code, "name": link.indicator}
    return edit_page(request, MeasureMovingForm, link, title=title, back=back)


def card_context(_request: HttpRequest, programme: Programme, measure: Measure) -> dict[str, Any]:
    """The part of a measure's card: its indicators with their latest value and how it is meant to move them."""
    links = MeasureIndicator.objects.filter(programme=programme, measure=measure)
    return {
        "links": shown_links(links),
        "may_edit": can(_request.user, "measure.edit", measure),
        "choose_url": reverse("kpis:measure_indicators", args=[programme.slug, measure.code]),
    }


# --- of a goal ---------------------------------------------------------------------------------------


@require_safe
@vary_on_headers("HX-Request", "HX-Boosted")
@programme_view("kpi.view")
@shows_known_day
def goal_indicator_list(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """The indicators that a goal is meant to move: a part of the goal's page, or a page of its own."""
    goal = get_object_or_404(Goal, programme=programme, pk=pk)
    links = GoalIndicator.objects.filter(programme=programme, goal=goal)
    context = {
        "goal": goal,
        "links": shown_links(links),
        "may_edit": can(request.user, "kpi.edit", programme),
        "choose_url": reverse("kpis:goal_indicators", args=[programme.slug, pk]),
    }
    template = "kpis/_moved_indicators.html" if is_part(request) else "kpis/indicator_of_goal.html"
    return TemplateResponse(request, template, context)


@require_http_methods(FORM)
@programme_view("kpi.edit")
def goal_indicators(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Which indicators a goal is meant to move."""
    goal = get_object_or_404(Goal, programme=programme, pk=pk)
    back = reverse("kpis:goal_indicator_list", args=[programme.slug, pk])
    links = GoalIndicator.objects.filter(programme=programme, goal=goal)

    def save(add: set[int], remove: set[int]) -> None:
        follow_goal(goal=goal, add=add, remove=remove, by=request.user)

    context = {"goal": goal, "edit_name": "kpis:goal_link_edit"}
    return _choosing(request, programme, links, save, back, "kpis/indicator_choose.html", context)


@require_http_methods(FORM)
@programme_view("kpi.edit")
def goal_link_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """How a goal is meant to move one indicator."""
    rows = GoalIndicator.objects.filter(programme=programme).select_related("goal", "indicator")
    link = get_editable(rows, request.user, "kpi.edit", pk=pk)
    link.programme = programme
    back = reverse("kpis:goal_indicators", args=[programme.slug, link.goal_id])
    title = _("%(what)s and the indicator %(name)s") % {"what": link.goal, "name": link.indicator}
    return edit_page(request, GoalMovingForm, link, title=title, back=back, save=save_and_judge)


# --- shared ------------------------------------------------------------------------------------------


def shown_links(links: QuerySet[Any]) -> list[dict[str, Any]]:
    """Links with what a list shows of their indicators: value, age, badge. One query when summaries are kept."""
    rows = list(links.select_related("indicator__summary").order_by("indicator__position"))
    with_shown(row.indicator for row in rows)
    return [
        {
            "link": row,
            "indicator": row.indicator,
            "value": figure(row.indicator.shown.own, decimals_shown(row.indicator)),
            "age": age_text(row.indicator.shown) if row.indicator.shown.own is not None else "",
            "badge": outcome_badge(row.indicator.shown.outcome),
        }
        for row in rows
    ]


def _choosing(
    request: HttpRequest,
    programme: Programme,
    links: QuerySet[Any],
    save: Callable[[set[int], set[int]], None],
    back: str,
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    """The page of boxes: what the person saw ticked and unticked goes, what others linked meanwhile stays."""
    indicators = list(Indicator.objects.filter(programme=programme))
    held = {link.indicator_id: link for link in links}
    if request.method == "POST" and "seen" in request.POST:
        known = {indicator.pk for indicator in indicators}
        shown, chosen = ids_of(request.POST.getlist("seen")), ids_of(request.POST.getlist("indicator"))
        save((chosen - shown) & known, (shown - chosen) & known)
        messages.success(request, _("Saved."))
        return redirect(back)
    rows = [
        {
            "indicator": indicator,
            "link": held.get(indicator.pk),
            "edit_url": reverse(context["edit_name"], args=[programme.slug, held[indicator.pk].pk])
            if indicator.pk in held
            else "",
        }
        for indicator in indicators
    ]
    status = 422 if request.method == "POST" else 200
    told = context | {"rows": rows, "linked": list(held), "back": back}
    return TemplateResponse(request, template, told, status=status)
