"""Form fields that read what people write: amounts and months."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES
from django.utils.translation import gettext_lazy as _

from core.money import SHIFT, MoneyError, Unit, format_eur, parse_eur
from core.periods import MESSAGES as MONTH_MESSAGES
from core.periods import MonthError, format_month, parse_month

DAY_EXAMPLE = _("Write the day like 22.11.2026.")


class DateField(forms.DateField):
    """A day typed as 22.11.2026 (or 2026-11-22)."""

    default_error_messages = {"invalid": DAY_EXAMPLE}


class EurCentsField(forms.Field):
    """An amount typed in `unit`, cleaned to whole cents. Empty is None, never zero."""

    widget = forms.TextInput

    def __init__(self, *, unit: Unit = "eur", **options: Any) -> None:
        self.unit = unit
        super().__init__(**options)

    def to_python(self, value: Any) -> int | None:
        if value in EMPTY_VALUES or not str(value).strip():
            return None
        if isinstance(value, int):
            return value
        try:
            return parse_eur(str(value), unit=self.unit)
        except MoneyError as refused:
            raise ValidationError(
                refused.template, code=refused.code, params=refused.params or None
            ) from refused

    def prepare_value(self, value: Any) -> Any:
        """Cents as the person would type them: every decimal that counts, no more."""
        if not isinstance(value, int):
            return value
        cents = abs(value)
        needed = next(
            places for places in range(SHIFT[self.unit] + 1) if cents % 10 ** (SHIFT[self.unit] - places) == 0
        )
        decimals = max(needed, 2) if self.unit == "eur" and needed else needed
        return format_eur(value, unit=self.unit, decimals=decimals, sign=False)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # "decimal" keyboards of phones often lack the minus sign
        return {"inputmode": "text", "autocomplete": "off", "data-unit": self.unit}


class MonthField(forms.Field):
    """A month typed as 3/2024 or 2024-03, cleaned to its first day."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> date | None:
        if value in EMPTY_VALUES or not str(value).strip():
            return None
        if isinstance(value, date):
            return value.replace(day=1)
        try:
            return parse_month(str(value))
        except MonthError as refused:
            raise ValidationError(MONTH_MESSAGES["not_a_month"], code="not_a_month") from refused

    def prepare_value(self, value: Any) -> Any:
        return format_month(value) if isinstance(value, date) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True
