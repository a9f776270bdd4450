"""Deviations: the list, the page of one, its plan of action, and its closing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import get_editable
from core.editing import edit_page
from core.listing import Listing
from core.permissions import can, may_somewhere
from programme.access import programme_view
from programme.deviations import find, selectors
from programme.deviations.closing import close, save_deviation
from programme.deviations.filters import COLUMNS, DeviationFilter
from programme.deviations.forms import ClosingForm, DeviationForm
from programme.models import Deviation, Milestone, Programme, Project
from programme.views.projects import READ_AND_SEND

DEVIATIONS = Listing("programme:deviation_list", COLUMNS, default="due")


@require_safe
@programme_view("project.view")
def deviation_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """What stands out and needs somebody, by its day; findings of the books stand in the same list."""
    listing = DEVIATIONS.asked(request, programme)
    filters = DeviationFilter(request.GET, programme=programme, queryset=selectors.rows_of(programme))
    narrowed = filters.qs if filters.form.is_valid() else filters.queryset.none()
    page = listing.paged(listing.ordered(narrowed))
    return TemplateResponse(
        request,
        "programme/deviation_list.html",
        {
            "listing": listing, "filters": filters, "found": page,
            "lines": selectors.lines(programme, page.object_list, programme.today()),
            "may_find": may_somewhere(request.user, "deviation.handle", programme),
        },
    )  # fmt: skip


@require_POST
@programme_view("deviation.handle")
def deviation_find(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Looks for deviations now, as the night does; what is open already is not opened twice."""
    found = find(programme, programme.today(), by=request.user)
    told = _("%(opened)s opened, %(returned)s came back, %(gone)s have no cause any more.")
    messages.success(request, told % {"opened": found.opened, "returned": found.returned, "gone": found.gone})
    return redirect("programme:deviation_list", programme.slug)


def _find(request: HttpRequest, programme: Programme, pk: int, action: str) -> Deviation:
    row: Deviation = get_editable(selectors.handled(programme), request.user, action, pk=pk)
    row.programme = programme
    return row


@require_safe
@programme_view("project.view")
def deviation_detail(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Why it is there, who acts by when, and what came of it; a finding of the books leads to its own page."""
    row: Deviation = get_editable(selectors.rows_of(programme), request.user, "project.view", pk=pk)
    row.programme = programme
    if row.kind in selectors.ELSEWHERE:
        return redirect(selectors.url_of(programme, row))
    return _detail(
        request, row, ClosingForm(initial={"version": row.version, "explanation": row.explanation})
    )


def _detail(request: HttpRequest, row: Deviation, form: ClosingForm, status: int = 200) -> HttpResponse:
    line = selectors.lines(row.programme, [row], row.programme.today())[0]
    return TemplateResponse(
        request,
        "programme/deviation_detail.html",
        {
            "row": row, "line": line, "form": form, "about_url": _about_url(row),
            "may_handle": can(request.user, "deviation.handle", row) and row.closed_on is None,
        },
        status=status,
    )  # fmt: skip


def _about_url(row: Deviation) -> str:
    """The page of what it is about; empty when that is gone."""
    about: Any = row.about
    if isinstance(about, Project | Milestone):
        project = about if isinstance(about, Project) else about.project
        return reverse("programme:project_detail", args=[row.programme.slug, project.slug])
    return str(about.get_absolute_url()) if hasattr(about, "get_absolute_url") else ""


@READ_AND_SEND
@programme_view("deviation.handle")
def deviation_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Owner, day, state, what is done about it, and the explanation."""
    row = _find(request, programme, pk, "deviation.handle")
    line = selectors.lines(programme, [row], programme.today())[0]
    return edit_page(
        request, DeviationForm, row, title=_("Deviation: %(name)s") % {"name": line.subject}, back=line.url,
        template="programme/deviation_edit.html", context={"line": line}, save=save_deviation,
    )  # fmt: skip


@require_POST
@programme_view("deviation.handle")
def deviation_close(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """A person agrees that it is over; the cause is looked at once more first."""
    row = _find(request, programme, pk, "deviation.handle")
    form = ClosingForm(request.POST)
    if not form.is_valid():
        return _detail(request, row, form, status=422)
    said = form.cleaned_data
    try:
        close(
            row=row,
            by=request.user,
            on=programme.today(),
            explanation=said["explanation"],
            version=said["version"],
        )
    except ValidationError as refused:
        form.add_error("explanation" if refused.code == "no_explanation" else None, refused)
        row.refresh_from_db()
        return _detail(request, row, form, status=409 if refused.code == "changed" else 422)
    messages.success(request, _("Closed."))
    return redirect("programme:deviation_list", programme.slug)


# --- parts of other pages ----------------------------------------------------------------------------------------


def part_of(programme: Programme, *, place: str, pk: int) -> dict[str, Any]:
    """The deviations about a project or measure, for a part of its page."""
    return {"lines": selectors.about(programme, place=place, pk=pk, today=programme.today())}
