"""Savings lines of a measure: adding, changing and removing them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from core.access import get_editable
from core.editing import add_page, edit_page
from measures.forms import LineForm
from measures.models import SavingsLine
from measures.services import (
    CHANGED,
    has_confirmations,
    overlaps_of_line,
    remove_line,
    state_of,
    what_is_lost,
)
from measures.views.edits import asked_reason, both_ways, card_address, editable_measure
from programme.access import programme_view
from programme.models import Programme


def lines_address(programme: Programme, code: str) -> str:
    """The lines on the measure's card."""
    return f"{card_address(programme, code)}#lines"


@both_ways
@programme_view("savings.edit")
def line_add(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """One more place where the measure's money shows."""
    measure = editable_measure(request, programme, code, "savings.edit")
    back = lines_address(programme, code)
    return add_page(
        request, LineForm, programme, title=_("%(code)s: add a savings line") % {"code": code}, back=back,
        instance=SavingsLine(programme=programme, measure=measure), initial={"goal": measure.goal_id},
        done=lambda _row: back,
    )  # fmt: skip


@both_ways
@programme_view("savings.edit")
def line_edit(request: HttpRequest, programme: Programme, code: str, pk: int) -> HttpResponse:
    """Sector, cost type, goal, kind and basis of one line; its months have their own page."""
    line = _line(request, programme, code, pk)
    return edit_page(
        request, LineForm, line, title=_("%(code)s: change a savings line") % {"code": code},
        back=lines_address(programme, code),
    )  # fmt: skip


@both_ways
@programme_view("savings.edit")
def line_remove(request: HttpRequest, programme: Programme, code: str, pk: int) -> HttpResponse:
    """Says what goes with the line, asks why, and removes it."""
    line = _line(request, programme, code, pk)
    form, status = asked_reason(request), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            reason, seen = form.cleaned_data["reason"], request.POST.get("seen", "")
            try:
                remove_line(line=line, by=request.user, reason=reason, seen=seen)
            except ValidationError as refused:
                form.add_error(None, refused)
                status = 409 if getattr(refused, "code", "") == CHANGED else 422
            else:
                messages.success(request, _("The line was removed."))
                return redirect(lines_address(programme, code))
    # Before the figures are read: what moves in between is then refused, not overlooked.
    seen = state_of(line)
    context: dict[str, Any] = {
        "measure": line.measure, "line": line, "form": form, "seen": seen, "back": lines_address(programme, code),
        "is_confirmed": has_confirmations(line), "losses": what_is_lost(line), "overlaps": overlaps_of_line(line),
    }  # fmt: skip
    return TemplateResponse(request, "measures/line_remove.html", context, status=status)


def _line(request: HttpRequest, programme: Programme, code: str, pk: int) -> SavingsLine:
    rows = SavingsLine.objects.filter(programme=programme, measure__code=code)
    line: SavingsLine = get_editable(
        rows.select_related("measure__goal", "sector", "cost_type", "goal"),
        request.user,
        "savings.edit",
        pk=pk,
    )
    line.measure.programme = programme
    return line
