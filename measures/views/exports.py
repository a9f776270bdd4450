"""Taking measures out: the workbook that comes back, and its sheets as CSV."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.jobs import enqueue
from core.models import Job
from core.rates import Rate, spend
from measures.models import SavingsLine
from measures.workbooks import jobs
from measures.workbooks.columns import SERIES
from measures.workbooks.export import csv_rows, write_workbook
from programme.access import programme_view
from programme.models import Programme

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: A workbook and a table have a count each, so that taking both is no offence.
WORKBOOK = Rate("export-workbook", "EXPORTS", "EXPORT_SECONDS")
TABLE = Rate("export-table", "EXPORTS", "EXPORT_SECONDS")
#: Rows of months that are written while the person waits; more of them are a job.
AT_ONCE = 3_000


def _language() -> str:
    return (get_language() or "fi")[:2]


@require_http_methods(["GET", "HEAD", "POST"])
@programme_view("measure.view")
def export_workbook(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The workbook of the measures that the filters leave; a large one is asked for by a button, for a job."""
    query = request.GET.urlencode()
    if request.method == "POST":
        params = {"query": query, "language": _language()}
        key = f"{request.user.pk}:{_language()}:{query}"[:200]
        job = enqueue(jobs.EXPORT, key, programme=programme, params=params, by=request.user)
        return redirect("core:job_detail", programme.slug, job.pk)
    rows = jobs.chosen_rows(programme, query)
    lines = SavingsLine.objects.filter(programme=programme, measure__in=rows.order_by().values("pk")).count()
    count = rows.count()
    if max(lines * len(SERIES), count) > AT_ONCE:
        context = {"count": count, "lines": lines, "query": query}
        return TemplateResponse(request, "measures/export_large.html", context)
    spend(WORKBOOK, request.user.pk)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "measures.xlsx"
        write_workbook(path, programme, rows, language=_language())
        answer = HttpResponse(path.read_bytes(), content_type=XLSX)
    return _as_file(answer, programme, "xlsx")


@require_safe
@programme_view("measure.view")
def export_csv(request: HttpRequest, programme: Programme) -> HttpResponse:
    """One sheet of the workbook as CSV; `sheet` is measures or months."""
    spend(TABLE, request.user.pk)
    sheet = "months" if request.GET.get("sheet") == "months" else "measures"
    rows = jobs.chosen_rows(programme, request.GET.urlencode())
    lines = csv_rows(programme, rows, sheet, language=_language())
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    return _as_file(answer, programme, "csv", sheet)


@require_safe
@programme_view("measure.view")
def export_download(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """The workbook that a job wrote, for the person who asked for it."""
    job = get_object_or_404(
        Job, pk=pk, programme=programme, kind=jobs.EXPORT, requested_by=request.user, state=Job.State.DONE
    )
    name = str(job.result.get("file", ""))
    if not name or not default_storage.exists(name):
        raise Http404
    return _as_file(FileResponse(default_storage.open(name), content_type=XLSX), programme, "xlsx")


def _as_file(answer: Any, programme: Programme, ending: str, sheet: str = "") -> Any:
    words = _("months") if sheet == "months" else _("measures")
    answer["Content-Disposition"] = f'attachment; filename="{programme.slug}-{words}.{ending}"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
