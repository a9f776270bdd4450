from measures.models.funding import Spending
from measures.models.gates import GateDecision, GateDefinition, PlanChange, PlanChangeCell
from measures.models.imports import ImportKind, ImportMapping, ImportRun
from measures.models.ledger import (
    BaseTransfer,
    BaseTransferRow,
    BooksClosed,
    BudgetVersion,
    CostDriver,
    LedgerEntry,
    YearLocked,
)
from measures.models.measures import Confidence, Measure, MeasureGoal, MeasureSegment, MeasureTarget, Stage
from measures.models.production import Service, ServiceYear
from measures.models.proposals import Proposal
from measures.models.savings import (
    Confirmation,
    Correction,
    LineClass,
    MeasureTotal,
    Overlap,
    Permanence,
    SavingsEntry,
    SavingsLine,
    Series,
)
from measures.models.scenarios import Scenario
from measures.models.staging import StagedMeasure, StagedMonths, StagedState
from measures.models.succession import BudgetShare, BulkChange, Succession, TargetMove
from measures.models.updates import MonthlyUpdate

__all__ = [
    "BaseTransfer",
    "BaseTransferRow",
    "BooksClosed",
    "BudgetShare",
    "BudgetVersion",
    "BulkChange",
    "Confidence",
    "Confirmation",
    "Correction",
    "CostDriver",
    "GateDecision",
    "GateDefinition",
    "ImportKind",
    "ImportMapping",
    "ImportRun",
    "LedgerEntry",
    "LineClass",
    "Measure",
    "MeasureGoal",
    "MeasureSegment",
    "MeasureTarget",
    "MeasureTotal",
    "MonthlyUpdate",
    "Overlap",
    "Permanence",
    "PlanChange",
    "PlanChangeCell",
    "SavingsEntry",
    "SavingsLine",
    "Scenario",
    "Series",
    "Proposal",
    "Service",
    "ServiceYear",
    "Spending",
    "Stage",
    "StagedMeasure",
    "StagedMonths",
    "StagedState",
    "Succession",
    "TargetMove",
    "YearLocked",
]
