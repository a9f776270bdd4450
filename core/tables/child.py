"""Parses one workbook in an interpreter of its own: `python -I -S child.py SITE_PACKAGES FILE LIMITS...`.

It sets its own limits of memory and time before it opens anything, knows neither Django nor the database, and
writes marshalled frames to its output: ("sheet", name, is hidden, merged, faults), ("rows", list) and so on,
("end",) as the last one; or ("refused", code, params). Days travel as bytes of their ISO form.
"""

import marshal
import os
import re
import resource
import sys
from datetime import date, datetime

ROWS_A_FRAME = 2_000
_CELL = rb"<(?:\w+:)?c\b([^>]*)>"
_ERROR = re.compile(_CELL + rb"(?:(?!</(?:\w+:)?c>).){0,40000}?<(?:\w+:)?v>([^<]*)<", re.DOTALL)
_FORMULA = re.compile(
    _CELL
    + rb"\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    + rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_HAS_ERROR = re.compile(_CELL.replace(rb"([^>]*)", rb"[^>]*?\bt=[\"']e[\"'][^>]*"))


def main(argv):
    site, path, max_rows, max_columns, max_characters, memory, seconds = argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.path.append(site)
    out = os.fdopen(1, "wb", 1 << 18)
    try:
        read(path, out, int(max_rows), int(max_columns), int(max_characters))
    except Refusal as error:
        marshal.dump(("refused", error.args[0], error.args[1]), out)
    except MemoryError:
        marshal.dump(("refused", "too_much_memory", {}), out)
    out.flush()
    os._exit(0)


class Refusal(Exception):
    pass


def read(path, out, max_rows, max_columns, max_characters):
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        book = CalamineWorkbook.from_path(path)
        found = faults_of(path)
        for meta in book.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            is_hidden = meta.visible != SheetVisibleEnum.Visible
            sheet = book.get_sheet_by_name(meta.name)
            one_sheet(sheet, is_hidden, found, out, (max_rows, max_columns, max_characters))
    except PasswordError:
        raise Refusal("is_encrypted", {}) from None
    except (CalamineError, ValueError, OverflowError, KeyError, IndexError, OSError, UnicodeError):
        raise Refusal("broken", {}) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # the reader's own alarm
            raise Refusal("broken", {}) from None
        raise
    marshal.dump(("end",), out)


def one_sheet(sheet, is_hidden, found, out, most):
    name = sheet.name
    max_rows, max_columns, max_characters = most
    last_row, last_column = sheet.end or (-1, -1)
    if last_row >= max_rows:
        raise Refusal("too_many_rows", {"sheet": name[:80], "count": last_row + 1, "most": max_rows})
    if last_column >= max_columns:
        raise Refusal("too_many_columns", {"sheet": name[:80], "count": last_column + 1, "most": max_columns})
    merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or []][:10_000]
    faults = found.get(name, {})
    if faults is None:
        raise Refusal("lost_place", {"sheet": name[:80]})
    marshal.dump(("sheet", name, is_hidden, merged), out)
    rows = []
    # `iter_rows` begins with the very first row, but in the first column that has a value.
    _top, left = sheet.start or (0, 0)
    indent = [None] * left
    for at, row in enumerate(sheet.iter_rows() if sheet.end else ()):
        plain = indent + [plain_value(value) for value in row]
        while plain and plain[-1] is None:
            plain.pop()
        for column, value in enumerate(plain):
            if type(value) is str and (len(value) > 255 or "\0" in value):
                if "\0" in value:
                    raise Refusal("nul", {"sheet": name[:80], "row": at + 1, "column": column})
                if len(value) > max_characters:
                    told = {"sheet": name[:80], "row": at + 1, "column": column, "most": max_characters}
                    raise Refusal("cell_too_long", told)
        rows.append(plain)
        if len(rows) >= ROWS_A_FRAME:
            marshal.dump(("rows", rows), out)
            rows = []
    marshal.dump(("rows", rows), out)
    if faults:
        marshal.dump(("faults", list(faults.items())[:100_000]), out)


def plain_value(value):
    kind = type(value)
    if kind is float or kind is bool or kind is int:
        return value
    if kind is str:
        return value if value else None
    if kind is date:
        return value.isoformat().encode()
    if kind is datetime:
        return value.date().isoformat().encode()
    return str(value)


def faults_of(path):
    """Cells with an error or a formula that was never worked out, by sheet: {(row, column): text}; None: place unknown.

    The reader gives such cells as empty ones, and an empty month is a statement here.
    """
    import zipfile

    found = {}
    with zipfile.ZipFile(path) as packed:
        for name, part in sheet_parts(packed):
            data = packed.read(part)
            cells: dict[tuple[int, int], str] = {}
            known = True
            if has_error(data):
                wanted = len(_HAS_ERROR.findall(data))
                seen = 0
                for match in _ERROR.finditer(data):
                    if b't="e"' in match[1] or b"t='e'" in match[1]:
                        seen += 1
                        known &= note(cells, match[1], match[2].decode("utf-8", "replace")[:20] or "#")
                known &= seen == wanted
            if b"<f" in data or b":f" in data:
                for match in _FORMULA.finditer(data):
                    if b"t=" not in match[1]:
                        known &= note(cells, match[1], "=")
            found[name] = cells if known else None
    return found


def has_error(data):
    return b't="e"' in data or b"t='e'" in data


def note(cells, attributes, text):
    place = _PLACE.search(attributes)
    if place is None:
        return False
    column = 0
    for letter in place[1]:
        column = column * 26 + letter - 64
    cells[int(place[2]) - 1, column - 1] = text
    return True


_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def attributes_of(text):
    return {match[0].rpartition(b":")[2]: match[1] or match[2] for match in _ATTRIBUTE.findall(text)}


def sheet_parts(packed):
    """(sheet name, part name) of each sheet, by the workbook's own list."""
    from html import unescape

    names = set(packed.namelist())
    try:
        book, links = packed.read("xl/workbook.xml"), packed.read("xl/_rels/workbook.xml.rels")
    except KeyError:
        return
    targets = {}
    for text in _RELATION.findall(links):
        told = attributes_of(text)
        targets[told.get(b"Id")] = told.get(b"Target", b"").decode("utf-8", "replace")
    for text in _SHEET.findall(book):
        told = attributes_of(text)
        target = targets.get(told.get(b"id"), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in names:
            yield unescape(told.get(b"name", b"").decode("utf-8", "replace")), part


if __name__ == "__main__":
    main(sys.argv)
