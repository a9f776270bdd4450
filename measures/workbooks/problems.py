"""What can be wrong with a row, a column or a whole file, by code; told with sheet, row and column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from core.periods import format_month, parse_month
from core.tables import Refused, place
from core.tables.cells import MESSAGES as OF_CELLS
from core.tables.refusals import REASONS as OF_FILES

#: Problems that keep a row out.
HARD: Mapping[str, Any] = {
    "stale": _("Somebody has changed this in the portal since the workbook was taken out. Take out a new one."),
    "unknown_row": _("This row is not known in this programme; it may have been deleted since."),
    "twice": _("The same row is there twice: also in row %(other)s."),
    "read_only": _("This column is not changed with a workbook: the portal has “%(old)s”, the workbook “%(new)s”."),
    "unknown_people": _("The programme has nobody called “%(text)s”."),
    "unknown_goals": _("The programme has no goal called “%(text)s”."),
    "unknown_sectors": _("The programme has no sector called “%(text)s”."),
    "unknown_cost_types": _("The programme has no cost type called “%(text)s”."),
    "unknown_series": _("“%(text)s” is none of the series plan, forecast and claimed."),
    "unknown_choice": _("“%(text)s” is not one of the choices."),
    "too_long": _("The text is longer than %(most)s characters."),
    "identity_code": _("The text holds a personal identity code. Take it out: the portal keeps no such data."),
    "no_name": _("The measure has no name."),
    "no_goal": _("A new measure needs a goal."),
    "no_code": _("Say which measure the line belongs to: its code is missing."),
    "unknown_code": _("There is no measure with the code “%(text)s”, neither in the portal nor in the workbook."),
    "bad_code": _("Use capital letters, digits, full stops and hyphens in the code, at most 20."),
    "code_taken": _("The portal has a measure with the code “%(text)s” already."),
    "no_sector": _("A new line needs its sector."),
    "no_cost_type": _("A new line needs its cost type."),
    "ends_before": _("The measure must not end before it starts."),
    "closed_month": _("The books of %(month)s are closed. Correct the claim on the measure's own page, with a reason."),
    "decided": _("The claim of %(month)s is decided. Its confirmation must be withdrawn first."),
    "plan_locked": _("The plan is locked by its decision. It changes by a change request only."),
    "locked": _("The approved plan changes only by a change request."),
    "no_measure": _("The measure of this row cannot be taken over."),
}  # fmt: skip

#: Problems that a person looks at: the row is taken over only when somebody ticks it.
SOFT: Mapping[str, Any] = {
    "sign": _("The sign is turned: %(count)s months have the opposite of what the portal has. A saving is negative."),
    "thousand_less": _("A thousandth of what the portal has in %(count)s months: are these thousands of euros?"),
    "thousand_more": _("A thousand times what the portal has in %(count)s months: are the amounts right?"),
    "positive": _("All amounts are positive. A saving is negative, an additional cost positive: is the sign right?"),
    "small": _("All amounts are under %(most)s euros: are these thousands or millions of euros?"),
    "totals": _("This looks like a row of totals, not a measure."),
    "same_name": _("The programme has a measure of this name already: %(text)s."),
}  # fmt: skip

#: Problems of a whole file.
FILE: Mapping[str, Any] = {
    "other_programme": _("The workbook is of another programme (%(text)s)."),
    "newer_schema": _("The workbook was made by another version of the portal. Take out a new one."),
    "no_table": _("The workbook has none of the sheets that the portal writes: their heads are missing."),
    "head_twice": _("%(place)s: the column “%(text)s” is there twice."),
    "too_many_years": _("The months reach over more than %(most)s years."),
    "no_rows": _("The workbook has no rows under its heads."),
    "gone": _("The rows of this file are no longer kept. Bring the file again."),
}  # fmt: skip


def _texts() -> Mapping[str, Any]:
    return {**OF_FILES, **OF_CELLS, **HARD, **SOFT, **FILE}


def problem(code: str, column: int | None = None, **params: Any) -> dict[str, Any]:
    """One problem as it is kept: a code and what fills its words, never a sentence."""
    return {"code": code, "column": column, "params": params}


def of_refusal(refused: Refused) -> dict[str, Any]:
    """A file that could not be read, as a problem of its run."""
    told = refused.params
    return {
        "code": refused.code, "sheet": told.get("sheet"), "row": told.get("row"), "column": told.get("column"),
        "params": told,
    }  # fmt: skip


def words(told: Mapping[str, Any]) -> str:
    """The problem in the active language, without its place."""
    params = dict(told.get("params") or {})
    if told["code"] in OF_FILES:
        return Refused(told["code"], **params).message
    if "month" in params:
        params["month"] = format_month(parse_month(params["month"]))
    if {"sheet", "row", "column"} <= params.keys():
        params["place"] = place(params["sheet"], params["row"], params["column"])
    text = _texts().get(told["code"])
    return gettext_now("Something is wrong here.") if text is None else str(text) % params


def where(told: Mapping[str, Any], sheet: str = "", row: int | None = None) -> str:
    """ "Sheet Months, row 12, column H"; "" for a problem of the whole file."""
    sheet, row = told.get("sheet") or sheet, told.get("row") or row
    if not sheet or row is None:
        return ""
    return place(sheet, row, told.get("column"))
