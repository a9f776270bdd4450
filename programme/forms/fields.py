"""Form fields that several of the programme's forms share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from core.money import format_decimal


class FigureField(forms.DecimalField):
    """A figure written with a comma or a point, shown without the zeros that its column adds."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str):
            value = value.replace("\u00a0", "").replace(" ", "").replace("\u2212", "-").replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        exact = value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
        return format_decimal(exact).replace("\u00a0", "").replace("\u2212", "-")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off"}


class PercentField(FigureField):
    """A share in per cent, 0 to 100."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            min_value=0, max_value=100, max_digits=6, decimal_places=3, required=False, **options
        )
