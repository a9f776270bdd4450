"""Every form that takes text refuses personal identity codes."""

from django import forms
from django.urls import get_resolver

from core.editing import RowForm
from core.identity_codes import WithoutCodes

OURS = ("core.", "accounts.", "programme.", "measures.", "kpis.", "risks.", "strategy.", "reporting.")
#: Forms that call the guard themselves, or whose text is not kept: the reason.
WITHOUT = {
    "programme.people.forms.InvitationForm": "each line is refused where it is read (people/invitations.py)",
    "programme.people.forms.PeopleFilter": "a search, kept nowhere",
    "reporting.history.forms.FeedFilter": "a search, kept nowhere",
    "reporting.history.forms.RestoreForm": "clean_reason calls it",
    "reporting.update_form.UpdateForm": "clean calls it for its three texts",
    "reporting.views.styleguide.SampleForm": "a sample in demo mode, kept nowhere",
}


def descendants(kind: type) -> set[type]:
    return {kind, *(below for child in kind.__subclasses__() for below in descendants(child))}


def takes_text(form: type) -> bool:
    fields = {**getattr(form, "base_fields", {})}
    return any(
        isinstance(field, forms.CharField)
        and not isinstance(field.widget, forms.HiddenInput | forms.PasswordInput)
        for field in fields.values()
    )


def test_every_form_with_text_has_the_guard() -> None:
    assert get_resolver().url_patterns  # every form module is imported by its addresses
    unguarded = {
        f"{form.__module__}.{form.__qualname__}"
        for form in descendants(forms.BaseForm)
        if form.__module__.startswith(OURS)
        and takes_text(form)
        and not issubclass(form, RowForm | WithoutCodes)
    }

    assert unguarded == set(WITHOUT)


def test_a_form_without_the_guard_would_be_found() -> None:
    class Careless(forms.Form):
        note = forms.CharField()

    assert takes_text(Careless)
    assert not issubclass(Careless, RowForm | WithoutCodes)
