"""Forms of seats, due times, meetings, matters, decisions and action points."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.editing import RowForm
from core.fields import DateField
from core.identity_codes import WithoutCodes
from core.templatetags.ui import plain_text
from programme.forms.structure import PersonName
from programme.governance import joined
from programme.models import (
    ActionPoint,
    AgendaItem,
    Body,
    Decision,
    DutyOccurrence,
    Meeting,
    MeetingParticipant,
    Membership,
    PerspectiveTask,
)


class BodyName(forms.ModelChoiceField):
    """Bodies by their names."""

    def label_from_instance(self, obj: Any) -> str:
        return plain_text(obj)


class SeatForm(RowForm):
    """Who sits in a body, in which seat and between which days."""

    fieldsets = [(None, ["user", "name", "seat", "starts_on", "ends_on"])]
    starts_on = DateField(label=_("From"), required=False)
    ends_on = DateField(label=_("Until"), required=False)

    class Meta:
        model = Membership
        fields = ["user", "name", "seat", "starts_on", "ends_on"]
        field_classes = {"user": PersonName}


class ParticipantForm(RowForm):
    """Somebody who is invited beside the members."""

    fieldsets = [(None, ["user", "name"])]

    class Meta:
        model = MeetingParticipant
        fields = ["user", "name"]
        field_classes = {"user": PersonName}


class TaskForm(RowForm):
    """Who does a task of a side of leading the change."""

    class Meta:
        model = PerspectiveTask
        fields = ["assignee"]
        field_classes = {"assignee": PersonName}
        labels = {"assignee": _("Who does it")}


class KeepForm(RowForm):
    """That a duty was done: on which day, who was told, a word and a link to what shows it."""

    fieldsets = [(None, ["kept_on", "told", "note"])]
    kept_on = DateField(label=_("Done on"))

    class Meta:
        model = DutyOccurrence
        fields = ["kept_on", "told", "note"]
        widgets = {"told": forms.Textarea, "note": forms.Textarea}
        help_texts = {
            "told": _("Which bodies or people, and how."),
            "note": _("A word about it, or the address of what shows it."),
        }

    def clean_kept_on(self) -> Any:
        day = self.cleaned_data["kept_on"]
        if day > self.programme.today():
            raise ValidationError(_("The day lies in the future."))
        return day

    def _post_clean(self) -> None:
        """The state follows from the day and is set by the service: the row is judged there."""


class SkipForm(RowForm):
    """That a duty is not needed this time, and why."""

    note = forms.CharField(label=_("Why is it not needed this time?"), widget=forms.Textarea)

    class Meta:
        model = DutyOccurrence
        fields = ["note"]


class MeetingForm(RowForm):
    fieldsets = [
        (None, ["body", "title"]),
        (_("When and where"), ["held_on", "starts_at", "ends_at", "place"]),
    ]
    held_on = DateField(label=_("Day"))

    class Meta:
        model = Meeting
        fields = ["body", "title", "held_on", "starts_at", "ends_at", "place"]
        field_classes = {"body": BodyName}
        help_texts = {"title": _("Leave empty for an ordinary meeting of the body.")}
        widgets = {
            name: forms.TimeInput(
                format="%H:%M", attrs={"inputmode": "numeric", "class": "input--date", "placeholder": "9:00"}
            )
            for name in ("starts_at", "ends_at")
        }


class MinutesForm(RowForm):
    """What is written down of a meeting."""

    class Meta:
        model = Meeting
        fields = ["minutes"]


class AboutForm(RowForm):
    """A form with a row of the programme that the thing is about."""

    about = forms.ChoiceField(label=_("About"), required=False)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        kind, pk = self.instance.content_type, self.instance.object_id
        if kind is not None and pk is not None:
            self.initial.setdefault("about", f"{kind.app_label}.{kind.model}:{pk}")
        field: Any = self.fields["about"]
        field.choices = [("", _("nothing in particular")), *joined.choices(self.programme, self.user)]
        self.initial["was"] = self._sign()

    def clean_about(self) -> Any:
        value = self.cleaned_data["about"]
        return joined.chosen(self.programme, self.user, value) if value else None


class AgendaItemForm(AboutForm):
    fieldsets = [(None, ["subject", "kind", "presenter", "about", "note"])]

    class Meta:
        model = AgendaItem
        fields = ["subject", "kind", "presenter", "note"]
        widgets = {"note": forms.Textarea}

    def _post_clean(self) -> None:
        self.instance.about = self.cleaned_data.get("about")
        super()._post_clean()  # type: ignore[misc]

    @property
    def about_columns(self) -> dict[str, Any]:
        """The columns behind `about`, for a conditional update."""
        return {"content_type": self.instance.content_type, "object_id": self.instance.object_id}


class DecisionForm(RowForm):
    """What a body decided, on which day, in which section and under which case number."""

    fieldsets = [
        (None, ["subject", "reason"]),
        (_("Decision"), ["body", "decided_on", "section", "case_number"]),
        (_("Carrying it out"), ["carried_out_by", "carried_out_on"]),
    ]
    decided_on = DateField(label=_("Day of the decision"))
    carried_out_by = DateField(label=_("To be carried out by"), required=False)
    carried_out_on = DateField(label=_("Carried out on"), required=False)

    class Meta:
        model = Decision
        fields = [
            "subject", "reason", "body", "decided_on", "section", "case_number", "carried_out_by", "carried_out_on",
        ]  # fmt: skip
        field_classes = {"body": BodyName}
        labels = {"body": _("Who decided")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        decided, done = cleaned.get("decided_on"), cleaned.get("carried_out_on")
        if decided and done and done < decided:
            self.add_error("carried_out_on", _("A decision is not carried out before it is made."))
        return cleaned


class LinkForm(RowForm):
    """A row of the programme that a decision is joined to."""

    about = forms.ChoiceField(label=_("What the decision is about"))

    class Meta:
        model = Decision
        fields: list[str] = []

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        field: Any = self.fields["about"]
        field.choices = [("", _("choose")), *joined.choices(self.programme, self.user)]

    def clean_about(self) -> Any:
        return joined.chosen(self.programme, self.user, self.cleaned_data["about"])


class ActionForm(RowForm):
    fieldsets = [(None, ["subject", "owner", "due_on", "note"])]
    due_on = DateField(label=_("Due"), required=False)

    class Meta:
        model = ActionPoint
        fields = ["subject", "owner", "due_on", "note"]
        field_classes = {"owner": PersonName}
        widgets = {"note": forms.Textarea}


class DecisionFilter(WithoutCodes):
    """Filters of the decision register."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    body = BodyName(Body.objects.none(), label=_("Who decided"), required=False, empty_label=_("all"))
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(
        label=_("Carrying out"), required=False,
        choices=[("", _("all")), ("late", _("late")), ("open", _("to be carried out")), ("done", _("carried out"))],
    )  # fmt: skip
