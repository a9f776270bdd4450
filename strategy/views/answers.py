"""Answering: one metric of a year with its evidence, and a whole year on one page."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.access import get_editable
from core.editing import edit_page
from core.editing.pages import CHANGED
from core.models import Attachment
from core.permissions import can, require
from core.templatetags.ui import plain_text
from programme.access import programme_view
from programme.models import Programme
from strategy.models import MetricYear
from strategy.objectives.answering import answerable, said_before, store_answer, store_answers
from strategy.objectives.evidence import EvidenceForm, add_evidence, files_of, remove_evidence
from strategy.objectives.forms import AnswerForm, QuickAnswerForm
from strategy.objectives.judging import is_numeric
from strategy.objectives.matrix import fixed_years
from strategy.views.objectives import both_ways
from strategy.views.shared import objective_address, remove_page


def answer_address(programme: Programme, pk: int) -> str:
    return reverse("strategy:answer_edit", args=[programme.slug, pk])


def _answer(request: HttpRequest, programme: Programme, pk: int) -> Any:
    rows = MetricYear.objects.filter(programme=programme).select_related(
        "metric__objective", "metric__rule", "metric__follows", "answered_by"
    )
    row = get_editable(rows, request.user, "objective.answer", pk=pk)
    row.programme = programme
    return row


@both_ways
@programme_view("objective.answer")
def answer_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """The answer of one metric in one year: yes, no or partly, the figure, the reason, files, what was said before."""
    row = _answer(request, programme, pk)
    steps = MetricYear.objects.filter(metric=row.metric.follows_id, year__lte=row.year).exclude(
        answer=MetricYear.Answer.OPEN
    )
    before = steps.order_by("-year").first() if row.metric.follows_id else None
    return edit_page(
        request, AnswerForm, row, title=_("Answer for %(year)s") % {"year": row.year},
        back=objective_address(programme, row.metric.objective.key), template="strategy/answer_edit.html",
        save=store_answer, submit=_("Store the answer"),
        context={
            "lead": f"{row.metric.objective.number}. {plain_text(row.metric.objective)}",
            "files": files_of(programme, [row]).get(row.pk, []), "said": said_before(row),
            "kept": copy(row),
            "refused_step": before if before and before.answer == MetricYear.Answer.NO else None,
        },
    )  # fmt: skip


@both_ways
@programme_view("objective.answer")
def answer_file_add(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Keeps a file beside the answer."""
    row = _answer(request, programme, pk)
    back = answer_address(programme, pk)
    form, status = EvidenceForm(), 200
    if request.method == "POST":
        form, status = EvidenceForm(request.POST, request.FILES), 422
        if form.is_valid():
            try:
                add_evidence(form, row, by=request.user)
            except ValidationError as refused:
                form.add_error("file", refused)
            else:
                messages.success(request, _("The file was added."))
                return redirect(back)
    context = {"row": row, "form": form, "back": back}
    return TemplateResponse(request, "strategy/answer_file_add.html", context, status=status)


@both_ways
@programme_view("objective.answer")
def answer_file_remove(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Asks first, then takes a file of one's own away."""
    file = Attachment.objects.filter(programme=programme, pk=pk).select_related("content_type").first()
    row = file.about if file is not None else None
    if file is None or not isinstance(row, MetricYear):
        raise Http404
    require(request.user, "objective.answer", row)
    if file.created_by_id != request.user.pk:
        raise PermissionDenied(_("Only who added the file may remove it."))
    return remove_page(
        request, lambda: remove_evidence(file, by=request.user), title=_("Remove a file"), what=file.name,
        back=answer_address(programme, row.pk), told=_("The file was removed."),
    )  # fmt: skip


@both_ways
@programme_view("objective.answer")
def year_answers(request: HttpRequest, programme: Programme, year: int) -> HttpResponse:
    """Every metric of a year on one page, answered at once: all are stored or none."""
    rows = answerable(programme, year)
    if not rows:
        raise Http404
    data = request.POST if request.method == "POST" else None
    forms = _lines(request, rows, data)
    status, problem = 200, ""
    if request.method == "POST":
        status = 422
        if not forms:
            problem = _("Somebody else answers for the objectives of this year.")
        elif all([form.is_valid() for form in forms.values()]):
            changed = [form for form in forms.values() if form.has_changed()]
            try:
                count = store_answers(
                    programme, [(form.row, form.settled, form.cleaned_data["seen"]) for form in changed],
                    request.user,
                )  # fmt: skip
            except ValidationError as refused:
                problem = " ".join(refused.messages)
                if getattr(refused, "code", "") == CHANGED:
                    status, rows = 409, answerable(programme, year)
                    forms = _lines(request, rows, _seen_now(request, rows))
            else:
                told = ngettext("%(n)s answer was stored.", "%(n)s answers were stored.", count) % {
                    "n": count
                }
                messages.success(request, told if count else _("Nothing was changed."))
                return redirect(reverse("strategy:objective_list", args=[programme.slug]))
    files = files_of(programme, rows)
    context = {
        "year": year, "problem": problem, "fixed": fixed_years(programme).get(year),
        "lines": [(row, forms.get(row.pk), files.get(row.pk, []), is_numeric(row.metric)) for row in rows],
        "wrong": [form for form in forms.values() if form.errors],
        "back": reverse("strategy:objective_list", args=[programme.slug]),
    }  # fmt: skip
    response = TemplateResponse(request, "strategy/year_answers.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _lines(request: HttpRequest, rows: list[MetricYear], data: Any) -> dict[int, QuickAnswerForm]:
    """A line for each answer that the person may give, by its id."""
    return {
        row.pk: QuickAnswerForm(data, row=row) for row in rows if can(request.user, "objective.answer", row)
    }


def _seen_now(request: HttpRequest, rows: list[MetricYear]) -> QueryDict:
    """What was sent, counting what the page shows now as seen: sent again it is meant."""
    data = request.POST.copy()
    for row in rows:
        data[f"a{row.pk}-seen"] = str(row.version)
    return data
