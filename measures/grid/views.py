"""Pages of the month grid, for one measure and for many, and what they send."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from config.limits import PAGE_MEASURES_OF_MONTHS
from core import identity_codes
from core.access import get_editable
from core.editing import kept
from core.editing.forms import SALT
from core.money import MoneyError, Unit, unit_label
from core.units import UNITS, asked_unit, unit_choices
from measures.filters import MeasureFilter
from measures.grid import drafts, forms
from measures.grid.rows import EDIT, WRITTEN, Grid, GridMeasure, Typed, editable_ids, read_grid
from measures.grid.saving import (
    CELLS_AT_ONCE,
    Change,
    NotSaved,
    change_of,
    refused_answer,
    save_changes,
    saved_answer,
)
from measures.grid.texts import cell_key, cell_text, read_cell, read_key
from measures.models import Measure, SavingsLine, Series
from measures.months import spread_over
from measures.selectors import books_closed_through
from measures.wording import LEVEL_WORDS
from programme.access import programme_view
from programme.models import Programme

# --- pages ---------------------------------------------------------------------------------------------------


@require_safe
@programme_view("measure.view")
def month_grid(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """One measure's months of a year."""
    measure = _measure(programme, code)
    grid = _grid(request, programme, [measure], request.GET)
    return _page(request, "measures/month_grid.html", grid, {"measure": measure})


