"""From the cells of a sheet to amounts by month and place, with everything that is wrong told by its cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from core.money import spread
from core.tables.cells import CellError, cents_of, month_of_cell
from core.tables.sheets import Sheet, Value
from measures.ledger.mapping import (
    ACCOUNT,
    AMOUNT,
    COST_CENTRE,
    INTERNAL,
    LEFT_OUT,
    MONTH,
    FileMapping,
    told,
)

#: So many problems of one file are kept; the rest are counted.
PROBLEMS_KEPT = 200
_CODE_CHARACTERS = 30


class Key(NamedTuple):
    """What names an amount of the books."""

    month: date
    sector: int
    cost_type: int
    account: str
    cost_centre: str
    is_internal: bool


@dataclass
class Read:
    """What a sheet says: cents by key; rows that carried them, rows left out; names nobody knows; problems."""

    amounts: dict[Key, int] = field(default_factory=dict)
    rows: int = 0
    left_out: int = 0
    left_out_eur_cents: int = 0
    unknown: dict[str, list[str]] = field(default_factory=lambda: {"sector": [], "cost_type": []})
    problems: list[dict[str, Any]] = field(default_factory=list)
    problem_count: int = 0

    def add_problem(self, sheet: str, row: int, column: int | None, code: str, **params: Any) -> None:
        """`row` counts from 1 as on the screen, `column` from 0."""
        self.problem_count += 1
        if len(self.problems) < PROBLEMS_KEPT:
            self.problems.append(
                {"sheet": sheet, "row": row, "column": column, "code": code, "params": params}
            )


@dataclass(frozen=True)
class Names:
    """Ids of sectors and cost types by every name they go by, casefolded."""

    sectors: Mapping[str, int]
    cost_types: Mapping[str, int]


@dataclass
class Reader:
    """Reads one sheet of a file for one year."""

    sheet: Sheet
    mapping: FileMapping
    names: Names
    year: int
    found: Read = field(default_factory=Read)
    _above: str = ""

    def read(self) -> Read:
        """All rows below the heading."""
        for at in range(self.mapping.header_row + 1, len(self.sheet.rows)):
            row = self.sheet.rows[at]
            if any(value not in (None, "") for value in row):
                self._read_row(at, row)
        return self.found

    def _read_row(self, at: int, row: Sequence[Value]) -> None:
        if self._is_left_out(row):
            self.found.left_out += 1
            return
        amounts = list(self._amounts(at, row))
        if not amounts:
            return
        sector = self._id(row, self.mapping.sector_column, "sector", at)
        cost_type = self._id(row, self.mapping.cost_type_column, "cost_type", at)
        if sector == 0 or cost_type == 0:  # the mapping says so
            self.found.left_out += 1
            self.found.left_out_eur_cents += sum(cents for _month, cents in amounts)
            return
        if sector is None or cost_type is None:
            return
        self.found.rows += 1
        account, centre = self._code(row, ACCOUNT, at), self._code(row, COST_CENTRE, at)
        is_internal = self._is_internal(row, account)
        for month, cents in amounts:
            key = Key(month, sector, cost_type, account, centre, is_internal)
            self.found.amounts[key] = self.found.amounts.get(key, 0) + cents

    # --- which rows -------------------------------------------------------------------------------------

    def _is_left_out(self, row: Sequence[Value]) -> bool:
        mark = told(self._cell(row, self.mapping.column(LEFT_OUT)))
        if mark:
            return True
        words = [word.casefold() for word in self.mapping.left_out if word]
        columns = {self.mapping.sector_column, self.mapping.cost_type_column, self.mapping.column(ACCOUNT)}
        texts = [told(self._cell(row, column)) for column in columns if column is not None]
        texts.append(next((text for value in row if (text := told(value))), ""))
        return any(text.casefold().startswith(word) for text in texts for word in words if text)

    def _is_internal(self, row: Sequence[Value], account: str) -> bool:
        if any(account.startswith(prefix) for prefix in self.mapping.internal_accounts if prefix):
            return True
        mark = told(self._cell(row, self.mapping.column(INTERNAL))).casefold()
        marks = [word.casefold() for word in self.mapping.internal_marks if word]
        return mark in marks if marks else bool(mark) and mark not in ("0", "false", "ei", "nej", "no", "-")

    # --- which place ------------------------------------------------------------------------------------

    def _cell(self, row: Sequence[Value], column: int | None) -> Value:
        return row[column] if column is not None and column < len(row) else None

    def _code(self, row: Sequence[Value], role: str, at: int) -> str:
        column = self.mapping.column(role)
        text = told(self._cell(row, column))
        if len(text) > _CODE_CHARACTERS:
            self.found.add_problem(self.sheet.name, at + 1, column, "code_too_long", most=_CODE_CHARACTERS)
        return text[:_CODE_CHARACTERS]

    def _id(self, row: Sequence[Value], column: int | None, kind: str, at: int) -> int | None:
        """The id of the named sector or cost type; 0 when its rows are left out, None when nobody knows it."""
        text = told(self._cell(row, column))
        if kind == "sector" and self.mapping.fills_down:
            text = self._above = text or self._above
        if not text:
            self.found.add_problem(self.sheet.name, at + 1, column, f"no_{kind}")
            return None
        translated = self.mapping.sectors if kind == "sector" else self.mapping.cost_types
        known = self.names.sectors if kind == "sector" else self.names.cost_types
        name = text.casefold()
        if name in translated:
            key = translated[name]
            return 0 if not key else known.get(key.casefold())
        if name in known:
            return known[name]
        if text not in self.found.unknown[kind]:
            self.found.unknown[kind].append(text)
        self.found.add_problem(self.sheet.name, at + 1, column, f"unknown_{kind}", name=text[:80])
        return None

    # --- how much ---------------------------------------------------------------------------------------

    def _amounts(self, at: int, row: Sequence[Value]) -> Iterator[tuple[date, int]]:
        columns = self.mapping.month_columns
        if columns:
            for column, number in columns:
                cents = self._cents(at, row, column)
                if cents is not None:
                    yield date(self.year, number, 1), cents
            return
        cents = self._cents(at, row, self.mapping.column(AMOUNT))
        if cents is None:
            return
        if self.mapping.is_annual:
            for number, part in enumerate(spread(cents, 12), start=1):
                yield date(self.year, number, 1), part
        elif (month := self._month(at, row)) is not None:
            yield month, cents

    def _cents(self, at: int, row: Sequence[Value], column: int | None) -> int | None:
        try:
            cents = cents_of(self._cell(row, column), unit=self.mapping.unit)
        except CellError as refused:
            self.found.add_problem(self.sheet.name, at + 1, column, refused.code, **refused.params)
            return None
        return -cents if cents is not None and self.mapping.is_flipped else cents

    def _month(self, at: int, row: Sequence[Value]) -> date | None:
        column = self.mapping.column(MONTH)
        value = self._cell(row, column)
        try:
            month = _month_of(value, self.year)
        except CellError as refused:
            self.found.add_problem(self.sheet.name, at + 1, column, refused.code, **refused.params)
            return None
        if month is None:
            self.found.add_problem(self.sheet.name, at + 1, column, "no_month")
        elif month.year != self.year:
            self.found.add_problem(self.sheet.name, at + 1, column, "other_year", year=month.year)
        else:
            return month
        return None


def _month_of(value: Value, year: int) -> date | None:
    """A month with its year, or its number or name alone."""
    text = told(value)
    if text.isdigit() and 1 <= int(text) <= 12:
        return date(year, int(text), 1)
    try:
        return month_of_cell(value)
    except CellError:
        if not text.isalpha():
            raise
        return month_of_cell(f"{text} {year}")
