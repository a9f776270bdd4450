"""The select that writes itself has the markup of Django's own."""

import re
from typing import Any

import pytest
from django import forms

from core.widgets import QuickSelect, quicken

CHOICES = [
    ("", "kaikki"), ("a", 'Äiti & "lapsi"'), ("<b>", "<script>alert(1)</script>"),
    ("Ryhmä <i>", [("c", "Sisällä"), (4, "neljä")]),
]  # fmt: skip


def plain(html: str) -> str:
    """Without the space between tags and the spelling of the empty attribute."""
    return re.sub(r"\s+", " ", re.sub(r">\s+<", "><", html)).strip()


@pytest.mark.parametrize("value", ["", "a", "<b>", "c", 4, None, "ei mikään"])
def test_the_markup_is_djangos(value: Any) -> None:
    attrs = {"id": "id_x", "aria-describedby": "x_hint", "required": True}

    ours = QuickSelect(choices=CHOICES).render("x", value, attrs)

    assert plain(ours) == plain(forms.Select(choices=CHOICES).render("x", value, attrs))


def test_only_plain_selects_are_changed() -> None:
    class Form(forms.Form):
        one = forms.ChoiceField(choices=CHOICES)
        many = forms.MultipleChoiceField(choices=CHOICES)
        text = forms.CharField()

    form = Form({"one": "c"})
    quicken(form)

    assert [type(field.widget).__name__ for field in form.fields.values()] == [
        "QuickSelect", "SelectMultiple", "TextInput",
    ]  # fmt: skip
    assert form["one"].value() == "c" and 'value="c" selected' in str(form["one"])
    assert "<script>" not in str(form["one"])
