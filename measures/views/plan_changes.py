"""Pages of changes of a locked plan: asking with old and new beside each other, reading, deciding."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import identity_codes
from core.access import get_editable
from core.editing import submitted_once
from core.money import MoneyError
from core.permissions import can
from measures.gate_forms import AskChangeForm, DecideForm
from measures.grid.rows import line_name
from measures.grid.texts import cell_key, cell_text, read_cell
from measures.models import Measure, PlanChange, SavingsLine, Series
from measures.plan_changes import Cell, Line, Place, Year, shifted, shown_months, sums_by_year, whole_years
from measures.selectors.gates import may_decide, plan_gate
from measures.services import CHANGED, locked_measures
from measures.services.plan_changes import (
    address_of,
    ask_plan_change,
    decide_plan_change,
    is_stale,
    plan_of,
    take_back_change,
)
from measures.views.edits import both_ways, card_address
from programme.access import programme_view
from programme.models import Programme
from programme.models.access import Role

#: A plan is moved by at most so many months and changed by at most so many percent at once.
LATER_MAX, PERCENT_MAX = 60, 1000


def _measure(request: HttpRequest, programme: Programme, code: str, action: str) -> Measure:
    rows = Measure.objects.filter(programme=programme).select_related("goal__theme", "owner")
    measure: Measure = get_editable(rows, request.user, action, code=code)
    measure.programme = programme
    return measure


def _lines(measure: Measure) -> list[SavingsLine]:
    rows = SavingsLine.objects.filter(programme=measure.programme, measure=measure)
    return list(rows.select_related("sector", "cost_type").order_by("pk"))


def _change(programme: Programme, measure: Measure, pk: int) -> PlanChange:
    rows = PlanChange.objects.select_related("asked_by", "decided_by", "decision__body")
    change = get_object_or_404(rows, programme=programme, measure=measure, pk=pk)
    change.programme = programme
    change.measure = measure
    return change


# --- reading ------------------------------------------------------------------------------------------------


@require_safe
@programme_view("measure.view")
def plan_change(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """The changes of one measure's plan: the one that waits, earlier ones, and how to ask for one."""
    measure = _measure(request, programme, code, "measure.view")
    changes = list(
        PlanChange.objects.filter(measure=measure).select_related("asked_by", "decided_by", "decision__body")
    )
    context = {
        "measure": measure, "changes": changes,
        "is_locked": measure.pk in locked_measures([measure.pk]),
        "waits": next((one for one in changes if one.state == PlanChange.State.ASKED), None),
        "may_ask": can(request.user, "plan.change", measure), "back": card_address(programme, code),
    }  # fmt: skip
    return TemplateResponse(request, "measures/plan_change_list.html", context)


@require_safe
@programme_view("measure.view")
def plan_change_detail(request: HttpRequest, programme: Programme, code: str, pk: int) -> HttpResponse:
    """One change: old and new beside each other by line and month, with the sums of the years."""
    measure = _measure(request, programme, code, "measure.view")
    change = _change(programme, measure, pk)
    return TemplateResponse(request, "measures/plan_change_detail.html", _told(request, change))


def _told(request: HttpRequest, change: PlanChange) -> dict[str, Any]:
    measure, programme = change.measure, change.programme
    waits = change.state == PlanChange.State.ASKED
    gate = plan_gate(programme)
    lines = lines_of_change(change)
    stale = waits and is_stale(change)
    return {
        "measure": measure, "change": change, "lines": lines, "sums": sums_by_year(lines), "waits": waits,
        "whole": whole_years(plan_of(measure), lines) if waits and not stale else [],
        "role": Role(gate.deciding_role).label if gate else "",
        "decides": waits and gate is not None and may_decide(request.user, gate, measure),
        "is_owner": measure.owner_id == request.user.pk,
        "is_stale": stale,
        "may_take_back": waits and can(request.user, "plan.change", measure),
        "back": reverse("measures:plan_change", args=[programme.slug, measure.code]),
    }  # fmt: skip


