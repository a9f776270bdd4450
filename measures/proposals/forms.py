"""Proposing a measure and answering a proposal."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.editing import RowForm
from measures.forms import GoalField, MeasureAddForm, NamedField, all_goals
from measures.models import Proposal
from programme.models import Sector


class ProposalForm(RowForm):
    """A proposal; the goal and the sector say whose answer it needs, the programme office's without them."""

    goal = GoalField(
        all_goals(), label=gettext_lazy("Goal it would serve"), required=False,
        help_text=gettext_lazy("Leave it empty when you are not sure."),
    )  # fmt: skip
    sector = NamedField(Sector.objects.all(), label=gettext_lazy("Sector it is about"), required=False)

    class Meta:
        model = Proposal
        fields: ClassVar[list[str]] = ["subject", "text", "goal", "sector"]
        widgets: ClassVar[dict[str, Any]] = {"text": forms.Textarea}


class DeclineForm(RowForm):
    """Why a proposal is not taken up."""

    class Meta:
        model = Proposal
        fields: ClassVar[list[str]] = ["answer"]
        labels: ClassVar[dict[str, Any]] = {"answer": gettext_lazy("Answer")}
        help_texts: ClassVar[dict[str, Any]] = {
            "answer": gettext_lazy("Goes back to who proposed it, and stands on the proposal's page.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = True

    def clean_answer(self) -> str:
        answer = str(self.cleaned_data["answer"]).strip()
        if not answer:
            raise ValidationError(_("Say why the proposal is not taken up."), code="required")
        return answer


class TakeUpForm(MeasureAddForm):
    """The measure that a proposal becomes, with a word to who proposed it."""

    answer = forms.CharField(
        label=gettext_lazy("A word to who proposed it"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
