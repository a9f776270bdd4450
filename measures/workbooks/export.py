"""Writes measures and their months as a workbook that comes back, or as CSV for a Finnish Excel.

Rows go from the database to the file one by one, so that memory stays flat. Text is written as text whatever it
begins with; only figures are figures.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

import xlsxwriter
from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Max, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from config.limits import UPLOAD_MAX_ROWS
from core.periods import format_month, month_key, months, year_bounds
from measures.models import Measure, MeasureTarget, SavingsEntry, SavingsLine
from measures.selectors.budget_shares import taken_by_year
from measures.workbooks.choices import Lists
from measures.workbooks.columns import LINES, MARK_SHEET, MEASURES, SCHEMA, SERIES, SHEETS, Column
from measures.workbooks.live import live_months
from programme.models import Programme

#: Rows above the first one of data: the hidden keys and the heads.
HEAD_ROWS = 2
#: Rows under the last one that are open for new measures and lines.
SPARE_ROWS = 500
LONGEST_TEXT = 32_767
_BATCH = 2_000


class TooManyRows(Exception):
    """More rows than a workbook may have that is to come back."""


def years_of(programme: Programme) -> tuple[int, int]:
    """First and last year of the months: the programme's, and those that hold a value beyond them."""
    found = SavingsEntry.objects.filter(programme=programme).aggregate(first=Min("month"), last=Max("month"))
    first = min(programme.start_year, found["first"].year if found["first"] else programme.start_year)
    last = max(programme.final_year, found["last"].year if found["last"] else programme.final_year)
    return first, min(last, first + 14)


# --- rows ------------------------------------------------------------------------------------------------


Taken = Mapping[int, Mapping[int, int]]


def budget_columns(taken: Taken) -> list[Column]:
    """Locked columns after the others: what each year's budget has taken in (R18). Nothing reads them back."""
    heading = _("taken into the budget %(year)s, €")
    return [Column(f"measure.budget_{year}", heading % {"year": year}, "money", width=16) for year in taken]


def measure_rows(
    programme: Programme, rows: QuerySet[Measure], lists: Lists, taken: Taken | None = None
) -> Iterator[list[Any]]:
    """The cells of each measure in the order of the columns, `taken` by year and measure after them."""
    years = list((taken or {}).values())
    for values in live_measures(programme, rows):
        cells = [shown(column, values.get(column.key), lists) for column in MEASURES]
        cents = [year.get(values["measure.id"]) for year in years]
        yield [*cells, *(None if one is None else euros(one) for one in cents)]


def live_measures(programme: Programme, rows: QuerySet[Measure]) -> Iterator[dict[str, Any]]:
    """Each measure as stored, by column key; money in cents."""
    fields = [column.field for column in MEASURES if column.field and column.field != "target"]
    found = with_target(rows.filter(programme=programme).order_by("code"), programme.today())
    for row in found.values(*fields, "target", "goal__theme_id").iterator(_BATCH):
        values = {column.key: row[column.field] for column in MEASURES if column.field}
        yield values | {"measure.theme": row["goal__theme_id"]}


def with_target(rows: QuerySet[Measure], on: date) -> QuerySet[Any]:
    """Adds `target`: the level-change target that the measure carries on that day, EUR cents or None."""
    valid = MeasureTarget.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), measure=OuterRef("pk"), valid_from__lte=on
    )
    return rows.annotate(target=Subquery(valid.order_by("-valid_from").values("value_eur_cents")[:1]))


def shown(column: Column, value: Any, lists: Lists) -> Any:
    """A stored value as the cell shows it."""
    if value is None or value == "":
        return None
    if column.kind == "money":
        return euros(value)
    if column.kind == "text":
        return shortened(str(value))
    if column.kind in {"day", "number"}:
        return value
    return lists[column.kind].shown.get(value)


def shortened(text: str) -> str:
    """The text as far as a cell holds it."""
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}\u2026"


def euros(cents: int) -> Decimal | int:
    whole, rest = divmod(cents, 100)
    return Decimal(cents).scaleb(-2) if rest else whole


