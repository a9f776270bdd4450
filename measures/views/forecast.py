"""What will be reached and how sure it is; figuring it anew; trying changes out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.models import Job
from core.permissions import can
from measures.charts.forecast import fan_chart
from measures.forecasting import results, showing
from measures.forecasting.said import unsaid_months
from measures.forecasting.shapes import ENDS, Outlook
from measures.models import Measure
from measures.selectors.clock import books_closed_through
from measures.views.shared import unit_context
from programme.access import programme_view
from programme.models import Programme


@require_safe
@programme_view("savings.view")
def forecast(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Plain forecast, weighted forecast and probability range with the chances of the targets."""
    known, context = results.page_known(programme), unit_context(request)
    context |= {
        "as_of": programme.today(), "closed_through": books_closed_through(programme),
        "quantity": showing.quantity(programme), "result": known and known.result, "job": active_job(programme),
        "may_figure": can(request.user, "scenario.save", programme),
        "may_see_job": can(request.user, "job.view", programme),
    }  # fmt: skip
    if known is not None:
        context |= {"is_present": known.is_present, **_shown(known.result, programme, context["unit"])}
    return TemplateResponse(request, "measures/forecast.html", context)


def _shown(found: results.Result, programme: Programme, unit: Any) -> dict[str, Any]:
    whole: Outlook = found.outlook
    chances = showing.chance_rows(whole, found.target, programme, unit)
    return {
        "figures": showing.figure_rows(whole, unit),
        "chances": [(row, showing.tone_word(row.tone)) for row in chances],
        "chart": fan_chart(
            whole,
            closed=found.closed_through,
            targets=goal_lines(chances, whole, found),
            unit=unit,
            unsaid=unsaid_months(programme),
        ),
        "figure_names": [name for name, _term, _meaning in showing.FIGURES.values()],
        "years": showing.year_rows(whole, unit),
        "movers": showing.mover_rows(
            whole.movers, names_of(programme, [one.pk for one in whole.movers]), unit
        ),
        "back_loading": showing.back_loading_words(found, unit),
        "past": showing.past_rows(found, unit),
        "biases": showing.bias_words(found, unit),
        "assumptions": showing.assumption_rows(found),
    }


def goal_lines(
    chances: list[showing.ChanceRow], whole: Outlook, found: results.Result
) -> list[tuple[str, int]]:
    """Targets as lines of a chart of run rates: what is asked beyond the base; none on a cumulative basis."""
    if found.basis != "level_change":
        return []
    return [
        (row.name, getattr(found.target, row.key) - (whole.base or 0)) for row in chances if row.key in ENDS
    ]


def names_of(programme: Programme, pks: list[int]) -> dict[int, Measure]:
    """The measures by id, for their names."""
    return Measure.objects.filter(programme=programme).in_bulk(pks)


def active_job(programme: Programme) -> Job | None:
    """The work that figures the programme now, when there is any."""
    rows = Job.objects.filter(programme=programme, kind=results.JOB_KIND, state__in=Job.ACTIVE)
    return rows.first()


@require_POST
@programme_view("scenario.save")
def forecast_figure(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Asks for the range to be figured anew; asked twice it is one piece of work."""
    results.ask(programme, by=request.user)
    messages.success(request, _("The range is being figured anew. The page shows it when it is ready."))
    return redirect("measures:forecast", programme.slug)
