"""What is told of files of the books, by code: the code is stored, the words are made when they are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.money import format_eur
from core.tables.cells import MESSAGES as CELLS
from core.tables.refusals import REASONS, Refused
from core.tables.sheets import place

PROBLEMS: dict[str, Any] = {
    **CELLS,
    "no_sector": _("The sector is missing."),
    "no_cost_type": _("The cost type is missing."),
    "unknown_sector": _("“%(name)s” is no sector of the programme. Say below which one it is."),
    "unknown_cost_type": _("“%(name)s” is no cost type of the programme. Say below which one it is."),
    "no_month": _("The month is missing."),
    "other_year": _("The month is of the year %(year)s, not of the year that was chosen."),
    "code_too_long": _("The code is longer than %(most)s characters."),
    "no_rows": _("No row with an amount was found below the headings."),
    "locked_year": _("The accounts of this year are signed: nothing of it can be stored."),
    "control": _(
        "The rows sum to %(found)s €, the control total is %(wanted)s €: the difference is %(left)s €."
    ),
    "no_reason": _("Rows of closed months change only as corrections: give the reason."),
    "actual_of_year": _(
        "Actuals need their months: choose the column of the month or a column for each month."
    ),
    "no_sector_column": _("Choose the column of the sector (or of the cost centre)."),
    "no_cost_type_column": _("Choose the column of the cost type (or of the account)."),
    "no_amount_column": _("Choose the column of the amount, or a column for each month."),
    "two_kinds_of_amounts": _("Choose either one column of the amount or a column for each month, not both."),
    "no_such_sheet": _("The file has no sheet %(sheet)s with these headings any more."),
    "changed": _("The books changed after the preview was made. It was made anew: look at it again."),
}
WARNINGS: dict[str, Any] = {
    "negative": _("The sum is below zero. In the books costs are positive: is the sign the other way round?"),
    "sign_flipped": _("The sum has the other sign than what is there now."),
    "thousandfold": _("The sums are about a thousand times those that are there now. Is the unit right?"),
    "whole_year": _("The file has actuals for all twelve months. Is it a budget or a forecast?"),
}


def problem_text(problem: Mapping[str, Any]) -> str:
    """One stored problem in words, without its place."""
    code, params = problem.get("code", ""), problem.get("params", {})
    if code == "control":
        params = {name: format_eur(cents, sign=False) for name, cents in params.items()}
    if code in PROBLEMS:
        return str(PROBLEMS[code]) % params
    return Refused(code, **params).message if code in REASONS else str(code)


def problem_place(problem: Mapping[str, Any]) -> str:
    """Sheet, row and column of one stored problem; empty for the file as a whole."""
    if not problem.get("row"):
        return ""
    return place(problem["sheet"], problem["row"], problem.get("column"))


def warning_text(warning: Mapping[str, Any]) -> str:
    return str(WARNINGS[warning["code"]])
