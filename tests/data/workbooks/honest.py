"""20 files that must come in."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

from tests.data.workbooks.kitchen import READ, Base, Formula, Recipe, added, book


def _edit(name: str, change: Callable[[Base], object]) -> Recipe:
    def make(base: Base) -> bytes:
        own = base.copy()
        change(own)
        return own.book()

    return Recipe(name, make, READ)


def _csv(name: str, delimiter: str, encoding: str, newline: str = "\r\n", first: str = "") -> Recipe:
    def make(base: Base) -> bytes:
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=delimiter, lineterminator=newline)
        writer.writerow(base.line_keys)
        for row in base.copy().month(0, "2025-12", -77.5).months:
            writer.writerow(["" if value is None else str(value).replace(".", ",") for value in row])
        return (first + out.getvalue()).encode(encoding)

    return Recipe(name, make, READ, file_name="kuukaudet.csv")


def _without(sheet: str) -> Callable[[Base], bytes]:
    def make(base: Base) -> bytes:
        sheets = base.copy().month(0, "2025-12", -1).measure(0, "measure.name_fi", "Uusi nimi").sheets()
        sheets.pop(sheet)
        return book(sheets)

    return make


def _fewer_months(base: Base) -> bytes:
    sheets = base.copy().month(0, "2023-02", -5).sheets()
    sheets["Kuukaudet"] = [row[:20] for row in sheets["Kuukaudet"]]
    return book(sheets)


def _new_measure(base: Base) -> None:
    row: list[Any] = [None] * len(base.measure_keys)
    for key, value in {"name_fi": "Uusi toimenpide", "goal": "digi", "code": "U-1"}.items():
        row[base.measure_keys.index(f"measure.{key}")] = value
    base.measures.append(row)
    line: list[Any] = [None] * len(base.line_keys)
    told = {"code": "U-1", "sector": "muut", "cost_type": "tilavuokrat", "series": "suunnitelma"}
    for key, value in told.items():
        line[base.line_keys.index(f"line.{key}")] = value
    line[-1] = -1000
    base.months.append(line)


RECIPES = [
    _edit("a new name", lambda base: base.measure(0, "measure.name_fi", "Uusi nimi")),
    _edit("a new goal", lambda base: base.measure(0, "measure.goal", "ostopalvelut")),
    _edit("days", lambda base: base.measure(0, "measure.starts_on", date(2024, 5, 1))),
    _edit("a hostile name", lambda base: base.measure(0, "measure.name_fi", "=HYPERLINK(\"http://x\")")),
    _edit("a text with lines", lambda base: base.measure(0, "measure.description_fi", "yksi\nkaksi")),
    _edit("a month changed", lambda base: base.month(0, "2025-12", -500)),
    _edit("a month emptied", lambda base: base.month(0, "2024-11", None)),
    _edit("a month of zero", lambda base: base.month(1, "2025-12", 0)),
    _edit("an investment", lambda base: base.month(4, "2025-12", 25_000)),
    _edit("a forecast by a formula", lambda base: base.month(1, "2025-12", Formula("=-10*12", -120))),
    _edit("a new measure with its line", _new_measure),
    Recipe("without the sheet of measures", _without("Toimenpiteet"), READ),
    Recipe("without the sheet of months", _without("Kuukaudet"), READ),
    Recipe("with a chart sheet's picture", lambda base: added(
        base.copy().month(0, "2025-12", -2).book(), "docProps/thumbnail.xml", b"<x/>"
    ), READ),
    Recipe("with fewer months", _fewer_months, READ),
    _csv("CSV of Finnish Excel", ";", "utf-8-sig"), _csv("CSV in Windows letters", ";", "cp1252"),
    _csv("CSV with tabs", "\t", "utf-8"), _csv("CSV with its separator named", ";", "utf-8", first="sep=;\r\n"),
    _csv("CSV of Unix", ";", "utf-8", "\n"),
]  # fmt: skip
