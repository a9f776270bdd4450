from measures.models.ledger import BooksClosed, LedgerEntry
from measures.models.measures import Measure, MeasureGoal, MeasureSegment, MeasureTarget, Stage
from measures.models.savings import (
    Confirmation,
    LineClass,
    MeasureTotal,
    Overlap,
    Permanence,
    SavingsEntry,
    SavingsLine,
    Series,
)
from measures.models.updates import MonthlyUpdate

__all__ = [
    "BooksClosed",
    "Confirmation",
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
    "SavingsEntry",
    "SavingsLine",
    "Series",
    "Stage",
]
