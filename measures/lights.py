"""What measures tell of a project: its light of savings, forecasts that miss their plan, and updates not given."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.parameters import parameters_of
from core.periods import month_key
from measures.amounts import amounts_of_all
from measures.calculations import LEVELS
from measures.card_parts import register as register_part
from measures.models import Measure, Stage
from measures.selectors import clock_of, measure_levels
from measures.selectors.updates import WORKING, without_update
from programme.deviations.owners import Owners
from programme.deviations.registry import Cause, register_finder
from programme.models import Deviation, Dimension, Programme, Project
from programme.projects.lights import Computed, register_light
from programme.projects.lights.calculations import Saving, savings_light
from programme.projects.lights.own import names_of
from programme.projects.lights.thresholds import FORECAST_EUROS, FORECAST_SHARE, SAVINGS_RED, SAVINGS_YELLOW
from programme.updates.months import due_month, is_late

#: From so many measures on all amounts of the programme are read at once.
MANY = 200
_PLAN, _FORECAST = LEVELS.index("plan"), LEVELS.index("forecast")


# --- the light of savings ----------------------------------------------------------------------------------------


def savings(programme: Programme, projects: Sequence[Project]) -> dict[int, Computed]:
    """By the forecast of each project's measures against their plan, as levels of the final year.

    A number of statements that stays the same; measures that were withdrawn do not count.
    """
    held = parameters_of(programme)
    rows = Measure.objects.filter(project__in=[one.pk for one in projects]).exclude(stage=Stage.WITHDRAWN)
    of_project: dict[int, list[int]] = defaultdict(list)
    for pk, project in rows.order_by().values_list("pk", "project"):
        of_project[project].append(pk)
    amounts = _amounts(programme, [pk for pks in of_project.values() for pk in pks])
    return {
        one.pk: savings_light(
            [amounts.get(pk, (None, None)) for pk in of_project[one.pk]],
            yellow_below=held[SAVINGS_YELLOW], red_below=held[SAVINGS_RED],
        )
        for one in projects
    }  # fmt: skip


def _amounts(programme: Programme, measures: list[int]) -> dict[int, Saving]:
    """Plan and forecast of each measure, cents; None where unknown."""
    if len(measures) > MANY:
        return _all_amounts(programme)
    levels = measure_levels(measures, programme)
    return {pk: (found.plan, found.forecast) for pk, found in levels.items()}


def _all_amounts(programme: Programme) -> dict[int, Saving]:
    found = amounts_of_all(programme, clock_of(programme))
    return {pk: (cents[_PLAN], cents[_FORECAST]) for pk, cents in found.items()}


# --- forecasts that miss their plan ------------------------------------------------------------------------------


def _names(row: Measure) -> dict[str, Any]:
    return {"code": row.code, "names": names_of(row)}


def missed(programme: Programme, today: dt.date) -> list[Cause]:
    """Measures in delivery whose forecast misses the plan by share and amount; a project only when none of its
    measures does by itself and all of them together do."""
    amounts, owners = _all_amounts(programme), Owners(programme)
    rows = Measure.objects.filter(programme=programme, stage__in=WORKING)
    causes, told, sums = [], set(), defaultdict(list)
    for row in rows.select_related(
        "owner", "project__manager", "project__theme__owner", "goal__theme__owner"
    ):
        plan, forecast = amounts.get(row.pk, (None, None))
        if row.project is not None and plan is not None and forecast is not None:
            sums[row.project].append((plan, forecast))
        if _misses(programme, plan, forecast):
            told.add(row.project_id)
            causes.append(_of_measure(row, plan, forecast, owners))
    for project, pairs in sums.items():
        plan, forecast = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
        if project.pk not in told and _misses(programme, plan, forecast):
            params = {"of": names_of(project), "plan": plan, "forecast": forecast}
            causes.append(
                Cause(
                    f"project.{project.pk}", project, params, owners.of_project(project),
                    amount_eur_cents=forecast - plan, theme=project.theme_id, project=project.pk,
                )
            )  # fmt: skip
    return causes


def _misses(programme: Programme, plan: int | None, forecast: int | None) -> bool:
    """Whether a planned saving lacks so much, by share and by amount, that somebody must look at it."""
    if plan is None or forecast is None or plan >= 0:
        return False
    held = parameters_of(programme)
    return forecast > plan * held[FORECAST_SHARE] and forecast - plan >= held[FORECAST_EUROS] * 100


def _of_measure(row: Measure, plan: int | None, forecast: int | None, owners: Owners) -> Cause:
    assert plan is not None and forecast is not None
    theme = row.goal.theme if row.goal else None
    return Cause(
        f"measure.{row.pk}", row, _names(row) | {"plan": plan, "forecast": forecast}, _owner(row, owners),
        amount_eur_cents=forecast - plan, theme=theme.pk if theme else None, project=row.project_id, measure=row.pk,
    )  # fmt: skip


def _owner(row: Measure, owners: Owners) -> Any:
    """The measure's owner, else its project's manager, else who leads the theme, else the office."""
    theme = row.goal.theme if row.goal else None
    return owners.first_of(
        row.owner, row.project.manager if row.project else None, theme.owner if theme else None
    )


# --- updates not given -------------------------------------------------------------------------------------------


def unsaid(programme: Programme, today: dt.date) -> list[Cause]:
    """Measures in delivery without an update for the due month after its last day. Nothing before that day."""
    month = due_month(programme, today)
    if not is_late(programme, month, today):
        return []
    owners = Owners(programme)
    rows = without_update(month, [programme.pk])
    rows = rows.select_related("owner", "project__manager", "goal__theme__owner").order_by("code")
    return [
        Cause(
            f"measure.{row.pk}", row, _names(row) | {"month": month_key(month)}, _owner(row, owners),
            theme=row.goal.theme_id if row.goal else None, project=row.project_id, measure=row.pk,
        )
        for row in rows
    ]  # fmt: skip


# --- the measure's card ----------------------------------------------------------------------------------------------


def _part(request: HttpRequest, programme: Programme, measure: Measure) -> dict[str, Any]:
    from programme.views.deviations import part_of  # views read what is not ready yet

    return part_of(programme, place="measure", pk=measure.pk)


register_light(Dimension.SAVINGS, savings)
register_finder(Deviation.Kind.FORECAST_MISSED, missed)
register_finder(Deviation.Kind.UPDATE_MISSING, unsaid)
register_part(
    "deviations", title=_("Deviations"), action="measure.view", template="programme/_deviation_part.html",
    context=_part, place=15,
)  # fmt: skip
