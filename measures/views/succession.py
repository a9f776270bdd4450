"""Merging a measure into another one and splitting it: what is asked, what would happen, and doing it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from core.editing import submitted_once
from core.editing.pages import TAKEN
from measures import tables
from measures.models import Measure, Stage
from measures.services import CHANGED
from measures.services.succession import COMPARED, Act, Outcome, merge_measure, rehearse, split_measure
from measures.succession_forms import GoesOnForm, MergeForm, SplitForm
from measures.views.edits import both_ways, card_address, editable_measure
from measures.views.shared import unit_context
from measures.wording import LEVEL_WORDS
from programme.access import programme_view
from programme.decisions import make_decision
from programme.models import Programme

Work = Callable[[], Outcome]


@both_ways
@programme_view("measure.edit")
def measure_merge(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """The measure goes on as another one from a month on."""
    measure = editable_measure(request, programme, code)

    def work_of(form: Any) -> Work:
        into = form.cleaned_data["into"]
        return lambda: merge_measure(_act(request, measure, form, into), into=into, by=request.user)

    return _answer(
        request, measure, MergeForm, work_of, _("Merge %(code)s into another measure")
    )  # fmt: skip


@both_ways
@programme_view("measure.edit")
def measure_split(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """The measure goes on as several new ones from a month on."""
    measure = editable_measure(request, programme, code)

    def work_of(form: Any) -> Work:
        return lambda: split_measure(
            _act(request, measure, form),
            parts=form.parts,
            weights=form.weights,
            shares=form.shares,
            by=request.user,
        )

    return _answer(
        request, measure, SplitForm, work_of, _("Split %(code)s into several measures")
    )  # fmt: skip


def _act(request: HttpRequest, measure: Measure, form: GoesOnForm, *others: Measure) -> Act:
    """What was asked for, with the versions that the person has seen; the decision is stored with it."""
    given = form.cleaned_data
    decision = make_decision(
        programme=measure.programme, values=given, subject=given["reason"], by=request.user, reason=given["reason"],
    )  # fmt: skip
    seen = _seen(request) or {row.pk: row.version for row in (measure, *others)}
    today, moves_target = measure.programme.today(), bool(given.get("moves_target"))
    return Act(measure, given["from_month"], today, given["reason"], seen, decision, moves_target)


def _seen(request: HttpRequest) -> dict[int, int]:
    """Versions that the preview was about; empty while there was none."""
    pairs = (pair.split(":") for pair in request.POST.get("seen", "").split(",") if pair.count(":") == 1)
    return {int(pk): int(version) for pk, version in pairs if pk.isdecimal() and version.isdecimal()}


def _answer(
    request: HttpRequest,
    measure: Measure,
    form_class: type[GoesOnForm],
    work_of: Callable[[Any], Work],
    title: str,
) -> HttpResponse:
    """The form; after it the preview; after that the act, once."""
    back = card_address(measure.programme, measure.code)
    if measure.stage == Stage.WITHDRAWN and request.method != "POST":
        messages.info(request, _("The measure is withdrawn already."))
        return redirect(back)
    context = {"measure": measure, "back": back, "title": title % {"code": measure.code}}
    form: Any = form_class(
        request.POST if request.method == "POST" else None, measure=measure, user=request.user
    )
    if request.method != "POST":
        return _page(request, form, context)
    token = request.POST.get("token", "")
    if "confirm" not in request.POST:
        if not form.is_valid():
            return _page(request, form, context, status=422)
        return _rehearsed(request, form, work_of(form), context)
    outcome = None
    try:
        with submitted_once(token, request.user) as sending:
            if not sending.is_repeat:
                if not form.is_valid():
                    return _page(request, form, context, status=422)
                with transaction.atomic():
                    outcome = work_of(form)()
                sending.url = card_address(measure.programme, outcome.measures[0].code)
    except (ValidationError, IntegrityError) as refused:
        return _page(request, form, context, status=_refuse(form, refused))
    if outcome is not None:
        told = {"old": measure.code, "new": ", ".join(one.code for one in outcome.measures)}
        messages.success(request, _("%(old)s goes on as %(new)s.") % told)
    return redirect(sending.url or back)


def _rehearsed(request: HttpRequest, form: Any, work: Work, context: dict[str, Any]) -> HttpResponse:
    """What it would do: totals by year before and after, lines, target. Nothing is saved."""
    try:
        outcome = rehearse(work)
    except (ValidationError, IntegrityError) as refused:
        return _page(request, form, context, status=_refuse(form, refused))
    seen = {row.pk: row.version for row in _shown(form)}
    unit = unit_context(request, "eur")["unit"]
    kept = [(name, value) for name, values in request.POST.lists() for value in values if name not in _OWN]
    told = context | unit_context(request, "eur") | {
        "outcome": outcome, "levels": [LEVEL_WORDS[level] for level in COMPARED], "rows": _year_rows(outcome),
        "ladders": [
            (_("Where the target stands now"), tables.ladder_rows(outcome.ladder_before, unit, "")),
            (_("Where it would stand"), tables.ladder_rows(outcome.ladder_after, unit, "")),
        ],
        "kept": kept, "seen": ",".join(f"{pk}:{version}" for pk, version in seen.items()),
        "from_month": form.cleaned_data["from_month"], "reason": form.cleaned_data["reason"],
    }  # fmt: skip
    return TemplateResponse(request, "measures/succession_preview.html", told)


#: Fields of the request that the preview writes anew.
_OWN = ("csrfmiddlewaretoken", "seen", "confirm")


def _shown(form: Any) -> list[Measure]:
    """The measures whose versions the preview rests on."""
    return [form.measure, *([form.cleaned_data["into"]] if "into" in form.cleaned_data else [])]


def _year_rows(outcome: Outcome) -> list[dict[str, Any]]:
    return [
        {
            "year": year.year,
            "cells": [(year.before[level], year.after[level], level) for level in COMPARED],
        }
        for year in outcome.years
    ]


def _refuse(form: Any, refused: ValidationError | IntegrityError) -> int:
    """Tells why nothing was done; the status of the answer."""
    if isinstance(refused, IntegrityError):
        form.add_error(None, TAKEN)
        return 409
    if hasattr(refused, "error_dict"):
        for name, errors in refused.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
        return 422
    form.add_error(None, refused)
    return 409 if getattr(refused, "code", "") == CHANGED else 422


def _page(request: HttpRequest, form: Any, context: dict[str, Any], status: int = 200) -> HttpResponse:
    token = request.POST.get("token") or secrets.token_urlsafe(24)
    response = TemplateResponse(
        request, "measures/succession.html", context | {"form": form, "token": token}, status=status
    )
    response["Cache-Control"] = "no-store"
    return response
