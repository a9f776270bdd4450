"""Vision themes, objectives and balancing programmes for tests."""

from typing import Any

from programme.models import Programme
from strategy.models import AnnualObjective, BalancingProgramme, MetricYear, ObjectiveMetric, VisionTheme
from tests.factories.accounts import make_programme


def make_vision_theme(programme: Programme | None = None, **fields: Any) -> VisionTheme:
    programme = programme or make_programme("ohjelma")
    return VisionTheme.objects.create(
        programme=programme, **({"key": "v1", "name_fi": "Visioteema"} | fields)
    )


def make_objective(programme: Programme | None = None, **fields: Any) -> AnnualObjective:
    programme = programme or make_programme("ohjelma")
    own = {"key": "o1", "number": 1, "name_fi": "Tavoite"} | fields
    return AnnualObjective.objects.create(programme=programme, **own)


def make_metric(objective: AnnualObjective, **fields: Any) -> ObjectiveMetric:
    own = {"key": "o1-a", "name_fi": "Onko tehty"} | fields
    return ObjectiveMetric.objects.create(programme=objective.programme, objective=objective, **own)


def make_year(metric: ObjectiveMetric, **fields: Any) -> MetricYear:
    return MetricYear.objects.create(programme=metric.programme, metric=metric, **({"year": 2024} | fields))


def make_balancing(programme: Programme | None = None, **fields: Any) -> BalancingProgramme:
    programme = programme or make_programme("ohjelma")
    own = {"key": "b1", "name_fi": "Tasapainotus", "start_year": 2024, "end_year": 2026} | fields
    return BalancingProgramme.objects.create(programme=programme, **own)
