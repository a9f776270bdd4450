"""What the addresses of the history pages may ask, and the reason for bringing a version back."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import identity_codes
from core.changes import Kind
from core.fields import DateField
from programme.models import Programme
from reporting.history.kinds import OFFERED
from reporting.history.labels import kind_word
from reporting.history.selectors import FeedAsked, people_of


class FeedFilter(forms.Form):
    """Filters of the programme's feed, kept in the address."""

    q = forms.CharField(label=_("Code or name"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("What was changed"), required=False)
    person = forms.TypedChoiceField(label=_("Who"), required=False, coerce=int, empty_value=None)
    since = DateField(label=_("From day"), required=False)
    until = DateField(label=_("To day"), required=False)

    def __init__(self, data: Any, *, programme: Programme, kinds: dict[str, Kind]) -> None:
        super().__init__(data)
        words = sorted((kind_word(kinds[label]), label) for label in OFFERED if label in kinds)
        self.fields["kind"].choices = [("", _("everything")), *((label, word) for word, label in words)]  # type: ignore[attr-defined]
        people = [(str(pk), name) for pk, name in people_of(programme)]
        self.fields["person"].choices = [("", _("everybody")), *people]  # type: ignore[attr-defined]
        for name in ("since", "until"):
            self.fields[name].widget.attrs |= {"inputmode": "numeric", "placeholder": "22.11.2026"}

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("since") and found.get("until") and found["since"] > found["until"]:
            self.add_error("until", _("The last day is before the first one."))
        return found

    @property
    def asked(self) -> FeedAsked:
        found = self.cleaned_data
        return FeedAsked(
            kind=found["kind"], person=found["person"], since=found["since"], until=found["until"],
            search=found["q"].strip(),
        )  # fmt: skip


class CompareForm(forms.Form):
    """Two days to compare."""

    first = DateField(label=_("At the end of"))
    second = DateField(label=_("and at the end of"))

    def __init__(self, data: Any = None, *, today: dt.date) -> None:
        super().__init__(data, initial={"second": today})
        for field in self.fields.values():
            field.widget.attrs |= {"inputmode": "numeric", "placeholder": "22.11.2026"}


class RestoreForm(forms.Form):
    """Why an earlier version comes back; `version` is that of the row as it was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is kept in the history beside your name."),
        error_messages={"required": _("Give the reason.")},
    )

    def __init__(self, data: Any = None, *, version: int) -> None:
        super().__init__(data, initial={"version": version, "token": secrets.token_urlsafe(24)})

    def clean_reason(self) -> str:
        text: str = self.cleaned_data["reason"].strip()
        identity_codes.refuse(text)
        return text
