"""Indicators, where their figures come from, what was observed, and the rules they are judged by."""

from kpis.models.catalogue import CatalogueIndicator, CatalogueRegion, ServiceState
from kpis.models.evaluations import Evaluation, IndicatorSummary, Outcome
from kpis.models.following import GoalIndicator, MeasureIndicator, Moving
from kpis.models.indicators import Indicator, IndicatorGroup, MonitoringLevel
from kpis.models.observations import Judgement, ManualValue, Observation, QuarantinedValue
from kpis.models.refresh import RefreshItem, RefreshRun
from kpis.models.rules import TargetRule
from kpis.models.sources import DerivedInput, LinkState, SourceLink

__all__ = [
    "CatalogueIndicator",
    "CatalogueRegion",
    "DerivedInput",
    "Evaluation",
    "GoalIndicator",
    "Indicator",
    "IndicatorGroup",
    "IndicatorSummary",
    "Judgement",
    "LinkState",
    "ManualValue",
    "MeasureIndicator",
    "MonitoringLevel",
    "Moving",
    "Observation",
    "Outcome",
    "QuarantinedValue",
    "RefreshItem",
    "RefreshRun",
    "ServiceState",
    "SourceLink",
    "TargetRule",
]