@require_safe
@programme_view("measure.view")
def months_many(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Months of the measures that the filters leave, a page of them at a time."""
    rows = Measure.objects.filter(programme=programme).order_by("code")
    filters = MeasureFilter(request.GET, programme=programme, queryset=rows)
    narrowed = filters.qs if filters.form.is_valid() else rows.none()
    page = Paginator(narrowed, PAGE_MEASURES_OF_MONTHS).get_page(request.GET.get("page"))
    found = list(page.object_list)
    for measure in found:
        measure.programme = programme
    grid = _grid(request, programme, found, request.GET, series=Series.FORECAST)
    context = {"filters": filters, "chosen": filters.chosen, "page": page, "kept_query": _kept_query(request)}
    return _page(request, "measures/months_many.html", grid, context)


def _measure(programme: Programme, code: str) -> Measure:
    measure = get_object_or_404(Measure, programme=programme, code=code)
    measure.programme = programme
    return measure


def _grid(
    request: HttpRequest,
    programme: Programme,
    measures: Sequence[Measure],
    asked: QueryDict,
    *,
    series: str = "",
    typed: dict[str, Typed] | None = None,
    with_drafts: bool = True,
) -> Grid:
    """The grid as the address (or a sent form) asks for it."""
    unit = _unit(asked)
    wanted = asked.get("series") or series
    if with_drafts:
        typed = drafts.typed_cells(programme, measures, request.user, unit) | (typed or {})
    return read_grid(
        programme, measures, request.user, year=_year(asked, programme), unit=unit,
        series=wanted if wanted in WRITTEN else "", closed_through=books_closed_through(programme), typed=typed,
    )  # fmt: skip


def _unit(asked: QueryDict) -> Unit:
    unit = asked.get("unit", "eur")
    return unit if unit in UNITS else "eur"  # type: ignore[return-value]


def _year(asked: QueryDict, programme: Programme) -> int:
    """The year asked for, else that of the status date."""
    text = asked.get("year", "")
    if len(text) == 4 and text.isascii() and text.isdigit() and 1900 <= int(text) <= 2200:
        return int(text)
    return programme.today().year


def _kept_query(request: HttpRequest) -> list[tuple[str, str]]:
    """Parameters of the address that the filter form carries along."""
    return [(name, request.GET[name]) for name in ("unit", "year", "series") if name in request.GET]


def _page(
    request: HttpRequest, template: str, grid: Grid, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    programme = request.programme  # type: ignore[attr-defined]
    found = {
        "grid": grid,
        "year": grid.year,
        "unit": grid.unit,
        "unit_label": unit_label(grid.unit),
        "units": unit_choices(grid.unit),
        "series_choices": [("all", _("All")), *((str(name), LEVEL_WORDS[name]) for name in WRITTEN)],
        "may_edit": any(place.may_edit for place in grid.measures),
        "unsaved": sum(place.unsaved for place in grid.measures),
        "signed": kept_by(request.user),
        "urls": {
            "save": reverse("measures:months_save", args=[programme.slug]),
            "draft": reverse("measures:months_draft", args=[programme.slug]),
            "spread": reverse("measures:months_spread", args=[programme.slug]),
        },
    }
    response = TemplateResponse(request, template, found | context, status=status)
    response["Cache-Control"] = "no-store"  # from the browser's memory the cells would have old versions
    return response


def kept_by(user: Any) -> str:
    """Signed word for whom the form was made: after an ended session it is shown to nobody else."""
    return signing.dumps({"user": user.pk}, salt=SALT, compress=True)


# --- without scripts -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@programme_view(EDIT)
def months_write(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """One measure's table as a plain form: all that was changed is saved, or nothing.

    GET leads to the grid, or shows what was sent when the session had ended.
    """
    rows = Measure.objects.filter(programme=programme)
    measure = get_editable(rows, request.user, EDIT, code=code)
    measure.programme = programme
    if request.method != "POST":
        data = kept.take(request, request.user)
        if data is None:
            return redirect("measures:month_grid", programme.slug, code)
        return _refused(request, programme, measure, data, [], None, status=200)
    return _write(request, programme, measure, request.POST)


def _write(request: HttpRequest, programme: Programme, measure: Measure, data: QueryDict) -> HttpResponse:
    act = data.get("act", "save")
    place = _grid(request, programme, [measure], data, with_drafts=False).measures[0]
    changes = forms.changes_of(data, place, _unit(data))
    if act == "discard":
        drafts.drop_typed(programme, [measure], request.user, _all_keys(place))
        return redirect(_back(request, programme, measure, data))
    if "year" not in data:  # not a form of ours
        return _refused(request, programme, measure, data, changes, NotSaved([]), status=422)
    try:
        if act in ("spread", "carry"):
            changes = forms.filled(data, place, changes, _unit(data), act)
        lines = {line.line.pk: line.line for line in place.lines}
        if changes:
            save_changes(
                programme=programme, lines=lines, changes=changes, unit=_unit(data), by=request.user,
                reason=data.get("reason", ""),
            )  # fmt: skip
    except NotSaved as error:
        return _refused(request, programme, measure, data, changes, error, status=error.status)
    drafts.drop_typed(programme, [measure], request.user, _all_keys(place))
    messages.success(
        request,
        ngettext("%(n)s month saved.", "%(n)s months saved.", len(changes)) % {"n": len(changes)}
        if changes
        else _("Nothing was changed."),
    )
    return redirect(_back(request, programme, measure, data))


def _all_keys(place: GridMeasure) -> list[str]:
    return [cell.key for line in place.lines for row in line.rows for cell in row.cells]


def _refused(
    request: HttpRequest,
    programme: Programme,
    measure: Measure,
    data: QueryDict,
    changes: list[Change],
    error: NotSaved | None,
    status: int,
) -> HttpResponse:
    """The page again with what was typed, and why it was not saved."""
    if error is None:  # kept while somebody signed in again
        place = _grid(request, programme, [measure], data, with_drafts=False).measures[0]
        changes = forms.changes_of(data, place, _unit(data))
    refused = error.refused if error else []
    grid = _grid(
        request, programme, [measure], data, typed=forms.shown_again(changes, refused), with_drafts=False
    )
    context = {
        "measure": measure,
        "refused": refused,
        "reason": data.get("reason", ""),
        "sent": data,
        "kept_after_sign_in": error is None,
        "back": data.get("back", ""),
    }
    return _page(request, "measures/month_grid.html", grid, context, status=status)


def _back(request: HttpRequest, programme: Programme, measure: Measure, data: QueryDict) -> str:
    """The page the form came from."""
    back = data.get("back", "")
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        return back
    asked = {name: str(data[name]) for name in ("year", "unit", "series") if data.get(name)}
    return f"{reverse('measures:month_grid', args=[programme.slug, measure.code])}?{urlencode(asked)}"


# --- with scripts ------------------------------------------------------------------------------------------------


@require_POST
@programme_view(EDIT)
def months_save(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Saves cells of one or many measures: all of them, or none with each reason.

    JSON in: unit, reason, drafted, cells [[key, text, "version:cents"], ...]. 200: texts, versions and sums;
    409 when only other people's changes are in the way, 422 otherwise. Sent twice it does nothing twice.
    """
    asked = _body(request)
    changes = [change_of(*cell) for cell in _triples(asked.get("cells"))]
    if not changes:
        return _answer({"problems": []}, 422)
    unit = _unit_of(asked)
    lines = _lines(request.user, programme, changes)
    try:
        saved = save_changes(
            programme=programme, lines=lines, changes=changes, unit=unit, by=request.user,
            reason=_text(asked.get("reason")),
        )  # fmt: skip
    except NotSaved as error:
        _keep(programme, lines, request.user, unit, changes)
        return _answer(refused_answer(error, unit), error.status)
    if asked.get("drafted"):
        _drop(programme, lines, request.user, saved)
    return _answer(saved_answer(programme, saved, unit), 200)


@require_POST
@programme_view(EDIT)
def months_draft(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Keeps typed cells that are not saved yet, and forgets those in `gone`."""
    asked = _body(request)
    changes = [change_of(*cell) for cell in _triples(asked.get("cells"))]
    gone = [key for key in asked.get("gone") or [] if isinstance(key, str)]
    if not changes and not gone:
        return _answer({}, 422)
    lines = _lines(request.user, programme, [*changes, *(Change(key, "", 0, None) for key in gone)])
    _keep(programme, lines, request.user, _unit_of(asked), changes)
    _drop(programme, lines, request.user, gone)
    return HttpResponse(status=204)


@require_GET
@programme_view(EDIT)
def months_spread(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A year's sum over the months chosen, as texts of cells; reads and writes nothing.

    `row`, `year`, `unit`, `amount`, `months` (1..12 with commas), `v` twelve times: how the row stands.
    """
    unit = asked_unit(request, "eur")
    named = read_key(f"{request.GET.get('row', '')}.{request.GET.get('year', '')}-01")
    values = request.GET.getlist("v")
    if named is None or len(values) != 12:
        return _answer({"message": _("Choose a row.")}, 422)
    line, series, january = named
    try:
        amounts = [read_cell(text, unit) for text in values]
        total = read_cell(request.GET.get("amount", ""), unit)
        if total is None:
            raise MoneyError("empty")
        chosen = [int(month) - 1 for month in request.GET.get("months", "").split(",") if month]
        found = spread_over(total, amounts, chosen)
    except MoneyError as error:
        return _answer({"message": error.message}, 422)
    except ValueError:
        return _answer({"message": _("This row has no open months this year.")}, 422)
    cells = {
        cell_key(line, series, january.replace(month=at + 1)): cell_text(cents, unit)
        for at, cents in found.items()
    }
    return _answer({"cells": cells}, 200)


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        found = json.loads(request.body or b"{}")
    except (ValueError, UnicodeDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


def _triples(value: Any) -> list[tuple[str, str, str]]:
    """Cells of a JSON body; what has another shape is left out."""
    rows = value if isinstance(value, list) else []
    return [
        (row[0], row[1], row[2])
        for row in rows[:CELLS_AT_ONCE]
        if isinstance(row, list) and len(row) == 3 and all(isinstance(part, str) for part in row)
    ]


def _text(value: Any) -> str:
    return value[:2000] if isinstance(value, str) else ""


def _unit_of(asked: dict[str, Any]) -> Unit:
    unit = asked.get("unit", "eur")
    return unit if unit in UNITS else "eur"


#: What saving a cell must know of its line and measure: the whole rows would cost more than the rest.
_OF_LINES = (
    "programme_id", "sector_id", "cost_type_id", "measure__programme_id", "measure__code", "measure__name_fi",
    "measure__name_sv", "measure__name_en", "measure__goal_id", "measure__project_id", "measure__owner_id",
)  # fmt: skip


def _lines(user: Any, programme: Programme, changes: Sequence[Change]) -> dict[int, SavingsLine]:
    """The lines of the changes; a line of a measure the person may not write is refused (403)."""
    ids = {named[0] for named in (read_key(change.key) for change in changes) if named}
    rows = (
        SavingsLine.objects.filter(programme=programme, pk__in=ids).select_related("measure").only(*_OF_LINES)
    )
    found = {line.pk: line for line in rows}
    for line in found.values():
        line.programme = line.measure.programme = programme
    measures = {line.measure_id: line.measure for line in found.values()}
    if editable_ids(user, list(measures.values())) != set(measures):
        raise PermissionDenied(_("Your role does not include this page."))
    return found


def _keep(
    programme: Programme,
    lines: dict[int, SavingsLine],
    user: Any,
    unit: Unit,
    changes: Sequence[Change],
) -> None:
    by_measure: dict[int, tuple[Measure, dict[str, tuple[str, str]]]] = {}
    for change in changes:
        named = read_key(change.key)
        line = lines.get(named[0]) if named else None
        if line is not None and len(change.text) <= 200 and not identity_codes.found_in(change.text):
            known = f"{change.version}:{'' if change.was_cents is None else change.was_cents}"
            _measure_, cells = by_measure.setdefault(line.measure_id, (line.measure, {}))
            cells[change.key] = (change.text, known)
    for measure, cells in by_measure.values():
        drafts.keep_typed(programme, measure, user, unit, cells)


def _drop(programme: Programme, lines: dict[int, SavingsLine], user: Any, keys: Any) -> None:
    gone = list(keys)
    touched = {named[0] for named in map(read_key, gone) if named}
    measures = {line.measure_id: line.measure for pk, line in lines.items() if pk in touched}
    drafts.drop_typed(programme, measures.values(), user, gone)


def _answer(content: dict[str, Any], status: int) -> JsonResponse:
    response = JsonResponse(content, status=status)
    response["Cache-Control"] = "no-store"
    return response
