"""The savings rules of money.md as plain arithmetic: no Django, no clock, no database.

Amounts are signed EUR cents: minus is less cost, plus is more cost. `None` is unknown, never zero.
A month is the `date` of its first day. *New lines* are the lines that are not inside the comparison base.
"""

from measures.calculations.cells import (
    ALL_KINDS,
    DECEMBER,
    IN_BASE,
    LEVEL_KINDS,
    NEW,
    ONCE_KINDS,
    WHOLE_YEAR,
    Book,
    Cell,
    Clock,
    Track,
    closed_through,
    fold,
    months_before,
    months_through,
)
from measures.calculations.overlaps import Correction, LineSeries, OverlapRow, overlap_corrections
from measures.calculations.shapes import (
    AVOIDED,
    CASH,
    FUNDED,
    INCOME,
    LASTING,
    LEVELS,
    ONE_OFF,
    QUALITY,
    SEASONAL,
    Difference,
    Figures,
    Ladder,
    LevelMonths,
    Levels,
    MonthPoint,
    SavingsFigures,
    StageFigures,
    TargetFigures,
    YearFigures,
    add_known,
    add_levels,
    less,
    less_levels,
)
from measures.calculations.targets import (
    Reconciliation,
    difference,
    ladder,
    reconcile,
    share_of_target,
    standing,
)
from measures.calculations.working import (
    beside_levels,
    figures,
    levels_of,
    month_points,
    run_rate,
    run_rate_months,
    year_figures,
)

__all__ = [
    "ALL_KINDS", "AVOIDED", "CASH", "DECEMBER", "FUNDED", "INCOME", "IN_BASE", "LASTING", "LEVELS", "LEVEL_KINDS",
    "NEW", "ONCE_KINDS", "ONE_OFF", "QUALITY", "SEASONAL", "WHOLE_YEAR", "Book", "Cell", "Clock", "Correction",
    "Difference", "Figures", "Ladder", "LevelMonths", "Levels", "LineSeries", "MonthPoint", "OverlapRow",
    "Reconciliation", "SavingsFigures", "StageFigures", "TargetFigures", "Track", "YearFigures", "add_known",
    "add_levels", "beside_levels", "closed_through", "difference", "figures", "fold", "ladder", "less",
    "less_levels", "levels_of", "month_points", "months_before", "months_through", "overlap_corrections",
    "reconcile", "run_rate", "run_rate_months", "share_of_target", "standing", "year_figures",
]  # fmt: skip
