"""Forms of what a project's plan holds beside its texts."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.editing import RowForm
from core.fields import DateField
from programme.models import (
    ChangeElementCheck,
    CommunicationItem,
    LessonLearned,
    PhaseAnswer,
    StaffEffect,
    Stakeholder,
)
from programme.projects.forms import NAMES
from programme.projects.once import OnceForm

FAR = _("What has happened cannot lie ahead.")


class AnswerForm(OnceForm):
    """What the project answers to a question of a phase. Emptied, the question is unanswered again."""

    text = forms.CharField(label=_("Answer"), required=False, widget=forms.Textarea)

    class Meta:
        model = PhaseAnswer
        fields: ClassVar = ["text"]


class PastDay:
    """A day that has come."""

    day_field = ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()  # type: ignore[misc]
        day = cleaned.get(self.day_field)
        if day and day > self.programme.today():  # type: ignore[attr-defined]
            self.add_error(self.day_field, ValidationError(FAR, code="ahead"))  # type: ignore[attr-defined]
        return cleaned


class ElementForm(PastDay, OnceForm):
    """Whether the element is taken care of, how, and when that was looked at."""

    day_field = "checked_on"
    checked_on = DateField(label=_("Looked at on"), required=False, help_text=_("Empty: today."))

    class Meta:
        model = ChangeElementCheck
        fields: ClassVar = ["is_done", "comment", "checked_on"]


class EffectForm(PastDay, RowForm):
    """How the change was seen to affect staff on a day."""

    day_field = "seen_on"
    seen_on = DateField(label=_("Seen on"))

    class Meta:
        model = StaffEffect
        fields: ClassVar = ["seen_on", "group", "direction", "text", "action"]


class LessonForm(PastDay, RowForm):
    """Something worth knowing for the next project."""

    day_field = "noted_on"
    noted_on = DateField(label=_("Noted on"))

    class Meta:
        model = LessonLearned
        fields: ClassVar = ["noted_on", "kind", "subject", "recommendation"]


class StakeholderForm(RowForm):
    """A party, how much it is interested and weighs, and who keeps contact."""

    fieldsets: ClassVar = [
        (None, NAMES),
        (_("How it stands to the change"), ["interest", "influence", "expects"]),
        (None, ["owner"]),
    ]

    class Meta:
        model = Stakeholder
        fields: ClassVar = [*NAMES, "interest", "influence", "expects", "owner"]


class CommunicationForm(PastDay, RowForm):
    """What is told, when, how and by whom."""

    day_field = "done_on"
    planned_on = DateField(label=_("Day"))
    done_on = DateField(label=_("Done on"), required=False, help_text=_("Empty until it is done."))

    class Meta:
        model = CommunicationItem
        fields: ClassVar = ["subject", "channel", "planned_on", "owner", "done_on", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["done_on"]
