"""Reading a file: what it is, the checks before it is opened, and the parsing elsewhere."""

from __future__ import annotations

import marshal
import subprocess
import sys
from datetime import date
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile
from typing import Any

from core.tables import child, limits
from core.tables.csv_files import read_csv
from core.tables.precheck import check_workbook
from core.tables.refusals import Refused
from core.tables.sheets import Fault, Sheet

_MB = 1024 * 1024
_MAGIC = (
    (b"%PDF", "is_pdf"), (b"\x89PNG", "is_picture"), (b"\xff\xd8\xff", "is_picture"), (b"GIF8", "is_picture"),
    (b"\x09\x08", "is_xls"), (b"\x09\x04", "is_xls"), (b"\x09\x02", "is_xls"),
)  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_tables(path: Path | str, name: str) -> list[Sheet]:
    """The sheets of an XLSX or CSV file called `name`; a CSV is one sheet of that name. Raises Refused."""
    path = Path(path)
    size = path.stat().st_size
    if not size:
        raise Refused("empty")
    if size > limits.MAX_BYTES:
        raise Refused("file_too_large", size=-(-size // _MB), most=limits.MAX_BYTES // _MB)
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK"):
        check_workbook(path)
        return _parsed(path)
    _refuse_other(path, head)
    if not name.lower().endswith((".csv", ".txt", ".tsv")):
        _refuse_text(head)
    return [read_csv(path.read_bytes(), name)]


def read_stored(file: Any, name: str) -> list[Sheet]:
    """The same for a stored or uploaded file, wherever its storage keeps it; `file` is one of Django's."""
    with NamedTemporaryFile(prefix="table-") as copy, file.open("rb") as kept:
        copyfileobj(kept, copy)
        copy.flush()
        return read_tables(Path(copy.name), name)


def _refuse_other(path: Path, head: bytes) -> None:
    for magic, code in _MAGIC:
        if head.startswith(magic):
            raise Refused(code)
    if head.startswith(_OLE):
        raise Refused("is_encrypted" if _ENCRYPTED in path.read_bytes() else "is_xls")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<meta")):
        raise Refused("is_html")
    if start.startswith(b"<?xml"):
        raise Refused("is_html" if b"<html" in start else "is_xml")


def _refuse_text(head: bytes) -> None:
    """What calls itself a workbook and is none."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("is_utf16")
    letters = sum(byte >= 32 or byte in b"\t\r\n" for byte in head)
    raise Refused("is_text" if len(head) > 1 and letters == len(head) else "not_a_table")


def _parsed(path: Path) -> list[Sheet]:
    """The workbook, parsed by another interpreter within its limits of memory and time."""
    spec = find_spec("python_calamine")
    if spec is None or spec.origin is None:
        raise RuntimeError("python-calamine is not installed.")
    command = [
        sys.executable, "-I", "-S", str(child.__file__), str(Path(spec.origin).parents[1]), str(path),
        str(limits.MAX_ROWS), str(limits.MAX_COLUMNS), str(limits.MAX_CELL_CHARACTERS),
        str(limits.CHILD_MEMORY_BYTES), str(limits.CHILD_CPU_SECONDS),
    ]  # fmt: skip
    try:
        # Every word of the command is ours; the child gets no environment and cannot write files.
        done = subprocess.run(
            command, capture_output=True, timeout=limits.CHILD_CPU_SECONDS, env={}, check=False
        )
    except subprocess.TimeoutExpired:
        raise Refused("too_slow", seconds=limits.CHILD_CPU_SECONDS) from None
    return _assembled(done)


def _assembled(done: subprocess.CompletedProcess[bytes]) -> list[Sheet]:
    sheets: list[Sheet] = []
    frames = BytesIO(done.stdout)
    while True:
        try:
            frame: Any = marshal.load(frames)
        except (EOFError, ValueError, TypeError):
            raise _why_dead(done) from None
        if frame[0] == "end":
            break
        if frame[0] == "refused":
            raise Refused(frame[1], **frame[2])
        if frame[0] == "sheet":
            sheets.append(Sheet(frame[1], [], frame[3], frame[2]))
        elif frame[0] == "rows":
            _add_rows(sheets[-1], frame[1])
        else:
            _add_faults(sheets[-1], frame[1])
    if not any(sheet.rows for sheet in sheets):
        raise Refused("no_sheets")
    return sheets


def _why_dead(done: subprocess.CompletedProcess[bytes]) -> Refused:
    """Why a child said no last word: the kernel or the reader stopped it."""
    if done.returncode in {-24, -9}:  # its time was used up
        return Refused("too_slow", seconds=limits.CHILD_CPU_SECONDS)
    if b"memory" in done.stderr or b"MemoryError" in done.stderr or b"capacity" in done.stderr:
        return Refused("too_much_memory")
    return Refused("broken")


def _add_rows(sheet: Sheet, rows: list[list[Any]]) -> None:
    for row in rows:
        for column, value in enumerate(row):
            if type(value) is bytes:
                row[column] = date.fromisoformat(value.decode())
    sheet.rows.extend(rows)


def _add_faults(sheet: Sheet, faults: list[tuple[tuple[int, int], str]]) -> None:
    for (at, column), text in faults:
        if at >= limits.MAX_ROWS or column >= limits.MAX_COLUMNS:
            continue
        while len(sheet.rows) <= at:
            sheet.rows.append([])
        row = sheet.rows[at]
        row.extend([None] * (column + 1 - len(row)))
        row[column] = Fault(text)
