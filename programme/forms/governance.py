"""Forms of bodies, reporting duties, sides of leading, decided documents, and what the programme says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.editing.forms import canonical
from core.fields import DateField
from programme.forms.fields import FigureField
from programme.forms.structure import NAMES, KeyedForm, PersonName
from programme.governance.cadence import Cadence, has_calendar
from programme.governance.duties import KEPT_BY
from programme.models import (
    BaselineFact,
    Body,
    DutyRecipient,
    Perspective,
    ReportingDuty,
    Statement,
    StrategyDocument,
)
from programme.page_selectors import FactGroup

MONTHS = {
    1: _("January"), 2: _("February"), 3: _("March"), 4: _("April"), 5: _("May"), 6: _("June"), 7: _("July"),
    8: _("August"), 9: _("September"), 10: _("October"), 11: _("November"), 12: _("December"),
}  # fmt: skip


def in_languages(*names: str) -> list[str]:
    """The columns of texts in three languages: ["aim_fi", "aim_sv", "aim_en"]."""
    return [f"{name}_{code}" for name in names for code in ("fi", "sv", "en")]


def areas(*names: str) -> dict[str, type[forms.Textarea]]:
    return {name: forms.Textarea for name in in_languages(*names)}


class BodyForm(KeyedForm):
    text_labels = {"level": _("Level"), "acts_as": _("Acts as"), "responsibility": _("Responsibility")}
    fieldsets = [
        (None, [*NAMES, *in_languages("responsibility")]),
        (_("Place in the whole"), ["kind", "is_steering_group", "count", *in_languages("level", "acts_as")]),
    ]

    class Meta:
        model = Body
        fields = [
            *NAMES, *in_languages("responsibility"), "kind", "is_steering_group", "count",
            *in_languages("level", "acts_as"),
        ]  # fmt: skip
        widgets = areas("responsibility")
        labels = {"kind": _("Kind"), "is_steering_group": _("Is the steering group"), "count": _("How many")}


#: Fields that say in which weeks or months a duty is due; the day alone moves its times and adds none.
RHYTHM = ("frequency", "due_months")


class DutyForm(KeyedForm):
    text_labels = {"what": _("What"), "when": _("When")}
    links = {"to_bodies": DutyRecipient}
    fieldsets = [
        (None, [*in_languages("what"), "kind"]),
        (_("Who and to whom"), ["from_body", "to_bodies"]),
        (_("How often"), ["frequency", "due_day", "due_months", *in_languages("when")]),
        (_("How it is followed"), ["owner", "followed_from", "followed_until", "kept_by_code"]),
    ]

    due_months = forms.TypedMultipleChoiceField(
        label=_("Months"), required=False, coerce=int, choices=list(MONTHS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("In which months it is due. None chosen: in every one of its kind."),
    )  # fmt: skip
    followed_from = DateField(
        label=_("Followed from"), required=False,
        help_text=_("Days before it are not counted as missed. Empty: from today on."),
    )  # fmt: skip
    followed_until = DateField(label=_("Followed until"), required=False)
    kept_by_code = forms.ChoiceField(
        label=_("Kept by itself when this is made"), required=False,
        choices=[("", _("nothing: somebody marks it as done")), *KEPT_BY.items()],
    )  # fmt: skip
    to_bodies = forms.ModelMultipleChoiceField(
        label=_("Reported to"),
        queryset=Body.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = ReportingDuty
        fields = [
            *in_languages("what"), "kind", "from_body", "to_bodies", "frequency", *in_languages("when"),
            "due_day", "due_months", "owner", "followed_from", "followed_until", "kept_by_code",
        ]  # fmt: skip
        field_classes = {"owner": PersonName}
        labels = {
            "kind": _("Kind"), "from_body": _("Reported by"), "frequency": _("How often"),
            "due_day": _("Day"), "owner": _("Who sees to it"),
        }  # fmt: skip
        help_texts = {
            "due_day": _("Day of the month; for a weekly duty 1 is Monday. Empty: the duty has no calendar."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        day, weekly = cleaned.get("due_day"), cleaned.get("frequency") == ReportingDuty.Frequency.WEEKLY
        if day is not None and not 1 <= day <= (7 if weekly else 31):
            self.add_error(
                "due_day", _("Give a day of the week, 1 to 7.") if weekly else _("Give a day of the month, 1 to 31.")
            )  # fmt: skip
        months = tuple(cleaned.get("due_months") or ())
        if day is not None and not has_calendar(Cadence(cleaned.get("frequency") or "", day, months)):
            self.add_error("due_months", _("Say in which months it is due."))
        first, last = cleaned.get("followed_from"), cleaned.get("followed_until")
        if day is not None and first is None:
            cleaned["followed_from"] = first = self.programme.today()
        elif first and not (last and last < self.programme.today()) and self._has_new_rhythm(cleaned):
            # Times that the new rhythm would have had in the past were asked of nobody, so nobody missed them.
            cleaned["followed_from"] = first = max(first, self.programme.today())
        if first and last and last < first:
            self.add_error("followed_until", _("The last day must not come before the first."))
        return cleaned

    def _has_new_rhythm(self, cleaned: dict[str, Any]) -> bool:
        """Whether a duty that is followed comes in other weeks or months now; who moves its first day means that."""
        before = self.shown.get("values", {})
        if not before.get("due_day") or not before.get("followed_from"):
            return False
        now = {name: canonical(self.fields[name], cleaned.get(name)) for name in (*RHYTHM, "followed_from")}
        same_start = now["followed_from"] == before["followed_from"]
        return same_start and any(now[name] != before.get(name) for name in RHYTHM)

    def _give_key(self) -> None:
        self.cleaned_data["name_fi"] = next(
            (self.cleaned_data[name] for name in in_languages("what") if self.cleaned_data.get(name)), ""
        )
        super()._give_key()
        del self.cleaned_data["name_fi"]


class PerspectiveForm(KeyedForm):
    text_labels = {"aim": _("Aim")}
    fieldsets = [(None, [*NAMES, *in_languages("aim")]), (_("Who answers"), ["owner"])]

    class Meta:
        model = Perspective
        fields = [*NAMES, *in_languages("aim"), "owner"]
        field_classes = {"owner": PersonName}
        labels = {"owner": _("Owner")}


class DocumentForm(KeyedForm):
    fieldsets = [
        (None, NAMES),
        (_("Decision"), ["approved_by", "approved_on", "paragraph"]),
        (_("Contents"), ["main_lines"]),
    ]

    approved_on = DateField(label=_("Decided on"), required=False)

    class Meta:
        model = StrategyDocument
        fields = [*NAMES, "approved_by", "approved_on", "paragraph", "main_lines"]
        labels = {
            "approved_by": _("Decided by"),
            "paragraph": _("Section (§)"),
            "main_lines": _("How many main lines"),
        }


class StatementForm(KeyedForm):
    siblings = ("kind",)
    text_labels = {"name": _("Text"), "detail": _("More")}
    fieldsets = [(None, ["kind", *NAMES, *in_languages("detail")]), (_("Belongs to"), ["theme", "sector"])]

    class Meta:
        model = Statement
        fields = ["kind", *NAMES, *in_languages("detail"), "theme", "sector"]
        widgets = areas("name", "detail")
        labels = {"kind": _("Kind"), "theme": _("Theme"), "sector": _("Sector")}


class FactForm(KeyedForm):
    """One figure of the starting point. Its group is one of those the programme has."""

    siblings = ("group",)
    fieldsets = [
        (None, [*NAMES, "group"]),
        (_("Figure"), ["value", "national", "unit", "year", "is_approximate"]),
        (_("Source"), ["source_note", "source_page"], "folded"),
    ]

    group = forms.ChoiceField(label=_("Heading"))
    value = FigureField(label=_("Value"), required=False, help_text=_("Leave empty when it is not known."))
    national = FigureField(label=_("Whole country"), required=False)

    class Meta:
        model = BaselineFact
        fields = [
            *NAMES, "group", "value", "national", "unit", "year", "is_approximate", "source_note", "source_page",
        ]  # fmt: skip
        widgets = {"source_note": forms.Textarea}
        labels = {
            "unit": _("Unit"),
            "year": _("Year"),
            "is_approximate": _("About"),
            "source_note": _("Where it comes from"),
            "source_page": _("Page of the source"),
        }

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        rows = BaselineFact.objects.filter(programme=self.programme).order_by("group")
        groups = list(dict.fromkeys([*rows.values_list("group", flat=True), "county"]))
        heading: Any = self.fields["group"]
        heading.choices = [(group, fact_heading(group)) for group in groups]


def fact_heading(group: str) -> str:
    """The heading of a group of baseline figures."""
    return FactGroup(group.replace("_", "-"), []).label
