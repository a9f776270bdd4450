"""What-if: changes that live in the address, their effect at once, and scenarios that keep them. No real row moves."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from core.access import get_editable
from core.editing import RowForm, add_page, edit_page
from core.history import own_context
from core.identity_codes import WithoutCodes
from core.pages import is_part
from core.permissions import can
from measures.charts.forecast import fan_chart
from measures.forecasting import results, showing, whatif
from measures.forecasting.said import unsaid_months
from measures.models import Confidence, Measure, Scenario
from measures.selectors.clock import books_closed_through
from measures.views.shared import unit_context
from programme.access import programme_view
from programme.models import Programme

#: With more measures than this the field offers no list, only takes a code.
OFFERED = 1500


class ChangeForm(WithoutCodes):
    """One more change: which measure, what happens to it, how much."""

    code = forms.CharField(label=gettext_lazy("Measure"), max_length=200)
    act = forms.ChoiceField(
        label=gettext_lazy("What if it were"),
        choices=[
            (whatif.WITHDRAW, gettext_lazy("withdrawn")),
            (whatif.DELAY, gettext_lazy("late by … months")),
            (whatif.SCALE, gettext_lazy("… % of its forecast")),
            (whatif.CONFIDENCE, gettext_lazy("of another confidence")),
        ],
    )
    value = forms.CharField(
        label=gettext_lazy("Months or per cent"), max_length=10, required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    level = forms.ChoiceField(label=gettext_lazy("Confidence"), choices=Confidence.choices, required=False)

    errors_of = {
        "measure": ("code", gettext_lazy("No measure with money has this code. Take one from the list.")),
        "act": ("act", gettext_lazy("Choose what happens to the measure.")),
        whatif.DELAY: ("value", gettext_lazy("Give whole months, from 1 to 36.")),
        whatif.SCALE: ("value", gettext_lazy("Give whole per cents, from 0 to 300: 80 keeps four fifths.")),
        whatif.CONFIDENCE: ("level", gettext_lazy("Choose a confidence.")),
    }

    def change(self, codes: Any) -> whatif.Change | None:
        """The change that was asked; None with the error at its field."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        value = given["level"] if given["act"] == whatif.CONFIDENCE else given["value"]
        # The list offers "T-041 Name of the measure": the code is its first word.
        code = (given["code"].split() or [""])[0]
        try:
            return whatif.checked(code, given["act"], value, codes)
        except whatif.BadChange as bad:
            field, message = self.errors_of[bad.code]
            self.add_error(field, message)
            return None


# --- the page ----------------------------------------------------------------------------------------------


