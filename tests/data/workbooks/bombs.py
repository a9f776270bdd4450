"""20 workbooks that are small packed and enormous, endless or dangerous unpacked."""

from __future__ import annotations

from collections.abc import Callable

from tests.data.workbooks.kitchen import ANY, Base, Recipe, book, changed, swollen

SHEET, TYPES, BOOK = "xl/worksheets/sheet1.xml", "[Content_Types].xml", "xl/workbook.xml"
MB = 1024 * 1024
ROW = b'<row r="1"><c r="A1"><v>1</v></c></row>'
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
FILE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def _big(times: int, code: str, name: str = SHEET, declared: int | None = None) -> Recipe:
    said = "" if declared is None else f", said to be {declared}"
    return Recipe(
        f"{name} of {times} MB{said}",
        lambda base: swollen(base.book(), name, b" " * MB, times, declared),
        code=code,
    )


def _entity(name: str, text: bytes) -> Recipe:
    def make(base: Base) -> bytes:
        return changed(base.book(), name, lambda was: was.replace(b"?>", b"?>" + text, 1))

    return Recipe(f"definitions in {name} {text[:24]!r}", make, code="entities")


def _three(base: Base) -> bytes:
    data = base.book()
    for number in (4, 5, 6):
        data = swollen(data, f"xl/worksheets/sheet{number}.xml", b"<a>" + b"abc" * (MB // 3), 70)
    return data


def _wide_letters(base: Base) -> bytes:
    return changed(base.book(), SHEET, lambda text: text.decode().replace("UTF-8", "UTF-16").encode("utf-16"))


def _place(place: bytes) -> Callable[[Base], bytes]:
    row = place.lstrip(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    cell = b'<row r="' + row + b'"><c r="' + place + b'"><v>1</v></c></row></sheetData>'
    return lambda base: changed(base.book(), SHEET, lambda text: text.replace(b"</sheetData>", cell))


def _rows(base: Base) -> bytes:
    rows = "".join(f'<row r="{at}"><c r="A{at}"><v>1</v></c></row>' for at in range(1, 50_100))
    name = "xl/worksheets/sheet1.xml"
    data = book({"S": [[1]]})
    return changed(
        data,
        name,
        lambda text: text[: text.index(b"<sheetData>") + 11] + rows.encode() + b"</sheetData></worksheet>",
    )


def _merges(base: Base) -> bytes:
    cells = "".join(f'<mergeCell ref="A{at}:B{at}"/>' for at in range(10, 20_000)).encode()
    merged = b'</sheetData><mergeCells count="19990">' + cells + b"</mergeCells>"
    return changed(base.book(), SHEET, lambda text: text.replace(b"</sheetData>", merged))


def _deep(base: Base) -> bytes:
    return changed(
        base.book(), SHEET, lambda text: text.replace(b"<sheetData>", b"<x>" * 50_000 + b"<sheetData>")
    )


def _formulas(base: Base) -> bytes:
    cells = b"".join(b'<c r="ZZZ9"><f>' for _ in range(5_000))
    return changed(base.book(), SHEET, lambda text: text.replace(b"</sheetData>", cells + b"</sheetData>"))


RECIPES = [
    _big(300, "too_large_unpacked"), _big(150, "part_too_large"), _big(90, "bomb"), _big(2, "bomb"),
    _big(60, "bomb", "xl/styles.xml"), _big(60, "bomb", "xl/media/image1.png"),
    _big(40, "", SHEET, declared=1_000), _big(130, "", SHEET, declared=2_000),
    Recipe("three sheets of 70 MB", _three),
    _entity(SHEET, LAUGHS), _entity(BOOK, LAUGHS), _entity(TYPES, LAUGHS), _entity("xl/styles.xml", FILE),
    Recipe("a sheet in UTF-16", _wide_letters, code="broken_part"),
    Recipe("a value in the last cell of all", _place(b"XFD1048576"), code="too_much_memory"),
    Recipe("a value in column GZ", _place(b"GZ9"), code="too_many_columns"),
    Recipe("more than 50 000 rows", _rows, code="too_many_rows"),
    Recipe("20 000 merged cells", _merges, ANY),
    Recipe("tags 50 000 deep", _deep, ANY),
    Recipe("5 000 formulas that never end", _formulas, ANY),
]  # fmt: skip
