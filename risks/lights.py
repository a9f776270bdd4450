"""The light of a project's risks: the worst open one against what is accepted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from core.parameters import parameters_of
from programme.models import Dimension, Programme, Project
from programme.projects.lights import Computed, register_light
from programme.projects.lights.calculations import OpenRisk, risks_light
from programme.projects.lights.own import names_of
from programme.projects.lights.thresholds import RISK_RED
from risks.models import Risk, RiskAssessment
from risks.register.parameters import APPETITE


def risks(programme: Programme, projects: Sequence[Project]) -> dict[int, Computed]:
    """By the latest assessment of each project's open threats. Two statements."""
    held = parameters_of(programme)
    rows = Risk.objects.filter(project__in=[one.pk for one in projects], kind=Risk.Kind.THREAT)
    open_risks = list(rows.exclude(state=Risk.State.CLOSED).order_by("number"))
    latest = {
        row.risk_id: row
        for row in RiskAssessment.objects.filter(risk__in=open_risks).order_by("assessed_on", "pk")
    }
    of_project: dict[int, list[OpenRisk]] = defaultdict(list)
    for risk in open_risks:
        assessment = latest.get(risk.pk)
        of_project[risk.project_id or 0].append(
            OpenRisk(assessment.level_now if assessment else None, names_of(risk))
        )
    return {
        one.pk: risks_light(of_project[one.pk], appetite=held[APPETITE], red_from=held[RISK_RED])
        for one in projects
    }


register_light(Dimension.RISKS, risks)
