"""Adding, changing, withdrawing and deleting a measure."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.access import get_editable
from core.editing import RowForm, Saved, add_page, edit_page, edit_part, save_edit, save_new
from core.editing.pages import TAKEN
from core.history import own_context
from core.permissions import can, require
from measures import list_rows
from measures.forms import (
    ConfidenceForm,
    DatesForm,
    MeasureAddForm,
    MeasureForm,
    OwnerForm,
    ReasonForm,
    StageForm,
    WithdrawForm,
)
from measures.models import Measure, SavingsLine, Stage
from measures.services import (
    as_deleted,
    change_stage,
    delete_draft,
    deleted_event,
    next_code,
    restore_draft,
    why_kept,
    withdraw_measure,
)
from programme.access import programme_view
from programme.models import Programme

both_ways = require_http_methods(["GET", "HEAD", "POST"])


def card_address(programme: Programme, code: str) -> str:
    return reverse("measures:measure_detail", args=[programme.slug, code])


def asked_reason(request: HttpRequest) -> ReasonForm:
    """The form that asks why; bound by a POST, an empty one too."""
    return ReasonForm(request.POST if request.method == "POST" else None)


def editable_measure(
    request: HttpRequest, programme: Programme, code: str, action: str = "measure.edit"
) -> Measure:
    """The measure of that code: 404 when it is not there, 403 when the person may not do this to it."""
    rows = Measure.objects.filter(programme=programme).select_related("goal__theme", "owner", "updated_by")
    measure: Measure = get_editable(rows, request.user, action, code=code)
    measure.programme = programme
    return measure


# --- adding and changing ----------------------------------------------------------------------------------


@both_ways
@programme_view("measure.add")
def measure_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A new measure; the next free code is offered."""
    return add_page(
        request, MeasureAddForm, programme, title=_("Add a measure"), make=add_measure,
        initial={"code": next_code(programme)}, back=reverse("measures:measure_list", args=[programme.slug]),
    )  # fmt: skip


def add_measure(form: RowForm, by: Any) -> Measure:
    """The measure of a valid form, with its first savings line when the form names one."""
    with transaction.atomic(), own_context(user=by.pk):
        measure: Measure = save_new(form, by)
        sector, cost_type = form.cleaned_data["line_sector"], form.cleaned_data["line_cost_type"]
        if sector is not None:
            SavingsLine(
                programme=form.programme,
                measure=measure,
                sector=sector,
                cost_type=cost_type,
                goal=measure.goal,
            ).stamp(by).save()
        return measure


