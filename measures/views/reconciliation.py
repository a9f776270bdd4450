"""The ledger against what explains it: all places, one of them, and the findings that came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.access import get_editable
from core.editing import RowForm, edit_page, save_edit
from core.fields import MonthField
from core.identity_codes import WithoutCodes
from core.money import Unit, format_decimal
from core.parameters import parameters_of
from core.periods import format_month, month_key, next_month, parse_month
from core.periods import months as months_from
from core.permissions import can
from core.templatetags.ui import plain_text
from core.widgets import quicken
from measures.charts.reconciliation import STEPS, bridge
from measures.models import CostDriver
from measures.reconciliation import Books, Place, Reconciliation, together
from measures.selectors.clock import books_closed_through
from measures.selectors.reconciliation import books_of, default_period
from measures.selectors.reconciliation_rows import SHOWN_ROWS, TERMS, rows_behind
from measures.services.common import CHANGED
from measures.services.findings import (
    KIND,
    beyond_threshold,
    close_finding,
    open_findings,
    reopen_finding,
    save_finding,
)
from measures.thresholds import UNEXPLAINED_EUROS, UNEXPLAINED_PERCENT
from measures.views.edits import both_ways
from measures.views.known import shows_known_day
from measures.views.shared import unit_context
from programme.access import programme_view
from programme.models import CostType, Deviation, Programme, Sector

#: Terms in the order of the table; what they are called where they are no step of the bridge.
COLUMNS = {
    "base": gettext_lazy("Comparison base"), "transfers": STEPS["transfers"], "drivers": STEPS["drivers"],
    "in_base_shortfall": STEPS["in_base_shortfall"], "confirmed_new": STEPS["confirmed_new"],
    "expected": gettext_lazy("Expected"), "ledger": gettext_lazy("Ledger"), "unexplained": STEPS["unexplained"],
}  # fmt: skip
BESIDE = {
    "undecided": gettext_lazy("Claims that wait for the controller"),
    "internal": gettext_lazy("Internal charges"),
    "amended": gettext_lazy("Budget of these months, latest version"),
}
#: Amounts of the books: written without the + of an investment.
GROSS = ("base", "expected", "ledger", "internal", "amended")


class PeriodForm(forms.Form):
    """Which months and places; without months the year to the last closed one."""

    first = MonthField(label=gettext_lazy("First month"), required=False)
    last = MonthField(label=gettext_lazy("Last month"), required=False)
    sector = forms.ChoiceField(label=gettext_lazy("Sector"), required=False)
    cost_type = forms.ChoiceField(label=gettext_lazy("Cost type"), required=False)
    only = forms.ChoiceField(
        label=gettext_lazy("Show"), required=False,
        choices=[("", gettext_lazy("all")), ("beyond", gettext_lazy("beyond the threshold"))],
    )  # fmt: skip

    def __init__(self, data: Any, programme: Programme) -> None:
        self.standard = default_period(programme)
        shown = data.copy()
        for name, month in zip(("first", "last"), self.standard, strict=True):
            shown[name] = shown.get(name) or format_month(month)
        super().__init__(shown)
        for name, model in (("sector", Sector), ("cost_type", CostType)):
            rows = model.objects.filter(programme=programme)  # type: ignore[attr-defined]
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("all")), *((row.key, plain_text(row)) for row in rows)]
        quicken(self)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last month must not be before the first."))
        if first and last and (last.year - first.year) > 10:
            self.add_error("last", _("Choose at most ten years."))
        return given

    @property
    def months(self) -> tuple[date, date]:
        """First and last month as asked; the standard ones where they cannot be read."""
        if not self.is_valid():
            return self.standard
        return self.cleaned_data["first"], self.cleaned_data["last"]


@dataclass(frozen=True)
class Line:
    """One row of the table: its name, figures with links by term, and what stands out."""

    name: Any
    row: Reconciliation
    cells: list[dict[str, Any]]
    is_beyond: bool = False
    href: str = ""
    finding: Deviation | None = None

    @property
    def waiting(self) -> str:
        return ", ".join(format_month(month) for month in sorted(self.row.waiting))


@require_safe
@programme_view("savings.view")
@shows_known_day
def reconciliation(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Sector x cost type: the terms of R10 and what they leave unexplained, costs and income apart."""
    form = PeriodForm(request.GET, programme)
    (first, last), books = form.months, books_of(programme)
    context = unit_context(request, "keur")
    unit = context["unit"]
    sectors = {row.pk: row for row in Sector.objects.filter(programme=programme)}
    types = {row.pk: row for row in CostType.objects.filter(programme=programme)}
    findings = _open_findings(programme)
    tables = []
    for kind, heading in ((CostType.Kind.COST, _("Costs")), (CostType.Kind.INCOME, _("Income"))):
        places = {
            place: row
            for place, row in _asked(books.places(first, last), form, sectors, types).items()
            if types[place.cost_type].kind == kind
        }
        order = sorted(
            places,
            key=lambda one: (
                list(sectors).index(one.sector),
                types[one.cost_type].position,
                one.cost_type,
            ),
        )
        lines = []
        for place in order:
            row = places[place]
            is_beyond = beyond_threshold(programme, row)
            if form.is_valid() and form.cleaned_data["only"] and not is_beyond:
                continue
            href = _place_address(programme, place, first, last, unit)
            lines.append(
                Line(
                    (sectors[place.sector], types[place.cost_type]),
                    row,
                    _cells(row, unit, href),
                    is_beyond,
                    href,
                    findings.get(place),
                )  # fmt: skip
            )
        if lines:
            whole = together(line.row for line in lines)
            tables.append(
                {
                    "key": kind,
                    "heading": heading,
                    "lines": lines,
                    "total": Line(_("Together"), whole, _cells(whole, unit, "")),
                }
            )
    held = parameters_of(programme)
    context |= {
        "form": form, "first": first, "last": last, "columns": COLUMNS.items(), "tables": tables,
        "closed_through": books_closed_through(programme), "findings": len(findings),
        "threshold_eur": held[UNEXPLAINED_EUROS] * 100,
        "threshold_percent": format_decimal(held[UNEXPLAINED_PERCENT]),
        "may_find": can(request.user, "finding.edit", programme),
    }  # fmt: skip
    return TemplateResponse(request, "measures/reconciliation.html", context)


