"""The form of a question of the one report form."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from programme.forms.governance import areas, in_languages
from programme.forms.structure import NAMES, KeyedForm
from programme.models import ReportQuestion


class ReportQuestionForm(KeyedForm):
    """Every project answers it each month from the day it is saved; closed, it is asked no longer."""

    text_labels = {"guidance": _("Guidance")}
    fieldsets = [
        (None, [*NAMES, *in_languages("guidance")]),
        (_("How it is asked"), ["is_required", "is_closed"]),
    ]

    class Meta:
        model = ReportQuestion
        fields = [*NAMES, *in_languages("guidance"), "is_required", "is_closed"]
        widgets = areas("guidance")
