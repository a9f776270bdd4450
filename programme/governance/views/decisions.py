"""The decision register, and what each decision is joined to."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import get_editable
from core.editing import RowForm, add_page, edit_page
from core.permissions import can, require
from programme.access import programme_view
from programme.governance import joined, meetings, register
from programme.governance.forms import ActionForm, DecisionFilter, DecisionForm, LinkForm
from programme.governance.register import VIEW
from programme.governance.views.shared import act, both_ways
from programme.models import ActionPoint, Body, Decision, DecisionLink, Programme

LISTED = 50


def decision_address(programme: Programme, pk: int) -> str:
    return reverse("programme:decision_detail", args=[programme.slug, pk])


@require_safe
@programme_view(VIEW)
def decision_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Decisions by body, year and words; those that should have been carried out by now are flagged."""
    seen = register.decisions_for(programme, request.user)
    years = [day.year for day in seen.order_by().dates("decided_on", "year", order="DESC")]
    form = DecisionFilter(request.GET or None)
    form.fields["body"].queryset = Body.objects.filter(  # type: ignore[attr-defined]
        programme=programme, pk__in=seen.order_by().values("body")
    )
    form.fields["year"].choices = [("", _("all")), *((year, year) for year in years)]  # type: ignore[attr-defined]
    rows = seen
    if form.is_valid():
        asked = form.cleaned_data
        rows = register.found(seen, text=asked["q"], body=asked["body"], year=asked["year"])
        rows = _in_state(programme, rows, asked["state"])
    page = Paginator(rows, LISTED).get_page(request.GET.get("page"))
    context = {
        "form": form, "page": page, "today": programme.today(), "late_count": register.late(programme, seen).count(),
        "is_filtered": bool(request.GET), "may_add": can(request.user, "decision.add", programme),
        "sees_all": can(request.user, "register.view", programme),
        "has_illustrative": any(row.is_illustrative for row in page.object_list),
    }  # fmt: skip
    return TemplateResponse(request, "programme/decision_list.html", context)


def _in_state(programme: Programme, rows: Any, state: str) -> Any:
    if state == "late":
        return register.late(programme, rows)
    if state == "open":
        return rows.filter(carried_out_by__isnull=False, carried_out_on=None)
    return rows.filter(carried_out_on__isnull=False) if state == "done" else rows


@require_safe
@programme_view(VIEW)
def decision_detail(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """A decision with what it is about and what came of it."""
    decision = get_object_or_404(register.decisions_for(programme, request.user), pk=pk)
    sees_all = can(request.user, "register.view", decision)
    context = {
        "decision": decision, "joined": joined.joined_to(decision, request.user), "today": programme.today(),
        "actions": decision.action_points.select_related("owner") if sees_all else (), "sees_all": sees_all,
        "may_edit": can(request.user, "governance.edit", decision),
        "may_promise": can(request.user, "decision.add", programme),
    }  # fmt: skip
    return TemplateResponse(request, "programme/decision_detail.html", context)


@both_ways
@programme_view("decision.add")
def decision_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    require(request.user, "decision.add", programme)
    return add_page(
        request, DecisionForm, programme, title=_("Add a decision"),
        back=reverse("programme:decision_list", args=[programme.slug]),
        done=lambda row: decision_address(programme, row.pk),
    )  # fmt: skip


def _decision(
    request: HttpRequest, programme: Programme, pk: int, action: str = "governance.edit"
) -> Decision:
    decision: Decision = get_editable(
        register.decisions_for(programme, request.user), request.user, action, pk=pk
    )
    return decision


@both_ways
@programme_view("governance.edit")
def decision_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    decision = _decision(request, programme, pk)
    return edit_page(
        request, DecisionForm, decision, title=_("Edit the decision"), back=decision_address(programme, pk)
    )


@require_POST
@programme_view("governance.edit")
def decision_done(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """The decision was carried out today."""
    decision = _decision(request, programme, pk)
    return act(
        request, lambda: register.carried_out(decision=decision, on=programme.today(), by=request.user),
        told=_("The decision is marked as carried out."), back=decision_address(programme, pk),
    )  # fmt: skip


@both_ways
@programme_view("governance.edit")
def decision_link_add(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Joins the decision to a measure, target, project or another row."""
    decision = _decision(request, programme, pk)

    def save(form: RowForm, by: Any) -> Any:
        return joined.join(decision=decision, about=form.cleaned_data["about"], by=by)

    return edit_page(
        request, LinkForm, decision, title=_("Join the decision to something"), back=decision_address(programme, pk),
        save=save, submit=_("Join"),
    )  # fmt: skip


@require_POST
@programme_view("governance.edit")
def decision_link_remove(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    link = get_editable(
        DecisionLink.objects.filter(programme=programme), request.user, "governance.edit", pk=pk
    )
    return act(
        request, lambda: joined.part(link=link, by=request.user), told=_("The link was removed."),
        back=decision_address(programme, link.decision_id),
    )  # fmt: skip


@both_ways
@programme_view("decision.add")
def decision_action_add(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """An action point that follows from the decision."""
    decision = _decision(request, programme, pk, "decision.add")
    back = decision_address(programme, pk)
    return add_page(
        request, ActionForm, programme, title=_("Add an action point"), back=back,
        instance=ActionPoint(programme=programme, decision=decision, meeting=decision.meeting),
        make=lambda form, by: meetings.promise(action=form.instance, by=by), done=lambda row: back,
    )  # fmt: skip
