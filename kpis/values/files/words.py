"""What is told of files of values, by code: the code is stored, the words are made when they are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.tables.cells import MESSAGES as CELLS
from core.tables.refusals import REASONS, Refused

PROBLEMS: dict[str, Any] = {
    **CELLS,
    "no_indicator_column": _("Choose the column of the indicator, or say whose values the file holds."),
    "no_period_column": _("Choose the column of the period or year, or a column for each year."),
    "no_value_column": _("Choose the column of the value, or those of the number and out of how many."),
    "no_indicator": _("The indicator is missing."),
    "unknown_indicator": _("“%(name)s” is no indicator of the programme, or more than one has this name."),
    "no_period": _("The period is missing."),
    "not_a_period": _("“%(text)s” is not a period. Write for example 2024, 2024-T1 or 3/2024."),
    "term_and_month": _("Give a term or a month, not both."),
    "not_begun": _("The period has not begun."),
    "no_value": _("The value is missing."),
    "more_than_all": _("The number cannot exceed what it is counted out of."),
    "too_few": _("Fewer than %(few)s answers would tell what somebody answered."),
    "out_of_range": _("The value must be from %(low)s to %(high)s."),
    "unknown_group": _("“%(name)s” is no group of the indicator."),
    "unknown_region": _("“%(name)s” is neither the own county nor the whole country."),
    "twice": _("Row %(first)s has a value of the same period already."),
    "too_many": _("A file holds at most %(most)s values."),
    "no_rows": _("No row with a value was found below the headings."),
    "no_such_sheet": _("The file has no sheet with these headings any more."),
    "changed": _("Values changed after the preview was made. It was made anew: look at it again."),
}


def problem_text(problem: Mapping[str, Any]) -> str:
    """One stored problem in words, without its place."""
    code, params = problem.get("code", ""), problem.get("params", {})
    if code in PROBLEMS:
        return str(PROBLEMS[code]) % params
    return Refused(code, **params).message if code in REASONS else str(code)
