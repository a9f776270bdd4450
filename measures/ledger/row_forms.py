"""Forms of cost drivers, base transfers and corrections."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.editing import RowForm
from core.fields import EurCentsField, MonthField
from core.templatetags.ui import plain_text
from measures.forms import NamedField
from measures.models import BaseTransfer, Correction, CostDriver, SavingsLine
from measures.services import TransferPart
from programme.decisions import DECISION_FIELDS, decision_fields, is_given
from programme.models import CostType, Sector


class DriverForm(RowForm):
    """A driver: kind, place, months, an amount a month or a rate, and its source."""

    sector = NamedField(Sector.objects.all(), label=_("Sector"))
    cost_type = NamedField(CostType.objects.all(), label=_("Cost type"))
    first_month = MonthField(label=_("First month"), help_text=_("For example 3/2024."))
    last_month = MonthField(
        label=_("Last month"), required=False, help_text=_("Empty: until further notice.")
    )
    monthly_eur_cents = EurCentsField(
        label=_("Amount each month, €"), required=False, help_text=_("+ more cost, − less cost.")
    )
    reason_rule = "optional"
    fieldsets = [
        (None, ["kind", "sector", "cost_type", "first_month", "last_month"]),
        (_("How much"), ["monthly_eur_cents", "rate_percent"]),
        (_("Where it comes from"), ["source", "note"]),
        (None, ["reason"]),
    ]

    class Meta:
        model = CostDriver
        fields = [
            "kind", "sector", "cost_type", "first_month", "last_month", "monthly_eur_cents", "rate_percent", "source",
            "note",
        ]  # fmt: skip
        labels = {"rate_percent": _("or a rate, % of the costs")}
        help_texts = {
            "rate_percent": _(
                "Figured month by month on what remains after the measures: base, transfers and confirmed savings."
            ),
            "source": _("For example the collective agreement or the price list."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rate_percent"].localize = True
        self.fields["rate_percent"].widget = forms.TextInput(
            attrs={"inputmode": "text", "autocomplete": "off"}
        )
        self.fields["rate_percent"].widget.is_localized = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        amount, rate = cleaned.get("monthly_eur_cents"), cleaned.get("rate_percent")
        named = {"monthly_eur_cents", "rate_percent"} & set(self.errors)
        if not amount and not rate and not named:
            self.add_error("monthly_eur_cents", _now("Give an amount or a rate."))
        elif amount and rate:
            self.add_error("rate_percent", _now("Give either an amount or a rate, not both."))
        if amount is None and "monthly_eur_cents" not in self.errors:
            cleaned["monthly_eur_cents"] = 0
        return cleaned


_ROWS = 8


def _choices(model: Any, programme: Any) -> list[tuple[str, str]]:
    rows = model.objects.filter(programme=programme)
    return [("", _now("choose")), *((str(row.pk), plain_text(row)) for row in rows)]


class TransferForm(RowForm):
    """A transfer with its rows and the decision it rests on."""

    ROW_FIELDS = ("sector", "cost_type", "amount")

    from_month = MonthField(
        label=_("First month"), help_text=_("For example 1/2025. Earlier months stay as they are.")
    )
    fieldsets = [
        (None, ["name", "from_month", "reason"]),
        (_("Decision"), [*DECISION_FIELDS], "folded"),
    ]

    class Meta:
        model = BaseTransfer
        fields = ["name", "from_month", "reason"]
        labels = {"name": _("What changes in the organisation"), "reason": _("Note")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sectors, cost_types = _choices(Sector, self.programme), _choices(CostType, self.programme)
        for at in range(1, _ROWS + 1):
            told = {"number": at}
            self.fields[f"sector{at}"] = forms.ChoiceField(
                choices=sectors, required=False, label=_now("Sector, row %(number)s") % told
            )
            self.fields[f"cost_type{at}"] = forms.ChoiceField(
                choices=cost_types, required=False, label=_now("Cost type, row %(number)s") % told
            )
            self.fields[f"amount{at}"] = EurCentsField(
                required=False, label=_now("Each month, €, row %(number)s") % told
            )
        self.fields.update(decision_fields(self.programme, required=False))

    def rows(self) -> list[list[Any]]:
        """The bound fields of each row: sector, cost type, amount."""
        return [[self[f"{name}{at}"] for name in self.ROW_FIELDS] for at in range(1, _ROWS + 1)]

    def has_more_rows(self) -> bool:
        """Whether a row beyond the first two says something."""
        return any(field.value() or field.errors for row in self.rows()[2:] for field in row)

    def layout(self) -> list[Any]:
        """The rows stand in a table of their own."""
        return super().layout()[: len(self.fieldsets)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        parts = []
        sectors = {str(row.pk): row for row in Sector.objects.filter(programme=self.programme)}
        cost_types = {str(row.pk): row for row in CostType.objects.filter(programme=self.programme)}
        for at in range(1, _ROWS + 1):
            sector, cost_type, cents = (cleaned.get(f"{name}{at}") for name in self.ROW_FIELDS)
            if sector and cost_type and cents:
                parts.append(TransferPart(sectors[sector], cost_types[cost_type], cents))
            elif (sector or cost_type or cents) and f"amount{at}" not in self.errors:
                said = {"sector": sector, "cost_type": cost_type, "amount": cents}
                missing = next(name for name in self.ROW_FIELDS if not said[name])
                self.add_error(f"{missing}{at}", _now("Fill the whole row, or leave it empty."))
        cleaned["parts"] = parts
        return cleaned


class TransferTextForm(RowForm):
    """What is said of a transfer; its rows and first month stay. A decision can be added where there is none."""

    fieldsets = [
        (None, ["name", "reason"]),
        (_("Decision"), [*DECISION_FIELDS], "folded"),
    ]

    class Meta:
        model = BaseTransfer
        fields = ["name", "reason"]
        labels = {"name": _("What changes in the organisation"), "reason": _("Note")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.decision_id is None:
            self.fields.update(decision_fields(self.programme, required=False))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if is_given(cleaned) and not cleaned.get("decided_on") and "decided_on" not in self.errors:
            self.add_error("decided_on", _now("Give the day of the decision."))
        return cleaned


class LineField(forms.ModelChoiceField):
    """A savings line by its place and kind."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{plain_text(obj.sector)}, {plain_text(obj.cost_type)} ({obj.get_permanence_display()})"


class CorrectionForm(RowForm):
    """A correction: the line and month it belongs to, how much, and why."""

    line = LineField(SavingsLine.objects.select_related("sector", "cost_type"), label=_("Savings line"))
    effect_month = MonthField(
        label=_("Month it belongs to"), help_text=_("A month of a locked year, for example 11/2023.")
    )
    amount_eur_cents = EurCentsField(
        label=_("Amount, €"),
        help_text=_("What is to be added: − more saving, + less saving than was claimed."),
    )  # fmt: skip

    class Meta:
        model = Correction
        fields = ["line", "effect_month", "amount_eur_cents", "reason"]
        labels = {"reason": _("Why?")}
        widgets = {"reason": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines: Any = self.fields["line"]
        lines.queryset = lines.queryset.filter(measure_id=self.instance.measure_id)

    def _post_clean(self) -> None:
        """The row is made by its service, which fills what the form does not ask."""
        if "amount_eur_cents" in self.cleaned_data and not self.cleaned_data["amount_eur_cents"]:
            self.add_error("amount_eur_cents", ValidationError(_now("Give an amount other than zero.")))