_LINES = """
    SELECT line.id, live.print, measure.code, measure.id AS measure_id, line.sector_id, line.cost_type_id,
        line.permanence, line.line_class, line.in_base, wanted.series, live.amounts,
        coalesce(nullif(measure.name_{language}, ''), nullif(measure.name_fi, ''), nullif(measure.name_sv, ''),
            measure.name_en) AS name
    FROM measures_savingsline line
    JOIN measures_measure measure ON measure.id = line.measure_id
    CROSS JOIN unnest(%s::text[]) WITH ORDINALITY wanted(series, place)
    LEFT JOIN ({live}) live ON live.line_id = line.id AND live.series = wanted.series
    WHERE line.programme_id = %s AND line.measure_id IN ({measures})
    ORDER BY measure.code, line.id, wanted.place
"""


def month_rows(
    programme: Programme, rows: QuerySet[Measure], lists: Lists, years: tuple[int, int]
) -> Iterator[list[Any]]:
    """One row for each line and series: what it is, then its months in euros."""
    try:
        chosen, params = rows.filter(programme=programme).order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # filters that nothing can meet
        return
    language = lists.language if lists.language in {"fi", "sv", "en"} else "fi"
    sql = _LINES.format(
        language=language, live=live_months(*years, "total.programme_id = %s"), measures=chosen
    )
    empty = [None] * 12 * (years[1] - years[0] + 1)
    columns = [column for column in LINES if column.kind not in {"number", "text"}]
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(sql, [list(SERIES), programme.pk, programme.pk, *params])
        found = chain.from_iterable(iter(lambda: cursor.fetchmany(_BATCH), []))
        for line, mark, code, _measure, *what, amounts, name in found:
            told = [lists[column.kind].shown.get(value) for column, value in zip(columns, what, strict=True)]
            yield [
                line, str(mark or 0), code, name, *told,
                *(None if cents is None else cents / 100 for cents in amounts or empty),
            ]  # fmt: skip


# --- the workbook ----------------------------------------------------------------------------------------


def write_workbook(
    path: Path, programme: Programme, rows: QuerySet[Measure], *, language: str
) -> dict[str, int]:
    """Writes the measures of `rows` and their months; how many rows each sheet has. Raises TooManyRows."""
    lines = SavingsLine.objects.filter(programme=programme, measure__in=rows.order_by().values("pk")).count()
    if lines * len(SERIES) + HEAD_ROWS > UPLOAD_MAX_ROWS:
        raise TooManyRows
    with translation.override(language):
        return _Workbook(path, programme, rows, language).write()


