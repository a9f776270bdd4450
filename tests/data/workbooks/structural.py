"""40 workbooks whose packing is broken or lies."""

from __future__ import annotations

import stat
import struct
import zipfile

from tests.data.workbooks.kitchen import (
    ANY,
    Base,
    Recipe,
    added,
    central,
    changed,
    local,
    packed,
    parts,
    put,
)

SHEET, TYPES, BOOK = "xl/worksheets/sheet1.xml", "[Content_Types].xml", "xl/workbook.xml"


def _cut(tenths: int) -> Recipe:
    return Recipe(f"cut at {tenths} tenths", lambda base: base.book()[: len(base.book()) * tenths // 10])


def _without(name: str, code: str = "", expect: str = "refused") -> Recipe:
    return Recipe(
        f"without {name}", lambda base: changed(base.book(), name, lambda _text: None), expect, code
    )


def _crc(name: str) -> Recipe:
    def make(base: Base) -> bytes:
        data = base.book()
        for at in (central(data, name) + 16, local(data, name) + 14):
            data = put(data, at, b"\x01\x02\x03\x04")
        return data

    return Recipe(f"wrong CRC of {name}", make, code="broken_part")


def _size(name: str, size: int, code: str) -> Recipe:
    def make(base: Base) -> bytes:
        data = base.book()
        for at in (central(data, name) + 24, local(data, name) + 22):
            data = put(data, at, struct.pack("<I", size))
        return data

    return Recipe(f"says {name} has {size} bytes", make, code=code)


def _typed(old: bytes, new: bytes, code: str) -> Recipe:
    return Recipe(
        f"content type {new[:60]!r}", lambda base: changed(base.book(), TYPES, lambda text: text.replace(old, new)),
        code=code,
    )  # fmt: skip


def _named(name: str, code: str) -> Recipe:
    return Recipe(f"a part called {name}", lambda base: added(base.book(), name, b"x"), code=code)


def _link(base: Base) -> bytes:
    info = zipfile.ZipInfo("xl/link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return added(base.book(), info, b"/etc/passwd")


def _double(name: str) -> Recipe:
    def make(base: Base) -> bytes:
        found = parts(base.book())
        return packed([*found.items(), (name, found[SHEET])])

    return Recipe(f"two parts called {name}", make, code="double_part")


def _encrypted(base: Base) -> bytes:
    data = base.book()
    return put(data, central(data, SHEET) + 8, b"\x01\x00")


def _other_name_inside(base: Base) -> bytes:
    data = base.book()
    return put(data, local(data, SHEET) + 30, b"xl/worksheets/sheetX.xml")


def _overlapping(base: Base) -> bytes:
    data = base.book()
    here = struct.pack("<I", local(data, SHEET))
    return put(data, central(data, "xl/worksheets/sheet2.xml") + 42, here)


def _many(base: Base) -> bytes:
    return packed([*parts(base.book()).items(), *((f"xl/media/{at}.xml", b"") for at in range(2_001))])


def _broken_stream(base: Base) -> bytes:
    data = base.book()
    return put(data, local(data, SHEET) + 30 + len(SHEET) + 20, b"\xff" * 40)


def _bzip(base: Base) -> bytes:
    return packed(parts(base.book()).items(), zipfile.ZIP_BZIP2)


def _cut_xml(name: str) -> Recipe:
    return Recipe(
        f"{name} ends in the middle",
        lambda base: changed(base.book(), name, lambda text: text[: len(text) // 2]),
    )


MAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
WORKSHEET = b"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"

RECIPES = [
    *(_cut(tenths) for tenths in range(1, 10)),
    Recipe("last byte missing", lambda base: base.book()[:-1]),
    _crc(SHEET), _crc(TYPES),
    _without(TYPES, "missing_part"), _without("_rels/.rels", "missing_part"), _without(BOOK, "missing_part"),
    _without("xl/_rels/workbook.xml.rels", expect=ANY), _without("xl/worksheets/sheet2.xml", expect=ANY),
    _without("xl/styles.xml", expect=ANY),
    _typed(MAIN, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml", "macros"),
    _typed(MAIN, WORKSHEET, "unknown_part"),
    _typed(WORKSHEET, b"application/x-msdownload", "unknown_part"),
    _size(SHEET, 10, "wrong_sizes"), _size(SHEET, 1_000_000, "wrong_sizes"),
    _double(SHEET), _double(SHEET.upper()),
    _named("/etc/passwd", "bad_name"), _named("../../etc/passwd", "bad_name"), _named("C:/x.xml", "bad_name"),
    _named("xl/x.zip", "nested"),
    Recipe("a gzip inside", lambda base: added(base.book(), "xl/a.xml", b"\x1f\x8b\x08" + b"x" * 9), code="nested"),
    Recipe("a symbolic link", _link, code="link_part"),
    Recipe("encrypted part", _encrypted, code="is_encrypted"),
    Recipe("another name in the local head", _other_name_inside, code="broken_part"),
    Recipe("parts that overlap", _overlapping),
    Recipe("2 001 parts", _many, code="too_many_parts"),
    Recipe("packed bytes overwritten", _broken_stream),
    Recipe("packed by another method", _bzip, code="broken_part"),
    _cut_xml(SHEET), _cut_xml(TYPES),
    Recipe("an empty zip file", lambda base: packed([]), code="not_a_table"),
]  # fmt: skip
