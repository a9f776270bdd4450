"""Pages of the annual objectives: the matrix, one objective, and the forms that change them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access import get_editable
from core.editing import add_page, edit_page
from core.permissions import can
from core.templatetags.ui import plain_text
from programme.access import programme_view
from programme.models import Programme
from programme.page_selectors import statements_of
from strategy.demo.objectives import is_illustrated
from strategy.models import AnnualObjective, ObjectiveMetric
from strategy.objectives.changing import (
    add_metric,
    add_objective,
    change_metric,
    change_objective,
    next_number,
    remove_metric,
)
from strategy.objectives.evidence import files_of
from strategy.objectives.forms import MetricForm, ObjectiveForm
from strategy.objectives.judging import is_numeric, judged_row
from strategy.objectives.matrix import (
    chains_of,
    fixed_years,
    metrics_in,
    missing_in,
    objective_matrix,
    readable_objectives,
    with_warnings,
)
from strategy.views.shared import objective_address, remove_page

both_ways = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@programme_view("strategy.view")
def objective_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Objectives down, years across: every answer, and what the council fixed of each year."""
    matrix = objective_matrix(programme)
    objectives = [row.objective for row in matrix.rows]
    heads = [(head, len(missing_in(objectives, head.year))) for head in matrix.heads]
    mine = any(can(request.user, "objective.answer", row) for row in objectives)
    return TemplateResponse(
        request,
        "strategy/objective_list.html",
        {
            "matrix": matrix,
            "is_illustrative": is_illustrated(programme), "heads": heads, "may_answer": mine,
            "numeric": {metric.pk for row in objectives for metric in row.metrics.all() if is_numeric(metric)},
            "notes": statements_of(programme, "objectives_note"),
        },
    )  # fmt: skip


@require_safe
@programme_view("strategy.view")
def objective_detail(request: HttpRequest, programme: Programme, key: str) -> HttpResponse:
    """One objective: wording, who answers for it, metrics with answers, evidence, and their chain."""
    objective = get_object_or_404(readable_objectives(programme), key=key)
    answers = with_warnings(objective)
    files = files_of(programme, answers)
    fixed = fixed_years(programme)
    rows = [
        (
            metric,
            [
                (row, files.get(row.pk, []), judged_row(row).sentence)
                for row in answers
                if row.metric_id == metric.pk
            ],
        )
        for metric in objective.metrics.all()
    ]
    years = sorted({row.year for row in answers})
    return TemplateResponse(
        request,
        "strategy/objective_detail.html",
        {
            "objective": objective, "rows": rows, "chains": chains_of(objective),
            "years": [(year, fixed.get(year), len(metrics_in(objective, year))) for year in years],
            "may_answer": can(request.user, "objective.answer", objective),
            "may_edit": can(request.user, "objective.edit", objective),
        },
    )  # fmt: skip


@both_ways
@programme_view("objective.edit")
def objective_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A new objective; a draft until the council fixes a year of it."""
    return add_page(
        request, ObjectiveForm, programme, title=_("Add an annual objective"), make=add_objective,
        initial={"number": next_number(programme)}, back=reverse("strategy:objective_list", args=[programme.slug]),
        done=lambda row: objective_address(programme, row.key),
    )  # fmt: skip


@both_ways
@programme_view("objective.edit")
def objective_edit(request: HttpRequest, programme: Programme, key: str) -> HttpResponse:
    """Heading, aim, verbatim wording and owner of an objective."""
    rows = AnnualObjective.objects.filter(programme=programme)
    objective = get_editable(rows, request.user, "objective.edit", key=key)
    title = _("Edit objective %(number)s") % {"number": objective.number}
    return edit_page(
        request, ObjectiveForm, objective, title=title, back=objective_address(programme, key), save=change_objective
    )  # fmt: skip


@both_ways
@programme_view("objective.edit")
def metric_add(request: HttpRequest, programme: Programme, key: str) -> HttpResponse:
    """A new metric of an objective with its years and rule."""
    rows = AnnualObjective.objects.filter(programme=programme)
    objective = get_editable(rows, request.user, "objective.edit", key=key)
    back = objective_address(programme, key)
    return add_page(
        request, MetricForm, programme, title=_("Add a metric"), make=add_metric, back=back, done=lambda row: back,
        instance=ObjectiveMetric(programme=programme, objective=objective),
        context={"lead": f"{objective.number}. {plain_text(objective)}"},
    )  # fmt: skip


def _metric(request: HttpRequest, programme: Programme, pk: int) -> Any:
    rows = ObjectiveMetric.objects.filter(programme=programme).select_related("objective", "rule")
    return get_editable(rows, request.user, "objective.edit", pk=pk)


@both_ways
@programme_view("objective.edit")
def metric_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Wording, years and rule of a metric."""
    metric = _metric(request, programme, pk)
    back = objective_address(programme, metric.objective.key)
    lead = f"{metric.objective.number}. {plain_text(metric.objective)}"
    return edit_page(
        request, MetricForm, metric, title=_("Edit a metric"), back=back, save=change_metric, context={"lead": lead}
    )  # fmt: skip


@both_ways
@programme_view("objective.edit")
def metric_remove(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Asks first, then takes a metric away that nobody answered and no decision holds."""
    metric = _metric(request, programme, pk)

    def act() -> None:
        remove_metric(metric, by=request.user)

    return remove_page(
        request, act, title=_("Remove a metric"), what=plain_text(metric),
        back=objective_address(programme, metric.objective.key), told=_("The metric was removed."),
    )  # fmt: skip
