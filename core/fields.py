"""Form fields that read what people write: amounts, months, days, colours."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES
from django.utils.translation import gettext_lazy as _

from core.colours import LIGHT, TEXT, NotAColour, judged
from core.money import SHIFT, MoneyError, Unit, format_decimal, format_eur, parse_eur
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


class ColourField(forms.Field):
    """An accent written as #rrggbb, checked where it will stand: on both light surfaces and under white text.

    A dark shade is made from it (core.colours.shades), so one colour is asked for.
    """

    widget = forms.TextInput

    def to_python(self, value: Any) -> str | None:
        if value in EMPTY_VALUES or not str(value).strip():
            return None
        try:
            verdict = judged(str(value), LIGHT)
        except NotAColour as refused:
            raise ValidationError(
                _("Write the colour as # and six digits or letters a–f, for example #0f4c5c."),
                code="not_a_colour",
            ) from refused
        if not verdict.passes:
            raise ValidationError(
                COLOUR_MESSAGES[verdict.against],
                code="contrast",
                params={
                    "ratio": format_decimal(Decimal(verdict.ratio).quantize(Decimal("0.01"), ROUND_DOWN)),
                    "least": format_decimal(Decimal(str(TEXT)), decimals=1),
                    "nearest": verdict.nearest,
                },
            )
        return verdict.colour

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"autocomplete": "off", "spellcheck": "false", "maxlength": "7", "placeholder": "#0f4c5c"}


COLOUR_MESSAGES = {
    "surface": _(
        "The colour does not stand out from white: its contrast is %(ratio)s:1, at least %(least)s:1 is "
        "needed. The nearest that passes is %(nearest)s."
    ),
    "sunken": _(
        "The colour does not stand out from the grey surface: its contrast is %(ratio)s:1, at least "
        "%(least)s:1 is needed. The nearest that passes is %(nearest)s."
    ),
    "on_accent": _(
        "White text is not readable on the colour: the contrast is %(ratio)s:1, at least %(least)s:1 is "
        "needed. The nearest that passes is %(nearest)s."
    ),
}
