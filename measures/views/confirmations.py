"""The controller's pages: claims that wait, one claim with everything beside it, decisions on many."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from config.limits import BULK_ROWS, PAGE_ROWS
from core.access import get_editable
from core.editing import submitted_once
from core.listing import kept_query
from core.money import format_eur
from core.periods import next_month
from core.permissions import can
from measures.confirming import BulkDecisionForm, ClaimFilter, DecisionForm, Plan, read_plan
from measures.forms import ReasonForm
from measures.models import SavingsEntry, Series
from measures.selectors import books_closed_through
from measures.selectors.claims import owned_when_claimed, standing_of
from measures.selectors.confirmations import (
    by_age,
    claim_file,
    evidence_counts,
    grouped,
    undecided_claims,
    waiting_totals,
)
from measures.services.books import locked_years
from measures.services.claims import (
    REASONS,
    Decided,
    Part,
    decide_claim,
    decide_claims,
    problem_of,
    withdraw_decision,
)
from measures.services.common import CHANGED, SavingsError
from measures.views.edits import both_ways
from measures.views.shared import unit_context
from programme.access import programme_view
from programme.models import Programme

#: Claims that a preview lists one by one; the rest are counted.
SHOWN_ROWS = 200


@require_safe
@programme_view("savings.view")
def confirmation_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Undecided claims by line, the one that waits longest first."""
    closed = books_closed_through(programme)
    filters = _filters(request, programme)
    claims = filters.qs if filters.form.is_valid() else SavingsEntry.objects.none()
    page = Paginator(by_age(claims), PAGE_ROWS).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    context = unit_context(request, "keur")
    context |= {
        "filters": filters,
        "page": page,
        "groups": grouped(programme, rows),
        "evidence": evidence_counts(programme, rows),
        "totals": waiting_totals(programme, claims, closed),
        "closed_through": closed,
        "ages": _ages(programme, rows),
        "may_decide": can(request.user, "claim.confirm", programme),
        "parameters": [pair for pair in request.GET.lists() if pair[0] not in ("row", "page", "unit")],
    }
    return TemplateResponse(request, "measures/confirmation_list.html", context)


def _ages(programme: Programme, claims: list[SavingsEntry]) -> dict[int, int]:
    """Days since the month of each claim ended."""
    today = programme.today()
    return {claim.pk: (today - next_month(claim.month)).days for claim in claims}


def _filters(request: HttpRequest, programme: Programme) -> ClaimFilter:
    return ClaimFilter(
        request.GET, programme=programme, queryset=undecided_claims(programme),
        closed=books_closed_through(programme),
    )  # fmt: skip


# --- one claim --------------------------------------------------------------------------------------------------


