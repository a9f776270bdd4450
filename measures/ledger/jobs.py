"""Files of the books as long work: reading and comparing one, and storing it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from core import jobs
from core.jobs import Report, handler
from core.models import Job
from core.tables import Refused, Sheet, read_stored
from measures.ledger.applying import Blocked, blocking, store
from measures.ledger.mapping import COLUMNS, HEAD_CHARACTERS, FileMapping, guess, told
from measures.ledger.options import Kind, Wanted
from measures.ledger.preview import preview
from measures.ledger.rows import PROBLEMS_KEPT
from measures.models import ImportMapping, ImportRun
from measures.models.imports import ImportKind

READ, STORE = "ledger.read", "ledger.store"
STEPS = {
    "read": _("reading the file"),
    "compare": _("comparing with the books"),
    "store": _("storing the rows"),
}
#: Of each sheet so much is kept for choosing columns.
_SAMPLE_ROWS, _SAMPLE_SHEETS = 30, 20


def ask_to_read(run: ImportRun, by: Any) -> Job:
    """Has the file read and compared; its page shows how far that is."""
    return jobs.enqueue(
        READ, str(run.pk), programme=run.programme, params={"run": run.pk, "file": run.file_name}, by=by
    )


def ask_to_store(run: ImportRun, by: Any) -> Job:
    """Has the file stored as its preview said."""
    params = {"run": run.pk, "file": run.file_name, "seen": run.counts.get("fingerprint", "")}
    return jobs.enqueue(STORE, str(run.pk), programme=run.programme, params=params, by=by)


def job_of(run: ImportRun) -> Job | None:
    """The latest work on the file."""
    rows = Job.objects.filter(programme=run.programme, kind__in=(READ, STORE), key=str(run.pk))
    return rows.select_related("programme").order_by("-pk").first()


@handler(READ, title=_("Reading {file}"), steps=STEPS)
def read_file(job: Job, report: Report) -> dict[str, Any]:
    """Reads the file; with a mapping that fits it compares it with the books as well."""
    run = _run_of(job)
    report("read")
    try:
        sheets = read_stored(run.file, run.file_name)
    except Refused as refused:
        _save(
            run, ImportRun.State.REFUSED, problems=[{"code": refused.code, "params": _plain(refused.params)}]
        )
        return _page(run)
    options = dict(run.options) | {"sheets": [_sample(sheet) for sheet in sheets[:_SAMPLE_SHEETS]]}
    mapping, sheet = _mapping_for(run, sheets)
    if mapping is None or sheet is None or mapping.lacks:
        options["mapping"] = (mapping or guess(sheets)).as_json()
        _save(run, ImportRun.State.UPLOADED, options=options, problems=[], counts={})
        return _page(run)
    report("compare")
    options["mapping"] = mapping.as_json()
    run.options = options
    _compare(run, sheet, mapping)
    return _page(run)


@handler(STORE, title=_("Storing {file}"), steps=STEPS)
def store_file(job: Job, report: Report) -> dict[str, Any]:
    """Stores what the preview showed; when the books moved meanwhile it makes the preview anew."""
    run = _run_of(job)
    if run.state in (ImportRun.State.APPLIED, ImportRun.State.DISCARDED):
        return _page(run)
    report("read")
    sheets = read_stored(run.file, run.file_name)
    mapping, wanted = FileMapping.of_json(run.options["mapping"]), Wanted.of_json(run.options)
    sheet = mapping.fits(sheets)
    if sheet is None:
        _save(run, ImportRun.State.UPLOADED, problems=[_no_sheet(mapping)])
        return _page(run)
    report("store")
    try:
        store(
            run=run, sheet=sheet, mapping=mapping, wanted=wanted, by=job.requested_by, on=run.programme.today(),
            seen=job.params["seen"], still_mine=report.still_mine,
        )  # fmt: skip
    except Blocked as blocked:
        run.refresh_from_db()
        _compare(run, sheet, mapping, also=blocked.problems)
    return _page(run)


def _run_of(job: Job) -> ImportRun:
    run: ImportRun = ImportRun.objects.select_related("programme__organisation", "mapping").get(
        pk=job.params["run"], programme=job.programme, kind=ImportKind.LEDGER
    )
    return run


def _page(run: ImportRun) -> dict[str, Any]:
    return {"page": ["measures:books_run", run.programme.slug, run.pk]}


def _save(run: ImportRun, state: str, **values: Any) -> None:
    run.state = state
    for name, value in values.items():
        setattr(run, name, value)
    run.save(update_fields=["state", *values])


def _mapping_for(run: ImportRun, sheets: list[Sheet]) -> tuple[FileMapping | None, Sheet | None]:
    """The mapping chosen for this file, else a kept one whose headings are the file's, latest first."""
    if run.options.get("is_mapped"):
        mapping = FileMapping.of_json(run.options["mapping"])
        return mapping, mapping.fits(sheets)
    for row in ImportMapping.objects.filter(programme=run.programme, kind=ImportKind.LEDGER).order_by(
        "-updated_at"
    ):
        mapping = FileMapping.of_json(row.mapping)
        sheet = mapping.fits(sheets)
        if sheet is not None:
            run.mapping = row
            run.save(update_fields=["mapping"])
            return replace(mapping, sheet=sheet.name), sheet  # a CSV's sheet is called like its file
    return None, None


def _compare(
    run: ImportRun, sheet: Sheet, mapping: FileMapping, also: list[dict[str, Any]] | None = None
) -> None:
    """Notes the preview in the run: what would change, and what stands in the way."""
    wanted = Wanted.of_json(run.options)
    if mapping.is_annual and wanted.kind == Kind.ACTUAL:
        _save(
            run, ImportRun.State.UPLOADED, options=run.options, counts={},
            problems=[{"code": "actual_of_year", "params": {}}],
        )  # fmt: skip
        return
    found = preview(run.programme, sheet, mapping, wanted)
    changed = [problem for problem in also or [] if problem["code"] == "changed"]
    problems = [*changed, *blocking(found, wanted), *found.read.problems][:PROBLEMS_KEPT]
    _save(run, ImportRun.State.READ, options=run.options, counts=found.as_json(), problems=problems)


def _no_sheet(mapping: FileMapping) -> dict[str, Any]:
    return {"code": "no_such_sheet", "params": {"sheet": mapping.sheet}}


def _plain(params: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, int) else str(value) for name, value in params.items()}


def _sample(sheet: Sheet) -> dict[str, Any]:
    rows = [[told(value)[:HEAD_CHARACTERS] for value in row[:COLUMNS]] for row in sheet.rows[:_SAMPLE_ROWS]]
    return {"name": sheet.name, "rows": rows, "count": len(sheet.rows)}
