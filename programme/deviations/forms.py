"""What people write about a deviation: who acts by when and how, and what came of it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from core.editing import RowForm
from core.fields import DateField
from core.identity_codes import WithoutCodes
from programme.models import Deviation


class DeviationForm(RowForm):
    """Owner, day, state, action and explanation; it is closed by a button of its own."""

    due_on = DateField(label=_("Due"), required=False)

    fieldsets: ClassVar = [(None, ["owner", "due_on", "state", "action", "explanation"])]

    class Meta:
        model = Deviation
        fields: ClassVar = ["owner", "due_on", "state", "action", "explanation"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        state = self.fields["state"]
        assert isinstance(state, forms.ChoiceField)
        state.choices = [choice for choice in Deviation.State.choices if choice[0] != Deviation.State.CLOSED]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        explained = cleaned.get("state") == Deviation.State.EXPLAINED
        if explained and not (cleaned.get("explanation") or "").strip():
            self.add_error("explanation", _("Write the explanation before it counts as explained or closed."))
        return cleaned


class ClosingForm(WithoutCodes):
    """What came of it, and the version as the person saw it."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    explanation = forms.CharField(
        label=_("What came of it"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
