"""Own and bought production: which way services are produced, what each way has cost, what was analysed."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import get_editable
from core.editing import RowForm, add_page, edit_page
from core.fields import EurCentsField
from core.permissions import can
from core.templatetags.ui import plain_text
from measures.forms import GoalField, NamedField, all_goals
from measures.models import Service, ServiceYear
from measures.selectors.production import service_costs
from measures.views.edits import both_ways
from programme.access import programme_view
from programme.models import Decision, Programme, Sector


class ServiceForm(RowForm):
    """A service, what was thought of its ways of production, and the decision to buy it."""

    sector = NamedField(Sector.objects.all(), label=gettext_lazy("Sector"))
    goal = GoalField(all_goals(), label=gettext_lazy("Goal"), required=False)
    decision = forms.ModelChoiceField(
        Decision.objects.all(), label=gettext_lazy("Purchase decision"), required=False
    )
    reason_rule = "optional"

    class Meta:
        model = Service
        fields = ["name_fi", "name_sv", "name_en", "sector", "goal", "analysis", "decision"]


class ServiceYearForm(RowForm):
    """What a service cost in one year."""

    own_eur_cents = EurCentsField(label=gettext_lazy("Own production, €"), required=False)
    bought_eur_cents = EurCentsField(label=gettext_lazy("Bought, €"), required=False)
    reason_rule = "optional"

    class Meta:
        model = ServiceYear
        fields = ["year", "own_eur_cents", "bought_eur_cents", "is_plan", "source"]


@require_safe
@programme_view("savings.view")
def production_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Every service by year: own, bought, and the share that is bought."""
    context = {
        "services": service_costs(programme),
        "may_edit": can(request.user, "finding.edit", programme),
    }
    return TemplateResponse(request, "measures/production_list.html", context)


def _back(programme: Programme) -> str:
    return reverse("measures:production_list", args=[programme.slug])


@both_ways
@programme_view("finding.edit")
def service_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """One more service to follow."""
    return add_page(
        request, ServiceForm, programme, title=_("Add a service"), back=_back(programme),
        done=lambda _row: _back(programme),
    )  # fmt: skip


@both_ways
@programme_view("finding.edit")
def service_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Name, sector, analysis and purchase decision of a service."""
    row = get_editable(Service.objects.filter(programme=programme), request.user, "finding.edit", pk=pk)
    return edit_page(
        request, ServiceForm, row, title=_("Edit service: %(name)s") % {"name": plain_text(row)},
        back=_back(programme),
    )  # fmt: skip


@both_ways
@programme_view("finding.edit")
def service_year_add(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """What the service cost in one more year."""
    service = get_editable(Service.objects.filter(programme=programme), request.user, "finding.edit", pk=pk)
    years = [row.year for row in service.years.all()]
    return add_page(
        request, ServiceYearForm, programme, title=_("%(name)s: add a year") % {"name": plain_text(service)},
        back=_back(programme), instance=ServiceYear(programme=programme, service=service),
        initial={"year": max(years, default=programme.start_year - 1) + 1}, done=lambda _row: _back(programme),
    )  # fmt: skip


@both_ways
@programme_view("finding.edit")
def service_year_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Corrects what a service cost in a year."""
    rows = ServiceYear.objects.filter(programme=programme).select_related("service")
    row = get_editable(rows, request.user, "finding.edit", pk=pk)
    return edit_page(
        request, ServiceYearForm, row, title=f"{plain_text(row.service)} {row.year}", back=_back(programme)
    )