def _asked(
    places: dict[Place, Reconciliation], form: PeriodForm, sectors: dict[int, Any], types: dict[int, Any]
) -> dict[Place, Reconciliation]:
    given = form.cleaned_data if form.is_valid() else {}
    sector, cost_type = given.get("sector"), given.get("cost_type")
    return {
        place: row
        for place, row in places.items()
        if (not sector or sectors[place.sector].key == sector)
        and (not cost_type or types[place.cost_type].key == cost_type)
    }


def _place_address(programme: Programme, place: Place, first: date, last: date, unit: Unit) -> str:
    base = reverse("measures:reconciliation_place", args=[programme.slug, place.sector, place.cost_type])
    return f"{base}?first={month_key(first)}&last={month_key(last)}&unit={unit}"


def _cells(row: Reconciliation, unit: Unit, href: str) -> list[dict[str, Any]]:
    return [
        {
            "key": key, "label": label, "cents": getattr(row, key), "is_gross": key in GROSS,
            "href": f"{href}&show={key}#rows" if href and key in TERMS and getattr(row, key) else "",
        }
        for key, label in COLUMNS.items()
    ]  # fmt: skip


def _open_findings(programme: Programme) -> dict[Place, Deviation]:
    rows = Deviation.objects.filter(programme=programme, kind=KIND, closed_on=None).select_related("owner")
    return {Place(row.params["sector"], row.params["cost_type"]): row for row in rows}


# --- one place --------------------------------------------------------------------------------------------------