@require_safe
@programme_view("savings.view")
def confirmation_detail(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """One claim: evidence, basis, ledger lines of its month, decisions, and the form that decides it."""
    return _claim_page(request, programme, _claim(programme, pk))


@both_ways
@programme_view("savings.view")
def confirmation_decide(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Decides the claim: in full, in part with the rest refused, or not at all."""
    claim = get_editable(_claims(programme), request.user, "claim.confirm", pk=pk)
    if request.method != "POST":
        return _claim_page(request, programme, claim)
    found = claim_file(programme, claim)
    form = DecisionForm(request.POST, standing=found.standing, ledger=found.ledger)
    # A form sent twice is answered twice; the second of the two would find the claim decided.
    if not form.is_valid():
        return _claim_page(request, programme, claim, form, 422)
    here = reverse("measures:confirmation_detail", args=[programme.slug, pk])
    try:
        with submitted_once(form.cleaned_data["token"], request.user) as sending:
            if not sending.is_repeat:
                rows = decide_claim(
                    entry=claim, parts=form.parts, by=request.user, on=programme.today(),
                    reason=form.cleaned_data["reason"], version=form.cleaned_data["version"],
                )  # fmt: skip
                sending.url = here
                _tell_decided(request, sum(row.part_eur_cents for row in rows), found.standing.net)
    except ValidationError as refused:
        if _is_late(refused):
            return _late(request, programme, pk, form, " ".join(refused.messages))
        form.add_error(None, refused)
        return _claim_page(request, programme, claim, form, 422)
    except IntegrityError:
        return _late(request, programme, pk, form, str(REASONS[CHANGED]))
    return redirect(here)


def _late(request: HttpRequest, programme: Programme, pk: int, form: DecisionForm, told: str) -> HttpResponse:
    """The claim as it stands now and what was typed, so that sending it again is meant; nothing was decided."""
    claim = _claim(programme, pk)
    if claim.decided_eur_cents is not None:
        messages.error(request, told)
        return _claim_page(request, programme, claim, status=409)
    seen = request.POST.copy()
    seen["version"] = str(claim.version)
    form.data = seen
    form.add_error(None, told)
    return _claim_page(request, programme, claim, form, 409)


def _is_late(refused: Any) -> bool:
    return getattr(refused, "code", None) in (CHANGED, "decided")


def _tell_decided(request: HttpRequest, confirmed: int, net: int) -> None:
    told = _("Decided: %(confirmed)s confirmed, %(refused)s refused.")
    values = {
        "confirmed": format_eur(confirmed, with_unit=True),
        "refused": format_eur(net - confirmed, with_unit=True),
    }
    messages.success(request, told % values)


@both_ways
@programme_view("savings.view")
def confirmation_withdraw(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Takes the decision on a claim back, with a reason; the claim waits again."""
    claim: SavingsEntry = get_editable(_claims(programme), request.user, "claim.confirm", pk=pk)
    form, status = ReasonForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                withdraw_decision(
                    entry=claim, by=request.user, on=programme.today(), reason=form.cleaned_data["reason"],
                    version=_number(request.POST.get("version", "")),
                )  # fmt: skip
            except SavingsError as refused:
                form.add_error(None, refused)
                status = 409 if _is_late(refused) else 422
            else:
                messages.success(request, _("The decision was withdrawn. The claim waits again."))
                return redirect("measures:confirmation_detail", programme.slug, pk)
    found = claim_file(programme, claim)
    back = reverse("measures:confirmation_detail", args=[programme.slug, pk])
    context = unit_context(request, "eur") | {"form": form, "file": found, "claim": claim, "back": back}
    return TemplateResponse(request, "measures/confirmation_withdraw.html", context, status=status)


def _number(text: str) -> int:
    """The version that a page sent; none is a claim as nobody saw it."""
    return int(text) if text.isascii() and text.isdigit() else 0


def _claims(programme: Programme) -> QuerySet[SavingsEntry]:
    return SavingsEntry.objects.filter(programme=programme, series=Series.CLAIMED).select_related(
        "line__measure__owner", "line__measure__goal__theme", "line__sector", "line__cost_type", "programme"
    )


def _claim(programme: Programme, pk: int) -> SavingsEntry:
    found: SavingsEntry = get_object_or_404(_claims(programme), pk=pk)
    return found


def _claim_page(
    request: HttpRequest, programme: Programme, claim: SavingsEntry, form: DecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    claim.programme = claim.line.measure.programme = programme
    found = claim_file(programme, claim)
    may = can(request.user, "claim.confirm", programme)
    is_own = may and (
        claim.line.measure.owner_id == request.user.pk or bool(owned_when_claimed([claim], request.user))
    )
    is_locked = claim.month.year in locked_years(programme)
    if form is None and may and claim.decided_eur_cents is None and not is_own and not is_locked:
        first = {"version": claim.version, "token": secrets.token_urlsafe(24)}
        form = DecisionForm(standing=found.standing, ledger=found.ledger, initial=first)
    following = by_age(undecided_claims(programme).exclude(pk=claim.pk)).values_list("pk", flat=True).first()
    context = unit_context(request, "eur") | {
        "file": found, "claim": claim, "line": claim.line, "measure": claim.line.measure, "form": form,
        "may_decide": may, "is_own": is_own, "is_locked": is_locked, "following": following,
        "may_attach": can(request.user, "attachment.add", claim.line),
        "booked_total": sum(one.row.amount_eur_cents for one in found.ledger) if found.ledger else None,
    }  # fmt: skip
    response = TemplateResponse(request, "measures/confirmation_detail.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


# --- many claims ------------------------------------------------------------------------------------------------


@both_ways
@programme_view("claim.confirm")
def confirmation_bulk(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The address says which claims: `row` for each one chosen, or `all` with the filters of the list."""
    claims = _chosen(request, programme)
    count = claims.count()
    context = unit_context(request, "keur") | {
        "count": count, "limit": BULK_ROWS, "too_many": count > BULK_ROWS,
        "back": _list_address(request, programme),
    }  # fmt: skip
    if request.method == "POST" and "plan" in request.POST:
        return _carry_out(request, programme, context)
    form = BulkDecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and count and count <= BULK_ROWS and form.is_valid():
        return _preview(request, programme, form, claims, context)
    rows = list(by_age(claims)[:SHOWN_ROWS])
    told = context | {
        "form": form, "groups": grouped(programme, rows), "ages": _ages(programme, rows),
        "totals": waiting_totals(programme, claims, books_closed_through(programme)),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "measures/confirmation_bulk.html", told, status=status)


def _chosen(request: HttpRequest, programme: Programme) -> QuerySet[SavingsEntry]:
    """The undecided claims that the address names; none when its filters cannot be read."""
    if "all" in request.GET:
        filters = _filters(request, programme)
        return filters.qs if filters.form.is_valid() else SavingsEntry.objects.none()
    ids = [pk for pk in request.GET.getlist("row") if pk.isascii() and pk.isdigit() and len(pk) < 19]
    return undecided_claims(programme).filter(pk__in=ids)


def _list_address(request: HttpRequest, programme: Programme) -> str:
    query = request.GET.copy()
    for name in ("row", "all"):
        query.pop(name, None)
    kept, base = kept_query(query), reverse("measures:confirmation_list", args=[programme.slug])
    return f"{base}?{kept}" if kept else base


def _preview(
    request: HttpRequest, programme: Programme, form: BulkDecisionForm, claims: QuerySet[SavingsEntry],
    context: dict[str, Any],
) -> HttpResponse:  # fmt: skip
    """What would be decided, line by line, with the totals; the plan holds the versions shown here."""
    rows = list(by_age(claims))
    confirm, reason = form.cleaned_data["decision"] == "confirm", form.cleaned_data["reason"]
    standings, locked = standing_of(programme, rows), locked_years(programme)
    own = owned_when_claimed(rows, request.user)
    able, unable, together = {}, [], 0
    for claim in rows:
        standing = standings[claim.pk]
        parts = [Part(standing.net)] if confirm else []
        code = problem_of(
            claim, parts, by=request.user, standing=standing, reason=reason, locked=locked, own=own
        )
        if code:
            unable.append((claim, standing, REASONS[code]))
        else:
            able[claim.pk] = claim.version
            together += standing.net
    plan = Plan(able, confirm, reason)
    decided = [claim for claim in rows if claim.pk in able]
    told = context | {
        "groups": grouped(programme, decided[:SHOWN_ROWS]), "ages": _ages(programme, rows),
        "not_shown": max(0, len(decided) - SHOWN_ROWS),
        "able": len(able), "measures": len({claim.line.measure_id for claim in decided}), "unable": unable,
        "together": together, "confirm": confirm, "reason": reason,
        "plan": plan.signed(request.user, programme),
    }  # fmt: skip
    return TemplateResponse(request, "measures/confirmation_preview.html", told)


def _carry_out(request: HttpRequest, programme: Programme, context: dict[str, Any]) -> HttpResponse:
    """The plan, once; to the list when every claim took it, else 409 with those left as they were."""
    blob = request.POST["plan"]
    plan = read_plan(blob, request.user, programme)
    if plan is None:
        told = context | {"form": BulkDecisionForm(), "unreadable": True, "groups": [], "count": 0}
        return TemplateResponse(request, "measures/confirmation_bulk.html", told, status=422)
    outcome = Decided(0, 0, [])
    with submitted_once(blob[-64:], request.user) as sending:
        if not sending.is_repeat:
            outcome = decide_claims(
                programme=programme, versions=plan.versions, confirm=plan.confirm, by=request.user,
                on=programme.today(), reason=plan.reason,
            )  # fmt: skip
            sending.url = context["back"]
    if not sending.is_repeat:
        done = ngettext(
            "%(n)s claim was decided: %(confirmed)s confirmed.",
            "%(n)s claims were decided: %(confirmed)s confirmed.",
            outcome.count,
        )
        amount = format_eur(outcome.confirmed, with_unit=True)
        messages.success(request, done % {"n": outcome.count, "confirmed": amount})
    if not outcome.left:
        return redirect(context["back"])
    left = [(claim, REASONS[code]) for claim, code in outcome.left]
    again = "&".join(f"row={claim.pk}" for claim, _code in outcome.left)
    told = context | {"outcome": outcome, "left": left, "again": f"{request.path}?{again}"}
    return TemplateResponse(request, "measures/confirmation_left.html", told, status=409)
