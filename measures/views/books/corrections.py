"""Corrections of a year whose accounts are signed (R20)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.access import get_editable
from core.editing import RowForm, add_page
from core.periods import format_month
from core.permissions import can
from measures.ledger.row_forms import CorrectionForm
from measures.models import Correction, Measure
from measures.services import first_open_month, locked_years, record_correction
from programme.access import programme_view
from programme.models import Programme


@require_http_methods(["GET", "HEAD", "POST"])
@programme_view("correction.add")
def correction_add(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """Claims an amount that belongs to a locked year, in the first open month."""
    rows = Measure.objects.filter(programme=programme).select_related("goal__theme")
    measure: Measure = get_editable(rows, request.user, "correction.add", code=code)
    measure.programme = programme
    back = f"{reverse('measures:measure_detail', args=[programme.slug, code])}#part-corrections"
    month = first_open_month(programme, programme.today())
    return add_page(
        request, CorrectionForm, programme, title=_("%(code)s: correct a locked year") % {"code": code}, back=back,
        done=lambda _row: back, instance=Correction(programme=programme, measure=measure), make=_make,
        template="measures/correction_edit.html", submit=_("Record the correction"),
        context={"measure": measure, "booked_month": format_month(month)},
        told=_("The correction is recorded and waits for the controller."),
    )  # fmt: skip


def card_context(request: HttpRequest, programme: Programme, measure: Measure) -> dict[str, Any]:
    """The corrections of the measure, latest first, and whether the person may record one."""
    rows = Correction.objects.filter(programme=programme, measure=measure)
    years = locked_years(programme)
    return {
        "rows": rows.select_related("line__sector", "line__cost_type", "created_by"),
        "may_add": bool(years) and can(request.user, "correction.add", measure),
        "has_locked": bool(years),
    }


def _make(form: RowForm, by: Any) -> Correction:
    said = form.cleaned_data
    line = said["line"]
    line.programme = form.programme
    return record_correction(
        line=line, effect_month=said["effect_month"], amount_eur_cents=said["amount_eur_cents"], by=by,
        on=form.programme.today(), reason=said["reason"],
    )  # fmt: skip
