"""Rows of the sheet of months: read fast, because there are thirty thousand of them, and staged as arrays."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.tables.cells import CellError, cents_of, text_of
from measures.models import Measure, SavingsLine
from measures.workbooks.choices import Lists
from measures.workbooks.columns import LINES, SERIES
from measures.workbooks.measure_rows import unescaped
from measures.workbooks.problems import problem
from measures.workbooks.recognising import Layout, is_empty
from programme.models import Programme

_BY_KEY = {column.key: column for column in LINES}
_UNKNOWN = {
    "sectors": "unknown_sectors", "cost_types": "unknown_cost_types", "series": "unknown_series",
}  # fmt: skip
#: What names a line within its measure, in the order of the table's unique key.
IDENTITY = ("line.sector", "line.cost_type", "line.permanence", "line.class", "line.in_base")
#: Figures below are exact as doubles, so a product with 100 is within this of its cents.
_EXACT_CENTS = 1e11
_TRACE = 1e-5


@dataclass
class MonthRow:
    """One line in one series; `amounts` begins with January of the first year."""

    sheet: str
    row: int
    code: str = ""
    line_id: int | None = None
    new_line: dict[str, Any] | None = None
    series: str = ""
    amounts: list[int | None] = field(default_factory=list)
    print: int | None = None
    problems: list[dict[str, Any]] = field(default_factory=list)
    asks: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class MonthTable:
    """All rows, and what the places in their arrays are: `columns[i]` is the sheet's column, None for no column."""

    rows: list[MonthRow]
    first_year: int
    last_year: int
    columns: list[int | None]
    rounded: int = 0


def read_months(
    layout: Layout, programme: Programme, lists: Lists, new_codes: set[str], *, is_csv: bool = False
) -> MonthTable:
    """Every row of the sheet with its months in cents; `new_codes` are of measures that the same file makes."""
    first, last = min(layout.months).year, max(layout.months).year
    columns: list[int | None] = [None] * (12 * (last - first + 1))
    for month, column in layout.months.items():
        columns[(month.year - first) * 12 + month.month - 1] = column
    reader = _Reader(layout, programme, lists, new_codes, columns, is_csv)
    for at, cells in enumerate(layout.sheet.rows[layout.first_row :], start=layout.first_row + 1):
        if not is_empty(cells):
            reader.read(at, cells)
    reader.tell_twice()
    return MonthTable(reader.rows, first, last, columns, reader.rounded)


