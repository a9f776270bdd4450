"""Reporting points: the list with what was given and missed, and each one's printable page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.access import get_editable
from core.editing import RowForm, add_page, edit_page, save_edit
from core.permissions import can, require
from kpis.sentences import explanation, outcome_badge
from programme.access import programme_view
from programme.models import Programme, ReportingDuty
from strategy.models import MetricYear, ReportingPoint, StatisticsNews
from strategy.objectives.forms import FIRST_YEAR, LAST_YEAR
from strategy.objectives.point_forms import PointForm
from strategy.objectives.points import add_year, contents_of, points_of, state_of
from strategy.views.objectives import both_ways

SHAPES = {"given": "ok", "missed": "bad", "coming": "none"}


def point_address(programme: Programme, pk: int) -> str:
    return reverse("strategy:point_detail", args=[programme.slug, pk])


def _state(point: ReportingPoint) -> tuple[str, str, Any]:
    """State of a point today, its shape and its word."""
    state = state_of(point, timezone.localdate())
    return state, SHAPES[state], ReportingPoint.State(state).label


@require_safe
@programme_view("strategy.view")
def point_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Points by year with their days and states; the cycle as the programme states it; years without points."""
    points = list(points_of(programme))
    there = {point.year for point in points if point.kind != ReportingPoint.Kind.STATISTICS}
    years = set(MetricYear.objects.filter(programme=programme).values_list("year", flat=True))
    context = {
        "points": [(point, *_state(point)) for point in points],
        "open_years": sorted((years | set(range(programme.start_year, programme.end_year + 1))) - there),
        "duties": ReportingDuty.objects.filter(programme=programme, kind=ReportingDuty.Kind.CYCLE).select_related(
            "from_body"
        ),
        "may_edit": can(request.user, "strategy.edit", programme),
    }  # fmt: skip
    return TemplateResponse(request, "strategy/point_list.html", context)


@require_safe
@programme_view("strategy.view")
def point_detail(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """What the point has to tell, to be read and printed."""
    rows = ReportingPoint.objects.filter(programme=programme).select_related("body", "run")
    point = get_object_or_404(rows, pk=pk)
    point.programme = programme
    contents = contents_of(point)
    state, shape, word = _state(point)
    context = {
        "point": point, "state": state, "shape": shape, "word": word, "contents": contents,
        "news": [_told(row) for row in contents.news], "may_edit": can(request.user, "strategy.edit", point),
    }  # fmt: skip
    return TemplateResponse(request, "strategy/point_detail.html", context)


def _told(row: StatisticsNews) -> dict[str, Any]:
    """One value of the report with what was said of it then."""
    now, before = row.evaluation, row.evaluation_before
    return {
        "row": row, "indicator": row.observation.indicator, "is_revised": row.observation.vintage > 1,
        "is_own": row.observation.region_role == "own",
        "badge": outcome_badge(now.outcome if now else ""), "why": explanation(now) if now else "",
        "badge_before": outcome_badge(before.outcome if before else ""), "year_before": before.year if before else None,
    }  # fmt: skip


@both_ways
@programme_view("strategy.edit")
def point_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    back = reverse("strategy:point_list", args=[programme.slug])
    return add_page(
        request, PointForm, programme, title=_("Add a reporting point"), back=back,
        initial={"year": programme.today().year}, done=lambda row: point_address(programme, row.pk),
    )  # fmt: skip


def _save(form: RowForm, by: Any) -> Any:
    return save_edit(form, by, {"state": form.state_given})  # type: ignore[attr-defined]


@both_ways
@programme_view("strategy.edit")
def point_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """The day it is due and the day it was given."""
    point = get_editable(
        ReportingPoint.objects.filter(programme=programme), request.user, "strategy.edit", pk=pk
    )
    return edit_page(
        request,
        PointForm,
        point,
        title=_("Edit a reporting point"),
        back=point_address(programme, pk),
        save=_save,
    )


@require_POST
@programme_view("strategy.edit")
def point_year(request: HttpRequest, programme: Programme, year: int) -> HttpResponse:
    """Adds the points of a year that are not there."""
    require(request.user, "strategy.edit", programme)
    if not FIRST_YEAR <= year < LAST_YEAR:
        raise Http404
    count = add_year(programme=programme, year=year, by=request.user)
    told = ngettext("%(n)s reporting point was added.", "%(n)s reporting points were added.", count) % {
        "n": count
    }
    messages.success(request, told if count else _("The year has its reporting points already."))
    return redirect(reverse("strategy:point_list", args=[programme.slug]))
