"""Bringing a workbook: upload, mapping of a foreign one, what would change, choosing, taking over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.limits import UPLOAD_MAX_BYTES
from core.access import get_editable
from core.identity_codes import WithoutCodes
from core.models import Job
from core.tables import Refused, read_stored
from measures.models import ImportKind, ImportMapping, ImportRun, StagedState
from measures.workbooks import applying, foreign, jobs, showing
from measures.workbooks.choices import Lists
from measures.workbooks.recognising import refused_as
from measures.workbooks.running import stage, take_in
from programme.access import programme_view
from programme.models import Programme

KINDS = (ImportKind.MEASURES, ImportKind.FOREIGN)
RUNS_A_PAGE = 20


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Workbook"),
        help_text=gettext_lazy("An Excel workbook (.xlsx) or CSV, at most %(most)s MB.")
        % {"most": UPLOAD_MAX_BYTES // (1024 * 1024)},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
    )


class ApplyForm(WithoutCodes):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=1000,
        help_text=gettext_lazy("Goes into the history of everything that changes."),
        error_messages={"required": gettext_lazy("Give the reason.")},
    )  # fmt: skip


def _language() -> str:
    return (get_language() or "fi")[:2]


def _runs(programme: Programme) -> Any:
    return ImportRun.objects.filter(programme=programme, kind__in=KINDS).select_related(
        "programme", "created_by"
    )


def _run(request: HttpRequest, programme: Programme, pk: int) -> ImportRun:
    run: ImportRun = get_editable(_runs(programme), request.user, "measure.import", pk=pk)
    return run


@require_http_methods(["GET", "HEAD", "POST"])
@programme_view("measure.import")
def import_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The form for a file, and the files of before."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = take_in(programme=programme, file=file, name=file.name, by=request.user)
        except Refused as refused:
            form.add_error("file", refused.message)
        else:
            job = jobs.ask_reading(run, by=request.user, language=_language())
            return redirect("core:job_detail", programme.slug, job.pk)
    page = Paginator(_runs(programme), RUNS_A_PAGE).get_page(request.GET.get("page"))
    return TemplateResponse(
        request, "measures/import_list.html", {"form": form, "page": page},
        status=422 if form.is_bound else 200,
    )  # fmt: skip


@require_safe
@programme_view("measure.import")
def import_detail(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """What became of a file: its problems, what it would change, or what it changed."""
    return _detail(request, _run(request, programme, pk), ApplyForm())


def _detail(request: HttpRequest, run: ImportRun, form: ApplyForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "run": run, "form": form, "problems": showing.file_problems(run), "job": _job_of(run),
        "applied": run.counts.get("applied"),
    }  # fmt: skip
    if run.state == ImportRun.State.READ:
        context |= _shown(request, run)
    return TemplateResponse(request, "measures/import_detail.html", context, status=status)


def _shown(request: HttpRequest, run: ImportRun) -> dict[str, Any]:
    """A page of what would change."""
    states = showing.states_of(run)
    sheet = request.GET.get("sheet", "")
    if sheet not in states:
        moving = {
            name: sum(count for state, count in told.items() if state not in {StagedState.SAME, "accepted"})
            for name, told in states.items()
        }
        sheet = "measures" if moving["measures"] else "months"
    state = request.GET.get("state", "")
    state = state if state in StagedState.values else ""
    page = showing.page_of(run, sheet, state, request.GET.get("page"))
    return {
        "sheet": sheet, "state": state, "page": page,
        "rows": showing.rows_of(run, sheet, list(page), every_cell="cells" in request.GET),
        "sheets": [
            (name, label, [(one, one.label, states[name].get(one, 0)) for one in StagedState])
            for name, label in (("measures", _("Measures")), ("months", _("Months"))) if states[name]
        ],
        "accepted": _accepted(run),
        "asked": sum(told.get(StagedState.ASKED, 0) for told in states.values()),
        "refused": sum(told.get(StagedState.REFUSED, 0) for told in states.values()),
    }  # fmt: skip


def _accepted(run: ImportRun) -> int:
    """Rows that stand ticked, of both sheets."""
    return sum(told.get("accepted", 0) for told in showing.states_of(run).values())


def _job_of(run: ImportRun) -> Job | None:
    """The work on the file that is under way."""
    rows = Job.objects.filter(
        programme=run.programme, kind__in=[jobs.READ, jobs.APPLY], key=str(run.pk), state__in=Job.ACTIVE
    )
    return rows.order_by("-pk").first()


@require_POST
@programme_view("measure.import")
def import_choose(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Keeps the ticks of one page, or ticks all rows of some kind."""
    run = _run(request, programme, pk)
    everything = {
        "sound": [StagedState.NEW, StagedState.CHANGED],
        "asked": [StagedState.NEW, StagedState.CHANGED, StagedState.ASKED],
        "none": [],
    }
    chosen = everything.get(request.POST.get("all", ""))
    if chosen is not None:
        applying.choose_all(run=run, states=chosen, by=request.user)
    else:
        _keep_ticks(request, run)
    messages.success(request, _("The choice is kept."))
    return redirect(f"{run_address(run)}?{request.GET.urlencode()}")


