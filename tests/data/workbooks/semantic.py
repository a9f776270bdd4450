"""20 workbooks of ours that say something wrong: every one is told by sheet, row and column, and nothing is stored."""

from __future__ import annotations

from collections.abc import Callable

from tests.data.workbooks.kitchen import REFUSED, TOLD, Base, Recipe


def _edit(
    name: str, code: str, place: tuple[int, str] | None, change: Callable[[Base], object], expect: str = TOLD
) -> Recipe:
    def make(base: Base) -> bytes:
        own = base.copy()
        change(own)
        return own.book()

    return Recipe(name, make, expect, code, place)


def _scaled(factor: float) -> Callable[[Base], None]:
    def change(base: Base) -> None:
        start = len(base.line_keys) - len(base.month_keys)
        base.months[0][start:] = [value and value * factor for value in base.months[0][start:]]

    return change


def _again(sheet: str) -> Callable[[Base], None]:
    return lambda base: getattr(base, sheet).append(list(getattr(base, sheet)[0]))


def _new_line(**cells: str) -> Callable[[Base], None]:
    def change(base: Base) -> None:
        row: list[object] = [None] * len(base.line_keys)
        told = {"code": "T-1", "sector": "muut", "cost_type": "tilavuokrat", "series": "suunnitelma"} | cells
        for key, value in told.items():
            row[base.line_keys.index(f"line.{key}")] = value or None
        row[-1] = -1
        base.months.append(row)

    return change


def _old(base: Base) -> None:
    base.measure(0, "measure.version", 99).measure(0, "measure.name_fi", "Uusi")


def _old_months(base: Base) -> None:
    base.month(0, "line.print", "12345").month(0, "2025-12", -1)


def _ends_early(base: Base) -> None:
    base.measure(1, "measure.ends_on", "1.1.2020")


def _foreign(base: Base) -> None:
    base.mark["programme"] = "toinen"


def _old_schema(base: Base) -> None:
    base.mark["schema"] = "measures-workbook/99"


RECIPES = [
    _edit("unknown owner", "unknown_people", (2, "I"), lambda base: base.measure(0, "measure.owner", "Aku Ankka")),
    _edit("unknown goal", "unknown_goals", (2, "H"), lambda base: base.measure(0, "measure.goal", "Kuu taivaalta")),
    _edit("another stage", "read_only", (2, "J"), lambda base: base.measure(0, "measure.stage", "decided")),
    _edit("another code", "read_only", (2, "C"), lambda base: base.measure(0, "measure.code", "T-99")),
    _edit("no name", "no_name", (2, "D"), lambda base: base.measure(0, "measure.name_fi", None)),
    _edit("ends before it starts", "ends_before", (3, "L"), _ends_early),
    _edit("an old version", "stale", (2, ""), _old),
    _edit("an unknown number", "unknown_row", (2, "A"), lambda base: base.measure(0, "measure.id", 999_999)),
    _edit("a measure twice", "twice", (2, ""), _again("measures")),
    _edit("months twice", "twice", (2, ""), _again("months")),
    _edit("months changed meanwhile", "stale", (2, ""), _old_months),
    _edit("a closed month", "closed_month", (4, "K"), lambda base: base.month(2, "2023-01", -99)),
    _edit("a decided claim", "decided", (4, "W"), lambda base: base.month(2, "2024-01", -99)),
    _edit("signs turned", "sign", (2, "K"), _scaled(-1)),
    _edit("thousands of euros", "thousand_less", (2, "K"), _scaled(0.001)),
    _edit("a thousand times too much", "thousand_more", (2, "K"), _scaled(1000)),
    _edit("a line of an unknown measure", "unknown_code", (8, "C"), _new_line(code="EI-OLE")),
    _edit("a line without its sector", "no_sector", (8, "E"), _new_line(sector="")),
    _edit("another programme", "other_programme", None, _foreign, REFUSED),
    _edit("another version of the portal", "newer_schema", None, _old_schema, REFUSED),
]  # fmt: skip