@require_safe
@programme_view("savings.view")
@shows_known_day
def reconciliation_place(
    request: HttpRequest, programme: Programme, sector: int, cost_type: int
) -> HttpResponse:
    """One sector and cost type: the bridge, its terms, month by month, and the rows behind one of them."""
    rows = Sector.objects.filter(programme=programme, pk=sector).first()
    kinds = CostType.objects.filter(programme=programme, pk=cost_type).first()
    if rows is None or kinds is None:
        raise Http404
    form = PeriodForm(request.GET, programme)
    (first, last), books, place = form.months, books_of(programme), Place(sector, cost_type)
    context = unit_context(request, "keur")
    unit = context["unit"]
    found, href = books.period(place, first, last), _place_address(programme, place, first, last, unit)
    name = f"{plain_text(rows)}, {plain_text(kinds)} {format_month(first)}\u2013{format_month(last)}"
    show = request.GET.get("show", "")
    behind = rows_behind(programme, books, place, show, first, last) if show in TERMS else None
    months = [(month, books.month(place, month)) for month in months_from(first, next_month(last))]
    context |= {
        "form": form, "sector": rows, "cost_type": kinds, "first": first, "last": last, "row": found,
        "line": Line(name, found, _cells(found, unit, href), beyond_threshold(programme, found)),
        "beside": [
            {"key": key, "label": label, "cents": getattr(found, key), "is_gross": key in GROSS,
             "href": f"{href}&show={key}#rows"}
            for key, label in BESIDE.items()
        ],
        "year_end": books.year_end.get((place, last.year)),
        "chart": bridge(
            found, place=name, unit=unit, ref=f"reconciliation.{rows.key}-{kinds.key}.{month_key(last)}",
            links={key: f"{href}&show={key}#rows" for key in STEPS if key in TERMS},
        ),
        "kinds_of_driver": _drivers_of(books, place, first, last),
        "months": [(month, Line(format_month(month), one, _cells(one, unit, ""))) for month, one in months],
        "columns": COLUMNS.items(), "show": show,
        "show_label": {**COLUMNS, **BESIDE}.get(show, ""), "show_gross": show in GROSS,
        "behind": None if behind is None else behind[:SHOWN_ROWS],
        "not_shown": max(0, len(behind or []) - SHOWN_ROWS),
        "behind_total": sum(one.eur_cents for one in behind or []),
        "finding": _open_findings(programme).get(place), "closed_through": books_closed_through(programme),
        "back": f"{reverse('measures:reconciliation', args=[programme.slug])}?first={month_key(first)}"
        f"&last={month_key(last)}&unit={unit}",
    }  # fmt: skip
    return TemplateResponse(request, "measures/reconciliation_place.html", context)


def _drivers_of(books: Books, place: Place, first: date, last: date) -> list[tuple[str, int]]:
    """Cents of the period by kind of driver."""
    labels = dict(CostDriver.Kind.choices)
    found = []
    for kind, by_month in books.drivers.get(place, {}).items():
        cents = sum(by_month.get(month, 0) for month in months_from(first, next_month(last)))
        if cents:
            found.append((str(labels.get(kind, kind)), cents))
    return found


# --- findings ---------------------------------------------------------------------------------------------------


