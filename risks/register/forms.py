"""Forms of the register: risks, assessments, mitigations, factors, examples."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.editing import RowForm
from core.fields import DateField
from core.permissions import can
from measures.models import Measure
from programme.models import Programme, Project
from risks import factors
from risks.models import (
    LevelFactor,
    Mitigation,
    MitigationReference,
    Obstacle,
    Risk,
    RiskAssessment,
    RiskExample,
)
from risks.register.calculations import MOMENTS
from risks.register.selectors import possible_parents

NAMES = ["name_fi", "name_sv", "name_en"]
DESCRIPTIONS = ["description_fi", "description_sv", "description_en"]

LIKELIHOODS = (
    ("", "–"),
    (1, _("1 very unlikely")), (2, _("2 unlikely")), (3, _("3 possible")), (4, _("4 likely")),
    (5, _("5 almost certain")),
)  # fmt: skip
IMPACTS = (
    ("", "–"),
    (1, _("1 very small")), (2, _("2 small")), (3, _("3 moderate")), (4, _("4 great")), (5, _("5 very great")),
)  # fmt: skip


class RiskForm(RowForm):
    """What the risk is, how near, and whose. Its level is given by assessing it."""

    fieldsets: ClassVar = [
        (None, [*NAMES, *DESCRIPTIONS]),
        (_("Place in the register"), ["project", "kind", "state", "category", "proximity", "owner"]),
    ]

    class Meta:
        model = Risk
        fields: ClassVar = [*NAMES, *DESCRIPTIONS, "kind", "state", "category", "proximity", "owner"]
        help_texts: ClassVar = {
            "proximity": _("When it could come true, for example: within three months."),
            "category": _("For example: money, staff, schedule."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].label = _("Owner")
        self.fields["category"].label = _("Category")
        if self.instance.pk is None:
            del self.fields["state"]


class RiskAddForm(RiskForm):
    """A new risk: of the whole programme, or of one of the projects that the person may edit risks of."""

    class Meta(RiskForm.Meta):
        fields: ClassVar = [*RiskForm.Meta.fields, "project"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["project"]
        allowed = projects_to_add_to(self.user, self.programme)
        field.queryset = Project.objects.filter(pk__in=[row.pk for row in allowed])
        field.label = _("Project")
        self.of_programme = can(self.user, "risk.edit", self.programme)
        field.required = not self.of_programme
        field.empty_label = _("the whole programme") if self.of_programme else _("choose")
        if field.required and not allowed:
            field.help_text = _("You lead no project here: ask the programme office to add the risk.")


class ProjectRiskForm(RiskForm):
    """A new risk of one project, which the instance holds."""


class AssessmentForm(RowForm):
    """Likelihood and impact from 1 to 5: now, when what is planned is done, and as aimed at."""

    assessed_on = DateField(label=_("Day of the assessment"))

    fieldsets: ClassVar = [
        (None, ["assessed_on"]),
        (_("Now"), ["likelihood_now", "impact_now"]),
        (_("After mitigation"), ["likelihood_after", "impact_after"]),
        (_("Aim"), ["likelihood_target", "impact_target"]),
        (None, ["note"]),
    ]

    class Meta:
        model = RiskAssessment
        fields: ClassVar = [
            "assessed_on", "likelihood_now", "impact_now", "likelihood_after", "impact_after",
            "likelihood_target", "impact_target", "note",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = _("Why this level?")

    def _prepare_fields(self) -> None:
        for moment in MOMENTS:
            for side, choices, label in (
                ("likelihood", LIKELIHOODS, _("Likelihood")), ("impact", IMPACTS, _("Impact")),
            ):  # fmt: skip
                self.fields[f"{side}_{moment}"] = forms.TypedChoiceField(
                    label=label, choices=choices, coerce=int, empty_value=None, required=moment == "now"
                )
        super()._prepare_fields()

    def clean_assessed_on(self) -> Any:
        day = self.cleaned_data["assessed_on"]
        if day and day > self.programme.today():
            raise ValidationError(_("An assessment cannot lie ahead."), code="ahead")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for moment in MOMENTS[1:]:
            sides = [cleaned.get(f"{side}_{moment}") for side in ("likelihood", "impact")]
            if None in sides and any(sides):
                empty = "likelihood" if sides[0] is None else "impact"
                self.add_error(f"{empty}_{moment}", _("Give both likelihood and impact, or neither."))
        return cleaned


class RaiseForm(RowForm):
    """Where a project's risk stands in the programme's register."""

    class Meta:
        model = Risk
        fields: ClassVar = ["parent"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["parent"]
        field.queryset = possible_parents(self.programme)
        field.label = _("Risk of the programme it belongs to")
        field.empty_label = _("none: it stands alone")
        field.help_text = _("A part of another risk is listed under it and not counted beside it.")
        field.label_from_instance = numbered


class MitigationForm(RowForm):
    """What is done about a risk, by whom and when; it may also take in what is done about other risks."""

    links: ClassVar = {"refers_to": MitigationReference}
    text_labels: ClassVar = {"name": _("What is done")}

    due_on = DateField(label=_("Due"), required=False)

    fieldsets: ClassVar = [
        (None, [*NAMES, "owner", "due_on", "state", "effect"]),
        (_("Takes in what is done about other risks"), ["refers_to"], "folded"),
    ]

    class Meta:
        model = Mitigation
        fields: ClassVar = [*NAMES, "owner", "due_on", "state", "effect", "refers_to"]
        help_texts: ClassVar = {"effect": _("What it changes: likelihood, impact, and how one sees it.")}
        widgets: ClassVar = {"refers_to": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["refers_to"]
        field.queryset = field.queryset.exclude(pk=self.instance.risk_id).order_by("number")
        field.label = _("Other risks")
        field.required = False
        field.help_text = _("Their mitigations are shown here too, and are edited in one place.")
        field.label_from_instance = numbered


class FactorForm(RowForm):
    """Something that moves the level, and whether the portal counts it itself."""

    text_labels: ClassVar = {"name": _("What moves the level")}
    counted = forms.ChoiceField(label=_("Counted by the portal"), required=False)

    class Meta:
        model = LevelFactor
        fields: ClassVar = [*NAMES, "counted"]

    def _prepare_fields(self) -> None:
        field: Any = self.fields["counted"]
        field.choices = factors.choices()
        super()._prepare_fields()


class ExampleForm(RowForm):
    """How the risk could show."""

    text_labels: ClassVar = {"name": _("How it could show")}

    class Meta:
        model = RiskExample
        fields: ClassVar = [*NAMES]


class CameTrueForm(RowForm):
    """One line about what stops now, and the measure it stops where there is one."""

    text = forms.CharField(
        label=_("What came true?"), max_length=1000, widget=forms.TextInput,
        help_text=_("One line. It goes to the theme owner first and up from there."),
    )  # fmt: skip

    class Meta:
        model = Obstacle
        fields: ClassVar = ["measure"]
        labels: ClassVar = {"measure": _("Measure that it stops")}

    field_order = ["text", "measure"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["measure"]
        field.empty_label = _("no measure")
        field.label_from_instance = _coded

    def _post_clean(self) -> None:
        """The row is made by the service, which takes the text in the writer's language."""


def numbered(risk: Risk) -> str:
    return f"{risk.number}. {risk.name}"


def _coded(measure: Measure) -> str:
    return f"{measure.code} {measure.name}"


def projects_to_add_to(user: Any, programme: Programme) -> list[Project]:
    """Projects of which the person may add risks. One statement."""
    rows = Project.objects.filter(programme=programme).select_related("theme")
    return [row for row in rows if can(user, "risk.edit", row)]
