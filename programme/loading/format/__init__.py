"""The programme file, key by key, a module for each section; `docs/programme-file.md` is generated from them."""

from programme.loading.format.baseline import Fact, FactGroup
from programme.loading.format.file import ProgrammeFile
from programme.loading.format.money import FundingPlan, Savings, SectorRow
from programme.loading.format.monitoring import IndicatorPart
from programme.loading.format.risks import RiskPart
from programme.loading.format.rules import Rule, VersusPoint
from programme.loading.format.strategy import ObjectiveMetricPart, VisionThemePart
from programme.loading.format.structure import Goal, Sector, SubGoal
from programme.loading.format.targets import StatedTarget

__all__ = [
    "Fact", "FactGroup", "FundingPlan", "Goal", "IndicatorPart", "ObjectiveMetricPart", "ProgrammeFile", "RiskPart",
    "Rule", "Savings", "Sector", "SectorRow", "StatedTarget", "SubGoal", "VersusPoint", "VisionThemePart",
]  # fmt: skip
