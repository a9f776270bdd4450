"""Forms of funding sources and what is allocated of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import EurCentsField
from programme.forms.fields import PercentField
from programme.forms.structure import NAMES, KeyedForm
from programme.models import Allocation, AllocationGoal, FundingSource, Goal

GRANTED_BY = ["granted_by_fi", "granted_by_sv", "granted_by_en"]
STATUS = ["status_fi", "status_sv", "status_en"]


class SourceForm(KeyedForm):
    text_labels = {"granted_by": _("Granted by"), "status": _("State of the decision")}
    fieldsets = [
        (None, NAMES),
        (_("Money"), ["kind", "total_eur_cents"]),
        (_("Decision"), [*GRANTED_BY, *STATUS]),
    ]

    total_eur_cents = EurCentsField(
        unit="eur",
        required=False,
        label=_("Total, €"),
        help_text=_("Gross and positive, for example 12 500 000. Leave empty when the source does not say."),
    )

    class Meta:
        model = FundingSource
        fields = [*NAMES, "kind", "total_eur_cents", *GRANTED_BY, *STATUS]
        labels = {"kind": _("Kind")}

    def clean_total_eur_cents(self) -> int | None:
        cents: int | None = self.cleaned_data["total_eur_cents"]
        if cents is not None and cents < 0:
            raise forms.ValidationError(_("Funding is given as a positive amount."))
        return cents


class GoalBoxes(forms.ModelMultipleChoiceField):
    """Goals to mark, with their numbers."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number}. {obj.name}"


class AllocationForm(KeyedForm):
    siblings = ("source",)
    links = {"goals": AllocationGoal}
    fieldsets = [
        (None, [*NAMES, "source"]),
        (_("Share of the total"), ["share_low", "share_high", "final_share", "state"]),
        (_("What it serves"), ["theme", "goals"]),
    ]

    share_low = PercentField(label=_("Lowest share, %"))
    share_high = PercentField(label=_("Highest share, %"))
    final_share = PercentField(
        label=_("Final share, %"),
        help_text=_("Given when it is settled. All final shares must come to 100 %."),
    )
    goals = GoalBoxes(label=_("Goals"), queryset=Goal.objects.filter(parent=None), required=False)

    class Meta:
        model = Allocation
        fields = [*NAMES, "source", "share_low", "share_high", "final_share", "state", "theme", "goals"]
        labels = {"source": _("Funding source"), "state": _("State"), "theme": _("Theme")}

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        goals: Any = self.fields["goals"]
        goals.queryset = goals.queryset.order_by("theme__number", "number")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        low, high = cleaned.get("share_low"), cleaned.get("share_high")
        if low is not None and high is not None and low > high:
            self.add_error("share_high", _("The lowest share must not exceed the highest."))
        return cleaned
