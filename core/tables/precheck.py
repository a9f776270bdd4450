"""Looks at a packed workbook before anything parses it: cheap checks first, nothing unpacked beyond its limit.

Each part is unpacked here by hand and counted, because the sizes in the directory of a zip file are only
claims; the reader behind trusts them no more than we do.
"""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from core.tables import limits
from core.tables.refusals import Refused

_CHUNK = 64 * 1024
_LOCAL = struct.Struct("<4s5H3L2H")
_MB = 1024 * 1024
_XML = (".xml", ".rels", ".vml")
_NESTED = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_TEMPLATE = "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml"
_KNOWN_TYPES = re.compile(
    r"application/vnd\.openxmlformats-officedocument\.(spreadsheetml|drawingml|theme|extended-properties"
    r"|custom-properties|customXmlProperties|themeOverride|vmlDrawing)([.+][\w.+-]+)?"
    r"|application/vnd\.openxmlformats-officedocument\.\w+\+xml"
    r"|application/vnd\.openxmlformats-package\.[\w.+-]+"
    r"|application/vnd\.ms-excel\.(threadedcomments|person|slicer|slicerCache|timeline|timelineCache|calcChain"
    r"|richdata|rdrichvalue|rdrichvaluestructure|rdRichValueTypes|rdarray)([.+][\w.+-]+)?"
    r"|application/vnd\.ms-office\.(chartstyle|chartcolorstyle|chartex)\+xml"
    r"|application/(xml|json)|text/xml|image/[\w.+-]+"
)
#: What makes a part unwelcome: words in its name or its content type, and the reason that is told.
_UNWELCOME = (
    (re.compile(r"macro|vbaproject|activex", re.I), "macros"),
    (re.compile(r"externallink|/connections?\.xml|\.connections\+xml|querytable|webextension", re.I), "external"),
    (re.compile(r"oleobject|/embeddings/|\.package$", re.I), "embedded"),
)  # fmt: skip
_TYPE = "{http://schemas.openxmlformats.org/package/2006/content-types}"


def check_workbook(path: Path) -> None:
    """Raises Refused unless the file is a workbook that may be parsed."""
    parts = _parts(path)
    _check_names(parts)
    _check_claims(parts)
    texts = _check_contents(path, parts)
    _check_types(texts["[Content_Types].xml"], {part.filename for part in parts})


def _parts(path: Path) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        EOFError,
        NotImplementedError,
        struct.error,
        UnicodeError,
    ):
        raise Refused("broken") from None
    if len(parts) > limits.MAX_PARTS:
        raise Refused("too_many_parts", count=len(parts), most=limits.MAX_PARTS)
    return [part for part in parts if not part.is_dir() or part.file_size]