@both_ways
@programme_view("measure.edit")
def measure_edit(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """Everything of the measure but its code, stage and money."""
    measure = editable_measure(request, programme, code)
    return edit_page(
        request, MeasureForm, measure, title=_("Change %(code)s") % {"code": code},
        back=card_address(programme, code),
    )  # fmt: skip


# --- stage ------------------------------------------------------------------------------------------------


def save_stage(form: RowForm, by: Any) -> Any:
    """The stage of a valid form, after the rules of moves; a return is kept among the decisions of the gates."""
    before, after = form.shown["values"]["stage"], form.cleaned_data["stage"]
    if before == after:
        return save_edit(form, by)
    stored = Measure.objects.get(pk=form.instance.pk)
    if stored.stage != before:  # somebody moved it meanwhile: mine and theirs are shown
        return save_edit(form, by)
    stored.programme = form.programme
    row = change_stage(measure=stored, to=after, by=by, on=form.programme.today(), reason=form.reason)
    return Saved(row, [form.fields["stage"].label or "stage"])


@both_ways
@programme_view("measure.edit")
def measure_withdraw(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """Takes the measure out of the programme from a month on; its target is released."""
    measure = editable_measure(request, programme, code)
    if measure.stage == Stage.WITHDRAWN and request.method != "POST":
        messages.info(request, _("The measure is withdrawn already."))
        return redirect(card_address(programme, code))
    if measure.withdrawn_on is None:
        measure.withdrawn_on = programme.today()
    return edit_page(
        request, WithdrawForm, measure, title=_("Withdraw %(code)s") % {"code": code}, save=_withdraw,
        back=card_address(programme, code), submit=_("Withdraw the measure"), template="measures/measure_withdraw.html",
    )  # fmt: skip


def _withdraw(form: RowForm, by: Any) -> Measure:
    return withdraw_measure(
        measure=form.instance, by=by, on=form.cleaned_data["withdrawn_on"],
        from_month=form.cleaned_data["withdrawn_from"], reason=form.reason, version=form.shown["version"],
    )  # fmt: skip


# --- one part in the place where it stands ----------------------------------------------------------------

#: Part of a measure -> its form and what saves it.
PARTS: dict[str, tuple[type[RowForm], Any]] = {
    "stage": (StageForm, save_stage),
    "owner": (OwnerForm, save_edit),
    "dates": (DatesForm, save_edit),
    "confidence": (ConfidenceForm, save_edit),
}


def _with_own_ids(form_class: type[RowForm], row: Measure, *args: Any, **kwargs: Any) -> RowForm:
    """Several of these forms may stand in one page: each field gets the row's number in its id."""
    form = form_class(*args, **kwargs)
    form.auto_id = f"id_{row.pk}_%s"
    return form


@both_ways
@programme_view("measure.edit")
def measure_part(request: HttpRequest, programme: Programme, code: str, part: str) -> HttpResponse:
    """Stage, owner, dates or confidence: a small form in a cell by htmx, a page without it."""
    if part not in PARTS:
        raise Http404
    measure = editable_measure(request, programme, code)
    form_class, save = PARTS[part]
    label = list_rows.part_labels()[part]
    return edit_part(
        request, partial(_with_own_ids, form_class, measure), measure, save=save,
        form_template="measures/_part_form.html", shown_template="measures/_part.html",
        back=card_address(programme, code), title=f"{code}: {label}", context={"measure": measure, "part": part},
        shown_context=lambda row: {"cell": _cell(request, programme, row, part)},
    )  # fmt: skip


def _cell(request: HttpRequest, programme: Programme, row: Measure, part: str) -> Any:
    """The cell as it now stands: a link to its form again while the person may still edit the measure."""
    row.programme = programme
    return list_rows.parts_of(programme, row, may_edit=can(request.user, "measure.edit", row))[part]


# --- deleting a draft and bringing it back ----------------------------------------------------------------


@both_ways
@programme_view("measure.edit")
def measure_delete(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """Asks, then takes a draft away; afterwards to the page that can bring it back."""
    measure = editable_measure(request, programme, code)
    kept = why_kept(measure)
    form = asked_reason(request)
    status = 200
    if request.method == "POST":
        is_valid = form.is_valid()
        if kept:
            form.add_error(None, kept)
        elif is_valid:
            try:
                return _deleted(request, programme, measure, form)
            except ValidationError as refused:  # money or a decision came meanwhile
                form.add_error(None, refused)
        status = 422
    context = {"measure": measure, "kept": kept, "form": form, "back": card_address(programme, code)}
    return TemplateResponse(request, "measures/measure_delete.html", context, status=status)


def _deleted(request: HttpRequest, programme: Programme, measure: Measure, form: ReasonForm) -> HttpResponse:
    pk = measure.pk
    with suppress(Measure.DoesNotExist):  # sent twice: the first sending took it away
        delete_draft(measure=measure, by=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, _("%(code)s was deleted.") % {"code": measure.code})
    return redirect("measures:measure_deleted", programme.slug, pk)


@both_ways
@programme_view("measure.edit")
def measure_deleted(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """A measure that was deleted: what it was, and a button that brings it back."""
    event = deleted_event(programme, pk)
    if event is None:
        raise Http404
    gone = as_deleted(event)
    require(request.user, "measure.edit", gone)
    refused = ""
    if request.method == "POST":
        try:
            row = restore_draft(programme=programme, pk=pk, by=request.user, reason=_("brought back"))
        except ValidationError as error:
            refused = " ".join(error.messages)
        except IntegrityError:  # its goal, sector or owner is gone, or it came back just now
            refused = str(TAKEN)
        else:
            messages.success(request, _("%(code)s is back as it was.") % {"code": row.code})
            return redirect(card_address(programme, row.code))
    context = {"measure": gone, "event": event, "refused": refused}
    return TemplateResponse(request, "measures/measure_deleted.html", context, status=422 if refused else 200)
