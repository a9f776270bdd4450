"""A file on its way in: kept, read, compared and shown. Nothing of it touches a measure before it is accepted."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files.base import File
from django.db import transaction
from psycopg.types.json import Jsonb

from core.bulk import BulkWriter, bulk_write
from core.tables import Refused, read_stored
from core.tables.limits import MAX_BYTES
from measures.models import ImportKind, ImportRun, StagedMeasure, StagedMonths, StagedState
from measures.workbooks.choices import Lists
from measures.workbooks.comparing import Frame, compare_months
from measures.workbooks.measure_rows import MeasureRow, read_measures
from measures.workbooks.month_rows import MonthRow, MonthTable, read_months
from measures.workbooks.problems import problem
from measures.workbooks.recognising import FileRefused, NotOurs, layouts_of, refused_as
from programme.models import Programme

#: Told while a file is read: a step, how many of how many.
Tell = Callable[[str, int, int], None]
_MB = 1024 * 1024


def silent(_step: str, _done: int = 0, _total: int = 0) -> None:
    """For whoever tells nobody."""


def take_in(
    *, programme: Programme, file: Any, name: str, by: Any, kind: str = ImportKind.MEASURES
) -> ImportRun:
    """Keeps an uploaded file under a random name, with its hash; raises Refused when it is empty or too large."""
    size = file.size
    if not size:
        raise Refused("empty")
    if size > MAX_BYTES:
        raise Refused("file_too_large", size=-(-size // _MB), most=MAX_BYTES // _MB)
    digest = hashlib.sha256()
    for chunk in file.chunks() if hasattr(file, "chunks") else iter(lambda: file.read(_MB), b""):
        digest.update(chunk)
    file.seek(0)
    run = ImportRun(
        programme=programme, kind=kind, file_name=Path(name).name[-255:], size=size,
        sha256=digest.hexdigest(),
    ).stamp(by)  # fmt: skip
    ending = ".csv" if name.lower().endswith((".csv", ".txt", ".tsv")) else ".xlsx"
    run.file.save(f"{uuid4().hex}{ending}", File(file), save=False)
    run.save()
    return run


def take_in_path(*, programme: Programme, path: Path, by: Any) -> ImportRun:
    """The same for a file on the disk."""
    with path.open("rb") as file:
        return take_in(programme=programme, file=File(file), name=path.name, by=by)


def read_run(run: ImportRun, *, by: Any = None, language: str = "fi", tell: Tell = silent) -> ImportRun:
    """Reads the file of a run, stages its rows and compares them; the run is then read, or refused with its reasons.

    A table that the portal did not write becomes one of kind "foreign" that waits for its mapping.
    """
    tell("opening", 0, 0)
    try:
        sheets = read_stored(run.file, run.file_name)
        try:
            layouts = layouts_of(sheets, run.programme.slug)
        except NotOurs:
            return _foreign(run, by)
        tell("reading", 0, 0)
        is_csv = not run.file_name.lower().endswith(".xlsx")
        measures, months = read_layouts(run.programme, layouts, language, is_csv=is_csv)
        if not measures and not (months and months.rows):
            raise FileRefused("no_rows")
    except (Refused, FileRefused) as refused:
        return refuse_run(run, refused, by)
    stage(run, measures, months, by=by, tell=tell)
    return run


def read_layouts(
    programme: Programme, layouts: Sequence[Any], language: str, *, is_csv: bool
) -> tuple[list[MeasureRow], MonthTable | None]:
    """The rows of the first sheet of each kind."""
    lists = Lists(programme, language)
    by_kind = {layout.kind: layout for layout in reversed(layouts)}
    measures = (
        read_measures(by_kind["measures"], programme, lists, is_csv=is_csv) if "measures" in by_kind else []
    )
    new_codes = {row.code for row in measures if row.measure_id is None and row.code and not row.problems}
    if "months" not in by_kind:
        return measures, None
    return measures, read_months(by_kind["months"], programme, lists, new_codes, is_csv=is_csv)


def refuse_run(run: ImportRun, refused: Refused | FileRefused, by: Any) -> ImportRun:
    run.state, run.problems = ImportRun.State.REFUSED, [refused_as(refused)]
    run.stamp(by).save()
    return run


def _foreign(run: ImportRun, by: Any) -> ImportRun:
    run.kind = ImportKind.FOREIGN
    run.stamp(by).save()
    return run


# --- staging ---------------------------------------------------------------------------------------------


def stage(
    run: ImportRun, measures: Sequence[MeasureRow], months: MonthTable | None, *, by: Any, tell: Tell = silent
) -> None:
    """Writes the rows beside the live ones and compares them; what an earlier reading staged goes."""
    frame = None
    with transaction.atomic(), bulk_write(by, f"file {run.file_name} read", import_run=run.pk) as writer:
        state = ImportRun.objects.select_for_update().values_list("state", flat=True).get(pk=run.pk)
        if state in {ImportRun.State.APPLIED, ImportRun.State.DISCARDED}:
            # Taken over or put aside while it was read anew: a second staging would be taken over a second time.
            run.refresh_from_db()
            return
        StagedMeasure.objects.filter(run=run).delete()
        StagedMonths.objects.filter(run=run).delete()
        tell("staging", 0, 0)
        _stage_measures(writer, run, measures)
        if months is not None and months.rows:
            frame = Frame(months.first_year, months.last_year, months.columns)
            run.options["months"] = frame.as_told()
            _stage_months(writer, run, months.rows)
            writer.execute("ANALYZE measures_stagedmonths")
            tell("comparing", 0, 0)
            compare_months(run, frame)
        else:
            run.options.pop("months", None)
        run.counts = counts_of(run, months.rounded if months else 0)
        run.problems = []
        run.state = ImportRun.State.READ
        run.stamp(by).save()


def _stage_measures(writer: BulkWriter, run: ImportRun, rows: Iterable[MeasureRow]) -> None:
    fields = (
        "run", "sheet", "row", "state", "accepted", "problems", "code", "measure_id", "version", "values",
        "changes",
    )  # fmt: skip
    told = (
        (
            run.pk, row.sheet, row.row, str(row.state), row.state in {StagedState.NEW, StagedState.CHANGED},
            Jsonb([*row.problems, *row.asks]), row.code, row.measure_id, row.version, Jsonb(row.values),
            Jsonb(row.changes),
        )
        for row in rows
    )  # fmt: skip
    writer.copy_rows(StagedMeasure, fields, told)


def _stage_months(writer: BulkWriter, run: ImportRun, rows: Iterable[MonthRow]) -> None:
    fields = (
        "run", "sheet", "row", "state", "accepted", "problems", "code", "line_id", "new_line", "series", "amounts",
        "print", "changed",
    )  # fmt: skip
    told = (
        (
            run.pk, row.sheet, row.row, _state(row), False, _json(row.problems + row.asks), row.code, row.line_id,
            None if row.new_line is None else Jsonb(row.new_line), row.series[:13], _array(row.amounts), row.print, 0,
        )
        for row in rows
    )  # fmt: skip
    writer.copy_rows(StagedMonths, fields, told)


def _state(row: MonthRow) -> str:
    if row.problems:
        return str(StagedState.REFUSED)
    return str(StagedState.ASKED if row.asks else StagedState.SAME)


def _json(value: list[Any]) -> Any:
    return Jsonb(value) if value else "[]"


def _array(amounts: Sequence[int | None]) -> str:
    """The array as COPY reads it: a million numbers are written faster as one text."""
    return "{" + ",".join("NULL" if cents is None else str(cents) for cents in amounts) + "}"


def counts_of(run: ImportRun, rounded: int = 0) -> dict[str, Any]:
    """How many rows of each state, how many are accepted, and how many cells they change."""
    counts: dict[str, Any] = {"rounded": rounded}
    for name, rows in (("measures", run.staged_measures), ("months", run.staged_months)):
        states = Counter(rows.order_by().values_list("state", flat=True))
        counts[name] = {state: states.get(state, 0) for state in StagedState.values}
        counts[name]["accepted"] = rows.filter(accepted=True).count()
    counts["cells"] = sum(rows for rows in run.staged_months.values_list("changed", flat=True))
    return counts


def file_problem(run: ImportRun) -> dict[str, Any] | None:
    """Why the whole file was refused."""
    return run.problems[0] if run.problems else None


def lost(run: ImportRun) -> dict[str, Any]:
    """Told when the staged rows of a run are gone."""
    run.problems = [problem("gone")]
    return run.problems[0]
