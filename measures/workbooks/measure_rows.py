"""Rows of the sheet of measures: read, compared with the portal field by field, and staged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.identity_codes import found_in
from core.money import format_eur
from core.periods import format_date
from core.tables.cells import CellError, cents_of, day_of, text_of
from measures.models import Measure, Stage, StagedState
from measures.models.measures import CODE
from measures.workbooks.choices import Lists
from measures.workbooks.columns import MEASURES, Column, folded
from measures.workbooks.export import live_measures, shortened
from measures.workbooks.problems import problem
from measures.workbooks.recognising import Layout, is_empty
from programme.models import Programme

_BY_KEY = {column.key: column for column in MEASURES}
_UNKNOWN = {"people": "unknown_people", "goals": "unknown_goals"}


@dataclass
class MeasureRow:
    """One row as it will be staged; `values` are stored values by field, `changes` are in words."""

    sheet: str
    row: int
    code: str = ""
    measure_id: int | None = None
    version: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    asks: list[dict[str, Any]] = field(default_factory=list)

    @property
    def state(self) -> str:
        if self.problems:
            return StagedState.REFUSED
        if self.asks:
            return StagedState.ASKED
        if self.measure_id is None:
            return StagedState.NEW
        return StagedState.CHANGED if self.changes else StagedState.SAME


def read_measures(
    layout: Layout, programme: Programme, lists: Lists, *, is_csv: bool = False
) -> list[MeasureRow]:
    """Every row that has something in it, compared with what the portal has now."""
    live = {row["measure.id"]: row for row in live_measures(programme, Measure.objects.all())}
    codes = {row["measure.code"] for row in live.values()}
    reader = _Reader(layout, lists, is_csv)
    rows = [
        reader.compared(at, cells, live, codes)
        for at, cells in enumerate(layout.sheet.rows[layout.first_row :], start=layout.first_row + 1)
        if not is_empty(cells)
    ]
    _tell_twice(rows)
    return rows


def _tell_twice(rows: list[MeasureRow]) -> None:
    """Both of two rows for one measure are kept out, because nobody knows which is meant."""
    seen: dict[Any, MeasureRow] = {}
    for row in rows:
        key = row.measure_id if row.measure_id is not None else row.code
        if not key:
            continue
        first = seen.setdefault(key, row)
        if first is not row:
            row.problems.append(problem("twice", other=first.row))
            if not any(told["code"] == "twice" for told in first.problems):
                first.problems.append(problem("twice", other=row.row))


class _Reader:
    def __init__(self, layout: Layout, lists: Lists, is_csv: bool) -> None:
        self.layout, self.lists, self.is_csv = layout, lists, is_csv
        self.name = layout.sheet.name[:100]

    def compared(
        self, at: int, cells: list[Any], live: Mapping[int, dict[str, Any]], codes: set[str]
    ) -> MeasureRow:
        row = MeasureRow(self.name, at)
        read = dict(self._values(row, cells))
        row.code = str(read.get("measure.code") or "")[:20]
        number = read.get("measure.id")
        if number is None:
            self._new(row, read, codes)
            return row
        row.measure_id = number
        row.version = read.get("measure.version")
        stored = live.get(number)
        if stored is None:
            row.problems.append(problem("unknown_row", self.layout.column("measure.id")))
            return row
        row.code = stored["measure.code"]
        self._changes(row, read, stored)
        return row

    def _values(self, row: MeasureRow, cells: list[Any]) -> Iterator[tuple[str, Any]]:
        """Key and stored value of each column of the sheet; what cannot be read becomes a problem."""
        for key, at in self.layout.columns.items():
            column = _BY_KEY[key]
            value = cells[at] if at < len(cells) else None
            if self.is_csv and isinstance(value, str):
                value = unescaped(value)
            try:
                yield key, self._value(column, value)
            except CellError as error:
                row.problems.append(problem(error.code, at, **error.params))
            except LookupError as error:
                code = _UNKNOWN.get(column.kind, "unknown_choice")
                row.problems.append(problem(code, at, text=str(error.args[0])[:60]))
            except _IdentityCode:
                row.problems.append(problem("identity_code", at))
            except _TooLong:
                row.problems.append(problem("too_long", at, most=column.longest))

    def _value(self, column: Column, value: Any) -> Any:
        if column.kind == "money":
            return cents_of(value)
        if column.kind == "day":
            return day_of(value)
        text = text_of(value)
        if column.kind == "number":
            if text and not re.fullmatch(r"[0-9]{1,18}", text):
                raise CellError("not_a_number", text)
            return int(text) if text else None
        if column.kind == "text":
            text = text.replace("\r\n", "\n").replace("_x000D_", "").strip()
            if column.longest and len(text) > column.longest:
                raise _TooLong
            if found_in(text):
                raise _IdentityCode
            return text
        if column.kind == "yes" and isinstance(value, bool):
            return value
        if not text:
            return None
        meant = self.lists[column.kind].meant(text)
        if meant is None:
            raise LookupError(text)
        return meant

    def _changes(self, row: MeasureRow, read: Mapping[str, Any], stored: Mapping[str, Any]) -> None:
        for key, value in read.items():
            column = _BY_KEY[key]
            if column.is_hidden or same(column, stored[key], value):
                continue
            at = self.layout.column(key)
            old, new = self.said(column, stored[key]), self.said(column, value)
            if not column.is_open:
                row.problems.append(problem("read_only", at, old=old[:60], new=new[:60]))
                continue
            row.values[column.field] = _kept(value if value is not None else _empty(column))
            row.changes.append({"column": at, "key": key, "old": old, "new": new})
        self._check(row, read, stored)

    def _check(self, row: MeasureRow, read: Mapping[str, Any], stored: Mapping[str, Any]) -> None:
        if not row.changes:
            return
        if row.version is not None and row.version != stored["measure.version"]:
            row.problems.append(problem("stale"))
        row.version = stored["measure.version"]
        after = {key: read.get(key, stored[key]) for key in stored}
        if not any(after[f"measure.name_{code}"] for code in ("fi", "sv", "en")):
            row.problems.append(problem("no_name", self.layout.column("measure.name_fi")))
        if after["measure.goal"] is None:
            row.problems.append(problem("no_goal", self.layout.column("measure.goal")))
        self._check_days(row, after)

    def _check_days(self, row: MeasureRow, values: Mapping[str, Any]) -> None:
        starts, ends = values.get("measure.starts_on"), values.get("measure.ends_on")
        if starts and ends and ends < starts:
            row.problems.append(problem("ends_before", self.layout.column("measure.ends_on")))

    def _new(self, row: MeasureRow, read: Mapping[str, Any], codes: set[str]) -> None:
        at = self.layout.column
        if row.code and not re.match(CODE, row.code):
            row.problems.append(problem("bad_code", at("measure.code")))
        if row.code in codes:
            row.problems.append(problem("code_taken", at("measure.code"), text=row.code))
        if not any(read.get(f"measure.name_{code}") for code in ("fi", "sv", "en")):
            row.problems.append(problem("no_name", at("measure.name_fi")))
        if read.get("measure.goal") is None and not _has(row, at("measure.goal")):
            row.problems.append(problem("no_goal", at("measure.goal")))
        if read.get("measure.stage") not in {None, Stage.IDENTIFIED}:
            new = self.said(_BY_KEY["measure.stage"], read["measure.stage"])
            row.problems.append(problem("read_only", at("measure.stage"), old="", new=new))
        self._check_days(row, read)
        for key, value in read.items():
            column = _BY_KEY[key]
            if value in (None, "") or not (
                column.is_open or column.key in {"measure.code", "measure.target"}
            ):
                continue
            row.values[column.field] = _kept(value)
            row.changes.append({"column": at(key), "key": key, "old": "", "new": self.said(column, value)})

    def said(self, column: Column, value: Any) -> str:
        """A stored value in words."""
        if value is None or value == "":
            return ""
        if column.kind == "money":
            return format_eur(value)
        if isinstance(value, date):
            return format_date(value)
        if column.kind in {"text", "number"}:
            return str(value)
        return self.lists[column.kind].shown.get(value, "?")


class _TooLong(Exception):
    pass


class _IdentityCode(Exception):
    pass


def _has(row: MeasureRow, column: int | None) -> bool:
    """Whether something is said of the column already."""
    return any(told["column"] == column for told in row.problems)


def _kept(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _empty(column: Column) -> Any:
    return None if column.kind in {"day", "people", "goals"} else ""


def same(column: Column, stored: Any, read: Any) -> bool:
    """Whether a cell says what is stored; spaces at the ends and kinds of line ends are no difference."""
    if column.kind == "text":
        return _plain(stored) == _plain(read)
    if stored in (None, "") or read in (None, ""):
        return stored in (None, "", False) and read in (None, "", False)
    return bool(stored == read)


def _plain(text: Any) -> str:
    return shortened(str(text or "").replace("\r\n", "\n").strip())


def unescaped(text: str) -> str:
    """A text of a CSV without the apostrophe that kept it from being a formula."""
    return text[1:] if re.match(r"'+[=+\-@\t\r]", text) else text


def names_of(live: Mapping[int, dict[str, Any]]) -> dict[str, str]:
    """Code of a measure by its name in small letters."""
    return {folded(row["measure.name_fi"]): row["measure.code"] for row in live.values()}
