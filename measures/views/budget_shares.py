"""What of the measures is taken into the budget of which year (R18)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.access import get_editable
from core.editing import RowForm, add_page, edit_page
from core.fields import EurCentsField
from core.history import own_context
from core.permissions import can
from core.templatetags.ui import plain_text
from measures.models import BudgetShare, BudgetVersion, Measure, SavingsLine
from measures.selectors.budget_shares import PlaceYear, line_years, shares_by_place
from measures.views.edits import both_ways, card_address, editable_measure
from measures.views.known import shows_known_day
from measures.views.shared import unit_context
from programme.access import programme_view
from programme.models import Programme


def card_context(request: HttpRequest, programme: Programme, measure: Measure) -> dict[str, Any]:
    """The part of the card: each line and year with its plan, what the budget has taken in, and the difference."""
    return {"rows": line_years(measure), "may_edit": can(request.user, "savings.edit", measure)}


@require_safe
@programme_view("savings.view")
@shows_known_day
def budget_shares(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Sectors x cost types x years: plan, forecast and what budgets have taken in."""
    places = shares_by_place(programme)
    years = sorted({year for place in places for year in place.years})
    context = unit_context(request)
    context |= {
        "as_of": programme.today(),
        "years": years,
        "tables": [
            {
                "year": year,
                "rows": [(place, place.years[year]) for place in places if year in place.years],
                "total": PlaceYear.together(place.years[year] for place in places if year in place.years),
            }
            for year in years
        ],
    }
    return TemplateResponse(request, "measures/budget_shares.html", context)


class _Lines(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{plain_text(obj.cost_type)}, {plain_text(obj.sector)} ({obj.get_permanence_display()})"


class _Budgets(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return budget_name(obj)


def budget_name(budget: BudgetVersion) -> str:
    """The year with the word of its version, and its own name when it has one."""
    told = _("original budget") if budget.number == 0 else _("amended budget %(n)s") % {"n": budget.number}
    return f"{budget.year}: {budget.name or told}"


class BudgetShareForm(RowForm):
    """How much of one line one year's budget has taken in."""

    line = _Lines(SavingsLine.objects.all(), label=gettext_lazy("Line"))
    amount_eur_cents = EurCentsField(
        unit="eur", label=gettext_lazy("Taken into the budget, €"),
        help_text=gettext_lazy("Signed like the effect: − is a saving. For example −240 000."),
    )  # fmt: skip
    budget = _Budgets(
        BudgetVersion.objects.all(), label=gettext_lazy("Which budget"), required=False,
        empty_label=gettext_lazy("not said"),
    )  # fmt: skip
    fieldsets = [(None, ["line", "year", "amount_eur_cents", "budget", "note"])]

    class Meta:
        model = BudgetShare
        fields = ["line", "year", "amount_eur_cents", "budget", "note"]
        labels = {"year": gettext_lazy("Year"), "note": gettext_lazy("Note")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["line"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = self.instance.measure.lines.select_related("sector", "cost_type")

    def _get_validation_exclusions(self) -> set[str]:
        """One amount for a line and year: the rule needs the programme, which is no field."""
        return super()._get_validation_exclusions() - {"programme", "measure"}  # type: ignore[misc,no-any-return]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        budget, year = cleaned.get("budget"), cleaned.get("year")
        if budget is not None and year is not None and budget.year != year:
            self.add_error("budget", _("This budget is of another year."))
        return cleaned


def _back(programme: Programme, code: str) -> str:
    return f"{card_address(programme, code)}#part-budget"


@both_ways
@programme_view("savings.edit")
def budget_share_add(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """One more year of a line; `line` and `year` in the address are filled in."""
    measure = editable_measure(request, programme, code, "savings.edit")
    back = _back(programme, code)
    asked = {name: request.GET.get(name, "") for name in ("line", "year")}
    initial = {name: int(value) for name, value in asked.items() if value.isascii() and value.isdigit()}
    return add_page(
        request, BudgetShareForm, programme, title=_("%(code)s: taken into the budget") % {"code": code}, back=back,
        instance=BudgetShare(programme=programme, measure=measure), initial=initial, done=lambda _row: back,
    )  # fmt: skip


@both_ways
@programme_view("savings.edit")
def budget_share_edit(request: HttpRequest, programme: Programme, code: str, pk: int) -> HttpResponse:
    share = _share(request, programme, code, pk)
    return edit_page(
        request, BudgetShareForm, share, title=_("%(code)s: taken into the budget") % {"code": code},
        back=_back(programme, code), template="measures/budget_share_edit.html",
    )  # fmt: skip


@require_POST
@programme_view("savings.edit")
def budget_share_remove(request: HttpRequest, programme: Programme, code: str, pk: int) -> HttpResponse:
    """Takes the amount away: nothing is said of that year any more. History keeps it."""
    share = _share(request, programme, code, pk)
    with own_context(user=request.user.pk):
        share.delete()
    messages.success(request, _("The amount was taken away."))
    return redirect(_back(programme, code))


def _share(request: HttpRequest, programme: Programme, code: str, pk: int) -> BudgetShare:
    rows = BudgetShare.objects.filter(programme=programme, measure__code=code).select_related(
        "measure__goal", "line"
    )
    share: BudgetShare = get_editable(rows, request.user, "savings.edit", pk=pk)
    share.measure.programme = programme
    return share
