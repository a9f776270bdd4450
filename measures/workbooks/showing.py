"""What a file would change, page by page: rows with their cells, places and problems in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from core.money import format_eur
from core.periods import format_month
from core.tables import column_name
from measures.models import ImportRun, Series, StagedState
from measures.workbooks.columns import LINES, MEASURES
from measures.workbooks.comparing import Frame, changed_cells
from measures.workbooks.foreign import FIELDS
from measures.workbooks.month_rows import month_at
from measures.workbooks.problems import where, words

ROWS_A_PAGE = 25
#: Cells of one row that a page lists; the rest are counted.
CELLS_A_ROW = 12

_HEADINGS = {column.key: column.heading for column in (*MEASURES, *LINES)}


@dataclass(frozen=True)
class Cell:
    """One cell that would change: its address ("AT12") and head, and what it says before and after."""

    address: str
    head: str
    old: str
    new: str


@dataclass(frozen=True)
class ShownRow:
    """One staged row as the page shows it."""

    pk: int
    place: str
    label: str
    state: str
    state_words: str
    accepted: bool
    may_accept: bool
    problems: list[str]
    cells: list[Cell]
    more: int


def states_of(run: ImportRun) -> dict[str, dict[str, int]]:
    """Rows of each state for both sheets, as counted when the file was read."""
    return {name: run.counts.get(name, {}) for name in ("measures", "months")}


def page_of(run: ImportRun, sheet: str, state: str, number: Any) -> Page:
    """A page of staged rows, in the order of the sheet; those without any change only when asked for."""
    rows = run.staged_months if sheet == "months" else run.staged_measures
    found = rows.filter(state=state) if state else rows.exclude(state=StagedState.SAME)
    return Paginator(found.order_by("row", "pk"), ROWS_A_PAGE).get_page(number)


def rows_of(run: ImportRun, sheet: str, page: Sequence[Any], *, every_cell: bool = False) -> list[ShownRow]:
    """The rows of a page with what would change in them."""
    most = 10_000 if every_cell else CELLS_A_ROW
    cells = _month_cells(run, page) if sheet == "months" else {row.pk: _measure_cells(row) for row in page}
    return [_shown(row, cells.get(row.pk, []), most) for row in page]


def _shown(row: Any, cells: list[Cell], most: int) -> ShownRow:
    label = row.code or _("new measure")
    if hasattr(row, "series") and row.series in Series.values:
        label = f"{label}, {Series(row.series).label}"
    told = []
    for one in row.problems:
        place = column_name(one["column"]) if one.get("column") is not None else ""
        told.append(
            _("column %(column)s: %(text)s") % {"column": place, "text": words(one)} if place else words(one)
        )
    return ShownRow(
        row.pk, where({}, row.sheet, row.row), label, row.state, str(StagedState(row.state).label), row.accepted,
        row.state not in {StagedState.REFUSED, StagedState.SAME}, told, cells[:most], max(0, len(cells) - most),
    )  # fmt: skip


def _measure_cells(row: Any) -> list[Cell]:
    return [
        Cell(
            _address(change["column"], row.row), _heading(change["key"]),
            change["old"], change["new"],
        )
        for change in row.changes
    ]  # fmt: skip


def _address(column: int | None, row: int) -> str:
    return "" if column is None else f"{column_name(column)}{row}"


def _heading(key: str) -> str:
    if key.startswith("foreign."):
        return str(FIELDS[key.removeprefix("foreign.")])
    return str(_HEADINGS[key])


def _month_cells(run: ImportRun, page: Sequence[Any]) -> dict[int, list[Cell]]:
    frame = Frame.of(run)
    if frame is None:
        return {}
    rows = {row.pk: row.row for row in page}
    found: dict[int, list[Cell]] = {}
    for pk, at, old, new in changed_cells(run, frame, [row.pk for row in page]):
        column = frame.columns[at]
        found.setdefault(pk, []).append(
            Cell(
                _address(column, rows[pk]), format_month(month_at(frame.first_year, at)),
                "" if old is None else format_eur(old), "" if new is None else format_eur(new),
            )
        )  # fmt: skip
    return found


def file_problems(run: ImportRun) -> list[str]:
    """Why the file was refused, each with its place."""
    told = []
    for one in run.problems:
        place = where(one)
        text = words(one)
        told.append(text if not place or place in text else f"{place}: {text}")
    return told
