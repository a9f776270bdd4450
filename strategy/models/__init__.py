"""The long view: vision, the council's annual objectives, development seasons, balancing."""

from strategy.models.balancing import BalancingPrinciple, BalancingProgramme
from strategy.models.objectives import (
    AnnualObjective,
    FixedMetric,
    MetricYear,
    ObjectiveMetric,
    ObjectiveSet,
    ReportingPoint,
    StatisticsNews,
)
from strategy.models.okr import CheckIn, KeyResult, Objective, PlanItem, Season, SeasonCycle, Unit, UnitMember
from strategy.models.vision import MainLine, VisionIndicator, VisionTheme

__all__ = [
    "AnnualObjective",
    "BalancingPrinciple",
    "BalancingProgramme",
    "CheckIn",
    "FixedMetric",
    "KeyResult",
    "MainLine",
    "MetricYear",
    "Objective",
    "ObjectiveMetric",
    "ObjectiveSet",
    "PlanItem",
    "ReportingPoint",
    "Season",
    "SeasonCycle",
    "StatisticsNews",
    "Unit",
    "UnitMember",
    "VisionIndicator",
    "VisionTheme",
]
