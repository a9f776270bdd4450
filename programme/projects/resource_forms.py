"""Forms of the people and the money of projects."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.editing import RowForm
from core.fields import DateField, EurCentsField, MonthField
from programme.forms.fields import FigureField
from programme.models import ProjectFinance, ProjectPerson


class WholeSharePercent(FigureField):
    """A share (0..1) typed in per cent."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        typed = super().to_python(value)
        return typed if typed is None or isinstance(value, Decimal) else typed / 100

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value(value * 100 if isinstance(value, Decimal) else value)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not 0 < value <= 1:
            raise ValidationError(_("Give more than 0 and at most 100 per cent."), code="share")


class PersonForm(RowForm):
    """Who works in the project, how much of the working time, and who stands in."""

    fieldsets: ClassVar = [
        (None, ["user", "name", "task"]),
        (_("Working time"), ["share", "starts_on", "ends_on"]),
        (_("Substitute"), ["needs_substitute", "substitute", "substitute_name"]),
    ]
    share = WholeSharePercent(label=_("Share of working time, %"), max_digits=7, decimal_places=4)
    starts_on = DateField(label=_("From"), required=False)
    ends_on = DateField(label=_("Until"), required=False, help_text=_("Empty: until the project ends."))

    class Meta:
        model = ProjectPerson
        fields: ClassVar = [
            "user", "name", "task", "share", "starts_on", "ends_on", "needs_substitute", "substitute",
            "substitute_name",
        ]  # fmt: skip


class FinanceForm(RowForm):
    """Budget, actual and forecast of one source and year."""

    fieldsets: ClassVar = [
        (None, ["source", "year"]),
        (
            _("Money"),
            ["budget_eur_cents", "actual_eur_cents", "actual_through", "forecast_eur_cents", "note"],
        ),
    ]
    budget_eur_cents = EurCentsField(label=_("Budget, €"), help_text=_("Costs are positive."))
    actual_eur_cents = EurCentsField(
        label=_("Actual, €"), required=False, help_text=_("From the beginning of the year. Empty: not known.")
    )
    actual_through = MonthField(
        label=_("Actual through the month"), required=False, help_text=_("For example 10/2026.")
    )
    forecast_eur_cents = EurCentsField(
        label=_("Forecast of the whole year, €"), required=False, help_text=_("Empty: not known.")
    )

    class Meta:
        model = ProjectFinance
        fields: ClassVar = [
            "source", "year", "budget_eur_cents", "actual_eur_cents", "actual_through", "forecast_eur_cents", "note",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source: Any = self.fields["source"]
        source.empty_label = _("the county's own budget")
        if self.instance.project.is_baselined:
            if self.instance.pk is None:  # a new row begins without a budget, else it would be a way round
                self.initial["budget_eur_cents"] = 0
            budget = self.fields["budget_eur_cents"]
            budget.disabled = True
            budget.help_text = _("The plan is ready: the budget changes by a change request.")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("actual_eur_cents") is not None and cleaned.get("actual_through") is None:
            self.add_error(
                "actual_through", forms.ValidationError(_("Say through which month the actual is known."))
            )
        through, year = cleaned.get("actual_through"), cleaned.get("year")
        if through and year and through.year != year:
            self.add_error("actual_through", forms.ValidationError(_("The month is of another year.")))
        return cleaned
