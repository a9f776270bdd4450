"""Forms of milestones and of links between them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.editing import RowForm
from core.fields import DateField
from core.text import translated
from programme.models import Dependency, Milestone
from programme.projects.links.graph import WHOLE, Node
from programme.projects.links.selectors import Network, network

NAMES = ["name_fi", "name_sv", "name_en"]


class MilestoneForm(RowForm):
    """A milestone's name, days and owner. The day first planned stands once given; moving it needs a reason."""

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
        (_("Owner and roadmap"), ["owner", "is_on_roadmap"]),
        (None, ["reason"]),
    ]

    class Meta:
        model = Milestone
        fields: ClassVar = [*NAMES, "baseline_on", "forecast_on", "actual_on", "owner", "is_on_roadmap"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["reason"]
            self.fields["baseline_on"].required = True
        elif self.instance.baseline_on is not None and self.instance.project.is_baselined:
            planned = self.fields["baseline_on"]
            planned.disabled = True
            planned.help_text = _("The plan is ready: the day first planned moves by a change request.")

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


class LinkForm(RowForm):
    """What waits, what it waits for, and how many days must lie between. The project is the instance's."""

    what = forms.ChoiceField(
        label=_("Waits for"),
        help_text=_("Choose by typing the beginning of a name: a whole project or one of its milestones."),
    )

    fieldsets: ClassVar = [(None, ["milestone", "what", "gap_days", "note"])]

    class Meta:
        model = Dependency
        fields: ClassVar = ["milestone", "gap_days", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.fields["milestone"]
        own.queryset = own.queryset.filter(project=self.instance.project)  # type: ignore[attr-defined]
        own.label = _("What waits")
        own.empty_label = _("The whole project")  # type: ignore[attr-defined]
        self.fields["gap_days"].label = _("Days between")
        self.fields["what"].choices = choices(network(self.programme))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "what" in cleaned:
            row: Dependency = self.instance
            row.on_project_id, on = parsed(cleaned["what"])
            row.on_milestone_id = on or None
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """The ends of the link are checked too, though the form asks for them under another name."""
        ends = {"on_project", "on_milestone", "project", "programme"}
        hidden: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return hidden - ends if "what" in self.cleaned_data else hidden


class LinkEditForm(RowForm):
    """Days between and note of a link; its ends stay."""

    class Meta:
        model = Dependency
        fields: ClassVar = ["gap_days", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gap_days"].label = _("Days between")


def choices(now: Network) -> list[tuple[Any, Any]]:
    """Every project with its milestones, under the project's name."""
    found: list[tuple[Any, Any]] = [("", _("choose"))]
    for row in now.projects.values():
        name = translated(row, "name").text  # type: ignore[arg-type]
        whole = (written(row.node), _("%(project)s (whole project)") % {"project": name})
        inside = [
            (written(one.node), translated(one, "name").text)  # type: ignore[arg-type]
            for one in now.by_project[row.pk]
        ]
        found.append((name, [whole, *inside]))
    return found


def written(node: Node) -> str:
    """ "12-34" for a milestone of a project, "12-0" for the project."""
    return f"{node[0]}-{node[1]}"


def parsed(text: str) -> Node:
    """The node of a choice."""
    project, _separator, milestone = text.partition("-")
    return int(project), int(milestone or WHOLE)