class _Workbook:
    """The file while it is written: sheets in order, each row once."""

    def __init__(self, path: Path, programme: Programme, rows: QuerySet[Measure], language: str) -> None:
        self.programme, self.rows = programme, rows
        self.lists, self.years = Lists(programme, language), years_of(programme)
        self.book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                "strings_to_numbers": False, "nan_inf_to_errors": False, "default_date_format": "d.m.yyyy",
                "tmpdir": str(path.parent),
            },
        )  # fmt: skip
        self.book.set_properties({"title": programme.name, "company": str(programme.organisation)})
        self.names = {key: str(name) for key, name in SHEETS.items()}
        self._formats: dict[tuple[Any, ...], Any] = {}
        self.ranges: dict[str, str] = {}
        self.month_style = self._format("money", is_open=True)

    def write(self) -> dict[str, int]:
        self._guide()
        # The lists stand before the sheets that refer to them only in writing; a reader finds them last.
        counts = {"measures": self._measures(), "months": self._months()}
        self._lists()
        self._mark()
        self.book.close()
        return counts

    def _format(self, kind: str, *, is_open: bool = False, head: bool = False) -> Any:
        key = (kind, is_open, head)
        if key not in self._formats:
            told: dict[str, Any] = {"locked": not is_open, "valign": "top"}
            if head:
                told |= {"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#E7ECEF"}
            elif not is_open:
                told |= {"bg_color": "#F3F5F6"}
            if kind == "money":
                told["num_format"] = "#,##0.00;[Color 1]-#,##0.00;0"
            if kind == "day":
                told["num_format"] = "d.m.yyyy"
            if kind == "text":
                told["num_format"] = "@"
            self._formats[key] = self.book.add_format(told)
        return self._formats[key]

    def _sheet(self, name: str, columns: Sequence[Column], month_keys: Sequence[date]) -> Any:
        sheet = self.book.add_worksheet(self.names[name])
        for at, column in enumerate(columns):
            free = column.is_open or column.on_new
            options = {"hidden": 1} if column.is_hidden else {}
            sheet.set_column(at, at, column.width, self._format(column.kind, is_open=free), options)
        if month_keys:
            first = len(columns)
            sheet.set_column(first, first + len(month_keys) - 1, 13, self.month_style)
        keys = [column.key for column in columns] + [month_key(month) for month in month_keys]
        heads = [str(column.heading) for column in columns] + [format_month(month) for month in month_keys]
        sheet.set_row(0, None, None, {"hidden": 1})
        for at, key in enumerate(keys):
            sheet.write_string(0, at, key, self._format("text"))
        for at, head in enumerate(heads):
            sheet.write_string(1, at, head, self._format("text", head=True))
        fixed = 1 + max(
            at for at, column in enumerate(columns) if column.key in {"measure.name_fi", "line.series"}
        )
        sheet.freeze_panes(HEAD_ROWS, fixed)
        sheet.protect("", {
            "format_columns": True, "format_rows": True, "autofilter": True, "insert_rows": True, "sort": True,
        })  # fmt: skip
        return sheet

    def _row(self, sheet: Any, at: int, styles: Sequence[Any], cells: Sequence[Any]) -> None:
        for index, value in enumerate(cells):
            if index < len(styles):
                write_cell(sheet, at, index, value, styles[index])
            elif value is not None:  # an empty month has the style of its column
                sheet.write_number(at, index, value, self.month_style)

    def _styles(self, columns: Sequence[Column]) -> list[Any]:
        return [self._format(column.kind, is_open=column.is_open) for column in columns]

    def _measures(self) -> int:
        taken = taken_by_year(self.programme)
        columns = [*MEASURES, *budget_columns(taken)]
        sheet = self._sheet("measures", columns, [])
        at, styles = HEAD_ROWS, self._styles(columns)
        for cells in measure_rows(self.programme, self.rows, self.lists, taken):
            self._row(sheet, at, styles, cells)
            at += 1
        self._finish(sheet, columns, at, len(columns))
        return at - HEAD_ROWS

    def _months(self) -> int:
        columns = list(months(year_bounds(self.years[0])[0], year_bounds(self.years[1])[1]))
        sheet = self._sheet("months", LINES, columns)
        at, styles = HEAD_ROWS, self._styles(LINES)
        for cells in month_rows(self.programme, self.rows, self.lists, self.years):
            self._row(sheet, at, styles, cells)
            at += 1
        self._finish(sheet, LINES, at, len(LINES) + len(columns))
        return at - HEAD_ROWS

    def _finish(self, sheet: Any, columns: Sequence[Column], end: int, width: int) -> None:
        sheet.autofilter(HEAD_ROWS - 1, 0, max(end - 1, HEAD_ROWS), width - 1)
        last = end + SPARE_ROWS
        for at, column in enumerate(columns):
            if (column.is_open or column.on_new) and column.kind not in {"text", "day", "number", "money"}:
                sheet.data_validation(HEAD_ROWS, at, last, at, {
                    "validate": "list", "source": f"={self._range(column.kind)}", "ignore_blank": True,
                    "error_title": _("Choose from the list"), "error_message": _("Choose from the list."),
                })  # fmt: skip
            if column.is_open and column.kind == "day":
                sheet.data_validation(HEAD_ROWS, at, last, at, {
                    "validate": "date", "criteria": ">=", "value": date(1990, 1, 1), "ignore_blank": True,
                    "error_title": _("Give a day"), "error_message": _("Write the day for example 31.12.2025."),
                })  # fmt: skip

    def _range(self, kind: str) -> str:
        """Where the list of that kind will stand in the sheet of lists."""
        if kind not in self.ranges:
            at = len(self.ranges)
            letters = xlsxwriter.utility.xl_col_to_name(at, col_abs=True)
            end = len(self.lists[kind].shown) + 1
            self.ranges[kind] = f"'{self.names['lists']}'!{letters}$2:{letters}${max(end, 2)}"
        return self.ranges[kind]

    def _lists(self) -> None:
        sheet = self.book.add_worksheet(self.names["lists"])
        kinds = list(self.ranges)
        sheet.set_column(0, max(len(kinds) - 1, 0), 34)
        heads = {column.kind: str(column.heading) for column in (*LINES, *MEASURES)}
        columns = [[heads[kind], *self._offered(kind)] for kind in kinds]
        for at in range(max((len(column) for column in columns), default=0)):
            for index, column in enumerate(columns):
                if at < len(column):
                    write_cell(sheet, at, index, column[at], self._format("text", head=at == 0))
        sheet.protect()

    def _offered(self, kind: str) -> list[str]:
        shown = self.lists[kind].shown
        return [shown[one] for one in SERIES] if kind == "series" else list(shown.values())

    def _mark(self) -> None:
        sheet = self.book.add_worksheet(MARK_SHEET)
        told = (
            ("schema", SCHEMA), ("programme", self.programme.slug), ("exported", timezone.now().isoformat()),
            ("language", self.lists.language),
        )  # fmt: skip
        for at, (key, value) in enumerate(told):
            sheet.write_string(at, 0, key)
            sheet.write_string(at, 1, value)
        sheet.very_hidden()

    def _guide(self) -> None:
        sheet = self.book.add_worksheet(self.names["guide"])
        sheet.set_column(0, 0, 110, self.book.add_format({"text_wrap": True, "valign": "top"}))
        title = self.book.add_format({"bold": True, "font_size": 14})
        for at, line in enumerate(guide(self.programme)):
            write_cell(sheet, at, 0, line, title if at == 0 else None)
        sheet.protect()


