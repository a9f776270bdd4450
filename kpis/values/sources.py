"""Sources other than Sotkanet: what people enter, surveys, files, and what is worked out from other indicators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import get_editable
from core.editing import RowForm, add_page, edit_page, save_new
from kpis.models import Indicator, SourceLink
from kpis.services import save_and_judge
from kpis.values.derived import CYCLE, add_derived, closes_circle
from kpis.values.entering import OWN_KINDS
from kpis.values.indicator_views import both_ways, crumbs, editable_indicator
from measures.forms import NamedField, NamedListField
from programme.access import programme_view
from programme.forms.structure import NAMES
from programme.models import Programme

Kind = SourceLink.Kind
KINDS = (*OWN_KINDS, Kind.DERIVED)
TITLES = {
    Kind.MANUAL: gettext_lazy("Add a source: entered by hand"),
    Kind.SURVEY: gettext_lazy("Add a source: a survey"),
    Kind.FILE: gettext_lazy("Add a source: a file"),
    Kind.DERIVED: gettext_lazy("Add a source: worked out from other indicators"),
}


class OwnSourceForm(RowForm):
    """A survey, a register or a file: its name, and whether it is still used."""

    class Meta:
        model = SourceLink
        fields = [*NAMES, "is_ended"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk is None:
            del self.fields["is_ended"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not any(cleaned.get(name) for name in NAMES) and not self.has_error(NAMES[0]):
            self.add_error(NAMES[0], gettext_lazy("Give the name in at least one language."))
        if self.instance.is_ended and cleaned.get("is_ended") is False and closes_circle(self.instance):
            self.add_error("is_ended", CYCLE)
        return cleaned


class DerivedForm(RowForm):
    """What is worked out, from which indicators."""

    formula = forms.ChoiceField(label=gettext_lazy("How it is worked out"), choices=[])
    top = NamedListField(
        Indicator.objects.all(), label=gettext_lazy("What is counted"), required=False,
        help_text=gettext_lazy("Several are added together. Of a change, the one that changes."),
    )  # fmt: skip
    bottom = NamedField(
        Indicator.objects.all(), label=gettext_lazy("Divided by"), required=False,
        help_text=gettext_lazy("For a ratio, a rate or a share."),
    )  # fmt: skip

    class Meta:
        model = SourceLink
        fields = ["formula", *NAMES]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["formula"].choices = SourceLink.Formula.choices  # type: ignore[attr-defined]
        others = Indicator.objects.filter(programme=self.programme).exclude(pk=self.instance.indicator_id)
        for name in ("top", "bottom"):
            self.fields[name].queryset = others  # type: ignore[attr-defined]
        self.order_fields(["formula", "top", "bottom", *NAMES])


@both_ways
@programme_view("kpi.edit")
def own_source_add(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """A new source of the kind that `?kind=` names: manual, survey, file or derived."""
    indicator = editable_indicator(request, programme, pk, "kpi.edit")
    asked = request.GET.get("kind", "")
    kind = Kind(asked) if asked in KINDS else Kind.MANUAL
    back = reverse("kpis:value_list", args=[programme.slug, indicator.pk])
    link = SourceLink(programme=programme, indicator=indicator, kind=kind, key=free_key(indicator, kind))
    link.position = indicator.source_links.count() + 1
    is_derived = kind == Kind.DERIVED
    return add_page(
        request, DerivedForm if is_derived else OwnSourceForm, programme, title=TITLES[kind], back=back,
        done=lambda _row: back, instance=link, make=_make_derived if is_derived else save_new,
        template="kpis/value_source_edit.html",
        context={"up": crumbs(indicator), "indicator": indicator, "kind": kind, "kinds": [Kind(one) for one in KINDS]},
    )  # fmt: skip


def free_key(indicator: Indicator, kind: str) -> str:
    """A key that the indicator's sources do not have yet: survey-1."""
    taken = set(indicator.source_links.values_list("key", flat=True))
    return next(key for number in range(1, len(taken) + 2) if (key := f"{kind}-{number}") not in taken)


def _make_derived(form: RowForm, by: Any) -> SourceLink:
    said = form.cleaned_data
    return add_derived(
        link=form.instance, top=list(said["top"]), bottom=[said["bottom"]] if said["bottom"] else [], by=by
    )


@both_ways
@programme_view("kpi.edit")
def own_source_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """The name of a source, and whether it is still used. What it is worked out from stays: end it and add another."""
    rows = SourceLink.objects.filter(programme=programme, kind__in=KINDS).select_related("indicator")
    link: SourceLink = get_editable(rows, request.user, "kpi.edit", pk=pk)
    link.programme = link.indicator.programme = programme
    return edit_page(
        request, OwnSourceForm, link, title=_("Edit the source"), save=save_and_judge,
        back=reverse("kpis:value_list", args=[programme.slug, link.indicator_id]),
        template="kpis/value_source_edit.html", context={"up": crumbs(link.indicator), "indicator": link.indicator},
    )  # fmt: skip
