"""What the council fixed of a year: the decisions beside each other, and fixing."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.editing import submitted_once
from core.permissions import can, require
from programme.access import programme_view
from programme.models import Programme
from strategy.objectives.fixing import as_it_stands, compared, differences, fix_year
from strategy.objectives.forms import FixForm
from strategy.objectives.matrix import fixed_years, wording_missing
from strategy.views.objectives import both_ways


@require_safe
@programme_view("strategy.view")
def year_fixed(request: HttpRequest, programme: Programme, year: int) -> HttpResponse:
    """The objectives of a year as the council fixed them, each decision beside the one before."""
    sets = compared(programme, year)
    latest = list(sets[0][0].metrics.select_related("objective", "metric", "rule")) if sets else []
    now = as_it_stands(programme, year)
    context = {
        "year": year, "sets": sets, "latest": latest, "drafts": now if not sets else [],
        "pending": differences(latest, now) if sets else [],
        "missing": wording_missing(programme, year), "may_fix": can(request.user, "objective.fix", programme),
    }  # fmt: skip
    return TemplateResponse(request, "strategy/year_fixed.html", context)


@both_ways
@programme_view("objective.fix")
def year_fix(request: HttpRequest, programme: Programme, year: int) -> HttpResponse:
    """Keeps the objectives of a year word for word, with the council's decision."""
    require(request.user, "objective.fix", programme)
    before = fixed_years(programme).get(year)
    back = reverse("strategy:year_fixed", args=[programme.slug, year])
    form = FixForm(
        request.POST if request.method == "POST" else None, programme=programme, is_again=before is not None
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = form.cleaned_data
            try:
                with submitted_once(values["token"], request.user) as sending:
                    if not sending.is_repeat:
                        fix_year(
                            programme=programme, year=year, decision=values, reason=values.get("reason") or "",
                            by=request.user,
                        )  # fmt: skip
                        messages.success(request, _("The objectives of %(year)s are fixed.") % {"year": year})
                        sending.url = back
                return redirect(sending.url or back)
            except ValidationError as refused:
                form.tell(refused)
    now = as_it_stands(programme, year)
    context = {
        "form": form, "year": year, "back": back, "before": before, "rows": now,
        "changes": differences(list(before.metrics.all()), now) if before else [],
        "missing": wording_missing(programme, year),
    }  # fmt: skip
    response = TemplateResponse(request, "strategy/year_fix.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
