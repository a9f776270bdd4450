"""Files kept beside rows: what may be kept, told by the file's content and not by its name (decision 21).

A file is stored under a random name, outside what the web server shows, and is only ever sent as a download.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from config.limits import ATTACHMENT_MAX_BYTES
from core import identity_codes
from core.db import retrying
from core.history import own_context
from core.models import Attachment

#: Model label -> the row whose rights the file has: who may see that row may see the file.
_OWNERS: dict[str, Callable[[Any], Any]] = {}


def allow(label: str, owner: Callable[[Any], Any] = lambda row: row) -> None:
    """Lets files be kept beside rows of the model; apps say so when they are ready."""
    _OWNERS[label] = owner


def owner_of(about: Any) -> Any:
    """The row whose rights a file beside `about` has; None when no files are kept there."""
    owner = _OWNERS.get(about._meta.label_lower) if about is not None else None
    return None if owner is None else owner(about)


# --- what a file is -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: the endings that may stand on its name and what the browser is told it is."""

    endings: tuple[str, ...]
    content_type: str


PDF = Kind(("pdf",), "application/pdf")
PNG = Kind(("png",), "image/png")
JPEG = Kind(("jpg", "jpeg"), "image/jpeg")
XLSX = Kind(("xlsx",), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
DOCX = Kind(("docx",), "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
TEXT = Kind(("csv", "txt"), "text/plain; charset=utf-8")

KINDS = (PDF, PNG, JPEG, XLSX, DOCX, TEXT)
ENDINGS = tuple(ending for kind in KINDS for ending in kind.endings)
ACCEPT = ",".join(f".{ending}" for ending in ENDINGS)

_BEGINNINGS = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))
#: Parts of an office file that run: macros and what is put inside as a program.
_RUNS = re.compile(r"vbaproject|activex|oleobject|embeddings/", re.IGNORECASE)
_PARTS_MOST = 5_000
#: What makes a browser take a text for a page, or a computer for a program.
_MARKUP = re.compile(
    rb"<\s*(!doctype|html|svg|script|\?xml|body|head|iframe|object)\b|<\?xml|<\?php", re.IGNORECASE
)
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")

REFUSALS = {
    "empty": _("The file is empty."),
    "too_large": _("The file is too large: at most 10 MB."),
    "kind": _("This kind of file is not kept. Allowed are %(endings)s."),
    "ending": _("The name does not fit what the file holds. It looks like a file ending in %(endings)s."),
    "macros": _("The file holds macros or programs. Save it without them."),
    "not_here": _("Files are not kept here."),
    "decided": _("The claim is decided: its evidence stays."),
    "not_yours": _("Only who added the file may remove it."),
}


def kind_of(content: bytes) -> Kind:
    """What the bytes are; raises ValidationError for what is not kept."""
    for beginning, kind in _BEGINNINGS:
        if content.startswith(beginning):
            return kind
    if content.startswith(b"PK\x03\x04"):
        return _office_kind(content)
    return _text_kind(content)


def _office_kind(content: bytes) -> Kind:
    """A workbook or a document by its list of parts; nothing is unpacked."""
    from io import BytesIO

    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            names = packed.namelist()
    except (zipfile.BadZipFile, ValueError, OverflowError) as broken:
        raise _refused("kind") from broken
    if len(names) > _PARTS_MOST or "[Content_Types].xml" not in names:
        raise _refused("kind")
    if any(_RUNS.search(name) for name in names):
        raise _refused("macros")
    if "xl/workbook.xml" in names:
        return XLSX
    if "word/document.xml" in names:
        return DOCX
    raise _refused("kind")


def _text_kind(content: bytes) -> Kind:
    if content.startswith(_PROGRAMS) or _MARKUP.search(content):
        raise _refused("kind")
    text = text_of(content)
    if text is None or _CONTROL.search(text):
        raise _refused("kind")
    return TEXT


def text_of(content: bytes) -> str | None:
    """Plain text in one of the encodings that office programs write; None when it is none."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _refused(code: str) -> ValidationError:
    return ValidationError(REFUSALS[code], code=code, params={"endings": ", ".join(ENDINGS)})


# --- keeping ------------------------------------------------------------------------------------------------------


def checked_name(name: str) -> str:
    """The last part of the name, without what could steer a header or a path; at most 200 characters."""
    plain = PurePosixPath(name.replace("\\", "/")).name
    plain = re.sub(r"[\x00-\x1f\x7f\"<>|:*?\u202a-\u202e\u2066-\u2069]", "", plain).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[:190]}{dot}{ending[:10]}" if dot else plain[:200]


def check(upload: UploadedFile) -> tuple[str, Kind, str]:
    """Name, kind and SHA-256 of a file that may be kept; raises ValidationError with the reason."""
    if not upload.size:
        raise _refused("empty")
    if upload.size > ATTACHMENT_MAX_BYTES:
        raise _refused("too_large")
    upload.seek(0)
    content = upload.read()
    upload.seek(0)
    name, kind = checked_name(upload.name or ""), kind_of(content)
    if name.rpartition(".")[2].lower() not in kind.endings:
        raise ValidationError(REFUSALS["ending"], code="ending", params={"endings": ", ".join(kind.endings)})
    identity_codes.refuse(name)
    if kind is TEXT:
        identity_codes.refuse(text_of(content))
    return name, kind, hashlib.sha256(content).hexdigest()


@retrying
def attach(*, about: Any, upload: UploadedFile, by: Any, note: str = "") -> Attachment:
    """Keeps the file beside the row under a random name. The caller has asked for the right."""
    if owner_of(about) is None:
        raise _refused("not_here")
    name, _kind, digest = check(upload)
    identity_codes.refuse(note)
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        row = Attachment(
            programme_id=about.programme_id, content_type=ContentType.objects.get_for_model(about),
            object_id=about.pk, name=name, size=upload.size or 0, sha256=digest, note=note.strip(),
        ).stamp(by)  # fmt: skip
        row.file.save(name, upload, save=False)
        try:
            row.full_clean(exclude=["file"])
            row.save()
        except BaseException:
            row.file.delete(save=False)
            raise
        return row


@retrying
def drop(*, attachment: Attachment, by: Any) -> None:
    """Takes the file away; the history keeps that it was there. The content goes when the deletion is certain."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        file = attachment.file
        attachment.delete()
        name = str(file.name)
        transaction.on_commit(lambda: file.storage.delete(name))


def content_type_of(attachment: Attachment) -> str:
    """What the browser is told the download is; the name's ending was held against the content when it was kept."""
    ending = attachment.name.rpartition(".")[2].lower()
    return next((kind.content_type for kind in KINDS if ending in kind.endings), "application/octet-stream")
