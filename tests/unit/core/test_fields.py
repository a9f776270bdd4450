"""Form fields for amounts and months."""

from datetime import date

from django import forms
from django.utils import translation

from core.fields import EurCentsField, MonthField


class SavingForm(forms.Form):
    amount = EurCentsField(unit="keur", required=False)
    exact = EurCentsField(required=False)
    month = MonthField(required=False)


def test_amounts_and_months_are_read_in_the_active_language():
    with translation.override("fi"):
        form = SavingForm({"amount": "\u22121 250,5", "exact": "3 M€", "month": "3/2024"})
        assert form.is_valid()
    assert form.cleaned_data == {"amount": -125_050_000, "exact": 300_000_000, "month": date(2024, 3, 1)}


def test_empty_is_unknown_not_zero():
    form = SavingForm({"amount": " ", "month": ""})
    assert form.is_valid()
    assert form.cleaned_data["amount"] is None and form.cleaned_data["month"] is None


def test_what_is_not_an_amount_is_refused_with_an_example():
    with translation.override("en"):
        form = SavingForm({"exact": "1 234,50", "month": "x"})
        assert not form.is_valid()
        assert form.errors["exact"] == ["Write 1,234.50."]
        assert form.errors["month"] == ["This is not a month. Write for example 3/2024."]


def test_stored_cents_are_shown_as_they_would_be_typed_and_do_not_count_as_a_change():
    with translation.override("fi"):
        form = SavingForm(initial={"amount": -125_050_000, "exact": -150, "month": date(2024, 3, 1)})
        shown = {name: form[name].value() for name in form.fields}
        assert shown == {"amount": "\u22121\u00a0250,5", "exact": "\u22121,50", "month": "3/2024"}
        assert not SavingForm(shown, initial=form.initial).has_changed()
