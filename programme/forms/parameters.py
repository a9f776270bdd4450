"""The form that gives one parameter a new value from a day on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.editing import RowForm
from core.fields import DateField
from core.models import Setting
from core.parameters import Parameter
from programme.forms.fields import FigureField
from programme.setting_values import changes_of


def value_field(parameter: Parameter[Any]) -> forms.Field:
    """The form field in which the parameter's value is typed, with its ends and unit said."""
    shown: dict[str, Any] = {"label": _("New value"), "help_text": _hint(parameter)}
    ends = {"min_value": parameter.lowest, "max_value": parameter.highest}
    if parameter.form_field is not None:
        return parameter.form_field(**shown)  # type: ignore[no-any-return]
    if parameter.kind == "whole":
        field = forms.IntegerField(**shown, **ends)
        field.widget = forms.TextInput(attrs={"inputmode": "numeric"})
        return field
    if parameter.kind == "share":
        return FigureField(**shown, **ends)
    if parameter.kind == "choice":
        return forms.ChoiceField(choices=parameter.choices, **shown)
    return forms.CharField(max_length=200, **shown)


def _hint(parameter: Parameter[Any]) -> Any:
    parts = [str(parameter.unit)] if parameter.unit else []
    if parameter.lowest is not None and parameter.highest is not None:
        parts.append(f"{parameter.lowest}–{parameter.highest}")
    return ", ".join(parts)


class ParameterForm(RowForm):
    """Made for each parameter by `form_of`."""

    parameter: Parameter[Any]

    valid_from = DateField(
        label=_("Holds from"), help_text=_("Today or later. What held before stays as it was.")
    )
    reason = forms.CharField(  # type: ignore[assignment]
        label=_("Why is it changed?"),
        help_text=_("The reason is kept in the history."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    class Meta:
        model = Setting
        fields = ["valid_from", "reason"]

    def __init__(self, data: Any = None, **options: Any) -> None:
        # RowForm narrows choices and signs values in its own __init__, so the field comes after it.
        super().__init__(data, **options)
        self.fields = {"value": value_field(self.parameter), **self.fields}  # type: ignore[assignment]

    def stored(self, row: Any) -> dict[str, str]:
        """The fields, and which values the form showed beside them: signed with it."""
        return super().stored(row) | changes_of(self.programme, self.parameter)

    @property
    def seen(self) -> dict[str, str]:
        """Values by their first day as the sent form had shown them; none when it does not say so truly."""
        found: dict[str, str] = self.shown.get("values", {})
        return found

    def stored_value(self) -> Any:
        """The typed value as it is stored: decimals as text."""
        value = self.cleaned_data["value"]
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def form_of(parameter: Parameter[Any]) -> type[ParameterForm]:
    return type("OwnParameterForm", (ParameterForm,), {"parameter": parameter})
