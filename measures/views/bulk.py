"""Changing many measures at once: choose, preview, carry out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.limits import BULK_ROWS
from core.editing import submitted_once
from core.listing import kept_query
from measures.bulk import Outcome, Plan, carry_out, preview, read_plan
from measures.filters import MeasureFilter
from measures.forms import BulkForm
from measures.models import Measure
from measures.views.edits import both_ways
from programme.access import programme_view
from programme.models import Programme

#: Measures that a preview lists one by one; the rest are counted.
SHOWN_ROWS = 200


@both_ways
@programme_view("measure.bulk")
def measure_bulk(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The address says which measures: `row` for each one chosen, or `all` with the filters of the list."""
    rows = _chosen(request, programme)
    count = rows.count()
    context = {
        "count": count, "limit": BULK_ROWS, "too_many": count > BULK_ROWS, "back": list_address(request, programme),
        "chosen": rows[:SHOWN_ROWS],
    }  # fmt: skip
    if request.method == "POST" and "plan" in request.POST:
        return _carry_out(request, programme, context)
    form = BulkForm(request.POST if request.method == "POST" else None, programme=programme)
    if request.method != "POST":
        return _page(request, form, context)
    if not count or count > BULK_ROWS or not form.is_valid():
        return _page(request, form, context, status=422)
    return _preview(request, programme, form, rows, context)


def _chosen(request: HttpRequest, programme: Programme) -> QuerySet[Measure]:
    """The measures that the address names; none when its filters cannot be read."""
    rows = Measure.objects.filter(programme=programme).order_by("code")
    if "all" in request.GET:
        filters = MeasureFilter(request.GET, programme=programme, queryset=rows)
        return filters.qs.order_by("code") if filters.form.is_valid() else rows.none()
    return rows.filter(pk__in=[pk for pk in request.GET.getlist("row") if pk.isascii() and pk.isdigit()])


def list_address(request: HttpRequest, programme: Programme) -> str:
    """The list with the filters it had."""
    query = request.GET.copy()
    for name in ("row", "all"):
        query.pop(name, None)
    kept = kept_query(query)
    base = reverse("measures:measure_list", args=[programme.slug])
    return f"{base}?{kept}" if kept else base


def _preview(
    request: HttpRequest,
    programme: Programme,
    form: BulkForm,
    rows: QuerySet[Measure],
    context: dict[str, Any],
) -> HttpResponse:
    """What would change, measure by measure; the plan it carries holds the versions shown here."""
    measures = list(rows.prefetch_related("segment_links"))
    changes = form.changes
    lines = [line for line in preview(measures, changes) if line.moves]
    able = [line for line in lines if not line.problem]
    plan = Plan({line.measure.pk: line.measure.version for line in able}, changes)
    told = context | {
        "form": form, "lines": lines[:SHOWN_ROWS], "not_shown": max(0, len(lines) - SHOWN_ROWS), "able": len(able),
        "unable": [line for line in lines if line.problem], "same": len(measures) - len(lines),
        "plan": plan.signed(request.user, programme), "reason": changes.reason,
    }  # fmt: skip
    return TemplateResponse(request, "measures/measure_bulk_preview.html", told)


def _carry_out(request: HttpRequest, programme: Programme, context: dict[str, Any]) -> HttpResponse:
    """The plan, once; to the list when every measure took it, else 409 with those left as they were."""
    blob = request.POST["plan"]
    plan = read_plan(blob, request.user, programme)
    if plan is None:
        form = BulkForm(None, programme=programme)
        told = context | {"unreadable": True}
        return _page(request, form, told, status=422)
    outcome = Outcome(0, [])
    with submitted_once(blob[-64:], request.user) as sending:
        if not sending.is_repeat:
            outcome = carry_out(plan, programme=programme, by=request.user)
            sending.url = context["back"]
    if not sending.is_repeat:
        done = ngettext("%(n)s measure was changed.", "%(n)s measures were changed.", outcome.changed)
        messages.success(request, done % {"n": outcome.changed})
    if not outcome.left:
        return redirect(context["back"])
    again = "&".join(f"row={row.pk}" for row, _why in outcome.left)
    told = context | {"outcome": outcome, "again": f"{request.path}?{again}"}
    return TemplateResponse(request, "measures/measure_bulk_left.html", told, status=409)


def _page(request: HttpRequest, form: BulkForm, context: dict[str, Any], status: int = 200) -> HttpResponse:
    title = _("Change many measures")
    return TemplateResponse(
        request, "measures/measure_bulk.html", context | {"form": form, "title": title}, status=status
    )
