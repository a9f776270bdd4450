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
from programme.models import LinkedInitiative, Milestone, Project, ProjectPhase, ProjectPlanPart, Theme
from programme.projects.calculations import RESERVED, short_name

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


class ProjectForm(RowForm):
    """A project that is there: everything but its short name, which addresses stand on."""

    phase_number = PhaseField()
    starts_on = DateField(label=_("Begins"), required=False)
    ends_on = DateField(label=_("Ends"), required=False)

    fieldsets: ClassVar = [
        (None, [*NAMES, "slug"]),
        (_("Where it belongs"), ["theme", "manager"]),
        (_("Where it stands"), ["state", "phase_number", "starts_on", "ends_on"]),
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


class MilestoneForm(RowForm):
    """A milestone's name and days. The day first planned stands once it is given; moving it needs a reason."""

    reason_rule = "optional"

    baseline_on = DateField(
        label=_("First planned for"), required=False,
        help_text=_("Set once. If the plan itself is changed later, the reason is asked."),
    )  # fmt: skip
    forecast_on = DateField(
        label=_("Now expected on"), required=False, help_text=_("Keep this true as the work goes on.")
    )
    actual_on = DateField(label=_("Done on"), required=False, help_text=_("Empty until it is done."))

    fieldsets: ClassVar = [
        (None, NAMES),
        (_("Days"), ["baseline_on", "forecast_on", "actual_on"]),
        (None, ["reason"]),
    ]

    class Meta:
        model = Milestone
        fields: ClassVar = [*NAMES, "baseline_on", "forecast_on", "actual_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["reason"]
            self.fields["baseline_on"].required = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        before = (self.shown.get("values") or {}).get("baseline_on", "")
        if before and not self.errors and self.sent()["baseline_on"] != before and not cleaned.get("reason"):
            self.add_error("reason", _("Say why the day first planned is changed."))
        return cleaned

    def clean_actual_on(self) -> Any:
        day = self.cleaned_data["actual_on"]
        if day and day > self.programme.today():
            raise ValidationError(_("What is done cannot lie ahead. Use the expected day."), code="ahead")
        return day


class InitiativeForm(RowForm):
    """An undertaking with funding of its own beside the programme."""

    class Meta:
        model = LinkedInitiative
        fields: ClassVar = NAMES
