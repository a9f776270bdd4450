"""What recipes are made with: the county's own rows, a writer of small workbooks, and zip files by hand."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import xlsxwriter

from measures.workbooks.columns import LINES, MARK_SHEET, MEASURES, SCHEMA

REFUSED, TOLD, READ, ANY = "refused", "told", "read", "any"


@dataclass(frozen=True)
class Formula:
    """A formula with the result that Excel kept; None for one that was never worked out."""

    text: str
    value: Any = None


@dataclass(frozen=True)
class Over:
    """A value over several merged columns."""

    value: Any
    columns: int


@dataclass
class Base:
    """The county's workbook as rows: two measures with a line each, three series, 36 months."""

    slug: str
    measures: list[list[Any]]
    months: list[list[Any]]
    month_keys: list[str]
    mark: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def measure_keys(self) -> list[str]:
        return [column.key for column in MEASURES]

    @property
    def line_keys(self) -> list[str]:
        return [column.key for column in LINES] + self.month_keys

    def copy(self) -> Base:
        return deepcopy(self)

    def measure(self, row: int, key: str, value: Any) -> Base:
        """Changes one cell of the measures (rows from 0)."""
        self.measures[row][self.measure_keys.index(key)] = value
        return self

    def month(self, row: int, key: str, value: Any) -> Base:
        self.months[row][self.line_keys.index(key)] = value
        return self

    def sheets(self) -> dict[str, list[list[Any]]]:
        mark = {"schema": SCHEMA, "programme": self.slug} | self.mark
        return {
            "Toimenpiteet": [self.measure_keys, *self.measures],
            "Kuukaudet": [self.line_keys, *self.months],
            MARK_SHEET: [[key, value] for key, value in mark.items()],
        }

    def book(self, **options: Any) -> bytes:
        return book(self.sheets(), **self.options | options)


def book(sheets: Mapping[str, list[list[Any]]], **options: Any) -> bytes:
    """A small workbook; `options` go to the writer (date_1904 and the like)."""
    out = io.BytesIO()
    written = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False} | options
    )
    days = written.add_format({"num_format": "d.m.yyyy"})
    for name, rows in sheets.items():
        sheet = written.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                _cell(sheet, at, column, value, days)
    written.close()
    return out.getvalue()


def _cell(sheet: Any, row: int, column: int, value: Any, days: Any) -> None:
    if value is None:
        return
    if isinstance(value, Over):
        sheet.merge_range(row, column, row, column + value.columns - 1, value.value)
    elif isinstance(value, Formula):
        sheet.write_formula(row, column, value.text, None, "" if value.value is None else value.value)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, (date, datetime)):
        sheet.write_datetime(row, column, value, days)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    else:
        sheet.write_number(row, column, value)


@dataclass(frozen=True)
class Recipe:
    """One file. `expect`: refused whole, told by row (nothing taken over), read as it is, or any of these.

    `code` is the problem that must be among those told, `place` its row and column letters.
    """

    name: str
    make: Callable[[Base], bytes]
    expect: str = REFUSED
    code: str = ""
    place: tuple[int, str] | None = None
    file_name: str = "tiedosto.xlsx"


# --- zip files -------------------------------------------------------------------------------------------


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def packed(entries: Iterable[tuple[Any, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file of names (or ZipInfo) and contents, doubles included."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, data in entries:
            made.writestr(name, data)
    return out.getvalue()


def changed(data: bytes, name: str, change: Callable[[bytes], bytes | None]) -> bytes:
    """The workbook with one part changed, or without it."""
    found = parts(data)
    new = change(found[name])
    return packed(
        (part, new if part == name else text)
        for part, text in found.items()
        if part != name or new is not None
    )  # type: ignore[arg-type]


def added(data: bytes, name: Any, text: bytes) -> bytes:
    return packed([*parts(data).items(), (name, text)])


def put(data: bytes, at: int, text: bytes) -> bytes:
    return data[:at] + text + data[at + len(text) :]


def central(data: bytes, name: str) -> int:
    """Where the directory's entry of that name begins."""
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        length = struct.unpack_from("<H", data, at + 28)[0]
        if data[at + 46 : at + 46 + length] == name.encode():
            return at
        at = data.find(b"PK\x01\x02", at + 4)
    raise LookupError(name)


def local(data: bytes, name: str) -> int:
    return int(struct.unpack_from("<I", data, central(data, name) + 42)[0])


def swollen(data: bytes, name: str, filler: bytes, times: int, declared: int | None = None) -> bytes:
    """The workbook with a part that unpacks to `times` copies of `filler`, made without packing it all."""
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    pack.compress(filler)
    block = zlib.compressobj(9, zlib.DEFLATED, -15)
    once = block.compress(filler) + block.flush(zlib.Z_FULL_FLUSH)
    stream = once * times + b"\x03\x00"
    crc = 0
    for _ in range(times):
        crc = zlib.crc32(filler, crc)
    size = len(filler) * times if declared is None else declared
    found = parts(data)
    found.pop(name, None)
    return _with_raw(packed(found.items()), name, stream, crc, size)


def _with_raw(data: bytes, name: str, stream: bytes, crc: int, size: int) -> bytes:
    """A zip file with one more entry of which every number is given by hand."""
    end = data.rfind(b"PK\x05\x06")
    start, length = struct.unpack_from("<I", data, end + 16)[0], struct.unpack_from("<I", data, end + 12)[0]
    entry = struct.pack(
        "<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, crc, len(stream), size, len(name), 0
    ) + name.encode()  # fmt: skip
    head = struct.pack(
        "<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, crc, len(stream), size, len(name), 0, 0, 0, 0, 0, start
    ) + name.encode()  # fmt: skip
    directory = data[start : start + length] + head
    count = struct.unpack_from("<H", data, end + 10)[0] + 1
    body = data[:start] + entry + stream
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0)
    return body + directory + tail
