"""What a table is once it is read: rows of plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

#: A cell: text, number, day, truth; None is an empty one.
Value = str | int | float | Decimal | date | bool | None


class Fault(str):
    """A cell that holds no value but a fault: its text is "#REF!" and the like, or "=" for a formula never worked out.

    It is a text so that whoever expects a number or a day refuses it as one that is none.
    """

    @property
    def is_formula(self) -> bool:
        return self == "="


@dataclass
class Sheet:
    """One sheet. `rows[0][0]` is cell A1; rows may be shorter than the widest.

    `merged` holds (first row, first column, last row, last column) from 0: the value stands in the first cell.
    """

    name: str
    rows: list[list[Value]]
    merged: Sequence[tuple[int, int, int, int]] = field(default_factory=tuple)
    is_hidden: bool = False


def column_name(index: int) -> str:
    """ "A" for 0, "AA" for 26."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_index(name: str) -> int:
    """0 for "A"."""
    index = 0
    for letter in name:
        index = index * 26 + ord(letter) - 64
    return index - 1


def place(sheet: str, row: int, column: int | str | None = None) -> str:
    """ "Sheet Months, row 12, column H"; `row` counts from 1 as on the screen, `column` from 0 or is its letters."""
    told = {"sheet": sheet, "row": row}
    if column is None:
        return _("Sheet %(sheet)s, row %(row)s") % told
    letters = column if isinstance(column, str) else column_name(column)
    return _("Sheet %(sheet)s, row %(row)s, column %(column)s") % (told | {"column": letters})
