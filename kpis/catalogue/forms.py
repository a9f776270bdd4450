"""Forms that link an indicator to Sotkanet and edit its sources."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.db import retrying
from core.editing import RowForm
from core.editing.pages import CHANGED, TAKEN
from core.editing.saving import Saved
from core.history import own_context
from core.identity_codes import WithoutCodes
from core.templatetags.ui import plain_text
from kpis.catalogue import linking
from kpis.models import CatalogueIndicator, CatalogueRegion, Indicator, IndicatorGroup, SourceLink
from kpis.regions import COUNTIES, COUNTY, NATIONAL, key_of, names_of, own_key, split_key
from kpis.services import save_and_judge
from kpis.values.derived import CYCLE, closes_circle
from measures.forms import NamedField
from programme.models import Direction

#: Categories of regions to choose from, in this order; the others are of no use to a county.
CATEGORIES = {
    COUNTY: gettext_lazy("wellbeing services counties"),
    NATIONAL: gettext_lazy("whole country"),
    "MAAKUNTA": gettext_lazy("regions"),
    "KUNTA": gettext_lazy("municipalities"),
}


def region_choices(programme: Any, chosen: str = "") -> list[tuple[str, Any]]:
    """The county itself first, then regions by category and name; what is chosen stays even when it is gone."""
    own = own_key(programme)
    counties = [county.key for county in COUNTIES]
    others = CatalogueRegion.objects.filter(category__in=list(CATEGORIES)[2:], retired_at=None)
    rows: dict[str, list[tuple[str, str]]] = {category: [] for category in CATEGORIES}
    for row in others:
        rows[row.category].append((row.key, row.name or row.code))
    named = names_of([own, *counties, NATIONAL, *([chosen] if chosen else [])])
    rows[COUNTY] = [(key, named[key]) for key in counties]
    rows[NATIONAL] = [(NATIONAL, named[NATIONAL])]
    itself = _("the county itself: %(name)s") % {"name": named[own]} if own else _("the county itself")
    found: list[tuple[str, Any]] = [("", itself)]
    if chosen and not any(chosen == key for part in rows.values() for key, _name in part):
        found.append((chosen, named[chosen]))
    found += [
        (str(label), sorted(rows[category], key=lambda pair: pair[1].casefold()))
        for category, label in CATEGORIES.items()
        if rows[category]
    ]
    return found


class GroupField(forms.ModelChoiceField):
    """A group of an indicator, under the indicator's name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{plain_text(obj.indicator)}: {plain_text(obj)}"


class PlaceForm(RowForm):
    """Whose figures a source gives: the region is chosen by name."""

    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        chosen = key_of(
            getattr(self.instance, "region_category", ""), getattr(self.instance, "region_code", "")
        )
        region: Any = self.fields["region"]
        region.choices = region_choices(self.programme, chosen)
        self.initial.setdefault("region", chosen)

    def place(self) -> dict[str, Any]:
        """Region, gender and group as services take them."""
        return {
            "region": self.cleaned_data.get("region") or "",
            "gender": self.cleaned_data["gender"],
            "group": self.cleaned_data.get("group"),
        }


