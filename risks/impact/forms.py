"""Forms of impact areas, groups, closings, hearings and analyses."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.editing import RowForm
from core.fields import DateField
from core.templatetags.ui import plain_text
from measures.models import Service
from risks.impact.watching import indicators_of
from risks.models import (
    AffectedGroup,
    ClosureAssessment,
    ImpactArea,
    ImpactStatement,
    ImpactWatch,
    ProductionAnalysis,
    StaffHearing,
)

NAMES = ["name_fi", "name_sv", "name_en"]


class AreaForm(RowForm):
    """What the area is, which way the programme moves it, and why."""

    fieldsets: ClassVar = [
        (_("Which way the programme moves it"), ["advances", "advances_reason"]),
        (_("Name"), NAMES, "folded"),
    ]

    class Meta:
        model = ImpactArea
        fields: ClassVar = ["advances", "advances_reason", *NAMES]
        labels: ClassVar = {"advances": _("Does it advance?"), "advances_reason": _("Reason")}
        widgets: ClassVar = {"advances_reason": forms.Textarea(attrs={"rows": 4})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("advances") and not (cleaned.get("advances_reason") or "").strip():
            self.add_error("advances_reason", _("Say why: a direction without a reason tells nothing."))
        return cleaned


class StatementForm(RowForm):
    """One sentence about an area."""

    text_labels: ClassVar = {"name": _("What the programme says")}

    class Meta:
        model = ImpactStatement
        fields: ClassVar = [*NAMES]


class WatchForm(RowForm):
    """The indicator that is watched, and what it would show."""

    indicator = forms.ChoiceField(label=_("Indicator"))
    field_order = ["indicator", "note"]

    class Meta:
        model = ImpactWatch
        fields: ClassVar = ["note"]

    def _prepare_fields(self) -> None:
        field: Any = self.fields["indicator"]
        self.offered = {str(row.pk): row for row in indicators_of(self.programme)}
        field.choices = [("", _("choose")), *((key, plain_text(row)) for key, row in self.offered.items())]
        super()._prepare_fields()

    def clean_indicator(self) -> Any:
        return self.offered[self.cleaned_data["indicator"]]

    def _post_clean(self) -> None:
        """The row is made by the service, which knows the kind of the indicator."""


class GroupForm(RowForm):
    """A group of people that changes may touch."""

    class Meta:
        model = AffectedGroup
        fields: ClassVar = [*NAMES, "kind"]


class ClosureForm(RowForm):
    """The four parts of the overall assessment; they may be written one by one."""

    class Meta:
        model = ClosureAssessment
        fields: ClassVar = ["use", "channels", "premises", "conclusion"]
        help_texts: ClassVar = {
            "use": _("Visits and clients by year, who they are, where they come from."),
            "channels": _(
                "Other service points, home visits, telephone, digital services; for those without any too."
            ),
            "premises": _("Condition, accessibility and safety, for clients and for staff."),
            "conclusion": _("What is proposed and on what conditions."),
        }
        widgets: ClassVar = {
            name: forms.Textarea(attrs={"rows": 4}) for name in ("use", "channels", "premises", "conclusion")
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not any((cleaned.get(name) or "").strip() for name in self.Meta.fields):
            self.add_error("use", _("Write at least one part."))
        return cleaned

    def _post_clean(self) -> None:
        """What changes a finished assessment opens it again, so an empty part is no mistake then."""
        self.instance.assessed_on = self.instance.assessed_by = None
        super()._post_clean()  # type: ignore[misc]


class HearingForm(RowForm):
    """When, in what form and who was heard, what they said, and what changed because of it."""

    heard_on = DateField(label=_("Day"))

    class Meta:
        model = StaffHearing
        fields: ClassVar = ["heard_on", "form", "group", "said", "changed"]
        help_texts: ClassVar = {
            "form": _("For example: meeting of the unit, survey, cooperation procedure."),
            "group": _("A group, not single people."),
            "changed": _("“Nothing changed, because …” is an answer too."),
        }
        widgets: ClassVar = {
            "said": forms.Textarea(attrs={"rows": 3}),
            "changed": forms.Textarea(attrs={"rows": 3}),
        }

    def clean_heard_on(self) -> Any:
        day = self.cleaned_data["heard_on"]
        if day and day > self.programme.today():
            raise ValidationError(_("A hearing is written down once it has been held."), code="ahead")
        return day


class ProductionForm(RowForm):
    """Own production and buying held against each other, and the conclusion with its reason."""

    analysed_on = DateField(label=_("Analysed on"))

    class Meta:
        model = ProductionAnalysis
        fields: ClassVar = ["service", "own", "bought", "answer", "reason", "analysed_on"]
        help_texts: ClassVar = {
            "own": _("Cost, quality, availability, staff."),
            "bought": _("Cost, quality, availability, contract."),
        }
        widgets: ClassVar = {name: forms.Textarea(attrs={"rows": 3}) for name in ("own", "bought", "reason")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["service"]
        field.queryset = Service.objects.filter(programme=self.programme)
        field.label_from_instance = plain_text
        field.empty_label = _("no service of the list")
