"""Closing a service point, hearings of staff and production analyses of one measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from core.access import get_editable
from core.editing import RowForm, add_page, edit_page
from core.history import own_context
from core.templatetags.ui import plain_text
from measures.models import Measure
from programme.access import programme_view
from programme.models import Programme
from risks.impact import closing
from risks.impact.forms import ClosureForm, HearingForm, ProductionForm
from risks.impact.views.checks import find_measure
from risks.models import ClosureAssessment, ProductionAnalysis, StaffHearing

READ_AND_SEND = require_http_methods(["GET", "HEAD", "POST"])


def _page(measure: Measure, anchor: str) -> str:
    return f"{reverse('risks:measure_checks', args=[measure.programme.slug, measure.code])}#{anchor}"


# --- closing a service point -------------------------------------------------------------------------------------


@READ_AND_SEND
@programme_view("measure.edit")
def closure_edit(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """The parts of the overall assessment. A finished one that changes has to be finished again."""
    measure = find_measure(request, programme, code, "measure.edit")
    title = _("Overall assessment of the closing: %(code)s") % {"code": measure.code}
    context = {"measure": measure, "lead": plain_text(measure)}
    row = ClosureAssessment.objects.filter(programme=programme, measure=measure).first()
    if row is None:
        new = ClosureAssessment(programme=programme, measure=measure)
        back = _page(measure, "closure")
        return add_page(
            request, ClosureForm, programme, title=title, back=back, done=lambda _row: back, instance=new,
            context=context,
        )  # fmt: skip
    row.programme = programme
    return edit_page(
        request, ClosureForm, row, title=title, back=_page(measure, "closure"), context=context,
        save=closing.save_assessment,
    )  # fmt: skip


@require_POST
@programme_view("measure.edit")
def closure_finish(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """Marks the assessment as finished by who presses the button, today."""
    measure = find_measure(request, programme, code, "measure.edit")
    version = request.POST.get("version", "")
    try:
        closing.finish(
            measure=measure, by=request.user, on=programme.today(),
            version=int(version) if version.isascii() and version.isdigit() else None,
        )  # fmt: skip
        messages.success(request, _("The overall assessment is finished."))
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    return redirect(_page(measure, "closure"))


# --- hearings and analyses -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """One kind of rows beside a measure: its model, form and titles."""

    model: Any
    form: type[RowForm]
    add: str | Promise
    edit: str | Promise
    remove: str | Promise


KINDS = {
    "heard": Kind(
        StaffHearing, HearingForm, gettext_lazy("Add a hearing of staff"),
        gettext_lazy("Edit the hearing of staff"), gettext_lazy("Remove the hearing of staff"),
    ),
    "production": Kind(
        ProductionAnalysis, ProductionForm, gettext_lazy("Add a production analysis"),
        gettext_lazy("Edit the production analysis"), gettext_lazy("Remove the production analysis"),
    ),
}  # fmt: skip


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def _row(request: HttpRequest, programme: Programme, measure: Measure, kind: Kind, pk: int) -> Any:
    row = get_editable(
        kind.model.objects.filter(programme=programme, measure=measure), request.user, "measure.edit", pk=pk
    )
    row.programme, row.measure = programme, measure
    return row


@READ_AND_SEND
@programme_view("measure.edit")
def measure_line_add(request: HttpRequest, programme: Programme, code: str, kind: str) -> HttpResponse:
    found, measure = _kind(kind), find_measure(request, programme, code, "measure.edit")
    back = _page(measure, kind)
    return add_page(
        request, found.form, programme, title=f"{found.add}: {measure.code}", back=back, done=lambda _row: back,
        instance=found.model(programme=programme, measure=measure), context={"lead": plain_text(measure)},
    )  # fmt: skip


@READ_AND_SEND
@programme_view("measure.edit")
def measure_line_edit(
    request: HttpRequest, programme: Programme, code: str, kind: str, pk: int
) -> HttpResponse:
    found, measure = _kind(kind), find_measure(request, programme, code, "measure.edit")
    row = _row(request, programme, measure, found, pk)
    return edit_page(
        request, found.form, row, title=f"{found.edit}: {measure.code}", back=_page(measure, kind),
        context={"lead": plain_text(measure)},
    )  # fmt: skip


@READ_AND_SEND
@programme_view("measure.edit")
def measure_line_remove(
    request: HttpRequest, programme: Programme, code: str, kind: str, pk: int
) -> HttpResponse:
    """Asks first; the history keeps what it was."""
    found, measure = _kind(kind), find_measure(request, programme, code, "measure.edit")
    row = _row(request, programme, measure, found, pk)
    back = _page(measure, kind)
    if request.method == "POST":
        with transaction.atomic(), own_context(user=request.user.pk):
            row.delete()
        messages.success(request, _("Removed."))
        return redirect(back)
    context = {"title": found.remove, "lead": f"{measure.code} {plain_text(measure)}", "back": back}
    return TemplateResponse(request, "risks/impact_remove.html", context)
