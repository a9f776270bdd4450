"""A measure held against risks, promises, impacts and groups; what closing it asks for, who was heard, analyses."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import get_editable
from core.editing.pages import CHANGED
from core.permissions import can
from measures.models import Measure
from programme.access import programme_view
from programme.models import Programme
from risks import checking
from risks.impact.closing import assessment_of, missing_parts
from risks.impact.selectors import analyses_of, hearings_of
from risks.models import Promise


@require_safe
@programme_view("measure.view")
def measure_checks(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """Every answer about one measure, with what waits for a signature."""
    measure = find_measure(request, programme, code, "measure.view")
    return TemplateResponse(request, "risks/measure_checks.html", checks_part(request, programme, measure))


def checks_part(request: HttpRequest, programme: Programme, measure: Measure) -> dict[str, Any]:
    """What the page and the part of the card show."""
    assessment = assessment_of(measure)
    hearings = hearings_of(measure)
    return {
        "measure": measure, "parts": checking.summary(programme, measure),
        "may_edit": can(request.user, "measure.edit", measure), "may_sign": checking.may_sign(request.user, measure),
        "closure": assessment, "closure_missing": missing_parts(assessment), "hearings": hearings,
        "needs_hearing": not hearings and _promises_staff(programme), "analyses": analyses_of(measure),
        "lacks_people": not (measure.project_id or measure.linked_initiative_id or measure.resources.strip()),
    }  # fmt: skip


def _promises_staff(programme: Programme) -> bool:
    return Promise.objects.filter(programme=programme, audience=Promise.Audience.STAFF).exists()


@require_http_methods(["GET", "HEAD", "POST"])
@programme_view("measure.edit")
def measure_checks_edit(request: HttpRequest, programme: Programme, code: str, part: str) -> HttpResponse:
    """The answers of one part, all in one form."""
    measure = find_measure(request, programme, code, "measure.edit")
    asked = checking.PARTS.get(part)
    if asked is None:
        raise Http404
    rows, status, refused_for = checking.rows_of(measure, asked), 200, ""
    back = f"{reverse('risks:measure_checks', args=[programme.slug, code])}#{part}"
    if request.method == "POST":
        rows, status = checking.read_sent(request.POST, rows), 422
        if not any(row.error for row in rows):
            try:
                done = checking.save_checks(measure=measure, rows=rows, by=request.user)
            except ValidationError as refused:
                refused_for = " ".join(refused.messages)
                status = 409 if getattr(refused, "code", "") == CHANGED else 422
            else:
                told = ngettext("%(n)s answer saved.", "%(n)s answers saved.", done) % {"n": done}
                messages.success(request, told if done else _("Nothing was changed."))
                return redirect(back)
    context = {
        "measure": measure, "part": asked, "rows": rows, "refused": refused_for, "back": back,
        "wrong": [row for row in rows if row.error],
    }  # fmt: skip
    response = TemplateResponse(request, "risks/measure_checks_edit.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@programme_view(checking.SIGN)
def measure_check_sign(
    request: HttpRequest, programme: Programme, code: str, part: str, pk: int
) -> HttpResponse:
    """Signs a negative answer whose mitigation is written."""
    measure = find_measure(request, programme, code, checking.SIGN)
    asked = checking.PARTS.get(part)
    if asked is None or not asked.is_signed:
        raise Http404
    check = get_object_or_404(asked.model, programme=programme, measure=measure, pk=pk)
    version = request.POST.get("version", "")
    try:
        checking.sign_off(
            measure=measure, check=check, by=request.user, on=timezone.localdate(),
            version=int(version) if version.isascii() and version.isdigit() else None,
        )  # fmt: skip
        messages.success(request, _("Signed off."))
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    return redirect(f"{reverse('risks:measure_checks', args=[programme.slug, code])}#{part}")


def find_measure(request: HttpRequest, programme: Programme, code: str, action: str) -> Measure:
    rows = Measure.objects.filter(programme=programme).select_related("goal__theme", "owner")
    measure: Measure = get_editable(rows, request.user, action, code=code)
    measure.programme = programme
    return measure
