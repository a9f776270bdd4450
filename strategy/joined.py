"""Annual objectives and reporting points in the register of decisions and in the programme's calendar."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.templatetags.ui import plain_text
from programme.governance.calendar import Event, register_events
from programme.governance.joined import linkable, register
from programme.models import Programme
from strategy.models import AnnualObjective, ReportingPoint
from strategy.objectives.points import state_of

SHAPES = {"given": "ok", "missed": "bad", "coming": "none"}


def _objective_url(row: AnnualObjective) -> str:
    return reverse("strategy:objective_detail", args=[row.programme.slug, row.key])


def _point_url(row: ReportingPoint) -> str:
    return reverse("strategy:point_detail", args=[row.programme.slug, row.pk])


def points(programme: Programme, first: date, last: date) -> list[Event]:
    """Reporting points whose day lies between the days. One statement."""
    today = programme.today()
    rows = ReportingPoint.objects.filter(programme=programme, due_on__range=(first, last)).select_related(
        "programme"
    )
    found = []
    for row in rows:
        if row.due_on is not None:
            state = state_of(row, today)
            found.append(
                Event(
                    row.due_on, "reporting_point", plain_text(row), _point_url(row), SHAPES[state],
                    ReportingPoint.State(state).label, uid=f"reporting-point-{row.pk}",
                )
            )  # fmt: skip
    return found


register_events(points, kinds={"reporting_point": gettext_lazy("reporting point")}, action="strategy.view")
linkable(
    "strategy.AnnualObjective", title=gettext_lazy("Annual objectives"), action="strategy.view",
    words=lambda row: f"{row.number}. {plain_text(row)}", url=_objective_url, order=("number", "pk"),
)  # fmt: skip
linkable(
    "strategy.ReportingPoint", title=gettext_lazy("Reporting points"), action="strategy.view",
    words=lambda row: f"{plain_text(row)} {row.year}", url=_point_url, order=("-year", "pk"),
)  # fmt: skip
register(
    "strategy.ObjectiveSet", title=gettext_lazy("Annual objectives fixed"), action="strategy.view",
    words=lambda row: str(row.year), related=("programme",),
    url=lambda row: reverse("strategy:year_fixed", args=[row.programme.slug, row.year]),
)  # fmt: skip
