"""What people do with a file of the books before it is stored: bring it, choose its columns, name its names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.models import Job
from measures.ledger.jobs import ask_to_read, ask_to_store
from measures.ledger.mapping import FileMapping
from measures.ledger.options import Wanted
from measures.models import ImportMapping, ImportRun
from measures.models.imports import ImportKind
from measures.services.common import because, refuse
from programme.models import Programme

STORED = _("The file is stored already.")


def take_file(*, programme: Programme, file: UploadedFile, wanted: Wanted, by: Any) -> ImportRun:
    """Keeps the file and has it read."""
    digest = sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    name = (file.name or "tiedosto")[-255:]
    with transaction.atomic(), because(by, ""):
        run = ImportRun(
            programme=programme, kind=ImportKind.LEDGER, file_name=name, size=file.size or 0,
            sha256=digest.hexdigest(), options=wanted.as_json(),
        ).stamp(by)  # fmt: skip
        run.file.save(f"{digest.hexdigest()[:16]}{_ending(name)}", file, save=False)
        run.full_clean()
        run.save()
        ask_to_read(run, by)
    return run


def _ending(name: str) -> str:
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    return ending if ending in (".xlsx", ".csv", ".txt", ".tsv") else ""


def earlier_run(run: ImportRun) -> ImportRun | None:
    """The latest time the same file was stored, byte by byte."""
    rows = ImportRun.objects.filter(
        programme=run.programme, kind=ImportKind.LEDGER, sha256=run.sha256, state=ImportRun.State.APPLIED
    )
    return rows.exclude(pk=run.pk).order_by("-applied_at").first()


def choose_columns(*, run: ImportRun, mapping: FileMapping, wanted: Wanted, name: str, by: Any) -> Job:
    """Keeps the mapping under its name, and has the file compared by it."""
    _still_open(run)
    with transaction.atomic(), because(by, ""):
        run.mapping = _kept(run.programme, name or run.file_name, mapping, by) if name else run.mapping
        run.options = dict(run.options) | wanted.as_json() | {"mapping": mapping.as_json(), "is_mapped": True}
        run.state = ImportRun.State.UPLOADED
        run.stamp(by).save()
        return ask_to_read(run, by)


def _kept(programme: Programme, name: str, mapping: FileMapping, by: Any) -> ImportMapping:
    row = ImportMapping.objects.filter(programme=programme, kind=ImportKind.LEDGER, name=name[:200]).first()
    row = row or ImportMapping(programme=programme, kind=ImportKind.LEDGER, name=name[:200])
    row.mapping = mapping.as_json()
    row.stamp(by).full_clean()
    row.save()
    return row


def name_names(*, run: ImportRun, sectors: Mapping[str, str], cost_types: Mapping[str, str], by: Any) -> Job:
    """Says which sectors and cost types (keys; "" for rows left out) the file's names mean, and compares again.

    The kept mapping of the file remembers them.
    """
    _still_open(run)
    before = FileMapping.of_json(run.options["mapping"])
    mapping = replace(
        before,
        sectors=before.sectors | {name.casefold(): key for name, key in sectors.items()},
        cost_types=before.cost_types | {name.casefold(): key for name, key in cost_types.items()},
    )
    kept = run.mapping.name if run.mapping else ""
    wanted = Wanted.of_json(run.options)
    return choose_columns(run=run, mapping=mapping, wanted=wanted, name=kept, by=by)


def store_file(*, run: ImportRun, by: Any) -> Job:
    """Has the file stored as the preview showed it. Refused while anything stands in its way."""
    _still_open(run)
    if run.state != ImportRun.State.READ:
        refuse("not_read", _("The file has not been compared with the books yet."))
    if run.problems:
        refuse("problems", _("Correct the problems first: the file is stored as a whole or not at all."))
    return ask_to_store(run, by)


def discard(*, run: ImportRun, by: Any) -> None:
    """Leaves the file aside; nothing of it was stored."""
    _still_open(run)
    with transaction.atomic(), because(by, ""):
        run.state = ImportRun.State.DISCARDED
        run.stamp(by).save()


def _still_open(run: ImportRun) -> None:
    if run.state == ImportRun.State.APPLIED:
        refuse("stored", STORED)
