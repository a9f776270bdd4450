"""The income side (R21): income types apart from the cost target, and the work on the funding side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from core.permissions import can
from measures.calculations import LEVELS, Figures, Levels
from measures.models import SavingsLine
from measures.selectors import savings_figures
from measures.views.shared import unit_context
from measures.wording import LEVEL_WORDS, shown_levels
from programme.access import programme_view
from programme.models import CostType, Programme, Statement

#: Levels shown, in the order of the matrix.
SHOWN = tuple(level for level in LEVELS if level in ("plan", "forecast", "claimed", "confirmed", "undecided"))


@require_safe
@programme_view("savings.view")
def income(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Effects on income by type, with the sign of their effect on net cost, and what is done on the funding side."""
    figures = savings_figures(programme)
    context = unit_context(request)
    unit = context["unit"]
    types = list(CostType.objects.filter(programme=programme, kind=CostType.Kind.INCOME))
    rows = []
    for row in types:
        found = figures.by_income_type.get(row.pk)
        if found is not None:
            rows.append({"name": row, "cells": shown_levels(_beside(found), unit, SHOWN)})
    lines = SavingsLine.objects.filter(programme=programme, cost_type__in=types)
    statements = Statement.objects.filter(programme=programme, kind=Statement.Kind.PARALLEL_WORK, parent=None)
    context |= {
        "figures": figures, "level_names": [LEVEL_WORDS[level] for level in SHOWN], "rows": rows,
        "total": shown_levels(figures.total.income, unit, SHOWN),
        "lines": list(lines.select_related("measure", "cost_type", "sector").order_by("measure__code", "pk")[:200]),
        "work": list(statements.select_related("theme", "sector").prefetch_related("parts").order_by("position", "pk")),
        "may_edit": can(request.user, "text.edit", programme),
        "may_type": can(request.user, "settings.edit", programme),
    }  # fmt: skip
    return TemplateResponse(request, "measures/income.html", context)


def _beside(figures: Figures) -> Levels:
    """Plan and forecast as level of the final year, claims to date: as the whole income side is told."""
    level, so_far = figures.level_change, figures.cumulative
    return Levels(
        plan=level.plan, plan_approved=level.plan_approved, forecast=level.forecast, claimed=so_far.claimed,
        confirmed=so_far.confirmed, undecided=so_far.undecided, refused=so_far.refused,
    )  # fmt: skip
