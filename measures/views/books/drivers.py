"""Cost drivers: what moves costs without any measure, with its source."""

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
from core.editing import add_page, edit_page
from measures.forms import ReasonForm
from measures.ledger.row_forms import DriverForm
from measures.models import CostDriver
from measures.services import CHANGED, remove_driver
from measures.views.shared import unit_context
from programme.access import programme_view
from programme.models import Programme

both_ways = require_http_methods(["GET", "HEAD", "POST"])


def _address(programme: Programme) -> str:
    return reverse("measures:books_drivers", args=[programme.slug])


def _find(request: HttpRequest, programme: Programme, pk: int) -> CostDriver:
    rows = CostDriver.objects.filter(programme=programme).select_related("sector", "cost_type")
    row: CostDriver = get_editable(rows, request.user, "ledger.edit", pk=pk)
    row.programme = programme
    return row


@require_safe
@programme_view("savings.view")
def driver_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """All drivers, latest first month first."""
    rows = CostDriver.objects.filter(programme=programme).select_related("sector", "cost_type")
    context = unit_context(request, "keur") | {
        "rows": rows.order_by("sector__position", "cost_type__position", "first_month", "pk"),
    }  # fmt: skip
    return TemplateResponse(request, "measures/driver_list.html", context)


@both_ways
@programme_view("ledger.edit")
def driver_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A new driver: an amount a month, or a rate of what remains after the measures."""
    back = _address(programme)
    return add_page(
        request, DriverForm, programme, title=_("Add a cost driver"), back=back, done=lambda _row: back,
        context=_crumb(programme), template="measures/driver_edit.html",
    )  # fmt: skip


@both_ways
@programme_view("ledger.edit")
def driver_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Changes a driver; why is kept in the history."""
    row = _find(request, programme, pk)
    return edit_page(
        request, DriverForm, row, title=_("Change a cost driver"), back=_address(programme),
        template="measures/driver_edit.html", context=_crumb(programme),
    )  # fmt: skip


def _crumb(programme: Programme) -> dict[str, Any]:
    return {"list_url": _address(programme)}


@both_ways
@programme_view("ledger.edit")
def driver_remove(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Asks why, then takes the driver away."""
    row = _find(request, programme, pk)
    form, status = ReasonForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            seen = request.POST.get("version", "")
            try:
                remove_driver(
                    driver=row, by=request.user, reason=form.cleaned_data["reason"],
                    version=int(seen) if seen.isascii() and seen.isdigit() else None,
                )  # fmt: skip
            except ValidationError as refused:
                form.add_error(None, refused)
                status = 409 if getattr(refused, "code", "") == CHANGED else 422
            else:
                messages.success(request, _("The driver was removed."))
                return redirect(_address(programme))
    context = {
        "form": form, "back": _address(programme), "title": _("Remove a cost driver"), "submit": _("Remove the driver"),
        "explained": f"{row.get_kind_display()}: {row.sector.name}, {row.cost_type.name}. {row.source}",
        "version": row.version,
    }  # fmt: skip
    return TemplateResponse(request, "measures/books_reason.html", context, status=status)
