"""Changes made to many measures at once: what they were, and undoing one of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from core.access import get_editable
from core.editing import submitted_once
from measures.bulk import Words, labels, read_values
from measures.bulk_undo import Back, plan_undo, undo_change
from measures.models import BulkChange
from measures.services import CHANGED
from measures.views.bulk import SHOWN_ROWS
from measures.views.edits import asked_reason, both_ways
from programme.access import programme_view
from programme.models import Programme

PAGE_ROWS = 50


@require_safe
@programme_view("measure.bulk")
def bulk_changes(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The changes of this programme, the latest first."""
    rows = BulkChange.objects.filter(programme=programme).select_related("created_by", "undone_by")
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    words = Words()
    context = {"page": page, "changes": [(row, told_of(row, words)) for row in page.object_list]}
    return TemplateResponse(request, "measures/bulk_changes.html", context)


def told_of(change: BulkChange, words: Words) -> list[tuple[str, str]]:
    """What the change set, as (field, value) in words."""
    names = labels()
    told = [
        (names[column], words.said(column, value))
        for column, value in read_values(change.fields["values"]).items()
        if column in names
    ]
    for key, label in (("add", _("Client segments to add")), ("remove", _("Client segments to take away"))):
        if change.fields[key]:
            told.append((label, words.segments(change.fields[key])))
    return told


@both_ways
@programme_view("measure.bulk")
def bulk_undo(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Shows what would go back and what is left, asks why, and does it once."""
    change: BulkChange = get_editable(
        BulkChange.objects.filter(programme=programme), request.user, "measure.bulk", pk=pk
    )
    back_to = reverse("measures:bulk_changes", args=[programme.slug])
    form, status = asked_reason(request), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _undone(request, change, form.cleaned_data["reason"], back_to)
            except ValidationError as refused:
                form.add_error(None, refused.messages[0])
                status = 409 if getattr(refused, "code", "") == CHANGED else 422
    found = plan_undo(change) if change.undone_at is None else []
    context: dict[str, Any] = {
        "change": change, "told": told_of(change, Words()), "form": form, "back": back_to,
        "able": [one for one in found if one.does_something][:SHOWN_ROWS],
        "count": sum(one.does_something for one in found),
        "left": [one for one in found if one.left],
    }  # fmt: skip
    return TemplateResponse(request, "measures/bulk_undo.html", context, status=status)


def _undone(request: HttpRequest, change: BulkChange, reason: str, back_to: str) -> HttpResponse:
    found: list[Back] = []
    with submitted_once(f"bulk-undo-{change.pk}", request.user) as sending:
        if not sending.is_repeat:
            found = undo_change(change=change, by=request.user, reason=reason)
            sending.url = back_to
    if not sending.is_repeat:
        count = sum(one.does_something for one in found)
        done = ngettext("%(n)s measure was set back.", "%(n)s measures were set back.", count) % {"n": count}
        messages.success(request, done)
        if left := [one for one in found if one.left]:
            told = "; ".join(f"{one.measure.code}: {' '.join(one.left)}" for one in left[:SHOWN_ROWS])
            messages.warning(request, _("Left as they are: %(rows)s") % {"rows": told})
    return redirect(back_to)
