"""Base transfers: what an organisation change moves, each with rows that sum to zero."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access import get_editable
from core.db import retrying
from core.editing import RowForm, Saved, add_page, edit_page, save_edit
from core.history import own_context
from measures.forms import ReasonForm
from measures.ledger.row_forms import TransferForm, TransferTextForm
from measures.models import BaseTransfer
from measures.services import make_transfer, remove_transfer
from measures.views.shared import unit_context
from programme.access import programme_view
from programme.decisions import is_given, make_decision
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
def transfer_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Changes the words of a transfer, or adds the decision it rests on; its rows stay."""
    rows = BaseTransfer.objects.filter(programme=programme).select_related("decision__body")
    row = get_editable(rows, request.user, "ledger.edit", pk=pk)
    return edit_page(
        request, TransferTextForm, row, title=_("Change a base transfer"), back=_address(programme),
        template="measures/transfer_words.html", context={"list_url": _address(programme)}, save=_save,
    )  # fmt: skip


@retrying
def _save(form: RowForm, by: Any) -> Saved:
    """Saves the words; a decision is made and tied to the transfer unless somebody has tied one meanwhile."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=form.reason):
        saved = save_edit(form, by)
        if is_given(form.cleaned_data):
            bare = BaseTransfer.objects.select_for_update().filter(pk=saved.row.pk, decision=None)
            for row in bare:
                said = form.cleaned_data
                row.decision = make_decision(
                    programme=form.programme, values=said, subject=row.name, by=by, reason=form.reason
                )
                row.stamp(by).save(update_fields=["decision", "updated_by"])
                saved.changed.append(_("Decision"))
        return saved


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
