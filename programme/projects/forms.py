"""Forms of projects, their plans and milestones, and of the undertakings beside the programme."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.editing import RowForm
from core.fields import DateField
from core.permissions import can
from programme.forms.structure import KeyedForm
from programme.models import LinkedInitiative, Project, ProjectPhase, ProjectPlanPart, Theme
from programme.projects.calculations import ENDED, RESERVED, short_name
from programme.projects.closing import left_open

UNREADABLE = _("This form cannot be read any more. Open the page again and repeat your change.")
NAMES = ["name_fi", "name_sv", "name_en"]


class PhaseField(forms.TypedChoiceField):
    """The phase by its number; the choices are the programme's phases."""

    def __init__(self, **options: Any) -> None:
        super().__init__(coerce=int, label=_("Phase"), **options)

    def offer(self, phases: QuerySet[ProjectPhase], now: int) -> None:
        choices = [(phase.number, f"{phase.number}. {phase.name}") for phase in phases]
        if now not in dict(choices):  # a programme without phases, or a phase that was taken away
            choices.insert(0, (now, str(now)))
        self.choices = choices

    def prepare_value(self, value: Any) -> Any:
        return str(value) if value is not None else value


class Closing:
    """A project that ends: what is still open is named once; who closes it all the same says so.

    `close_anyway` is asked only when there is something to say it of.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("close_anyway"):  # type: ignore[attr-defined]
            self._ask()

    def _ask(self) -> None:
        form: Any = self
        form.fields["close_anyway"] = forms.BooleanField(label=_("Close it all the same"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()  # type: ignore[misc]
        form: Any = self
        before = (form.shown.get("values") or {}).get("state", form.instance.state)
        ends = cleaned.get("state") in ENDED and before not in ENDED
        if ends and form.instance.pk and not cleaned.get("close_anyway"):
            found = left_open(form.instance)
            if found.words:
                self._ask()
                form.add_error("state", ValidationError(found.words, code="open"))
        return cleaned


class ProjectForm(Closing, RowForm):
    """A project that is there: everything but its short name, which addresses stand on."""

    phase_number = PhaseField()
    starts_on = DateField(label=_("Begins"), required=False)
    ends_on = DateField(label=_("Ends"), required=False)

    fieldsets: ClassVar = [
        (None, [*NAMES, "slug"]),
        (_("Where it belongs"), ["theme", "manager"]),
        (_("Where it stands"), ["state", "close_anyway", "phase_number", "starts_on", "ends_on"]),
    ]

    class Meta:
        model = Project
        fields: ClassVar = [*NAMES, "theme", "manager", "state", "phase_number", "starts_on", "ends_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        phases = ProjectPhase.objects.filter(programme=self.programme)
        self.fields["phase_number"].offer(phases, self.instance.phase_number)  # type: ignore[attr-defined]
        self._only_own_themes()

    def _only_own_themes(self) -> None:
        """Who leads one theme moves projects to that theme only; what is chosen now may stay."""
        if can(self.user, "project.edit", self.programme):
            return
        field: Any = self.fields["theme"]
        mine = [theme.pk for theme in field.queryset if can(self.user, "project.edit", theme)]
        field.queryset = field.queryset.filter(pk__in={*mine, self.instance.theme_id} - {None})


class ProjectAddForm(ProjectForm):
    """A new project; the short name is made from the name unless one is given, and then stays."""

    slug = forms.SlugField(
        label=_("Short name in addresses"), required=False, max_length=80,
        help_text=_("Small letters, digits and hyphens; made from the name if left empty. It stays as it is."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip

    class Meta(ProjectForm.Meta):
        fields: ClassVar = [*ProjectForm.Meta.fields, "slug"]

    def _only_own_themes(self) -> None:
        """Who adds in one theme only must choose that theme."""
        if can(self.user, "project.add", self.programme):
            return
        field: Any = self.fields["theme"]
        mine = [theme.pk for theme in field.queryset if can(self.user, "project.add", theme)]
        field.queryset, field.required = Theme.objects.filter(pk__in=mine), True

    def clean_slug(self) -> str:
        slug: str = (self.cleaned_data["slug"] or "").lower()
        if slug in RESERVED:
            raise ValidationError(_("This word stands in other addresses. Choose another."), code="reserved")
        return slug

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("slug") and "slug" not in self.errors:
            taken = Project.objects.filter(programme=self.programme).values_list("slug", flat=True)
            name = next((cleaned[field] for field in NAMES if cleaned.get(field)), "")
            cleaned["slug"] = short_name(name, set(taken))
        return cleaned


class ProjectStateForm(ProjectForm):
    """State and phase, edited where they stand."""

    starts_on = ends_on = None  # type: ignore[assignment]
    fieldsets: ClassVar = []

    class Meta:
        model = Project
        fields: ClassVar = ["state", "phase_number"]

    def _only_own_themes(self) -> None:
        """No theme is chosen here."""


class ProjectManagerForm(RowForm):
    """The manager, edited where the name stands."""

    class Meta:
        model = Project
        fields: ClassVar = ["manager"]


class ProjectDatesForm(RowForm):
    """Begin and end, edited where they stand."""

    starts_on = DateField(label=_("Begins"), required=False)
    ends_on = DateField(label=_("Ends"), required=False)

    class Meta:
        model = Project
        fields: ClassVar = ["starts_on", "ends_on"]


class PlanPartForm(RowForm):
    """What the plan says in one part. Emptied, the part is missing again."""

    reason_rule = "optional"

    class Meta:
        model = ProjectPlanPart
        fields: ClassVar = ["text_fi", "text_sv", "text_en"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text_fi"].widget.attrs["rows"] = 12

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.shown:  # a part that nobody has written yet is edited too: its row is made on saving
            raise ValidationError(UNREADABLE, code="unreadable")
        return cleaned


class ProjectCloseForm(Closing, RowForm):
    """How the project ended."""

    reason_rule = "optional"
    state = forms.ChoiceField(label=_("How it ended"), widget=forms.RadioSelect)

    fieldsets: ClassVar = [(None, ["state", "close_anyway", "reason"])]

    class Meta:
        model = Project
        fields: ClassVar = ["state"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["state"]
        field.choices = [choice for choice in Project.State.choices if choice[0] in ENDED]


class InitiativeForm(RowForm):
    """An undertaking with funding of its own beside the programme."""

    text_labels: ClassVar = {"about": _("What it is")}
    reconciled_on = DateField(label=_("Last reconciled with the programme"), required=False)
    fieldsets: ClassVar = [
        (None, [*NAMES, "about"]),
        (_("Contact"), ["contact_name", "contact_email", "coordinator"]),
        (_("Reconciled with the programme"), ["reconciled_on", "reconciled_note"]),
    ]

    class Meta:
        model = LinkedInitiative
        fields: ClassVar = [
            *NAMES, "about", "contact_name", "contact_email", "coordinator", "reconciled_on", "reconciled_note",
        ]  # fmt: skip

    def clean_reconciled_on(self) -> Any:
        day = self.cleaned_data["reconciled_on"]
        if day and day > self.programme.today():
            raise ValidationError(_("What has happened cannot lie ahead."), code="ahead")
        return day


class InitiativeAddForm(InitiativeForm, KeyedForm):
    """A new one; its key is made from its name."""