@require_safe
@vary_on_headers("HX-Request", "HX-Boosted")
@programme_view("savings.view")
def whatif_page(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The changes of the address beside the present; a new one is taken into the address."""
    # NumPy takes a while to load: only who figures pays for it.
    from measures.forecasting.inputs import read_portfolio

    found = read_portfolio(programme)
    codes = {one.code for one in found.measures} if found else set()
    changes = whatif.parsed(request.GET.getlist("change"), codes)
    form, status = ChangeForm(), 200
    if "code" in request.GET:
        form = ChangeForm(request.GET)
        new = form.change(codes)
        if new is not None:
            changes = whatif.parsed([*map(str, changes), str(new)], codes)
            if not is_part(request):
                return redirect(_address(programme, changes, request))
            form = ChangeForm()
        else:
            status = 422
    context = unit_context(request) | _shared(request, programme)
    context |= {
        "form": form,
        "changes": _change_rows(programme, changes, request),
        "has_measures": found is not None,
    }
    if found is not None:
        context |= _compared(programme, found, changes, context["unit"])
    if codes and len(codes) <= OFFERED:
        context["offered"] = Measure.objects.filter(programme=programme, code__in=codes).order_by("code")
    if can(request.user, "scenario.save", programme) and changes:
        context["save_url"] = f"{_url(programme, 'scenario_add')}?{_query(changes)}"
    template = "measures/_whatif.html" if is_part(request) else "measures/whatif.html"
    response = TemplateResponse(request, template, context, status=status)
    if is_part(request) and status == 200:
        response["HX-Push-Url"] = _address(programme, changes, request)
    return response


def _shared(request: HttpRequest, programme: Programme) -> dict[str, Any]:
    return {
        "as_of": programme.today(), "closed_through": books_closed_through(programme),
        "quantity": showing.quantity(programme), "scenarios": _scenario_rows(request, programme),
    }  # fmt: skip


def _compared(programme: Programme, found: Any, changes: list[whatif.Change], unit: Any) -> dict[str, Any]:
    """Present and tried figures of the same draws, so that only the changes tell them apart."""
    from measures.forecasting.outlook import outlook
    from measures.forecasting.parameters import assumptions_of
    from measures.forecasting.trying import tried

    held, (target, base, _assessed) = assumptions_of(programme), results.aims(programme)
    draws = results.draws_at_once(held.draws, len(found.measures))
    kept = results.last_known(programme)
    is_same = kept is not None and kept.is_present and kept.result.draws == draws
    now = kept.result.outlook if kept and is_same else outlook(found, held, target, base, draws=draws)
    then = outlook(tried(found, changes), held, target, base, draws=draws) if changes else now
    chances = showing.chance_rows(then, target, programme, unit)
    lines = [] if str(programme.basis) != "level_change" else [
        (row.name, getattr(target, row.key) - (base or 0)) for row in chances
    ]  # fmt: skip
    return {
        "draws": draws, "is_fewer": draws < held.draws, "seed": held.seed,
        "figures": showing.compared_figures(now, then, unit),
        "chances": showing.compared_chances(now, then, target, programme, unit),
        "years": showing.compared_years(now, then, unit),
        "chart": fan_chart(
            now, closed=found.clock.closed_through, targets=lines, unit=unit, tried=then if changes else None,
            unsaid=unsaid_months(programme),
        ),
    }  # fmt: skip


# --- changes and scenarios as the page lists them ----------------------------------------------------------


def _change_rows(
    programme: Programme, changes: list[whatif.Change], request: HttpRequest
) -> list[dict[str, Any]]:
    names = {
        measure.code: measure
        for measure in Measure.objects.filter(programme=programme, code__in=[one.code for one in changes])
    }
    return [
        {
            "change": one, "name": names.get(one.code, ""), "words": showing.change_words(one),
            "without": _address(programme, [other for other in changes if other != one], request),
        }
        for one in changes
    ]  # fmt: skip


def _scenario_rows(request: HttpRequest, programme: Programme) -> list[dict[str, Any]]:
    """The person's own scenarios and those that others show."""
    rows = list(
        Scenario.objects.filter(
            Q(owner=request.user) | Q(is_shared=True), programme=programme
        ).select_related("owner")
    )
    pks = {
        row["measure"] for one in rows for row in one.changes if isinstance(row, dict) and "measure" in row
    }
    codes = dict(Measure.objects.filter(programme=programme, pk__in=pks).values_list("pk", "code"))
    return [
        {
            "scenario": one, "is_own": one.owner_id == request.user.pk, "count": len(one.changes),
            "url": _address(programme, whatif.from_rows(one.changes, codes), request),
        }
        for one in rows
    ]  # fmt: skip


def _url(programme: Programme, name: str, *args: Any) -> str:
    return reverse(f"measures:forecast_{name}", args=[programme.slug, *args])


def _query(changes: list[whatif.Change]) -> str:
    return urlencode([("change", str(one)) for one in changes])


def _address(programme: Programme, changes: list[whatif.Change], request: HttpRequest) -> str:
    """The page with these changes; the unit of money stays."""
    parts = [_query(changes)]
    if request.GET.get("unit"):
        parts.append(urlencode({"unit": request.GET["unit"]}))
    query = "&".join(part for part in parts if part)
    return f"{_url(programme, 'whatif')}{'?' if query else ''}{query}"


# --- keeping a scenario ------------------------------------------------------------------------------------


class ScenarioForm(RowForm):
    """Name of a scenario, and whether others see it."""

    class Meta:
        model = Scenario
        fields = ["name", "is_shared"]
        help_texts = {"is_shared": gettext_lazy("Others may open it; only you change it.")}


both_ways = require_http_methods(["GET", "HEAD", "POST"])


@both_ways
@programme_view("scenario.save")
def scenario_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Keeps the changes of the address under a name."""
    pks = dict(Measure.objects.filter(programme=programme).values_list("code", "pk"))
    changes = whatif.parsed(request.GET.getlist("change"), pks)
    back = _address(programme, changes, request)
    by: Any = request.user
    empty = Scenario(programme=programme, owner=by, changes=whatif.as_rows(changes, pks))
    return add_page(
        request, ScenarioForm, programme, title=_("Keep these changes as a scenario"), back=back, instance=empty,
        done=lambda _row: back, told=_("The scenario is kept."),
        context={"action": request.get_full_path()},
    )  # fmt: skip


def _own(request: HttpRequest, programme: Programme, pk: int) -> Scenario:
    """The person's own scenario; anybody else's is not there."""
    rows = Scenario.objects.filter(programme=programme, owner=request.user.pk)
    found: Scenario = get_editable(rows, request.user, "scenario.save", pk=pk)
    return found


@both_ways
@programme_view("scenario.save")
def scenario_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Another name, or shown to others."""
    return edit_page(
        request, ScenarioForm, _own(request, programme, pk), title=_("Change the scenario"),
        back=_url(programme, "whatif"),
    )  # fmt: skip


@require_POST
@programme_view("scenario.save")
def scenario_remove(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Takes the scenario away; its history keeps it."""
    scenario = _own(request, programme, pk)
    with own_context(user=request.user.pk):
        scenario.delete()
    messages.success(request, _("%(name)s was removed.") % {"name": scenario.name})
    return redirect("measures:forecast_whatif", programme.slug)
