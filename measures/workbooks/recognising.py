"""Which sheet is which, and which column stands where: found by their heads, not by their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.tables import Refused, Sheet, column_name
from core.tables.cells import CellError, month_of_cell, plain, text_of
from measures.workbooks.columns import MARK_SHEET, SCHEMA, folded, headings

#: The heads stand within the first rows of a sheet.
LOOKED_AT = 10
MOST_YEARS = 15


class NotOurs(Exception):
    """A table that the portal did not write: it needs a mapping."""


class FileRefused(Exception):
    """A workbook of ours that cannot be taken in; `code` is one of `problems.FILE`."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass
class Layout:
    """Where things stand in one sheet: columns by key, months by their first day; rows from `first_row` (from 0)."""

    sheet: Sheet
    kind: str
    first_row: int
    columns: dict[str, int]
    months: dict[date, int] = field(default_factory=dict)

    def column(self, key: str) -> int | None:
        return self.columns.get(key)


def layouts_of(sheets: Sequence[Sheet], slug: str) -> list[Layout]:
    """The sheets of measures and of months; raises NotOurs or FileRefused."""
    mark = next((sheet for sheet in sheets if sheet.name == MARK_SHEET), None)
    if mark is not None:
        _check_mark(mark, slug)
    found = [layout for sheet in sheets if sheet is not mark and (layout := _layout(sheet))]
    if mark is None and not any({"measure.id", "line.id"} & layout.columns.keys() for layout in found):
        raise NotOurs
    if not found:
        raise FileRefused("no_table")
    return found


def _check_mark(sheet: Sheet, slug: str) -> None:
    told = {str(row[0]): str(row[1]) for row in sheet.rows if len(row) > 1}
    if told.get("schema") != SCHEMA:
        raise FileRefused("newer_schema")
    if told.get("programme") != slug:
        raise FileRefused("other_programme", text=told.get("programme", "?")[:60])


def _layout(sheet: Sheet) -> Layout | None:
    """The sheet's layout by the row among its first that names most columns."""
    best: Layout | None = None
    for at, row in enumerate(sheet.rows[:LOOKED_AT]):
        for prefix, kind in (("measure", "measures"), ("line", "months")):
            found = _heads(row, prefix)
            if found and (best is None or len(found) > len(best.columns)):
                best = Layout(sheet, kind, at + 1, _unique(sheet, at, found))
    if best is None:
        return None
    known = {"measures": {"measure.code", "measure.name_fi"}, "months": {"line.series"}}[best.kind]
    if not known <= best.columns.keys():
        return None
    if best.kind == "months":
        best.months = _months(sheet, best.first_row - 1)
        if not best.months:
            return None
    _skip_heads(best)
    return best


def _heads(row: Sequence[Any], prefix: str) -> list[tuple[str, int]]:
    names = headings()
    found = []
    for at, value in enumerate(row):
        if isinstance(value, str):
            text = plain(value)
            key = names.get(text) or names.get(f"{prefix}:{folded(text)}")
            if key and key.startswith(f"{prefix}."):
                found.append((key, at))
    return found


def _unique(sheet: Sheet, at: int, found: list[tuple[str, int]]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for key, column in found:
        if key in columns:
            text = text_of(sheet.rows[at][column])[:60]
            raise FileRefused("head_twice", sheet=sheet.name, row=at + 1, column=column, text=text)
        columns[key] = column
    return columns


def _months(sheet: Sheet, at: int) -> dict[date, int]:
    found: dict[date, int] = {}
    for column, value in enumerate(sheet.rows[at]):
        try:
            month = month_of_cell(value)
        except CellError:
            continue
        if month is None:
            continue
        if month in found:
            raise FileRefused(
                "head_twice", sheet=sheet.name, row=at + 1, column=column, text=column_name(found[month])
            )
        found[month] = column
    if found and max(found).year - min(found).year >= MOST_YEARS:
        raise FileRefused("too_many_years", most=MOST_YEARS)
    return found


def _skip_heads(layout: Layout) -> None:
    """Goes past the heads for people, when the keys above them were what was found."""
    rows = layout.sheet.rows
    prefix = "measure" if layout.kind == "measures" else "line"
    while layout.first_row < min(len(rows), LOOKED_AT):
        heads = _heads(rows[layout.first_row], prefix)
        if len(heads) < 2 or any(layout.columns.get(key) != column for key, column in heads):
            return
        layout.first_row += 1


def is_empty(cells: Sequence[Any]) -> bool:
    """Whether a row holds nothing but spaces."""
    return all(value is None or (type(value) is str and not value.strip()) for value in cells)


def refused_as(error: Refused | FileRefused) -> dict[str, Any]:
    """The refusal of a file as it is kept with its run."""
    told = error.params
    return {
        "code": error.code, "sheet": told.get("sheet"), "row": told.get("row"), "column": told.get("column"),
        "params": told,
    }  # fmt: skip
