"""Forms that give a money target a new value, correct one to come, and begin a target."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core.editing import RowForm
from core.fields import DateField, EurCentsField
from programme.models import Target
from programme.targets_editing import NewValue, becomes_cost

AMOUNTS = ("value_eur_cents", "cautious_eur_cents", "full_eur_cents")
SIGNS = _("− saving, + investment. In M€, for example −78 or −54,2.")

IS_IT_INVESTMENT = _(
    "A figure above zero means that costs rise. Do you mean an investment? For a saving, write a minus before it."
)


class NewValueForm(RowForm):
    """A figure or a pair, its first day, why, and who decided. Asks again when a saving becomes a cost."""

    #: The figures that hold before; None for a target that begins.
    before: dict[str, int | None] | None = None
    fieldsets = [
        (_("One value"), ["value_eur_cents"]),
        (_("Or a pair of scenarios"), ["cautious_eur_cents", "full_eur_cents"], "folded"),
        (_("From when and why"), ["is_investment", "valid_from", "reason", "decision_reference"]),
    ]

    value_eur_cents = EurCentsField(unit="meur", label=_("Value, M€"), required=False, help_text=SIGNS)
    cautious_eur_cents = EurCentsField(
        unit="meur", label=_("Cautious end, M€"), required=False, help_text=_("− saving, + investment.")
    )
    full_eur_cents = EurCentsField(
        unit="meur", label=_("Full end, M€"), required=False, help_text=_("− saving, + investment.")
    )
    valid_from = DateField(
        label=_("Holds from"), help_text=_("What held before stays as it was and is shown for its own days.")
    )
    reason = forms.CharField(  # type: ignore[assignment]
        label=_("Why does the target change?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    class Meta:
        model = Target
        fields = [*AMOUNTS, "valid_from", "reason", "decision_reference"]
        labels = {"decision_reference": _("Decision")}
        help_texts = {
            "decision_reference": _("Body, date and section, for example Aluehallitus 26.2.2024 § 41.")
        }

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        if data is not None and "is_investment" in data:
            self._ask_about_sign()

    def _post_clean(self) -> None:
        """The service judges the row; the form is about a version that does not exist yet."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        amounts = {name: cleaned.get(name) for name in AMOUNTS if name in self.fields}
        pair = [amounts.get("cautious_eur_cents"), amounts.get("full_eur_cents")]
        if amounts.get("value_eur_cents") is not None and any(end is not None for end in pair):
            self.add_error("value_eur_cents", _("Give either one value or a pair of scenarios, not both."))
        elif not self.errors and all(value is None for value in amounts.values()):
            self.add_error("value_eur_cents", _("Give the value, or both ends of the pair."))
        if becomes_cost(self.before, amounts) and not cleaned.get("is_investment"):
            self._ask_about_sign()
            self.add_error("is_investment", IS_IT_INVESTMENT)
        return cleaned

    def _ask_about_sign(self) -> None:
        """The question is there only when it is asked, and stays once it was."""
        self.fields["is_investment"] = forms.BooleanField(
            label=_("Yes, it is an investment: costs rise"), required=False
        )

    def new_value(self) -> NewValue:
        sent = self.cleaned_data
        amounts = {name: sent.get(name) for name in AMOUNTS if name in self.fields}
        return NewValue(amounts, sent["valid_from"], sent["reason"], sent.get("decision_reference") or "")


class NewTargetForm(NewValueForm):
    """A target that the programme does not have yet: of what it is, and its first value."""

    fieldsets = [
        (_("Target of what"), ["kind", "column", "year", "cost_type", "sector", "theme", "goal",
                               "label_fi", "label_sv", "label_en"]),
        *NewValueForm.fieldsets,
    ]  # fmt: skip
    #: The field that says what a target of this kind is about.
    ABOUT = {
        Target.Kind.ANNUAL: "year",
        Target.Kind.COST_TYPE: "cost_type",
        Target.Kind.SECTOR: "sector",
        Target.Kind.THEME: "theme",
        Target.Kind.GOAL: "goal",
        Target.Kind.COMPOSITION: "label_fi",
    }

    class Meta(NewValueForm.Meta):
        fields = [
            "kind", "column", "year", "cost_type", "sector", "theme", "goal", "label_fi", "label_sv", "label_en",
            *NewValueForm.Meta.fields,
        ]  # fmt: skip
        labels = NewValueForm.Meta.labels | {
            "kind": _("Kind"),
            "column": _("Column of the target table"),
            "year": _("Year"),
            "cost_type": _("Cost type"),
            "sector": _("Sector"),
            "theme": _("Theme"),
            "goal": _("Goal"),
        }
        help_texts = NewValueForm.Meta.help_texts | {
            "kind": _("Fill in below only what the target is about."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        wanted = self.ABOUT.get(cleaned.get("kind", ""))
        if wanted and not cleaned.get(wanted):
            self.add_error(wanted, _("A target of this kind needs this."))
        for name in set(self.ABOUT.values()) - {wanted, "label_fi"}:
            if cleaned.get(name) and not self.has_error(name):
                self.add_error(name, _("A target of this kind is not about this. Leave it empty."))
        return cleaned

    def new_target(self) -> Target:
        """The target that is begun, not saved."""
        sent = self.cleaned_data
        names = ("kind", "column", "year", "cost_type", "sector", "theme", "goal")
        labels = {name: sent.get(name) or "" for name in ("label_fi", "label_sv", "label_en")}
        row = Target(programme=self.programme, **{name: sent.get(name) for name in names}, **labels)
        if row.kind == Target.Kind.ANNUAL:
            row.key = str(row.year)
        if row.kind == Target.Kind.COMPOSITION:
            row.key = slugify(row.label_fi)[:60]
        return row
