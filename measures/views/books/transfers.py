"""Base transfers: what an organisation change moves, each with rows that sum to zero."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access import get_editable
from core.editing import RowForm, add_page
from measures.forms import ReasonForm
from measures.ledger.row_forms import TransferForm
from measures.models import BaseTransfer
from measures.services import make_transfer, remove_transfer
from measures.views.shared import unit_context
from programme.access import programme_view
from programme.decisions import make_decision
from programme.models import Programme

both_ways = require_http_methods(["GET", "HEAD", "POST"])


def _address(programme: Programme) -> str:
    return reverse("measures:books_transfers", args=[programme.slug])


@require_safe
@programme_view("savings.view")
def transfer_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """All transfers with their rows."""
    rows = BaseTransfer.objects.filter(programme=programme).select_related("decision__body", "created_by")
    context = unit_context(request, "eur") | {
        "rows": rows.prefetch_related("rows__sector", "rows__cost_type").order_by("-from_month", "-pk"),
    }  # fmt: skip
    return TemplateResponse(request, "measures/transfer_list.html", context)


@both_ways
@programme_view("ledger.edit")
def transfer_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A new transfer with up to eight rows."""
    back = _address(programme)
    return add_page(
        request, TransferForm, programme, title=_("Add a base transfer"), back=back, done=lambda _row: back,
        make=_make, context={"list_url": back}, template="measures/transfer_edit.html",
    )  # fmt: skip


def _make(form: RowForm, by: Any) -> BaseTransfer:
    said = form.cleaned_data
    decision = make_decision(programme=form.programme, values=said, subject=said["name"], by=by)
    return make_transfer(
        programme=form.programme, name=said["name"], from_month=said["from_month"], parts=said["parts"], by=by,
        reason=said["reason"], decision=decision,
    )  # fmt: skip


@both_ways
@programme_view("ledger.edit")
def transfer_remove(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Asks why, then takes the transfer away with its rows."""
    row = get_editable(BaseTransfer.objects.filter(programme=programme), request.user, "ledger.edit", pk=pk)
    row.programme = programme
    form, status = ReasonForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                remove_transfer(transfer=row, by=request.user, reason=form.cleaned_data["reason"])
            except ValidationError as refused:
                form.add_error(None, refused)
            else:
                messages.success(request, _("The transfer was removed."))
                return redirect(_address(programme))
    context = {
        "form": form, "back": _address(programme), "title": _("Remove a base transfer"), "explained": row.name,
        "submit": _("Remove the transfer"),
    }  # fmt: skip
    return TemplateResponse(request, "measures/books_reason.html", context, status=status)
