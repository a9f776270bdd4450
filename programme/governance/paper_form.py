"""The form with which a paper is added to a meeting."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.attachments import ACCEPT
from core.identity_codes import WithoutCodes


class PaperForm(WithoutCodes):
    """A file and what it is."""

    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, picture, workbook, document or text, at most 10 MB. No personal identity codes."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
    note = forms.CharField(label=_("What it shows"), required=False, max_length=300)