def write_cell(sheet: Any, row: int, column: int, value: Any, style: Any = None) -> None:
    """One cell by what it is; a text is a text even when it looks like a formula, an address or a figure."""
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, style)
    elif isinstance(value, (int, float, Decimal)):
        sheet.write_number(row, column, value, style)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, style)
    else:
        sheet.write_string(row, column, shortened(str(value)), style)


def guide(programme: Programme) -> list[str]:
    """What a reader of the workbook must know, line by line."""
    return [
        _("Measures of the programme %(name)s") % {"name": programme.name},
        _("Edit the white cells, save the workbook and bring it to the portal: Measures, then “Bring a workbook”."),
        _("You see every change cell by cell before anything is stored, and choose what is taken over."),
        _("Grey cells are locked: they show what the portal knows and are changed on its pages."),
        _("Amounts are euros. A saving is negative (−1 000), an additional cost or investment positive."),
        _("An empty month means “not known”; zero means “no effect”. Emptying a month takes its value away."),
        _("Deleting a row here deletes nothing in the portal."),
        _("A new measure: write a row under the last one and leave the code empty to get the next free one."),
        _("A new line: write a row under the last one in the sheet of months with the code of its measure."),
        _("Months of closed books, decided claims and locked plans are not changed here."),
        _("If somebody changes a row in the portal meanwhile, that row is not taken over from here."),
    ]  # fmt: skip


# --- CSV -------------------------------------------------------------------------------------------------

BOM = "\ufeff"
#: Texts that a spreadsheet would run, and texts that only look as if they were kept from it.
_LIVE = re.compile(r"'*[=+\-@\t\r]")


def csv_rows(programme: Programme, rows: QuerySet[Measure], sheet: str, *, language: str) -> Iterator[str]:
    """One sheet as CSV for a Finnish Excel, line by line: semicolons, decimal commas, the mark of UTF-8, CRLF."""
    with translation.override(language):
        lists = Lists(programme, language)
        years = years_of(programme)
        columns: Sequence[Column] = MEASURES if sheet == "measures" else LINES
        heads = [column.key if column.is_hidden else str(column.heading) for column in columns]
        if sheet == "months":
            span = months(year_bounds(years[0])[0], year_bounds(years[1])[1])
            heads += [format_month(month) for month in span]
            body = month_rows(programme, rows, lists, years)
        else:
            taken = taken_by_year(programme)
            heads += [str(column.heading) for column in budget_columns(taken)]
            body = measure_rows(programme, rows, lists, taken)
        yield BOM + _csv_line(heads)
    for cells in body:
        yield _csv_line(cells)


def _csv_line(cells: Sequence[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow([_csv_cell(cell) for cell in cells])
    return out.getvalue()


def _csv_cell(value: Any) -> str:
    """Figures with a decimal comma; a text that a spreadsheet would run begins with an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (int, Decimal)):
        return str(value).replace(".", ",")
    if isinstance(value, float):
        return f"{value:.2f}".removesuffix(".00").replace(".", ",")
    if isinstance(value, date):
        return f"{value.day}.{value.month}.{value.year}"
    text = str(value)
    return f"'{text}" if _LIVE.match(text) and not text.lstrip("-").isdigit() else text
