"""Pages of gates: a measure before its next gate, asking, deciding, returning; what waits; the settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import get_editable
from core.editing import edit_page, submitted_once
from core.permissions import can
from measures import gates
from measures.gate_defaults import default_gates, gates_of
from measures.gate_forms import ActForm, AskForm, DecideForm, GateForm, ReturnForm
from measures.models import GateDecision, GateDefinition, Measure
from measures.selectors.gates import (
    GateState,
    asked_changes,
    asked_decisions,
    decided_lately,
    gate_state,
    may_decide,
    mine,
    plan_gate,
)
from measures.selectors.stages import PLACES, open_stages
from measures.services import CHANGED, change_stage, locked_measures
from measures.services.gates import ask_gate, decide_gate, take_back
from measures.views.edits import both_ways
from programme.access import programme_view
from programme.models import Programme
from programme.models.access import Role
from programme.words import word

ROWS = Measure.objects.select_related("goal__theme", "owner")


def gate_address(programme: Programme, code: str) -> str:
    """The gate as a page of its own."""
    return reverse("measures:card_part", args=[programme.slug, code, "gate"])


def _measure(request: HttpRequest, programme: Programme, code: str, action: str) -> Measure:
    rows = ROWS.filter(programme=programme)
    measure: Measure = get_editable(rows, request.user, action, code=code)
    measure.programme = programme
    return measure


# --- one measure ------------------------------------------------------------------------------------------


def gate_part(request: HttpRequest, _programme: Programme, measure: Measure) -> dict[str, Any]:
    """The part of the card: where the measure stands, what its next gate asks for, what is missing by name."""
    return gate_context(request.user, gate_state(measure))


def gate_context(user: Any, state: GateState) -> dict[str, Any]:
    """What the panel says and offers to this person."""
    measure, programme = state.measure, state.measure.programme
    decides = state.gate is not None and may_decide(user, state.gate, measure)
    return {
        "measure": measure,
        "state": state,
        "steps": [(word(programme, f"stage.{step.stage}"), step.state) for step in state.steps],
        "here": word(programme, f"stage.{measure.stage}"),
        "next": word(programme, f"stage.{state.to_stage}") if state.gate else "",
        "role": Role(state.gate.deciding_role).label if state.gate else "",
        "past": [_told(programme, row) for row in state.past],
        "decides": decides,
        "is_owner": measure.owner_id == user.pk,
        "may_ask": state.gate is not None and can(user, "gate.ask", measure),
        "may_return": can(user, "measure.edit", measure)
        and any(stage in PLACES for stage in open_stages(measure)[1:]),
        "is_locked": measure.pk in locked_measures([measure.pk]),
        "today": programme.today(),
    }


def _told(programme: Programme, row: GateDecision) -> dict[str, Any]:
    """One earlier decision in words."""
    before, after = word(programme, f"stage.{row.from_stage}"), word(programme, f"stage.{row.to_stage}")
    is_return = PLACES.get(row.to_stage, 0) < PLACES.get(row.from_stage, 0)
    return {
        "row": row, "before": before, "after": after, "is_return": is_return,
        "missing": gates.words_of(row.missing),
        "tone": "warn" if is_return else {"approved": "ok", "refused": "bad"}.get(row.state, "none"),
        "word": _("returned") if is_return else row.get_state_display(),
    }  # fmt: skip


@both_ways
@programme_view("gate.ask")
def gate_ask(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """Asks for the decision on the next stage, when nothing is missing."""
    measure = _measure(request, programme, code, "gate.ask")
    seen = {"seen_stage": measure.stage}
    form = AskForm(request.POST if request.method == "POST" else None, seen=seen)

    def act() -> str:
        ask_gate(
            measure=measure, by=request.user, note=form.cleaned_data["note"],
            seen_stage=form.cleaned_data["seen_stage"],
        )  # fmt: skip
        return _("The decision was asked for.")

    title = _("%(code)s: ask for the decision") % {"code": code}
    return _act(request, form, act, measure, "measures/gate_ask.html", {"title": title})


@both_ways
@programme_view("gate.decide")
def gate_decide(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """Approves or refuses, for whoever holds the deciding role of the gate."""
    measure = _measure(request, programme, code, "gate.decide")
    state = gate_state(measure)
    seen = {"seen_stage": measure.stage, "seen": state.asked.pk if state.asked else 0}
    form = DecideForm(
        request.POST if request.method == "POST" else None, programme=programme, seen=seen,
        needs_body=bool(state.gate and state.gate.needs_body),
    )  # fmt: skip

    def act() -> str:
        data = form.cleaned_data
        values = {name: data[name] for name in ("body", "section", "case_number")}
        decide_gate(
            measure=measure, approve=form.approves, by=request.user, on=data["decided_on"], reason=data["reason"],
            values=values, seen_stage=data["seen_stage"], seen=data["seen"],
        )  # fmt: skip
        return _("The decision was stored.")

    title = _("%(code)s: decide") % {"code": code}
    return _act(request, form, act, measure, "measures/gate_decide.html", {"title": title}, state)


@require_POST
@programme_view("gate.ask")
def gate_take_back(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """Takes the request back before it is decided."""
    measure = _measure(request, programme, code, "gate.ask")
    asked = GateDecision.objects.filter(measure=measure, state=GateDecision.State.ASKED).first()
    try:
        if asked is not None:
            take_back(decision=asked, by=request.user)
            messages.success(request, _("The request was taken back."))
        else:
            messages.info(request, _("Nothing was waiting for a decision any more."))
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    return redirect(gate_address(programme, code))


@both_ways
@programme_view("measure.edit")
def gate_return(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """Sends the measure back to an earlier stage, with a reason."""
    measure = _measure(request, programme, code, "measure.edit")
    form = ReturnForm(
        request.POST if request.method == "POST" else None,
        measure=measure,
        seen={"seen_stage": measure.stage},
    )

    def act() -> str:
        if form.cleaned_data["seen_stage"] not in ("", measure.stage):
            raise ValidationError(
                _("The measure changed after you opened the page. Look at it again."), code=CHANGED
            )
        to = form.cleaned_data["to"]
        change_stage(
            measure=measure,
            to=to,
            by=request.user,
            on=programme.today(),
            reason=form.cleaned_data["reason"],
        )
        return _("The measure is back at the stage “%(stage)s”.") % {"stage": word(programme, f"stage.{to}")}

    title = _("%(code)s: return to an earlier stage") % {"code": code}
    return _act(request, form, act, measure, "measures/gate_return.html", {"title": title})


def _act(
    request: HttpRequest, form: ActForm, act: Callable[[], str], measure: Measure, template: str,
    context: dict[str, Any], state: GateState | None = None,
) -> HttpResponse:  # fmt: skip
    """The form of an act: done once it leads to the gate of the measure; refused it comes back, 409 when stale."""
    back = gate_address(measure.programme, measure.code)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with submitted_once(form.cleaned_data["token"], request.user) as sending:
                    if not sending.is_repeat:
                        messages.success(request, act())
                        sending.url = back
                return redirect(sending.url or back)
            except ValidationError as refused:
                form.tell(refused)
                if getattr(refused, "code", "") == CHANGED:
                    status = 409
                    measure.refresh_from_db()
                    state = None
    told = gate_context(request.user, state or gate_state(measure))
    response = TemplateResponse(
        request, template, told | {"form": form, "back": back} | context, status=status
    )
    response["Cache-Control"] = "no-store"
    return response


# --- what waits -------------------------------------------------------------------------------------------


@require_safe
@programme_view("measure.view")
def gate_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """What waits for me, what waits for others, what was decided lately."""
    definitions = gates_of([programme])
    asked, changes = asked_decisions([programme]), asked_changes([programme])
    my_asked = {row.pk for row in mine(request.user, asked, definitions)}
    my_changes = {row.pk for row in mine(request.user, changes, definitions, stage="decided")}
    gate_of_plans = plan_gate(programme)
    waiting = [
        *(_waiting_gate(programme, row, definitions, row.pk in my_asked) for row in asked),
        *(_waiting_change(programme, row, gate_of_plans, row.pk in my_changes) for row in changes),
    ]
    waiting.sort(key=lambda one: one["since"])
    context = {
        "for_me": [one for one in waiting if one["is_mine"]],
        "for_others": [one for one in waiting if not one["is_mine"]],
        "decided": [_told(programme, row) for row in decided_lately(programme)],
        "may_set": can(request.user, "gate.edit", programme),
    }
    return TemplateResponse(request, "measures/gate_list.html", context)


def _waiting_gate(
    programme: Programme, row: GateDecision, definitions: dict[Any, GateDefinition], is_mine: bool
) -> dict[str, Any]:
    definition = definitions.get((programme.pk, row.to_stage))
    decide = reverse("measures:gate_decide", args=[programme.slug, row.measure.code])
    return {
        "measure": row.measure, "is_mine": is_mine, "who": row.asked_by, "note": row.note,
        "since": row.asked_at, "days": _days(row.asked_at),
        "what": _("to the stage “%(stage)s”") % {"stage": word(programme, f"stage.{row.to_stage}")},
        "role": Role(definition.deciding_role).label if definition else "",
        "url": decide if is_mine else gate_address(programme, row.measure.code),
    }  # fmt: skip


def _waiting_change(
    programme: Programme, row: Any, definition: GateDefinition | None, is_mine: bool
) -> dict[str, Any]:
    return {
        "measure": row.measure, "is_mine": is_mine, "who": row.asked_by, "note": row.reason,
        "since": row.asked_at, "days": _days(row.asked_at), "what": _("change of the locked plan"),
        "role": Role(definition.deciding_role).label if definition else "",
        "url": reverse("measures:plan_change_detail", args=[programme.slug, row.measure.code, row.pk]),
    }  # fmt: skip


def _days(moment: Any) -> int:
    return max(0, (timezone.localdate() - timezone.localdate(moment)).days)


# --- settings ---------------------------------------------------------------------------------------------


@require_safe
@programme_view("gate.edit")
def gate_settings(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The gates of the programme: what each asks for and who decides."""
    rows = [
        {
            "gate": one, "stage": word(programme, f"stage.{one.to_stage}"),
            "role": Role(one.deciding_role).label, "checks": gates.known(one.checks),
            "url": reverse("measures:gate_edit", args=[programme.slug, one.to_stage]),
        }
        for one in gates_of([programme]).values()
    ]  # fmt: skip
    return TemplateResponse(request, "measures/gate_settings.html", {"rows": rows})


@both_ways
@programme_view("gate.edit")
def gate_edit(request: HttpRequest, programme: Programme, stage: str) -> HttpResponse:
    """One gate; the portal's own gates are written down when the first of them is changed."""
    row = gates_of([programme]).get((programme.pk, stage))
    if row is None:
        raise Http404
    if request.method == "POST" and row.pk is None:
        default_gates(programme, request.user)
        row = gates_of([programme])[programme.pk, stage]
    title = _("Gate to the stage “%(stage)s”") % {"stage": word(programme, f"stage.{stage}")}
    return edit_page(
        request, GateForm, row, title=title, back=reverse("measures:gate_settings", args=[programme.slug]),
        template="measures/gate_edit.html", programme=programme,
    )  # fmt: skip
