"""Forms of obstacles and of the levels on which they are answered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.editing import RowForm
from core.permissions import ACTIONS, ROLES
from core.templatetags.ui import plain_text
from measures.models import Measure
from programme.decisions import decision_fields
from programme.models import Project, Role
from risks.escalation.rules import DECIDE
from risks.models import EscalationLevel, Obstacle

NAMES = ["name_fi", "name_sv", "name_en"]
DESCRIPTIONS = ["description_fi", "description_sv", "description_en"]


class ObstacleForm(RowForm):
    """What stops, and what it stops: a measure, a project or the programme."""

    text = forms.CharField(
        label=_("What stops you?"),
        max_length=1000,
        widget=forms.TextInput,
        help_text=_("One line is enough. It goes to the theme owner first."),
        error_messages={"required": _("Say what stops you.")},
    )

    class Meta:
        model = Obstacle
        fields = ["measure", "project"]
        labels = {"measure": _("Measure"), "project": _("Project")}

    field_order = ["text", "measure", "project"]

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["measure"].label_from_instance = _coded  # type: ignore[attr-defined]
        self.fields["measure"].empty_label = _("no measure")  # type: ignore[attr-defined]
        self.fields["project"].empty_label = _("no project")  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """The row is made by the service, which takes the text in the writer's language."""

    @property
    def measure(self) -> Measure | None:
        return self.cleaned_data.get("measure")

    @property
    def project(self) -> Project | None:
        return self.cleaned_data.get("project")


def _coded(measure: Measure) -> str:
    return f"{measure.code} {measure.name}"


class ObstacleEditForm(RowForm):
    """The words of an obstacle, what it stops and who works on it. Where it stands is moved by acts, not here."""

    fieldsets = [(None, [*NAMES, *DESCRIPTIONS, "owner", "measure", "project", "risk"])]

    class Meta:
        model = Obstacle
        fields = [*NAMES, *DESCRIPTIONS, "owner", "measure", "project", "risk"]
        labels = {"measure": _("Measure"), "project": _("Project")}

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["measure"].label_from_instance = _coded  # type: ignore[attr-defined]


class ActForm(RowForm):
    """An act on an obstacle: it makes no row of its own, the service does what it says."""

    class Meta:
        model = Obstacle
        fields: list[str] = []

    def _post_clean(self) -> None:
        """The service checks and saves."""


class AnswerForm(ActForm):
    """The answer, and whose decision it is."""

    answer = forms.CharField(
        label=_("The answer"), max_length=4000, widget=forms.Textarea,
        help_text=_("It goes back to whoever asked, in these words, and into the register of decisions."),
        error_messages={"required": _("Write the answer.")},
    )  # fmt: skip

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields |= decision_fields(self.programme, required=False)
        self.fields["decided_on"].required = True


class NoteForm(ActForm):
    """Why an obstacle is sent back, closed or opened again."""

    note = forms.CharField(
        label=_("Why?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever asked reads it."),
    )  # fmt: skip


class OptionalNoteForm(NoteForm):
    """Closing what was decided needs no words."""

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["note"].required = False


class LevelForm(RowForm):
    """One level: its name, its clock, and who answers on it."""

    fieldsets = [
        (None, [*NAMES, "is_used"]),
        (_("The clock"), ["working_days", "remind_before", "goes_up_by_itself"]),
        (_("Who answers"), ["deciding_role", "body"]),
    ]

    class Meta:
        model = EscalationLevel
        fields = [
            *NAMES, "is_used", "working_days", "remind_before", "goes_up_by_itself", "deciding_role", "body",
        ]  # fmt: skip
        help_texts = {
            "is_used": _(
                "Obstacles pass by a level that is not in use; those that are there move on at once."
            ),
            "working_days": _(
                "Monday to Friday without public holidays. Clocks that run keep the day they were promised."
            ),
            "body": _("Stands ready as the one who decided when an answer is written."),
        }

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        roles = [role for role in ROLES if role in ACTIONS[DECIDE] and role != "admin"]
        self.fields["deciding_role"].choices = [(role, Role(role).label) for role in roles]  # type: ignore[attr-defined]
        self.fields["body"].label_from_instance = plain_text  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        others = EscalationLevel.objects.filter(programme=self.programme, is_used=True).exclude(
            pk=self.instance.pk
        )
        if not cleaned.get("is_used") and not others.exists():
            self.add_error("is_used", _("One level at least is in use: somebody has to answer."))
        return cleaned
