"""The savings figures of a programme, read from totals (docs/adr/0010-totals.md), kept by data version."""

from measures.selectors.by_measure import measure_figures, measure_levels
from measures.selectors.cached import forget_recent
from measures.selectors.cards import LineMonths, MeasureCard, MonthCell, measure_card
from measures.selectors.clock import books_closed_through, clock_of
from measures.selectors.crossfooting import differences
from measures.selectors.figures import fresh_figures, savings_figures
from measures.selectors.overlaps import corrections
from measures.selectors.reconciliation import books_of, reconciliation
from measures.selectors.target_table import Matrix, MatrixRow, matrix
from measures.selectors.targets import measure_targets, pair_of, target_figures

__all__ = [
    "LineMonths",
    "Matrix",
    "MatrixRow",
    "MeasureCard",
    "MonthCell",
    "books_closed_through",
    "books_of",
    "clock_of",
    "corrections",
    "differences",
    "forget_recent",
    "fresh_figures",
    "matrix",
    "measure_card",
    "measure_figures",
    "measure_levels",
    "measure_targets",
    "pair_of",
    "reconciliation",
    "savings_figures",
    "target_figures",
]
