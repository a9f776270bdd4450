"""30 workbooks of ours with odd cells: read right, or told by row and column."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from tests.data.workbooks.kitchen import READ, REFUSED, TOLD, Base, Formula, Recipe, book

#: The column of 2024-01 in the sheet of months: twelve months after the ten columns of the line, from A.
COLUMN = "W"
KEY = "2024-01"


def _month(name: str, value: Any, expect: str = READ, code: str = "") -> Recipe:
    place = (2, COLUMN) if code else None
    return Recipe(name, lambda base: base.copy().month(0, KEY, value).book(), expect, code, place)


def _measure(name: str, key: str, value: Any, expect: str = READ, code: str = "", column: str = "") -> Recipe:
    place = (2, column) if code else None
    return Recipe(name, lambda base: base.copy().measure(0, key, value).book(), expect, code, place)


def _columns_turned(base: Base) -> bytes:
    sheets = base.copy().sheets()
    return book(
        {
            name: [list(reversed(row)) if name != "_portal" else row for row in rows]
            for name, rows in sheets.items()
        }
    )


def _rows_above(base: Base) -> bytes:
    sheets = base.copy().sheets()
    return book({
        name: rows if name == "_portal" else [["Muistiinpano"], [], *rows] for name, rows in sheets.items()
    })  # fmt: skip


def _rows_below(base: Base) -> bytes:
    sheets = base.copy().sheets()
    sheets["Kuukaudet"] += [[], [None, None], ["   "]]
    return book(sheets)


def _of_1904(base: Base) -> bytes:
    return base.copy().measure(0, "measure.starts_on", date(2024, 2, 1)).book(date_1904=True)


def _twice(base: Base) -> bytes:
    sheets = base.copy().sheets()
    sheets["Kuukaudet"] = [[*row, row[-1]] for row in sheets["Kuukaudet"]]
    return book(sheets)


RECIPES = [
    _month("a number as text", "-1 000,50"), _month("NBSP", "-1\u00a0000"), _month("narrow space", "-1\u202f000"),
    _month("thin space", "-1\u2009000"), _month("figure space", "-1\u2007000"), _month("true minus", "\u22121000"),
    _month("brackets", "(1 000)"), _month("minus behind", "1 000-"), _month("with euros", "-1 000 €"),
    _month("right-to-left marks", "\u200f-1000\u200e"), _month("more than a cent", -100.123456),
    _month("a formula with a result", Formula("=1+1", -2)),
    _month("a formula without a result", Formula("=SUM(A1:A9)"), TOLD, "formula"),
    _month("an error", Formula("=#REF!", "#REF!"), TOLD, "fault"),
    _month("a word", "paljon", TOLD, "not_a_number"), _month("a day", date(2024, 1, 1), TOLD, "not_a_number"),
    _month("true", True, TOLD, "not_a_number"), _month("1e300", 1e300, TOLD, "too_large"),
    _month("emoji", "\U0001f4b6", TOLD, "not_a_number"),
    _measure("emoji in a name", "measure.name_fi", "Säästö \U0001f4b6"),
    _measure("a name of 501 letters", "measure.name_fi", "x" * 501, TOLD, "too_long", "D"),
    _measure("a cell as long as Excel lets", "measure.description_fi", "x" * 32_767),
    _measure("a day as text", "measure.starts_on", "1.2.2024"),
    _measure("a day with its time", "measure.starts_on", datetime(2024, 2, 1, 12, 30)),
    _measure("no day", "measure.starts_on", "kesällä", TOLD, "not_a_day", "K"),
    Recipe("days of 1904", _of_1904, READ),
    Recipe("columns turned round", _columns_turned, READ), Recipe("rows above the heads", _rows_above, READ),
    Recipe("a month twice", _twice, REFUSED, "head_twice"),
    Recipe("empty rows below", _rows_below, READ),
]  # fmt: skip
