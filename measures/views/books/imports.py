"""A file of the books on its way in: brought, understood, compared, stored."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import get_editable
from core.jobs import error_of
from core.models import Job
from core.periods import format_month, parse_month
from core.permissions import can
from measures.ledger import files
from measures.ledger.forms import MappingForm, NamesForm, UploadForm, WantedForm
from measures.ledger.jobs import job_of
from measures.ledger.mapping import FileMapping, guess
from measures.ledger.options import Wanted
from measures.ledger.words import problem_place, problem_text, warning_text
from measures.models import ImportRun
from measures.models.imports import ImportKind
from measures.selectors.books import places_of
from measures.views.shared import unit_context
from programme.access import programme_view
from programme.models import Programme

both_ways = require_http_methods(["GET", "HEAD", "POST"])
_LATEST = 20


def _runs(programme: Programme) -> Any:
    return ImportRun.objects.filter(programme=programme, kind=ImportKind.LEDGER).select_related(
        "mapping", "created_by"
    )


def _address(programme: Programme, run: ImportRun) -> str:
    return reverse("measures:books_run", args=[programme.slug, run.pk])


def _find(request: HttpRequest, programme: Programme, pk: int) -> ImportRun:
    """The file: 404 when it is not there, 403 for who may only see the books."""
    run: ImportRun = get_editable(_runs(programme), request.user, "ledger.edit", pk=pk)
    run.programme = programme
    return run


@both_ways
@programme_view("ledger.edit")
def books_import(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Takes a file; the latest files and what came of them."""
    first = {"year": programme.today().year, "kind": "actual"}
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = UploadForm(*sent, programme=programme, initial=first)
    if request.method == "POST" and form.is_valid():
        run = files.take_file(
            programme=programme, file=form.cleaned_data["file"], wanted=form.wanted(), by=request.user
        )
        return redirect(_address(programme, run))
    context = {
        "form": form,
        "runs": _runs(programme)[:_LATEST],
        "back": reverse("measures:books", args=[programme.slug]),
    }
    return TemplateResponse(
        request, "measures/ledger_import.html", context, status=422 if request.method == "POST" else 200
    )


