"""Reads for pages about indicators."""

from kpis.selectors.indicators import (
    Baseline,
    Level,
    baselines,
    by_level,
    current_rules,
    readable_indicators,
    rules_of_goals,
    rules_of_statements,
    sotkanet_ids,
    start_is_missing,
    values_by_year,
    with_starts,
)
from kpis.selectors.series import Lines, Observed, counting, lines_of, observed, period_text

__all__ = [
    "Baseline",
    "Level",
    "Lines",
    "Observed",
    "baselines",
    "by_level",
    "counting",
    "current_rules",
    "lines_of",
    "observed",
    "period_text",
    "readable_indicators",
    "rules_of_goals",
    "rules_of_statements",
    "sotkanet_ids",
    "start_is_missing",
    "values_by_year",
    "with_starts",
]
