"""The deficit path: what is to be covered, by when, and what each year brings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import get_editable
from core.editing import RowForm, add_page, edit_page
from core.fields import DateField, EurCentsField
from core.history import own_context
from core.money import Unit
from core.permissions import can
from measures.charts.deficit import deficit_chart
from measures.forecasting import deficit_rows
from measures.selectors.clock import books_closed_through
from measures.selectors.deficit import Found, deficit_path
from measures.views.shared import unit_context
from programme.access import programme_view
from programme.models import DeficitPath, Programme, YearResult

both_ways = require_http_methods(["GET", "HEAD", "POST"])


class PathForm(RowForm):
    """What is to be covered, and by when."""

    opening_deficit_eur_cents = EurCentsField(
        unit="eur", label=gettext_lazy("Deficit to be covered, €"),
        help_text=gettext_lazy("As a positive amount, for example 50 000 000 or 50 M€."),
    )  # fmt: skip

    class Meta:
        model = DeficitPath
        fields = [
            "opening_year", "opening_deficit_eur_cents", "cover_year_by_law", "own_target_year", "source_note",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        start = given.get("opening_year")
        for name in ("cover_year_by_law", "own_target_year"):
            if start and given.get(name) and not start < given[name] <= start + 20:
                self.add_error(name, _("Give a year after the opening year, at most 20 years later."))
        return given


class ResultForm(RowForm):
    """One year's result as stated on a day."""

    result_eur_cents = EurCentsField(
        unit="eur", label=gettext_lazy("Result, €"),
        help_text=gettext_lazy("Surplus with +, deficit with −, for example −38 M€."),
    )  # fmt: skip
    stated_on = DateField(label=gettext_lazy("Stated on"))

    class Meta:
        model = YearResult
        fields = ["year", "kind", "result_eur_cents", "includes_programme", "stated_on", "source_note"]
        help_texts = {
            "includes_programme": gettext_lazy(
                "Marked when the figure counts on the measures already: then the portal adds nothing to it."
            )
        }

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if not 1990 <= year <= 2100:
            raise forms.ValidationError(_("Give the year in four digits."))
        return year


# --- pages -------------------------------------------------------------------------------------------------


def _address(programme: Programme) -> str:
    return reverse("measures:deficit_path", args=[programme.slug])


@require_safe
@programme_view("savings.view")
def path_page(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The path by year with the programme's effect, its chart, and the results it rests on."""
    found, context = deficit_path(programme), unit_context(request)
    unit: Unit = context["unit"]
    context |= {
        "as_of": programme.today(), "closed_through": books_closed_through(programme), "found": found,
        "may_edit": can(request.user, "deficit.edit", programme),
        "results": [(row, deficit_rows.signed(row.result_eur_cents, unit)) for row in found.results],
    }  # fmt: skip
    if found.row is not None and found.path is not None:
        context |= _path_context(found, unit)
    return TemplateResponse(request, "measures/deficit_path.html", context)


def _path_context(found: Found, unit: Unit) -> dict[str, Any]:
    row, path = found.row, found.path
    assert row is not None and path is not None
    return {
        "years": deficit_rows.year_rows(found, unit),
        "answers": deficit_rows.answers(found),
        "opening": deficit_rows.plain(row.opening_deficit_eur_cents, unit),
        "chart": deficit_chart(
            row.opening_year, row.opening_deficit_eur_cents, path, law=row.cover_year_by_law, own=row.own_target_year,
            unit=unit,
        ),
    }  # fmt: skip


@both_ways
@programme_view("deficit.edit")
def path_edit(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Gives the path, or changes it."""
    row, back = DeficitPath.objects.filter(programme=programme).first(), _address(programme)
    title = _("Deficit to be covered")
    if row is None:
        return add_page(request, PathForm, programme, title=title, back=back, done=lambda _row: back)
    return edit_page(request, PathForm, row, title=title, back=back)


@both_ways
@programme_view("deficit.edit")
def result_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A year's result as stated on a day."""
    back = _address(programme)
    return add_page(
        request, ResultForm, programme, title=_("Add a year's result"), back=back, done=lambda _row: back,
        initial={"stated_on": programme.today()},
    )  # fmt: skip


def _result(request: HttpRequest, programme: Programme, pk: int) -> YearResult:
    found: YearResult = get_editable(
        YearResult.objects.filter(programme=programme), request.user, "deficit.edit", pk=pk
    )
    return found


@both_ways
@programme_view("deficit.edit")
def result_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Mends a stated result."""
    row = _result(request, programme, pk)
    return edit_page(
        request, ResultForm, row, title=_("Result of %(year)s") % {"year": row.year}, back=_address(programme)
    )


@require_POST
@programme_view("deficit.edit")
def result_remove(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Takes a stated result away; its history keeps it."""
    row = _result(request, programme, pk)
    with own_context(user=request.user.pk):
        row.delete()
    messages.success(request, _("The result of %(year)s was removed.") % {"year": row.year})
    return redirect(_address(programme))