@require_safe
@programme_view("savings.view")
def books_run(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Where the file is: being read, waiting for its columns, compared, stored or refused."""
    run: ImportRun = get_editable(_runs(programme), request.user, "savings.view", pk=pk)
    run.programme = programme
    job = job_of(run)
    is_active = job is not None and job.state in Job.ACTIVE
    context = unit_context(request, "keur") | {
        "run": run, "job": job, "is_active": is_active, "error": error_of(job) if job and not is_active else "",
        "wanted": Wanted.of_json(run.options), "may_edit": can(request.user, "ledger.edit", run),
        "earlier": files.earlier_run(run),
        "problems": [
            {"place": problem_place(problem), "text": problem_text(problem)} for problem in run.problems
        ],
        "has_columns": bool(run.options.get("sheets")),
    }  # fmt: skip
    if run.counts:
        context |= _compared(programme, run)
    return TemplateResponse(request, "measures/ledger_run.html", context)


def _compared(programme: Programme, run: ImportRun) -> dict[str, Any]:
    """The sums of the comparison, ready to print."""
    counts = run.counts
    sectors, cost_types = places_of(counts["places"])
    places = [
        {"sector": sectors.get(sector), "cost_type": cost_types.get(cost_type)} | _sides(old, new)
        for sector, cost_type, old, new in counts["places"]
    ]
    months = [
        {"month": format_month(parse_month(key))} | _sides(old, new) for key, old, new in counts["months"]
    ]
    sums = [[row[side] for row in places if row[side] is not None] for side in ("old", "new")]
    together = _sides(*(sum(side) if side else None for side in sums))
    unknown = {kind: names for kind, names in counts["unknown"].items() if names}
    return {
        "counts": counts, "places": places, "months": months, "sums": together,
        "internal": {"old": counts["internal"][0], "new": counts["internal"][1]},
        "warnings": [warning_text(warning) for warning in counts["warnings"]],
        "more_problems": max(0, counts["problems"] - len(run.problems)),
        "names_form": NamesForm(programme=programme, unknown=unknown) if unknown else None,
    }  # fmt: skip


def _sides(old: int | None, new: int | None) -> dict[str, Any]:
    """What is there, what the file says, and the difference; None where there are no rows."""
    return {"old": old, "new": new, "left": (new or 0) - (old or 0)}


@both_ways
@programme_view("ledger.edit")
def books_columns(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Asks what the columns are; `?sheet=` and `?row=` choose where the headings stand."""
    run = _find(request, programme, pk)
    if run.state in (ImportRun.State.APPLIED, ImportRun.State.DISCARDED) or not run.options.get("sheets"):
        return redirect(_address(programme, run))
    before = FileMapping.of_json(run.options.get("mapping") or {})
    sheets: list[dict[str, Any]] = run.options["sheets"]
    sheet, row = _heading_place(request, sheets, before)
    mapping = (
        before
        if (sheets[sheet]["name"], row) == (before.sheet, before.header_row)
        else _guessed(sheets[sheet], row, before)
    )
    data = request.POST if request.method == "POST" else None
    form = MappingForm(data, run=run, sheet=sheet, header_row=row, mapping=mapping)
    wanted = WantedForm(data, programme=programme, initial=WantedForm.first(Wanted.of_json(run.options)))
    if data is not None and form.is_valid() & wanted.is_valid():
        files.choose_columns(
            run=run,
            mapping=form.made(),
            wanted=wanted.wanted(),
            name=form.cleaned_data["name"],
            by=request.user,
        )
        return redirect(_address(programme, run))
    context = {
        "run": run, "form": form, "wanted_form": wanted, "sheets": sheets, "sheet": sheet, "row": row,
        "rows": range(1, min(25, len(sheets[sheet]["rows"])) + 1), "back": _address(programme, run),
    }  # fmt: skip
    return TemplateResponse(
        request, "measures/ledger_columns.html", context, status=422 if data is not None else 200
    )


def _heading_place(
    request: HttpRequest, sheets: list[dict[str, Any]], mapping: FileMapping
) -> tuple[int, int]:
    """Which sheet and row (both from 0) hold the headings."""
    asked = request.POST if request.method == "POST" else request.GET
    names = [sheet["name"] for sheet in sheets]
    sheet = _number(
        asked.get("sheet"), names.index(mapping.sheet) if mapping.sheet in names else 0, len(names)
    )
    first = mapping.header_row if mapping.sheet == names[sheet] else 0
    row = _number(asked.get("row"), first, max(1, len(sheets[sheet]["rows"])))
    return sheet, row


def _number(text: str | None, default: int, size: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and int(text) < size else default


def _guessed(sheet: dict[str, Any], row: int, before: FileMapping) -> FileMapping:
    """What the columns of that heading row most likely are; all else stays as it was chosen before."""
    from core.tables import Sheet

    found = guess([Sheet(sheet["name"], [*([[]] * row), *sheet["rows"][row : row + 1]])])
    roles = found.roles if found.header_row == row else {}
    return replace(before, sheet=sheet["name"], header_row=row, heads=[], roles=roles)


@require_POST
@programme_view("ledger.edit")
def books_names(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Takes what the names of the file mean, and has it compared again."""
    run = _find(request, programme, pk)
    unknown = (run.counts or {}).get("unknown", {})
    form = NamesForm(request.POST, programme=programme, unknown=unknown)
    if not form.names:
        return redirect(_address(programme, run))
    if not form.is_valid():
        messages.error(request, _("Say of every name what it means."))
        return redirect(f"{_address(programme, run)}#names")
    return _acted(
        request, programme, run,
        lambda: files.name_names(
            run=run, sectors=form.said("sector"), cost_types=form.said("cost_type"), by=request.user
        ),
    )  # fmt: skip


@require_POST
@programme_view("ledger.edit")
def books_store(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Has the file stored as it was shown."""
    run = _find(request, programme, pk)
    return _acted(request, programme, run, lambda: files.store_file(run=run, by=request.user))


@require_POST
@programme_view("ledger.edit")
def books_discard(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Leaves the file aside."""
    run = _find(request, programme, pk)
    return _acted(
        request, programme, run, lambda: files.discard(run=run, by=request.user),
        told=_("The file was left aside; nothing of it was stored."),
    )  # fmt: skip


def _acted(
    request: HttpRequest, programme: Programme, run: ImportRun, act: Any, told: str = ""
) -> HttpResponse:
    try:
        act()
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        if told:
            messages.success(request, told)
    return redirect(_address(programme, run))