def _keep_ticks(request: HttpRequest, run: ImportRun) -> None:
    """Keeps the ticks of the rows that were on the page."""
    ticked = set(_ids(request, "accepted"))
    told = {row: row in ticked for row in _ids(request, "shown")}
    of_months = request.POST.get("sheet") == "months"
    applying.choose_rows(
        run=run, measures={} if of_months else told, months=told if of_months else {}, by=request.user
    )


def _ids(request: HttpRequest, name: str) -> list[int]:
    return [int(pk) for pk in request.POST.getlist(name) if pk.isascii() and pk.isdigit() and len(pk) < 19]


def run_address(run: ImportRun) -> str:
    from django.urls import reverse

    return reverse("measures:import_detail", args=[run.programme.slug, run.pk])


@require_POST
@programme_view("measure.import")
def import_apply(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Asks for the accepted rows to be taken over; pressed twice it is asked once."""
    run = _run(request, programme, pk)
    if run.state != ImportRun.State.READ:
        return redirect(run_address(run))
    # What stands ticked on the page is what is taken over, kept before or not.
    _keep_ticks(request, run)
    run.refresh_from_db(fields=["counts"])
    form = ApplyForm(request.POST)
    if form.is_valid() and not _accepted(run):
        form.add_error(None, _("Tick at least one row first."))
    if form.errors:
        return _detail(request, run, form, status=422)
    job = jobs.ask_applying(run, by=request.user, reason=form.cleaned_data["reason"])
    return redirect("core:job_detail", programme.slug, job.pk)


@require_POST
@programme_view("measure.import")
def import_discard(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Puts the file aside."""
    run = _run(request, programme, pk)
    if applying.discard_run(run=run, by=request.user):
        messages.success(request, _("The file was put aside. Nothing of it was stored."))
    return redirect("measures:import_list", programme.slug)


@require_POST
@programme_view("measure.import")
def import_again(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Reads and compares the file anew, because the portal has moved since."""
    run = _run(request, programme, pk)
    if run.state in {ImportRun.State.READ, ImportRun.State.UPLOADED} and run.kind == ImportKind.MEASURES:
        # Only if nobody has taken it over or put it aside meanwhile.
        waits = ImportRun.objects.filter(pk=run.pk, state=run.state)
        if waits.update(state=ImportRun.State.UPLOADED, updated_by=request.user):
            job = jobs.ask_reading(run, by=request.user, language=_language())
            return redirect("core:job_detail", programme.slug, job.pk)
    return redirect(run_address(run))


# --- foreign workbooks -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@programme_view("measure.import")
def import_mapping(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Which column of a county's own list holds what; `look` shows the columns again, else the rows are read."""
    run = _run(request, programme, pk)
    if run.kind != ImportKind.FOREIGN or run.state not in {ImportRun.State.UPLOADED, ImportRun.State.READ}:
        return redirect(run_address(run))
    try:
        sheets = read_stored(run.file, run.file_name)
    except Refused as refused:
        run.state, run.problems = ImportRun.State.REFUSED, [refused_as(refused)]
        return _detail(request, run, ApplyForm(), status=422)
    kept = ImportMapping.objects.filter(programme=programme, kind=ImportKind.FOREIGN)
    if request.method != "POST":
        return _mapping_page(request, run, sheets, _first_reading(request, run, sheets, kept), kept)
    reading = foreign.chosen_from(request.POST, sheets)
    if "look" in request.POST:
        return _mapping_page(request, run, sheets, reading, kept)
    faults = foreign.faults_of(reading) + _unknown_defaults(reading, programme)
    if faults:
        return _mapping_page(request, run, sheets, reading, kept, faults)
    sheet = foreign.sheet_named(sheets, reading.sheet)
    measures, months = foreign.read_foreign(sheet, reading, programme, _language())
    name = request.POST.get("name", "").strip()[:200]
    run.options = run.options | {"reading": reading.as_json()}
    if name:
        run.mapping = _keep(programme, name, reading, request.user)
    stage(run, measures, months, by=request.user)
    return redirect(run_address(run))


def _first_reading(request: HttpRequest, run: ImportRun, sheets: Any, kept: Any) -> foreign.Reading:
    """A kept mapping that was chosen, the run's own of before, or a guess by the heads."""
    wanted = request.GET.get("mapping", "")
    if wanted.isascii() and wanted.isdigit():
        row = kept.filter(pk=int(wanted[:18])).first()
        if row is not None:
            return foreign.refit(foreign.Reading.from_json(row.mapping), sheets)
    if run.options.get("reading"):
        return foreign.Reading.from_json(run.options["reading"])
    return foreign.guess(foreign.sheet_named(sheets, request.GET.get("sheet", "")), run.programme)


def _unknown_defaults(reading: foreign.Reading, programme: Programme) -> list[Any]:
    lists = Lists(programme, _language())
    for value, kind in (
        (reading.goal, "goals"),
        (reading.sector, "sectors"),
        (reading.cost_type, "cost_types"),
    ):
        if value is not None and value not in lists[kind].shown:
            return [_("Choose from the lists.")]
    return []


def _keep(programme: Programme, name: str, reading: foreign.Reading, by: Any) -> ImportMapping:
    row = ImportMapping.objects.filter(programme=programme, kind=ImportKind.FOREIGN, name=name).first()
    row = row or ImportMapping(programme=programme, kind=ImportKind.FOREIGN, name=name)
    row.mapping = reading.as_json()
    row.stamp(by).save()
    return row


def _mapping_page(
    request: HttpRequest, run: ImportRun, sheets: Any, reading: foreign.Reading, kept: Any,
    faults: list[Any] | None = None,
) -> HttpResponse:  # fmt: skip
    sheet = foreign.sheet_named(sheets, reading.sheet)
    lists = Lists(run.programme, _language())
    columns = foreign.shown_columns(sheet, reading)
    context = {
        "run": run, "sheets": [one.name for one in sheets], "reading": reading, "columns": columns, "kept": kept,
        "fields": foreign.fields_for(run.programme, [one.head for one in columns]), "units": foreign.UNITS.items(),
        "goals": lists["goals"].shown.items(), "sectors": lists["sectors"].shown.items(),
        "cost_types": lists["cost_types"].shown.items(), "faults": faults or [],
        "name": request.POST.get("name", run.mapping.name if run.mapping else ""),
    }  # fmt: skip
    return TemplateResponse(request, "measures/import_mapping.html", context, status=422 if faults else 200)
