"""Work on workbooks that takes longer than a page may: reading a file, taking it over, writing a large one."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.jobs import JobFailed, Report, enqueue, handler
from core.models import Job
from measures.filters import MeasureFilter
from measures.models import ImportRun, Measure
from measures.services.common import SavingsError
from measures.workbooks.applying import MOVED, apply_run
from measures.workbooks.export import TooManyRows, write_workbook
from measures.workbooks.running import read_run
from programme.models import Programme

READ, APPLY, EXPORT = "workbook_read", "workbook_apply", "workbook_export"
STEPS = {
    "opening": _("checking and opening the file"),
    "reading": _("reading the rows"),
    "staging": _("putting the rows aside"),
    "comparing": _("comparing with the portal"),
    "checking": _("checking that nothing moved"),
    "writing": _("taking over the changes"),
}
#: Older exports of one person that are looked at; their files go when a new one is there.
OLD_EXPORTS = 20
TOO_MANY = _(
    "The workbook would have more rows than can be read back. Choose fewer measures with the filters."
)


def _run_of(job: Job) -> ImportRun:
    return ImportRun.objects.select_related("programme").get(pk=job.params["run"], programme=job.programme)


def _page(run: ImportRun) -> dict[str, Any]:
    return {"page": ["measures:import_detail", run.programme.slug, run.pk]}


@handler(READ, title=_("Reading a workbook"), steps=STEPS)
def read_workbook(job: Job, report: Report) -> dict[str, Any]:
    """Stages the file of the run and compares it; a run that was read already is read anew."""
    run = _run_of(job)
    if run.state == ImportRun.State.UPLOADED:
        read_run(run, by=job.requested_by, language=job.params.get("language", "fi"), tell=report)
    return _page(run)


@handler(APPLY, title=_("Taking over a workbook"), steps=STEPS, errors={"changed": MOVED})
def apply_workbook(job: Job, report: Report) -> dict[str, Any]:
    """Takes over the accepted rows; done before, it does nothing."""
    run = _run_of(job)
    try:
        apply_run(
            run=run, by=job.requested_by, reason=job.params.get("reason", ""), tell=report,
            still_mine=report.still_mine,
        )  # fmt: skip
    except SavingsError as error:
        raise JobFailed("changed" if error.code == "changed" else "unexpected") from error
    return _page(run)


@handler(EXPORT, title=_("Writing a workbook"), steps=STEPS, errors={"too_many": TOO_MANY})
def export_workbook(job: Job, report: Report) -> dict[str, Any]:
    """Writes the measures that the filters leave into a file that only this person's page hands out."""
    report("writing")
    programme = job.programme
    assert programme is not None
    language = job.params.get("language", "fi")
    rows = chosen_rows(programme, job.params.get("query", ""))
    with TemporaryDirectory() as folder, translation.override(language):
        path = Path(folder) / "measures.xlsx"
        try:
            write_workbook(path, programme, rows, language=language)
        except TooManyRows:
            raise JobFailed("too_many") from None
        report.still_mine()
        with path.open("rb") as file:
            name = default_storage.save(f"exports/{uuid4().hex}.xlsx", File(file))
    _tidy(job)
    return {"page": ["measures:export_download", programme.slug, job.pk], "file": name}


def _tidy(job: Job) -> None:
    """Takes away the files of the person's older exports."""
    earlier = Job.objects.filter(kind=EXPORT, requested_by=job.requested_by, state=Job.State.DONE)
    for old in earlier.exclude(pk=job.pk).order_by("-pk")[:OLD_EXPORTS]:
        name = str(old.result.get("file", ""))
        if name and default_storage.exists(name):
            default_storage.delete(name)


def chosen_rows(programme: Programme, query: str) -> Any:
    """The measures that the filters of a list's address leave; none when they cannot be read."""
    filters = MeasureFilter(
        QueryDict(query), programme=programme, queryset=Measure.objects.filter(programme=programme)
    )
    return filters.qs if filters.form.is_valid() else Measure.objects.none()


def ask_reading(run: ImportRun, *, by: Any, language: str) -> Job:
    return enqueue(
        READ, str(run.pk), programme=run.programme, params={"run": run.pk, "language": language}, by=by
    )


def ask_applying(run: ImportRun, *, by: Any, reason: str) -> Job:
    return enqueue(
        APPLY, str(run.pk), programme=run.programme, params={"run": run.pk, "reason": reason}, by=by
    )
