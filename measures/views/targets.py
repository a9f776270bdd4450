"""The target a measure carries: new values from a day on, values to come corrected or taken back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from core.access import get_editable
from core.editing import RowForm, add_page
from measures.forms import TargetForm
from measures.models import MeasureTarget
from measures.services import CHANGED
from measures.views.edits import asked_reason, both_ways, card_address, editable_measure
from programme.access import programme_view
from programme.models import Programme
from programme.targets_editing import NewValue, cancel_future, is_future, set_value, version_on, versions_of


def target_address(programme: Programme, code: str) -> str:
    """The target on the measure's card."""
    return f"{card_address(programme, code)}#target"


@both_ways
@programme_view("target.edit")
def target_set(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """A new value from a day on; the one that held before is closed and kept."""
    measure = editable_measure(request, programme, code, "target.edit")
    empty, back = MeasureTarget(programme=programme, measure=measure), target_address(programme, code)
    today = programme.today()
    context = {
        "measure": measure, "versions": list(versions_of(empty)), "held": version_on(empty, today), "today": today,
    }  # fmt: skip
    return add_page(
        request, TargetForm, programme, title=_("%(code)s: new target") % {"code": code}, back=back, instance=empty,
        initial={"valid_from": today}, make=_new_value, done=lambda _row: back, context=context,
        template="measures/target_set.html",
    )  # fmt: skip


def _new_value(form: RowForm, by: Any) -> MeasureTarget:
    given = form.cleaned_data
    value = NewValue(
        {"value_eur_cents": given["value_eur_cents"]}, given["valid_from"], given["reason"],
        given["decision_reference"],
    )  # fmt: skip
    return set_value(form.instance, value, by=by)


@both_ways
@programme_view("target.edit")
def target_cancel(request: HttpRequest, programme: Programme, code: str, pk: int) -> HttpResponse:
    """Takes away a value that has not begun; the one before it goes on."""
    rows = MeasureTarget.objects.filter(programme=programme, measure__code=code).select_related("measure")
    target: MeasureTarget = get_editable(rows, request.user, "target.edit", pk=pk)
    today, back = programme.today(), target_address(programme, code)
    if not is_future(target, today):
        raise Http404
    form, status = asked_reason(request), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                cancel_future(
                    target, reason=form.cleaned_data["reason"], by=request.user, today=today,
                    seen=request.POST.get("version", ""),
                )  # fmt: skip
            except ValidationError as refused:
                form.add_error(None, refused)
                if getattr(refused, "code", "") == CHANGED:
                    target.refresh_from_db(fields=["value_eur_cents", "valid_from", "valid_to", "version"])
                    status = 409
            else:
                messages.success(request, _("The value to come was taken away."))
                return redirect(back)
    context = {"measure": target.measure, "target": target, "form": form, "back": back}
    return TemplateResponse(request, "measures/target_cancel.html", context, status=status)
