"""The monthly update of one measure: one screen, three questions, then the next measure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.access import get_editable
from core.editing import drafts, kept, submitted_once
from core.money import format_eur
from core.periods import format_month
from measures.models import Measure, Series
from measures.services import CellsRefused, Problem
from programme.access import programme_view
from programme.models import Programme
from programme.updates.months import cut_off
from reporting.update_form import UpdateForm, asked_month
from reporting.updating import AnswerChanged, Question, give_update, next_measure, question_of

#: Months named one by one when a forecast moved meanwhile.
MONTHS_TOLD = 4


@require_http_methods(["GET", "HEAD", "POST"])
@programme_view("update.give")
def measure_update(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """Same as last month? How much? What stops you?"""
    rows = Measure.objects.filter(programme=programme).select_related("goal__theme")
    measure = get_editable(rows, request.user, "update.give", code=code)
    if request.method == "POST":
        # The month that stood on the page: a form that was open when the next month fell due answers its own.
        return _given(request, question_of(measure, programme, asked_month(request.POST)))
    return _opened(request, question_of(measure, programme))


def _opened(request: HttpRequest, question: Question) -> HttpResponse:
    """The form as it is opened: with a draft, or what was sent when the session had ended."""
    fresh = UpdateForm(question=question, user=request.user)
    after_sign_in = kept.take(request, request.user)
    draft = None if after_sign_in is not None else drafts.draft_of(request.user, request.path)
    if after_sign_in is None and draft is None:
        return _page(request, question, fresh)
    typed = after_sign_in if after_sign_in is not None else drafts.as_query(draft.values)  # type: ignore[union-attr]
    typed["token"] = fresh.initial["token"]
    # What a draft had seen stays: whoever was faster meanwhile is told when it is sent. One of another month
    # is shown on top of the month that is due now.
    is_old = "seen" not in typed or asked_month(typed) != question.month
    form = UpdateForm(typed, question=question, user=request.user, fresh_seen=is_old).quiet()
    return _page(request, question, form, draft=draft, kept_after_sign_in=after_sign_in is not None)


def _given(request: HttpRequest, question: Question) -> HttpResponse:
    form = UpdateForm(request.POST, question=question, user=request.user)
    if not form.is_valid():
        return _page(request, question, form, status=422)
    try:
        with submitted_once(form.cleaned_data["token"], request.user) as sending:
            if not sending.is_repeat:
                give_update(question=question, said=form.said, by=request.user)
                sending.url = _next_url(request, question)
    except CellsRefused as refused:
        return _refused(request, question, form, refused)
    except AnswerChanged as refused:
        return _shown_anew(request, question, refused)
    except ValidationError as refused:
        _tell(form, refused)
        return _page(request, question, form, status=422)
    drafts.drop_draft(request.user, request.path)
    if not sending.is_repeat:
        messages.success(request, _told(question))
    return redirect(sending.url or _measure_url(question))


def _refused(
    request: HttpRequest, question: Question, form: UpdateForm, refused: CellsRefused
) -> HttpResponse:
    """Nothing was written. Where somebody was faster the page shows how the month stands now."""
    if refused.code != "changed":
        _tell(form, refused)
        return _page(request, question, form, status=422)
    now = question_of(question.measure, question.programme, question.month)
    told: dict[str, str] = {}
    forecasts = [one for one in refused.problems if one.cell.series == Series.FORECAST]
    if len(forecasts) < len(refused.problems):
        told[NON_FIELD_ERRORS] = _(
            "Somebody else gave figures for this month meanwhile: now %(amount)s. Send again to write over them."
        ) % {"amount": format_eur(now.claimed_eur_cents, trim=True, with_unit=True)}
    if forecasts:
        told["forecast"] = _(
            "Somebody else changed the forecast meanwhile: now %(months)s. Send again to write over it."
        ) % {"months": _months_told(now, forecasts)}
    return _shown_anew(request, now, ValidationError(told))


def _months_told(question: Question, moved: Sequence[Problem]) -> str:
    """The first months that somebody else changed, each as it stands now in all lines; "…" for more."""
    months = sorted({one.cell.month for one in moved})
    sums = {
        month: [e.amount_eur_cents for (_line, day), e in question.forecasts.items() if day == month]
        for month in months[:MONTHS_TOLD]
    }
    told = [
        f"{format_month(month)} {format_eur(sum(cents) if cents else None, trim=True, with_unit=True)}"
        for month, cents in sums.items()
    ]
    return ", ".join([*told, *(["…"] if len(months) > MONTHS_TOLD else [])])


def _shown_anew(request: HttpRequest, question: Question, told: ValidationError) -> HttpResponse:
    """What was typed, on top of how everything stands now; sent again it is meant."""
    question.measure.refresh_from_db()
    now = question_of(question.measure, question.programme, question.month)
    form = UpdateForm(request.POST, question=now, user=request.user, fresh_seen=True)
    form.is_valid()
    _tell(form, told)
    return _page(request, now, form, status=409)


def _tell(form: UpdateForm, refused: ValidationError) -> None:
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for name, errors in refused.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def _told(question: Question) -> str:
    now = question_of(question.measure, question.programme, question.month)
    if now.claimed_eur_cents is None:
        return _("%(code)s is up to date.") % {"code": question.measure.code}
    return _("%(code)s, %(month)s: %(amount)s is recorded.") % {
        "code": question.measure.code,
        "month": format_month(question.month),
        "amount": format_eur(now.claimed_eur_cents, trim=True, with_unit=True),
    }


def _next_url(request: HttpRequest, question: Question) -> str:
    """Straight to the next measure of mine; the last one leads to my work, another's measure to its card."""
    if question.measure.owner_id != request.user.pk:
        return _measure_url(question)
    following = next_measure(question.programme, request.user, question.measure)
    if following is None:
        return reverse("reporting:home")
    return reverse("reporting:measure_update", args=[question.programme.slug, following.code])


def _measure_url(question: Question) -> str:
    return reverse("measures:measure_detail", args=[question.programme.slug, question.measure.code])


def _page(
    request: HttpRequest, question: Question, form: UpdateForm, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "question": question,
        "measure": question.measure,
        "form": form,
        "back": _measure_url(question),
        "cut_off": cut_off(question.programme, question.month),
        "may_keep_same": question.last_eur_cents is not None or not question.lines,
        "draft_key": drafts.key_of(request.path),
    }
    response = TemplateResponse(request, "reporting/measure_update.html", context | more, status=status)
    response["Cache-Control"] = "no-store"
    return response
