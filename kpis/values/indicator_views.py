"""Adding, changing, ordering and deleting indicators and the groups they are measured in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import get_editable
from core.editing import RowForm, add_page, edit_page, save_new
from core.permissions import can
from core.templatetags.ui import plain_text
from kpis.evaluating import evaluate
from kpis.models import Indicator, IndicatorGroup, ManualValue, Observation
from kpis.services import save_and_judge
from kpis.values import indicators
from kpis.values.forms import GroupForm, IndicatorForm
from measures.forms import ReasonForm
from programme.access import programme_view
from programme.models import Programme
from programme.ordering import move

both_ways = require_http_methods(["GET", "HEAD", "POST"])


def editable_indicator(request: HttpRequest, programme: Programme, pk: int, action: str) -> Indicator:
    """The indicator: 404 when it is not there, 403 when the person may not do this to it."""
    rows = Indicator.objects.filter(programme=programme).select_related("owner")
    row: Indicator = get_editable(rows, request.user, action, pk=pk)
    row.programme = programme
    return row


def page_of(indicator: Indicator) -> str:
    return reverse("kpis:indicator_detail", args=[indicator.programme.slug, indicator.pk])


def crumbs(indicator: Indicator) -> list[tuple[Any, str]]:
    """The way up from a page about the indicator."""
    slug = indicator.programme.slug
    return [
        (_("Indicators"), reverse("kpis:indicator_list", args=[slug])),
        (plain_text(indicator), page_of(indicator)),
    ]


# --- indicators ---------------------------------------------------------------------------------------------------


@both_ways
@programme_view("kpi.edit")
def indicator_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A new indicator, a draft unless something else is chosen."""
    back = reverse("kpis:indicator_list", args=[programme.slug])
    return add_page(
        request, IndicatorForm, programme, title=_("Add an indicator"), back=back, done=page_of,
        initial={"state": Indicator.State.DRAFT}, template="kpis/indicator_edit.html",
        context={"up": [(_("Indicators"), back)]},
    )  # fmt: skip


@both_ways
@programme_view("kpi.edit")
def indicator_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    row = editable_indicator(request, programme, pk, "kpi.edit")
    return edit_page(
        request, IndicatorForm, row, title=_("Edit the indicator"), back=page_of(row), save=save_and_judge,
        template="kpis/indicator_edit.html", context={"up": crumbs(row), "indicator": row},
    )  # fmt: skip