class SeenForm(PlaceForm):
    """A form that confirms what the catalogue says: it carries there and back what was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    #: Set by `form_about`.
    row: CatalogueIndicator | None = None

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.initial["seen"] = linking.fingerprint(self.row)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        try:
            linking.check_seen(self.row, cleaned.get("seen") or "")
        except forms.ValidationError as refused:
            self.add_error(None, refused)
        return cleaned


class LinkForm(SeenForm):
    """Which indicator of ours takes its figures from Sotkanet's, of which region, gender and group."""

    indicator = NamedField(Indicator.objects.all(), label=gettext_lazy("Our indicator"))
    group = GroupField(
        IndicatorGroup.objects.select_related("indicator").order_by("indicator__position", "position"),
        label=gettext_lazy("Group"),
        required=False,
        help_text=gettext_lazy(
            "Only when the figures are of one group of the indicator, an age group for example."
        ),
    )
    field_order = ("indicator", "region", "gender", "group")

    class Meta:
        model = SourceLink
        fields = ["indicator", "gender", "group"]

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        ours: Any = self.fields["indicator"]
        ours.queryset = ours.queryset.exclude(state=Indicator.State.ENDED)
        group: Any = self.fields["group"]
        if not group.queryset.exists():
            del self.fields["group"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        group, indicator = cleaned.get("group"), cleaned.get("indicator")
        if group is not None and indicator is not None and group.indicator_id != indicator.pk:
            self.add_error("group", _("The group is another indicator's."))
        return cleaned


class NewIndicatorForm(SeenForm):
    """A new indicator of ours that takes its figures from Sotkanet's."""

    better = forms.ChoiceField(
        label=gettext_lazy("Better when it goes"), choices=[("", ""), *Direction.choices], widget=forms.Select
    )
    gender = forms.ChoiceField(label=gettext_lazy("Gender"), choices=SourceLink.Gender.choices)
    field_order = ("name_fi", "name_sv", "name_en", "unit", "better", "scope", "region", "gender")

    class Meta:
        model = Indicator
        fields = ["name_fi", "name_sv", "name_en", "unit", "better", "scope"]
        labels = {"scope": gettext_lazy("Followed as a part of"), "unit": gettext_lazy("Unit")}


class SourceForm(PlaceForm):
    """A source of an indicator: its place among the others, whose figures it gives, whether it is still read.

    Whose figures it gives is settled once it has given some: other figures are another source.
    """

    group = GroupField(IndicatorGroup.objects.all(), label=gettext_lazy("Group"), required=False)
    field_order = ("position", "region", "gender", "group", "is_ended")

    class Meta:
        model = SourceLink
        fields = ["position", "gender", "group", "is_ended"]
        labels = {"position": gettext_lazy("Place in the order")}
        help_texts = {"is_ended": gettext_lazy("Its values stay; no new ones are read.")}

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        group: Any = self.fields["group"]
        group.queryset = group.queryset.filter(indicator=self.instance.indicator_id).select_related(
            "indicator"
        )
        settled = linking.has_values(self.instance)
        if settled or not group.queryset.exists():
            del self.fields["group"]
        if settled or not self.instance.sotkanet_id:
            del self.fields["region"], self.fields["gender"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.is_ended and cleaned.get("is_ended") is False and closes_circle(self.instance):
            self.add_error("is_ended", CYCLE)
        return cleaned


class ConfirmForm(WithoutCodes):
    """Says that Sotkanet's title, as shown, is the one our source means."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)


def form_about(form_class: type[SeenForm], row: CatalogueIndicator | None) -> type[SeenForm]:
    """The form class with the row of the catalogue that it confirms."""
    return type(form_class.__name__, (form_class,), {"row": row, "__doc__": form_class.__doc__})


def make_link(form: Any, by: Any) -> SourceLink:
    """Stores what a LinkForm says."""
    return linking.link(
        indicator=form.cleaned_data["indicator"], row=form.row, by=by, on=timezone.localdate(), **form.place()
    )


def make_indicator(form: Any, by: Any) -> SourceLink:
    """Stores what a NewIndicatorForm says."""
    form.instance.decimals = form.row.decimals
    return linking.link_new(
        indicator=form.instance, row=form.row, by=by, on=timezone.localdate(), **form.place()
    )


@retrying
def save_source(form: Any, by: Any) -> Saved:
    """Stores what a SourceForm says. The region is no field of the row: it is kept by category and code."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        saved = save_and_judge(form, by)
        if "region" not in form.changed_data:
            return saved
        was, wanted = split_key(form.initial["region"]), split_key(form.cleaned_data["region"] or "")
        same = SourceLink.objects.filter(pk=saved.row.pk, region_category=was[0], region_code=was[1])
        if not same.update(region_category=wanted[0], region_code=wanted[1], updated_by=by):
            raise ValidationError({"region": TAKEN}, code=CHANGED)
        return replace(saved, changed=[*saved.changed, form.fields["region"].label])