class FindingForm(RowForm):
    """Who looks into a finding, by when, and what came of it; it is closed by a button of its own."""

    fieldsets = ((None, ("owner", "due_on", "state", "explanation", "action")),)

    class Meta:
        model = Deviation
        fields = ["owner", "due_on", "state", "explanation", "action"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        state = self.fields["state"]
        assert isinstance(state, forms.ChoiceField)
        state.choices = [choice for choice in Deviation.State.choices if choice[0] != Deviation.State.CLOSED]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        explained = cleaned.get("state") == Deviation.State.EXPLAINED
        if explained and not (cleaned.get("explanation") or "").strip():
            self.add_error("explanation", _("Write the explanation before it counts as explained or closed."))
        return cleaned


class ClosingForm(WithoutCodes):
    """The version of the finding as the person saw it."""

    version = forms.IntegerField(required=False)


@require_safe
@programme_view("savings.view")
def reconciliation_findings(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Findings with their owner, state and day, and whether the difference is still there."""
    context = unit_context(request, "keur")
    books = books_of(programme)
    rows = Deviation.objects.filter(programme=programme, kind=KIND).select_related("owner", "closed_by")
    names = _names(programme)
    listed = [_told(programme, books, row, names) for row in rows.order_by("due_on", "pk")]
    context |= {
        "standing": [one for one in listed if one["row"].closed_on is None],
        "closed": [one for one in listed if one["row"].closed_on is not None],
        "may_find": can(request.user, "finding.edit", programme), "today": programme.today(),
    }  # fmt: skip
    return TemplateResponse(request, "measures/finding_list.html", context)


def _names(programme: Programme) -> dict[str, dict[int, str]]:
    return {
        name: {row.pk: plain_text(row) for row in model.objects.filter(programme=programme)}  # type: ignore[attr-defined]
        for name, model in (("sector", Sector), ("cost_type", CostType))
    }


def _told(
    programme: Programme, books: Books, row: Deviation, names: dict[str, dict[int, str]]
) -> dict[str, Any]:
    """One finding with what its difference is now; a place that is gone has no figures any more."""
    place = Place(row.params["sector"], row.params["cost_type"])
    first, last = parse_month(row.params["first"]), parse_month(row.params["last"])
    now = books.period(place, first, last)
    return {
        "row": row,
        "sector": names["sector"].get(place.sector, row.cause_key),
        "cost_type": names["cost_type"].get(place.cost_type, ""),
        "first": first,
        "last": last,
        "now": now.unexplained,
        "is_gone": now.unexplained is not None and not beyond_threshold(programme, now),
        "href": _place_address(programme, place, first, last, "keur")
        if place.sector in names["sector"]
        else "",
    }


@require_POST
@programme_view("finding.edit")
def reconciliation_open(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Opens findings for the months of the page; a cause that is open already is not opened twice."""
    form = PeriodForm(request.POST, programme)
    first, last = form.months
    found = open_findings(programme=programme, first=first, last=last, by=request.user, on=programme.today())
    told = _("%(opened)s findings opened, %(changed)s carried on, %(within)s within the threshold.")
    messages.success(
        request, told % {"opened": found.opened, "changed": found.carried_on, "within": found.within}
    )
    return redirect("measures:reconciliation_findings", programme.slug)


def _finding(request: HttpRequest, programme: Programme, pk: int) -> Deviation:
    rows = Deviation.objects.filter(programme=programme, kind=KIND)
    found: Deviation = get_editable(rows, request.user, "finding.edit", pk=pk)
    return found


@both_ways
@programme_view("finding.edit")
def reconciliation_finding(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Owner, state, explanation and day of one finding."""
    row = _finding(request, programme, pk)
    told = _told(programme, books_of(programme), row, _names(programme))
    back = reverse("measures:reconciliation_findings", args=[programme.slug])
    context = unit_context(request, "keur") | {"told": told}
    title = _("%(sector)s, %(cost_type)s: unexplained") % told
    return edit_page(
        request,
        FindingForm,
        row,
        title=title,
        back=back,
        template="measures/finding_edit.html",
        context=context,
        save=partial(save_finding, save_edit, url=back),
    )


@require_POST
@programme_view("finding.edit")
def reconciliation_finding_close(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Closes a finding that is explained, or takes a closed one up again (`again`)."""
    row = _finding(request, programme, pk)
    form = ClosingForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else None
    try:
        if "again" in request.POST:
            reopen_finding(finding=row, by=request.user, version=version)
        else:
            close_finding(finding=row, by=request.user, on=programme.today(), version=version)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        if getattr(refused, "code", "") != CHANGED:
            return redirect("measures:reconciliation_finding", programme.slug, pk)
    return redirect("measures:reconciliation_findings", programme.slug)
