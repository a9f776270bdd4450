"""Pages of files of values: bringing one, its columns, what would change, taking over, putting aside."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import get_editable
from core.tables import Refused
from kpis.values.files import running
from kpis.values.files.forms import ColumnsForm, UploadForm
from kpis.values.files.mapping import ValueMapping, roles_of
from kpis.values.files.words import problem_text
from kpis.values.indicator_views import both_ways
from measures.ledger.words import problem_place
from measures.models import ImportKind, ImportRun
from programme.access import programme_view
from programme.models import Programme

#: Runs on the list, changes in the preview.
RUNS, SHOWN = 20, 300


def _runs(programme: Programme) -> Any:
    rows = ImportRun.objects.filter(programme=programme, kind=ImportKind.VALUES)
    return rows.select_related("created_by", "updated_by", "mapping")


def _run(request: HttpRequest, programme: Programme, pk: int) -> ImportRun:
    run: ImportRun = get_editable(_runs(programme), request.user, "kpi.approve", pk=pk)
    run.programme = programme
    return run


def _address(run: ImportRun) -> str:
    return reverse("kpis:value_file", args=[run.programme.slug, run.pk])


@both_ways
@programme_view("kpi.approve")
def value_files(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The form for a file, and the files of before."""
    form = UploadForm(programme=programme)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, programme=programme)
        if form.is_valid():
            given = form.cleaned_data
            try:
                run = running.bring(
                    programme=programme, file=given["file"], link=given["link"], by=request.user
                )
            except Refused as refused:
                form.add_error("file", refused.message)
            except ValidationError as refused:
                form.add_error("file", refused)
            else:
                name = "value_file_columns" if run.state == ImportRun.State.UPLOADED else "value_file"
                return redirect(f"kpis:{name}", programme.slug, run.pk)
    return TemplateResponse(
        request, "kpis/value_files.html", {"form": form, "runs": _runs(programme)[:RUNS]},
        status=422 if form.is_bound else 200,
    )  # fmt: skip


@require_safe
@programme_view("kpi.approve")
def value_file(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """What became of a file: its problems, and what taking it over would change or changed."""
    run = _run(request, programme, pk)
    problems = [{"place": problem_place(one), "text": problem_text(one)} for one in run.problems]
    context: dict[str, Any] = {
        "run": run, "problems": problems, "more": run.counts.get("problems", 0) - len(problems),
        "is_own": run.created_by_id == request.user.pk, "is_open": run.state in ("uploaded", "read"),
    }  # fmt: skip
    if run.state == ImportRun.State.READ:
        found = running.preview(run)
        moving = [one for one in found.changes if one.kind != "same"]
        context |= {
            "preview": found, "changes": moving[:SHOWN], "unseen": max(0, len(moving) - SHOWN),
            "counts": {kind: found.count(kind) for kind in ("new", "revised", "same")},
        }  # fmt: skip
    return TemplateResponse(request, "kpis/value_file.html", context)


@both_ways
@programme_view("kpi.approve")
def value_file_columns(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Asks what the columns are; `?sheet=` and `?row=` choose where the headings stand."""
    run = _run(request, programme, pk)
    if run.state not in ("uploaded", "read") or not run.options.get("sheets"):
        return redirect(_address(run))
    sheets, before = run.options["sheets"], ValueMapping.of_json(run.options.get("mapping") or {})
    names = [one["name"] for one in sheets]
    sheet = _number(request, "sheet", names.index(before.sheet) if before.sheet in names else 0, len(sheets))
    rows = sheets[sheet]["rows"]
    row = _number(request, "row", before.header_row if "row" not in request.GET else 0, max(1, len(rows)))
    mapping = before
    if (sheets[sheet]["name"], row) != (before.sheet, before.header_row):
        heads = [head.casefold() for head in rows[row]] if row < len(rows) else []
        mapping = ValueMapping(
            sheet=sheets[sheet]["name"], header_row=row, heads=heads, roles=roles_of(heads)
        )
    data = request.POST if request.method == "POST" else None
    form = ColumnsForm(data, run=run, sheet=sheet, header_row=row, mapping=mapping)
    if data is not None and form.is_valid():
        try:
            running.choose_columns(
                run=run, mapping=form.made(), name=form.cleaned_data["name"], by=request.user
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return redirect(_address(run))
    context = {
        "run": run, "form": form, "sheets": names, "sheet": sheet, "row": row, "back": _address(run),
        "rows": range(1, min(len(rows), 26) + 1),
    }  # fmt: skip
    return TemplateResponse(
        request, "kpis/value_file_columns.html", context, status=422 if form.errors else 200
    )


def _number(request: HttpRequest, name: str, default: int, below: int) -> int:
    text = request.POST.get(name) or request.GET.get(name) or ""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else default
    return number if number < below else 0


@require_POST
@programme_view("kpi.approve")
def value_file_take(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Takes the values over as they were shown; one's own file is taken over by somebody else."""
    run = _run(request, programme, pk)
    try:
        counts = running.take_over(run=run, by=request.user, seen=request.POST.get("seen", ""))
    except ValidationError as refused:
        if refused.code == "own":
            raise PermissionDenied(running.NOT_OWN) from refused
        messages.error(request, " ".join(refused.messages))
    else:
        told = _("Taken over: %(new)s new, %(revised)s revised, %(same)s as they were.")
        messages.success(request, told % counts)
    return redirect(_address(run))


@require_POST
@programme_view("kpi.approve")
def value_file_discard(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Puts the file aside."""
    run = _run(request, programme, pk)
    try:
        running.discard(run=run, by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("The file was put aside. Nothing of it was stored."))
    return redirect("kpis:value_files", programme.slug)