@require_POST
@programme_view("kpi.edit")
def indicator_move(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """One place up or down among the indicators of its part and level."""
    row = editable_indicator(request, programme, pk, "kpi.edit")
    up = request.POST.get("direction") != "down"
    if move(row, up=up, field="position", siblings=("scope", "level"), by=request.user):
        messages.success(request, _("%(name)s was moved.") % {"name": plain_text(row)})
    return redirect("kpis:indicator_edit", programme.slug, row.pk)


@both_ways
@programme_view("kpi.edit")
def indicator_delete(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Asks first, then deletes a draft that has no values."""
    row = editable_indicator(request, programme, pk, "kpi.edit")
    form, why = ReasonForm(request.POST if request.method == "POST" else None), indicators.why_kept(row)
    status = 422 if why or (form.is_bound and not form.is_valid()) else 200
    if request.method == "POST" and status == 200:
        try:
            indicators.delete_draft(indicator=row, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as refused:
            why, status = " ".join(refused.messages), 422
        else:
            told = _("%(name)s was deleted. It is kept in the history.") % {"name": plain_text(row)}
            messages.success(request, told)
            return redirect("kpis:indicator_list", programme.slug)
    context = {"indicator": row, "form": form, "why": why, "up": crumbs(row), "back": page_of(row)}
    return TemplateResponse(
        request, "kpis/indicator_edit_delete.html", context, status=status if form.is_bound else 200
    )


@require_safe
@programme_view("kpi.view")
def indicator_gaps(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Indicators that lack a baseline, an owner or a source, each with the way to mend it."""
    parts = [
        ("baseline", _("Baseline missing"), _("Enter the baseline"), indicators.without_baseline(programme)),
        ("owner", _("Owner missing"), _("Name the owner"), indicators.without_owner(programme)),
        ("source", _("Source missing"), _("Name the source"), indicators.without_source(programme)),
    ]
    urls = {"baseline": "kpis:value_add", "owner": "kpis:indicator_edit", "source": "kpis:own_source_add"}
    found = [
        {
            "key": key, "heading": heading, "act": act,
            "rows": [(row, reverse(urls[key], args=[programme.slug, row.pk])) for row in rows],
            "query": "?baseline=1" if key == "baseline" else "",
            "may": can(request.user, "kpi.enter" if key == "baseline" else "kpi.edit", programme),
        }
        for key, heading, act, rows in parts
    ]  # fmt: skip
    return TemplateResponse(request, "kpis/indicator_edit_gaps.html", {"parts": found})


# --- groups -------------------------------------------------------------------------------------------------------


@require_safe
@programme_view("kpi.edit")
def group_list(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    row = editable_indicator(request, programme, pk, "kpi.edit")
    context = {"indicator": row, "groups": list(row.groups.all()), "up": crumbs(row)}
    return TemplateResponse(request, "kpis/indicator_edit_groups.html", context)


@both_ways
@programme_view("kpi.edit")
def group_add(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """One more group, at the end."""
    indicator = editable_indicator(request, programme, pk, "kpi.edit")
    back = _groups(indicator)

    def make(form: RowForm, by: Any) -> IndicatorGroup:
        form.instance.position = indicator.groups.count() + 1
        with transaction.atomic():
            row: IndicatorGroup = save_new(form, by)
            evaluate([indicator])
        return row

    return add_page(
        request, GroupForm, programme, title=_("Add a group"), back=back, done=lambda _row: back, make=make,
        instance=IndicatorGroup(programme=programme, indicator=indicator), template="kpis/indicator_edit.html",
        context={"up": crumbs(indicator)},
    )  # fmt: skip


def _groups(indicator: Indicator) -> str:
    return reverse("kpis:group_list", args=[indicator.programme.slug, indicator.pk])


def _group(request: HttpRequest, programme: Programme, pk: int) -> IndicatorGroup:
    rows = IndicatorGroup.objects.filter(programme=programme).select_related("indicator")
    row: IndicatorGroup = get_editable(rows, request.user, "kpi.edit", pk=pk)
    row.programme = row.indicator.programme = programme
    return row


@both_ways
@programme_view("kpi.edit")
def group_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    row = _group(request, programme, pk)
    return edit_page(
        request, GroupForm, row, title=_("Edit the group"), back=_groups(row.indicator), save=save_and_judge,
        template="kpis/indicator_edit.html", context={"up": crumbs(row.indicator)},
    )  # fmt: skip


@require_POST
@programme_view("kpi.edit")
def group_move(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    row = _group(request, programme, pk)
    move(
        row,
        up=request.POST.get("direction") != "down",
        field="position",
        siblings=("indicator",),
        by=request.user,
    )
    return redirect(_groups(row.indicator))


@require_POST
@programme_view("kpi.edit")
def group_delete(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Deletes a group that has no values; one with values stays."""
    row = _group(request, programme, pk)
    here = {"programme": programme, "indicator": row.indicator, "breakdown": row.key}
    if (
        row.source_links.exists()
        or Observation.objects.filter(**here).exists()
        or ManualValue.objects.filter(**here).exists()
    ):
        messages.error(request, _("The group has values or a source: it stays."))
    else:
        with transaction.atomic():
            row.delete()
            evaluate([row.indicator])
        messages.success(request, _("The group was deleted. It is kept in the history."))
    return redirect(_groups(row.indicator))
