"""CSV as Finnish Excel, accounting systems and people write it."""

from __future__ import annotations

import codecs
import csv
import io

from core.tables import limits
from core.tables.refusals import Refused
from core.tables.sheets import Sheet, Value

_DELIMITERS = ";\t,"
_LOOKED_AT = 20  # lines by which the delimiter is told


def read_csv(data: bytes, name: str) -> Sheet:
    """The one sheet of a CSV file; every value is a text, an empty one None. Raises Refused."""
    text = _decoded(data)
    text, delimiter = _delimiter(text)
    rows: list[list[Value]] = []
    csv.field_size_limit(limits.MAX_CELL_CHARACTERS * 8)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in lines:
            _check(cells, len(rows) + 1, name)
            rows.append([cell if cell.strip() else None for cell in cells])
    except csv.Error as error:
        code = "cell_too_long" if "limit" in str(error) else "open_quote"
        raise Refused(
            code, sheet=name, row=len(rows) + 1, column=0, most=limits.MAX_CELL_CHARACTERS
        ) from None
    return Sheet(name, rows)


def _check(cells: list[str], row: int, name: str) -> None:
    if row > limits.MAX_ROWS:
        raise Refused("too_many_rows", sheet=name, count=f"> {limits.MAX_ROWS}", most=limits.MAX_ROWS)
    if len(cells) > limits.MAX_COLUMNS:
        raise Refused("too_many_columns", sheet=name, count=len(cells), most=limits.MAX_COLUMNS)
    for column, cell in enumerate(cells):
        if len(cell) > limits.MAX_CELL_CHARACTERS:
            raise Refused(
                "cell_too_long", sheet=name, row=row, column=column, most=limits.MAX_CELL_CHARACTERS
            )
        if "\0" in cell:
            raise Refused("nul", sheet=name, row=row, column=column)


def _decoded(data: bytes) -> str:
    """Text of the bytes: UTF-8 with or without its mark, else the Western European letters of Windows."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _looks_wide(data):
        raise Refused("is_utf16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise Refused("unreadable_text", row=data[: error.start].count(b"\n") + 1) from None


def _looks_wide(data: bytes) -> bool:
    """UTF-16 without its mark: every other byte of the beginning is zero."""
    start = data[:400]
    return len(start) >= 4 and (
        start[1::2].count(0) > len(start) // 3 or start[::2].count(0) > len(start) // 3
    )


def _delimiter(text: str) -> tuple[str, str]:
    """The text without Excel's `sep=` line, and what stands between its cells."""
    first, _newline, rest = text.partition("\n")
    said = first.strip().lower()
    if said.startswith("sep=") and len(said) == 5:
        return rest, said[4]
    lines = [_outside_quotes(line) for line in text.splitlines()[:_LOOKED_AT] if line.strip()]
    counts = {mark: sum(line.count(mark) > 0 for line in lines) for mark in _DELIMITERS}
    # A semicolon or tab in most lines is never there by chance; a comma may be the decimal one.
    best = max(_DELIMITERS, key=lambda mark: (counts[mark], -_DELIMITERS.index(mark)))
    return text, best if counts[best] else ";"


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])
