"""Forms of themes of the vision, main lines, and the balancing programme."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.editing import RowForm
from core.fields import EurCentsField
from core.templatetags.ui import plain_text
from core.text import LANGUAGES
from kpis.models import Indicator
from programme.decisions import DECISION_FIELDS, decision_fields, is_given
from strategy.models import BalancingPrinciple, BalancingProgramme, MainLine, VisionIndicator, VisionTheme


def _in_languages(*names: str) -> list[str]:
    return [f"{name}_{language}" for name in names for language in LANGUAGES]


def _plain(form: RowForm, *names: str) -> None:
    """Names of rows in the reader's language, without a mark."""
    for name in names:
        form.fields[name].label_from_instance = plain_text  # type: ignore[attr-defined]


class ThemeForm(RowForm):
    """A theme of the vision or a sub-theme, and the indicators that follow it."""

    indicators = forms.ModelMultipleChoiceField(
        Indicator.objects.all(), label=gettext_lazy("Indicators that follow it"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    links = {"indicators": VisionIndicator}
    fieldsets = [(None, ["number", *_in_languages("name"), "parent", "indicators"])]

    class Meta:
        model = VisionTheme
        fields = ["number", *_in_languages("name"), "parent", "indicators"]
        labels = {"number": gettext_lazy("Number"), "parent": gettext_lazy("Sub-theme of")}

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        tops: Any = self.fields["parent"]
        tops.queryset = tops.queryset.filter(parent=None).exclude(pk=self.instance.pk)
        _plain(self, "parent", "indicators")


class LineForm(RowForm):
    """A main line of the service strategy, word for word."""

    fieldsets = [(None, ["number", *_in_languages("name", "text"), "spearhead", "document"])]

    class Meta:
        model = MainLine
        fields = ["number", *_in_languages("name", "text"), "spearhead", "document"]
        labels = {"document": gettext_lazy("Document")}

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        _plain(self, "spearhead", "document")


class BalancingForm(RowForm):
    """The balancing programme: years, basis, when it was confirmed, target."""

    target_eur_cents = EurCentsField(unit="meur", label=gettext_lazy("Target, M€"), required=False)
    text_labels = {"basis": gettext_lazy("Basis"), "confirmed": gettext_lazy("Confirmed")}
    fieldsets = [
        (
            None,
            [
                *_in_languages("name"),
                "start_year",
                "end_year",
                *_in_languages("basis", "confirmed"),
                "target_eur_cents",
            ],
        )
    ]

    class Meta:
        model = BalancingProgramme
        fields = [
            *_in_languages("name"),
            "start_year",
            "end_year",
            *_in_languages("basis", "confirmed"),
            "target_eur_cents",
        ]
        labels = {"start_year": gettext_lazy("First year"), "end_year": gettext_lazy("Last year")}


class PrincipleForm(RowForm):
    """A principle of balancing: its words, how it goes, and whether it was turned to."""

    reason_rule = "optional"
    text_labels = {"condition": gettext_lazy("Condition")}
    fieldsets = [
        (None, [*_in_languages("name"), "state_note", "is_turned_to"]),
        (gettext_lazy("Decision to turn to it"), [*DECISION_FIELDS, "reason"]),
        (gettext_lazy("Condition"), _in_languages("condition"), "folded"),
    ]

    class Meta:
        model = BalancingPrinciple
        fields = [*_in_languages("name"), "state_note", "is_turned_to", *_in_languages("condition")]
        labels = {"is_turned_to": gettext_lazy("It was turned to")}

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        asked = decision_fields(self.programme, required=False)
        asked["decided_on"].widget.attrs |= {
            "inputmode": "numeric",
            "autocomplete": "off",
            "class": "input--date",
        }
        self.fields |= asked

    @property
    def has_decision(self) -> bool:
        return is_given(self.cleaned_data)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        conditional = any(cleaned.get(f"condition_{language}") for language in LANGUAGES)
        turns = cleaned.get("is_turned_to") and conditional and not self.instance.turned_by_id
        for name in ("body", "decided_on"):
            if not cleaned.get(name) and (turns or is_given(cleaned)) and name not in self.errors:
                self.add_error(
                    name, _("A conditional principle is turned to by a decision: say whose and when.")
                )
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        # The decision is made when the form is saved: the database asks for it then.
        return {*super()._get_validation_exclusions(), "turned_by"}  # type: ignore[misc]

    def validate_constraints(self) -> None:
        """The decision that the constraint asks for is made when the form is saved."""