def _check_names(parts: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for part in parts:
        name = part.filename
        shown = printable(name)
        if (
            not name
            or name.startswith(("/", "\\"))
            or "\\" in name
            or ":" in name
            or "\0" in part.orig_filename
        ):
            raise Refused("bad_name", part=shown)
        if any(step in {"", ".", ".."} for step in name.split("/")):
            raise Refused("bad_name", part=shown)
        if stat.S_ISLNK(part.external_attr >> 16):
            raise Refused("link_part", part=shown)
        if name.lower() in seen:
            raise Refused("double_part", part=shown)
        seen.add(name.lower())
        if part.flag_bits & 0x1:
            raise Refused("is_encrypted")
        if name.lower().endswith((".zip", ".xlsx", ".xlsm", ".docx", ".gz", ".7z", ".rar")):
            raise Refused("embedded" if "/embeddings/" in name else "nested", part=shown)
    _check_kind(seen)


def _check_kind(names: set[str]) -> None:
    """Other documents are zip files too; they are called by their name."""
    for name, code in (
        ("word/document.xml", "is_word"), ("ppt/presentation.xml", "is_slides"),
        ("xl/workbook.bin", "is_binary_workbook"), ("content.xml", "is_ods"),
    ):  # fmt: skip
        if name in names:
            raise Refused(code)
    for name in ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"):
        if name.lower() not in names:
            known = any(one.startswith("xl/") for one in names)
            raise Refused("missing_part", part=name) if known else Refused("not_a_table")


def _check_claims(parts: list[zipfile.ZipInfo]) -> None:
    """Sizes as the directory claims them: the cheapest way to see a bomb."""
    if sum(part.file_size for part in parts) > limits.MAX_UNPACKED_BYTES:
        raise Refused("too_large_unpacked", most=limits.MAX_UNPACKED_BYTES // _MB)
    for part in parts:
        _check_size(part, part.file_size)


def _check_size(part: zipfile.ZipInfo, size: int) -> None:
    if size > limits.MAX_PART_BYTES:
        raise Refused("part_too_large", part=printable(part.filename), most=limits.MAX_PART_BYTES // _MB)
    if size > limits.RATIO_FROM_BYTES and size > limits.MAX_RATIO * max(part.compress_size, 1):
        raise Refused("bomb", part=printable(part.filename))


def _check_contents(path: Path, parts: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    """Unpacks and counts every part once; the text of the small ones that say what the others are."""
    kept: dict[str, bytes] = {}
    total, end = 0, 0
    with path.open("rb") as file:
        for part in sorted(parts, key=lambda one: one.header_offset):
            if part.header_offset < end:
                raise Refused("wrong_sizes", part=printable(part.filename))
            size, crc, head = 0, 0, b""
            keep = part.filename in {"[Content_Types].xml"}
            text = bytearray()
            tail = b""
            for chunk in _unpacked(file, part):
                size += len(chunk)
                crc = zlib.crc32(chunk, crc)
                _check_size(part, size)
                if total + size > limits.MAX_UNPACKED_BYTES:
                    raise Refused("too_large_unpacked", most=limits.MAX_UNPACKED_BYTES // _MB)
                head = head or chunk[:16]
                if part.filename.lower().endswith(_XML):
                    if b"<!DOCTYPE" in tail + chunk or b"<!ENTITY" in tail + chunk:
                        raise Refused("entities", part=printable(part.filename))
                    tail = chunk[-16:]
                if keep and len(text) < _MB:
                    text += chunk
            if size != part.file_size:
                raise Refused("wrong_sizes", part=printable(part.filename))
            if crc != part.CRC:
                raise Refused("broken_part", part=printable(part.filename))
            _check_head(part.filename, head)
            total += size
            end = part.header_offset + _LOCAL.size + part.compress_size
            if keep:
                kept[part.filename] = bytes(text)
    if "[Content_Types].xml" not in kept:
        raise Refused("missing_part", part="[Content_Types].xml")
    return kept


def _check_head(name: str, head: bytes) -> None:
    """XML is XML in plain letters; nothing packed or embedded hides behind another name."""
    if head.startswith(_NESTED):
        raise Refused("nested", part=printable(name))
    if head.startswith(_OLE):
        raise Refused("embedded", part=printable(name))
    is_xml = name.lower().endswith((".xml", ".rels"))
    if is_xml and not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        raise Refused("broken_part", part=printable(name))


def _unpacked(file: object, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's bytes in chunks, whatever the directory says of their number."""
    broken = Refused("broken_part", part=printable(part.filename))
    file.seek(part.header_offset)  # type: ignore[attr-defined]
    header = file.read(_LOCAL.size)  # type: ignore[attr-defined]
    if len(header) != _LOCAL.size or not header.startswith(b"PK\x03\x04"):
        raise broken
    *_head, name_length, extra_length = _LOCAL.unpack(header)
    if file.read(name_length) != part.orig_filename.encode("utf-8" if part.flag_bits & 0x800 else "cp437"):  # type: ignore[attr-defined]
        raise broken
    file.seek(extra_length, 1)  # type: ignore[attr-defined]
    left = part.compress_size
    if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise broken
    unpack = zlib.decompressobj(-15) if part.compress_type == zipfile.ZIP_DEFLATED else None
    while left:
        packed = file.read(min(_CHUNK, left))  # type: ignore[attr-defined]
        if not packed:
            raise broken
        left -= len(packed)
        if unpack is None:
            yield packed
            continue
        try:
            while packed:
                yield unpack.decompress(packed, _CHUNK)
                packed = unpack.unconsumed_tail
        except zlib.error:
            raise broken from None
        if unpack.eof and (left or unpack.unused_data):
            raise broken
    if unpack is not None:
        try:
            rest = unpack.flush()
        except zlib.error:
            raise broken from None
        if not unpack.eof:
            raise broken
        if rest:
            yield rest


def _check_types(text: bytes, names: set[str]) -> None:
    """Only parts of known kinds: no macros, no links to other files, nothing embedded."""
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError, LookupError):
        raise Refused("broken_part", part="[Content_Types].xml") from None
    types = {
        node.get("PartName") or f".{node.get('Extension')}": node.get("ContentType") or "" for node in root
    }
    for part, kind in types.items():
        for pattern, code in _UNWELCOME:
            if pattern.search(kind):
                raise Refused(code, part=printable(part))
    for name in names:
        for pattern, code in _UNWELCOME:
            if pattern.search(f"/{name}"):
                raise Refused(code, part=printable(name))
        known = types.get(f"/{name}") or types.get(f".{name.rpartition('.')[2]}", "")
        if name != "[Content_Types].xml" and not _is_known(known):
            raise Refused("unknown_part", part=printable(name))
    if types.get("/xl/workbook.xml") not in {_MAIN, _TEMPLATE}:
        raise Refused("unknown_part", part="xl/workbook.xml")


def _is_known(kind: str) -> bool:
    return bool(_KNOWN_TYPES.fullmatch(kind))


def printable(name: str) -> str:
    """A part's name as it may be shown: short, and without characters that move others about."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:80]
