"""Money that pays for the change: sources, allocations, what was released and what was used."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import get_editable
from core.editing import RowForm, add_page, edit_page
from core.fields import DateField, EurCentsField, MonthField
from core.listing import Column, Listing
from core.permissions import can
from core.templatetags.ui import plain_text
from measures.forms import NamedField
from measures.models import Measure, Spending
from measures.selectors import funding as selectors
from measures.services.funding import release_funding
from measures.views.edits import both_ways
from programme import page_selectors as pages
from programme.access import programme_view
from programme.decisions import decision_fields
from programme.models import Allocation, FundingRelease, FundingSource, Programme

SPENDINGS = Listing(
    "measures:funding_uses",
    [
        Column("month", gettext_lazy("Month"), ("month", "pk"), starts_descending=True),
        Column("source", gettext_lazy("Source"), ("source__position",)),
        Column("allocation", gettext_lazy("Allocation"), ("allocation__position",)),
        Column("measure", gettext_lazy("Measure or project"), ("measure__code",)),
        Column("amount", gettext_lazy("Amount, €"), ("amount_eur_cents",), css="num", starts_descending=True),
        Column("note", gettext_lazy("Note")),
    ],
    default="-month",
)


class _Coded(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} {plain_text(obj)}"


class SpendingForm(RowForm):
    """Money used in one month."""

    source = NamedField(FundingSource.objects.all(), label=gettext_lazy("Source"))
    allocation = NamedField(Allocation.objects.all(), label=gettext_lazy("Allocation"), required=False)
    measure = _Coded(Measure.objects.all(), label=gettext_lazy("Measure"), required=False)
    month = MonthField(label=gettext_lazy("Month"))
    amount_eur_cents = EurCentsField(label=gettext_lazy("Amount, €"))
    reason_rule = "optional"

    class Meta:
        model = Spending
        fields = ["source", "allocation", "measure", "project", "month", "amount_eur_cents", "note"]


class ReleaseForm(RowForm):
    """A part of a reserved allocation set free by a decision."""

    to_allocation = NamedField(
        Allocation.objects.all(),
        label=gettext_lazy("Moved to"),
        required=False,
        help_text=gettext_lazy("Leave empty when the reserved part itself may now be used."),
    )
    amount_eur_cents = EurCentsField(label=gettext_lazy("Amount, €"))
    released_on = DateField(label=gettext_lazy("May be used from"))
    reason_rule = "required"

    class Meta:
        model = FundingRelease
        fields = ["amount_eur_cents", "to_allocation", "released_on"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        given = self.instance.allocation
        self.fields["to_allocation"].queryset = (  # type: ignore[attr-defined]
            Allocation.objects.filter(programme=self.programme, source_id=given.source_id).exclude(
                pk=given.pk
            )
        )
        self.fields |= decision_fields(self.programme, required=True)
        self.order_fields(
            [
                "amount_eur_cents",
                "to_allocation",
                "released_on",
                "body",
                "decided_on",
                "section",
                "case_number",
            ]
        )

    def _post_clean(self) -> None:
        """The row gets its decision, and is judged whole, in the service."""


@require_safe
@programme_view("funding.view")
def funding(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Each source with its allocations, their shares, what is left of them."""
    context = {
        "sources": selectors.funding_sources(programme),
        "releases": selectors.releases(programme),
        "notes": pages.statements_of(programme, "funding_note", "parallel_work"),
    }
    return TemplateResponse(request, "measures/funding.html", context)


@both_ways
@programme_view("funding.edit")
def funding_release(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Sets a part of a reserved allocation free by a decision."""
    rows = Allocation.objects.filter(programme=programme, state=Allocation.State.RESERVED)
    row = get_editable(rows.select_related("source"), request.user, "funding.edit", pk=pk)
    back = reverse("measures:funding", args=[programme.slug])

    def make(form: RowForm, by: Any) -> FundingRelease:
        given = form.cleaned_data
        return release_funding(
            allocation=row, to_allocation=given["to_allocation"], amount_eur_cents=given["amount_eur_cents"],
            released_on=given["released_on"], decision=given, reason=given["reason"], by=by,
        )  # fmt: skip

    return add_page(
        request, ReleaseForm, programme, title=_("Release reserved funding: %(name)s") % {"name": plain_text(row)},
        back=back, instance=FundingRelease(programme=programme, allocation=row),
        initial={"released_on": programme.today()}, make=make, done=lambda _row: back, told=_("Released."),
    )  # fmt: skip


def card_context(request: HttpRequest, programme: Programme, measure: Measure) -> dict[str, Any]:
    """What the measure has cost by source, for its card."""
    spent = selectors.spent_by_source(measure)
    return {
        "spent": spent,
        "total": sum(row.cents for row in spent),
        "may_record": can(request.user, "funding.edit", programme),
    }


@require_safe
@programme_view("funding.view")
def spending_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Every use of funding; filters by source, allocation, measure and year stand in the address."""
    listing = SPENDINGS.asked(request, programme)
    rows = _filtered(selectors.spendings(programme), request)
    sources = list(FundingSource.objects.filter(programme=programme).prefetch_related("allocations"))
    context = {
        "listing": listing,
        "page": listing.paged(listing.ordered(rows)),
        "total": rows.order_by().aggregate(cents=Sum("amount_eur_cents"))["cents"],
        "sources": sources,
        "years": list(Spending.objects.filter(programme=programme).dates("month", "year", order="DESC")),
        "chosen": {name: request.GET.get(name, "") for name in ("source", "allocation", "q", "year")},
    }
    return TemplateResponse(request, "measures/spending_list.html", context)


def _filtered(rows: Any, request: HttpRequest) -> Any:
    """The rows that the address asks for; what makes no sense in it is left out."""
    for name, field in (("source", "source_id"), ("allocation", "allocation_id"), ("year", "month__year")):
        if request.GET.get(name, "").isdecimal():
            rows = rows.filter(**{field: int(request.GET[name][:9])})
    words = request.GET.get("q", "").strip()
    if words:
        rows = rows.filter(
            Q(measure__code__iexact=words)
            | Q(measure__name_fi__icontains=words)
            | Q(project__name_fi__icontains=words)
            | Q(note__icontains=words)
        )
    return rows


@both_ways
@programme_view("funding.edit")
def spending_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """One more use of funding."""
    initial = {name: request.GET.get(name) for name in ("source", "allocation", "measure")}
    today = programme.today()
    return add_page(
        request, SpendingForm, programme, title=_("Record use of funding"),
        back=reverse("measures:funding_uses", args=[programme.slug]),
        instance=Spending(programme=programme, booked_on=today), initial=initial | {"month": today.replace(day=1)},
    )  # fmt: skip


@both_ways
@programme_view("funding.edit")
def spending_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Corrects one use of funding; what it was stays in the history."""
    row = get_editable(Spending.objects.filter(programme=programme), request.user, "funding.edit", pk=pk)
    row.programme = programme
    return edit_page(
        request, SpendingForm, row, title=_("Change use of funding"),
        back=reverse("measures:funding_uses", args=[programme.slug]),
    )  # fmt: skip
