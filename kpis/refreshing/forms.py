"""The form that decides on values that were put aside."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core import identity_codes


class DecideForm(identity_codes.WithoutCodes):
    """Why the chosen values are taken or refused; which ones is in the table around it."""

    reason = forms.CharField(
        label=_("Why are they taken or refused?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept beside each of the values: whom you asked, or what the source says."),
    )  # fmt: skip