def lines_of_change(change: PlanChange) -> list[Line]:
    """Lines that the change touches, with the months that it moves."""
    found: dict[int, Line] = {}
    cells = change.cells.select_related("line__sector", "line__cost_type").order_by("line", "month")
    for cell in cells:
        line = found.setdefault(cell.line_id, Line(cell.line, line_name(cell.line), []))
        if not line.years or line.years[-1].year != cell.month.year:
            line.years.append(Year(cell.month.year))
        line.years[-1].cells.append(Cell("", cell.month, cell.old_eur_cents, cell.new_eur_cents))
    return list(found.values())


# --- asking -------------------------------------------------------------------------------------------------


@both_ways
@programme_view("plan.change")
def plan_change_ask(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """The plan with a new amount beside every old one; a button fills them by rule, another asks."""
    measure = _measure(request, programme, code, "plan.change")
    lines, held = _lines(measure), plan_of(measure)
    form = AskChangeForm(request.POST if request.method == "POST" else None)
    texts: dict[str, str] = {}
    status = 200
    errors: dict[str, str] = {}
    if request.method == "POST":
        status = 422
        new, texts, errors = _sent(request.POST, measure, lines, held)
        if request.POST.get("act") == "fill":
            form = AskChangeForm(None)
            form.initial["reason"] = request.POST.get("reason", "")
            texts, told = _filled(request.POST, measure, lines, new)
            status = 422 if told else 200
            if told:
                messages.warning(request, told)
        elif form.is_valid() and not errors:
            try:
                with submitted_once(form.cleaned_data["token"], request.user) as sending:
                    if not sending.is_repeat:
                        change = ask_plan_change(
                            measure=measure, new=new, seen=_seen(request.POST, lines), by=request.user,
                            reason=form.cleaned_data["reason"],
                        )  # fmt: skip
                        sending.url = address_of(change)
                        messages.success(request, _("The change of the plan was asked for."))
                return redirect(sending.url)
            except ValidationError as refused:
                form.tell(refused)
                status = 409 if getattr(refused, "code", "") == CHANGED else 422
        elif errors:
            form.add_error(None, _("Some months could not be read. They are marked below."))
    shown = _shown(measure, lines, held, texts, errors)
    context = {
        "measure": measure, "form": form, "lines": shown, "sums": sums_by_year(shown),
        "is_locked": measure.pk in locked_measures([measure.pk]),
        "waits": PlanChange.objects.filter(measure=measure, state=PlanChange.State.ASKED).first(),
        "later": request.POST.get("later", ""), "percent": request.POST.get("percent", ""),
        "back": reverse("measures:plan_change", args=[programme.slug, code]),
    }  # fmt: skip
    response = TemplateResponse(request, "measures/plan_change_ask.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _months(measure: Measure, held: Mapping[Place, int]) -> list[date]:
    programme = measure.programme
    return shown_months(programme.start_year, programme.final_year, [month for _line, month in held])


def _sent(
    data: QueryDict, measure: Measure, lines: list[SavingsLine], held: Mapping[Place, int]
) -> tuple[dict[Place, int | None], dict[str, str], dict[str, str]]:
    """New amounts by place, the texts as typed and what cannot be read, by the cell's name."""
    new: dict[Place, int | None] = {}
    texts, errors = {}, {}
    for line in lines:
        for month in _months(measure, held):
            key = cell_key(line.pk, Series.PLAN, month)
            if key not in data:
                continue
            texts[key] = str(data[key])
            try:
                new[line.pk, month] = read_cell(texts[key], "eur")
            except MoneyError as error:
                errors[key] = str(error.message)
    try:
        identity_codes.refuse(" ".join(texts.values()))
    except ValidationError as refused:
        errors["reason"] = refused.messages[0]
    return new, texts, errors


def _seen(data: QueryDict, lines: list[SavingsLine]) -> dict[Place, int | None]:
    """Amounts as the page first showed them: "line:yyyy-mm=cents" for every month that held one."""
    own = {line.pk for line in lines}
    found: dict[Place, int | None] = {}
    for part in data.get("seen", "").split():
        place, _equals, cents = part.partition("=")
        line, _colon, month = place.partition(":")
        try:
            year, number = month.split("-")
            key = (int(line), date(int(year), int(number), 1))
            if key[0] in own:
                found[key] = int(cents)
        except ValueError:
            continue
    return found


def _filled(
    data: QueryDict, measure: Measure, lines: list[SavingsLine], new: Mapping[Place, int | None]
) -> tuple[dict[str, str], str]:
    """The new amounts moved later and changed by a share, as texts; and why not, when they cannot be."""
    texts = {
        cell_key(line, Series.PLAN, month): cell_text(cents, "eur") for (line, month), cents in new.items()
    }
    try:
        later = int(data.get("later", "").strip() or 0)
        percent = Decimal(data.get("percent", "").replace("\u2212", "-").replace(",", ".").strip() or 0)
    except (ValueError, InvalidOperation):
        return texts, _("Write months as a whole number and the change as percent, for example 3 and -10.")
    if not percent.is_finite() or not 0 <= later <= LATER_MAX or not -100 <= percent <= PERCENT_MAX:
        return texts, _("Move the plan by 0 to 60 months and change it by -100 to 1000 percent.")
    last = date(measure.programme.final_year, 12, 1)
    for line in lines:
        own = {month: cents for (pk, month), cents in new.items() if pk == line.pk and cents is not None}
        if not own:
            continue
        moved = shifted(own, later=later, percent=percent, last=max(last, *own))
        for (pk, month), _cents in new.items():
            if pk == line.pk:
                texts[cell_key(pk, Series.PLAN, month)] = cell_text(moved.get(month), "eur")
    return texts, ""


def _shown(
    measure: Measure, lines: list[SavingsLine], held: Mapping[Place, int], texts: Mapping[str, str],
    errors: Mapping[str, str],
) -> list[Line]:  # fmt: skip
    """Every month of every line with its old amount and the new one as typed."""
    months = _months(measure, held)
    found = []
    for line in lines:
        years: list[Year] = []
        for month in months:
            if not years or years[-1].year != month.year:
                years.append(Year(month.year))
            key, old = cell_key(line.pk, Series.PLAN, month), held.get((line.pk, month))
            text = texts.get(key, cell_text(old, "eur"))
            try:
                new = read_cell(text, "eur")
            except MoneyError:
                new = old
            years[-1].cells.append(Cell(key, month, old, new, text, errors.get(key, "")))
        found.append(Line(line, line_name(line), years))
    return found


# --- deciding -------------------------------------------------------------------------------------------------


@both_ways
@programme_view("gate.decide")
def plan_change_decide(request: HttpRequest, programme: Programme, code: str, pk: int) -> HttpResponse:
    """Approves or refuses a change, for the role that decides on plans."""
    measure = _measure(request, programme, code, "gate.decide")
    change = _change(programme, measure, pk)
    form = DecideForm(request.POST if request.method == "POST" else None, programme=programme)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                with submitted_once(data["token"], request.user) as sending:
                    if not sending.is_repeat:
                        decide_plan_change(
                            change=change, approve=form.approves, by=request.user, on=data["decided_on"],
                            answer=data["reason"],
                            values={name: data[name] for name in ("body", "section", "case_number")},
                        )  # fmt: skip
                        sending.url = address_of(change)
                        messages.success(request, _("The decision was stored."))
                return redirect(sending.url)
            except ValidationError as refused:
                form.tell(refused)
                status = 409 if getattr(refused, "code", "") == CHANGED else 422
                change = _change(programme, measure, pk)
    context = _told(request, change) | {"form": form, "today": programme.today()}
    response = TemplateResponse(request, "measures/plan_change_decide.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@programme_view("plan.change")
def plan_change_take_back(request: HttpRequest, programme: Programme, code: str, pk: int) -> HttpResponse:
    """Takes a change back before it is decided."""
    measure = _measure(request, programme, code, "plan.change")
    change = _change(programme, measure, pk)
    try:
        take_back_change(change=change, by=request.user)
        messages.success(request, _("The request was taken back."))
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    return redirect(address_of(change))