class _Reader:
    def __init__(
        self, layout: Layout, programme: Programme, lists: Lists, new_codes: set[str],
        columns: Sequence[int | None], is_csv: bool,
    ) -> None:  # fmt: skip
        self.layout, self.lists, self.is_csv = layout, lists, is_csv
        self.name = layout.sheet.name[:100]
        self.columns, self.new_codes = columns, new_codes
        places = [column for column in columns if column is not None]
        straight = len(places) == len(columns) and places == list(range(places[0], places[0] + len(places)))
        self.start = places[0] if straight else None
        self.rows: list[MonthRow] = []
        self.rounded = 0
        self._meant: dict[tuple[str, str], Any] = {}
        lines = SavingsLine.objects.filter(programme=programme).values_list(
            "pk", "measure__code", "sector_id", "cost_type_id", "permanence", "line_class", "in_base"
        )
        self.lines: dict[int, tuple[Any, ...]] = {pk: tuple(rest) for pk, *rest in lines}
        self.by_identity = {rest: pk for pk, rest in self.lines.items()}
        self.codes = set(Measure.objects.filter(programme=programme).values_list("code", flat=True))

    # --- one row ----------------------------------------------------------------------------------

    def read(self, at: int, cells: list[Any]) -> None:
        row = MonthRow(self.name, at)
        told = {key: self._text(row, cells, key) for key in self.layout.columns}
        row.series = str(self._choice(row, told, "line.series") or "")
        if not row.series and not row.problems:
            row.problems.append(problem("unknown_series", self.layout.column("line.series"), text=""))
        if row.series and row.series not in SERIES:
            row.problems.append(problem("locked", self.layout.column("line.series")))
        mark = told.get("line.print") or ""
        row.print = int(mark) if re.fullmatch(r"-?[0-9]{1,19}", mark) else None
        number = told.get("line.id") or ""
        if number:
            self._known(row, told, number)
        else:
            self._new(row, told)
        row.amounts = self._amounts(row, cells)
        self.rows.append(row)

    def _text(self, row: MonthRow, cells: list[Any], key: str) -> str:
        at = self.layout.columns[key]
        value = cells[at] if at < len(cells) else None
        if type(value) is str and not self.is_csv:
            return value.strip()
        try:
            text = text_of(value)
        except CellError as error:
            row.problems.append(problem(error.code, at, **error.params))
            return ""
        return unescaped(text) if self.is_csv else text

    def _choice(self, row: MonthRow, told: Mapping[str, str], key: str) -> Any:
        """What the cell means; thirty thousand rows repeat a few words, so each is looked up once."""
        text = told.get(key, "")
        if not text:
            return None
        if (key, text) not in self._meant:
            self._meant[key, text] = self.lists[_BY_KEY[key].kind].meant(text)
        meant = self._meant[key, text]
        if meant is None:
            code = _UNKNOWN.get(_BY_KEY[key].kind, "unknown_choice")
            row.problems.append(problem(code, self.layout.column(key), text=text[:60]))
        return meant

    def _known(self, row: MonthRow, told: Mapping[str, str], number: str) -> None:
        stored = self.lines.get(int(number)) if re.fullmatch(r"[0-9]{1,18}", number) else None
        if stored is None:
            row.problems.append(problem("unknown_row", self.layout.column("line.id")))
            return
        row.line_id, row.code = int(number), stored[0]
        if told.get("line.code", row.code) not in {row.code, ""}:
            row.problems.append(
                problem(
                    "read_only", self.layout.column("line.code"), old=row.code, new=told["line.code"][:60]
                )
            )
        for key, value in zip(IDENTITY, stored[1:], strict=True):
            if key in self.layout.columns:
                self._check_same(row, told, key, value)

    def _check_same(self, row: MonthRow, told: Mapping[str, str], key: str, stored: Any) -> None:
        meant = self._choice(row, told, key)
        if meant is None and told.get(key) and row.problems:
            return
        if (meant or None) != (stored or None):
            old = self.lists[_BY_KEY[key].kind].shown.get(stored, "")
            row.problems.append(problem("read_only", self.layout.column(key), old=old, new=told[key][:60]))

    def _new(self, row: MonthRow, told: Mapping[str, str]) -> None:
        """A line that has no number: one that is there already by what it is, or one to be made."""
        row.code = told.get("line.code", "")[:20]
        if not row.code:
            row.problems.append(problem("no_code", self.layout.column("line.code")))
        elif row.code not in self.codes and row.code not in self.new_codes:
            row.problems.append(problem("unknown_code", self.layout.column("line.code"), text=row.code))
        values = [self._choice(row, told, key) for key in IDENTITY]
        sector, cost_type, permanence, line_class, in_base = values
        for key, value, code in (
            ("line.sector", sector, "no_sector"), ("line.cost_type", cost_type, "no_cost_type"),
        ):  # fmt: skip
            if value is None and not told.get(key):
                row.problems.append(problem(code, self.layout.column(key)))
        identity = (row.code, sector, cost_type, permanence or "lasting", line_class or "cash", bool(in_base))
        row.line_id = self.by_identity.get(identity)
        if row.line_id is None and not row.problems:
            names = ("code", "sector_id", "cost_type_id", "permanence", "line_class", "in_base")
            row.new_line = dict(zip(names, identity, strict=True))

    # --- its months -------------------------------------------------------------------------------

    def _amounts(self, row: MonthRow, cells: list[Any]) -> list[int | None]:
        if self.start is not None:
            found = cells[self.start : self.start + len(self.columns)]
            found += [None] * (len(self.columns) - len(found))
        else:
            found = [
                cells[column] if column is not None and column < len(cells) else None
                for column in self.columns
            ]
        amounts: list[int | None] = []
        for at, value in enumerate(found):
            if value is None:
                amounts.append(None)
                continue
            if type(value) is float:
                cents = value * 100
                if -_EXACT_CENTS < cents < _EXACT_CENTS:
                    whole = round(cents)
                    if -_TRACE < cents - whole < _TRACE:
                        amounts.append(whole)
                        continue
                self.rounded += 1
            amounts.append(self._careful(row, value, at))
        return amounts

    def _careful(self, row: MonthRow, value: Any, at: int) -> int | None:
        try:
            return cents_of(unescaped(value) if self.is_csv and isinstance(value, str) else value)
        except CellError as error:
            row.problems.append(problem(error.code, self.columns[at], **error.params))
            return None

    def tell_twice(self) -> None:
        """Both of two rows for one line and series are kept out."""
        seen: dict[Any, MonthRow] = {}
        for row in self.rows:
            key = (row.line_id or tuple((row.new_line or {}).values()), row.series)
            if not key[0]:
                continue
            first = seen.setdefault(key, row)
            if first is not row:
                row.problems.append(problem("twice", other=first.row))
                if not any(told["code"] == "twice" for told in first.problems):
                    first.problems.append(problem("twice", other=row.row))


def month_at(first_year: int, place: int) -> date:
    """The month of a place in the arrays, counted from 0."""
    return date(first_year + place // 12, place % 12 + 1, 1)
