"""Forms that ask for a change of a project and decide on one."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.editing import RowForm
from core.fields import DateField, EurCentsField
from core.money import format_eur
from core.periods import format_date
from programme.decisions import decision_fields
from programme.models import ChangeRequest, Project
from programme.projects.changes.services import Wanted


class ActForm(RowForm):
    """An act on a project: it makes no row of its own, the service does what it says."""

    class Meta:
        model = ChangeRequest
        fields: ClassVar[list[str]] = []

    def _post_clean(self) -> None:
        """The service checks and saves."""


class AskForm(ActForm):
    """What changes and why, with new days of milestones and of the end, and new budgets; what stays is left empty."""

    subject = forms.CharField(label=_("What changes"), max_length=300)
    why = forms.CharField(label=_("Why"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    effect = forms.CharField(
        label=_("What it means for goals, savings and other projects"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    is_scope = forms.BooleanField(label=_("The scope changes"), required=False)

    def __init__(self, data: Any = None, *, project: Project, **options: Any) -> None:
        self.project = project
        super().__init__(data, **options)
        self.milestones = list(project.milestones.filter(actual_on=None))
        self.finances = list(project.finances.select_related("source"))
        self._days()
        self._budgets()

    def _days(self) -> None:
        self.fields["ends_on"] = DateField(
            label=_("New end of the project"),
            required=False,
            help_text=_was(format_date(self.project.ends_on)),
        )
        for row in self.milestones:
            self.fields[f"milestone_{row.pk}"] = DateField(
                label=row.name, required=False, help_text=_was(format_date(row.baseline_on))
            )

    def _budgets(self) -> None:
        for row in self.finances:
            name = row.source.name if row.source else _now("the county's own budget")
            self.fields[f"finance_{row.pk}"] = EurCentsField(
                label=_now("Budget of %(year)s, € (%(source)s)") % {"year": row.year, "source": name},
                required=False, help_text=_was(format_eur(row.budget_eur_cents, unit="eur", sign=False)),
            )  # fmt: skip

    def wanted(self) -> list[Wanted]:
        """What is to be moved: only what differs from what stands."""
        told, found = self.cleaned_data, []
        if told.get("ends_on") and told["ends_on"] != self.project.ends_on:
            found.append(Wanted(new_on=told["ends_on"]))
        for milestone in self.milestones:
            day = told.get(f"milestone_{milestone.pk}")
            if day and day != milestone.baseline_on:
                found.append(Wanted(milestone=milestone, new_on=day))
        for finance in self.finances:
            cents = told.get(f"finance_{finance.pk}")
            if cents is not None and cents != finance.budget_eur_cents:
                found.append(Wanted(finance=finance, new_eur_cents=cents))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not self.errors and not cleaned.get("is_scope") and not self.wanted():
            raise ValidationError(
                _("Say what changes: the scope, at least one day, or a budget."), code="nothing"
            )
        start, end = self.project.starts_on, cleaned.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", ValidationError(_("The project must not end before it starts.")))
        return cleaned


class DecideForm(ActForm):
    """The answer, the day, and the body's decision where one was made."""

    ANSWERS = (("accept", _("accept")), ("refuse", _("refuse")))

    verdict = forms.ChoiceField(label=_("Decision"), choices=ANSWERS, widget=forms.RadioSelect)
    answer = forms.CharField(
        label=_("Reason"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A refusal needs a reason; it goes back to who asked."),
    )  # fmt: skip

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields |= decision_fields(self.programme, required=False)
        self.fields["decided_on"].required = True

    @property
    def accepts(self) -> bool:
        return bool(self.cleaned_data["verdict"] == "accept")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("verdict") == "refuse" and not (cleaned.get("answer") or "").strip():
            self.add_error("answer", ValidationError(_("Say why the change is refused.")))
        day = cleaned.get("decided_on")
        if day and day > self.programme.today():
            self.add_error("decided_on", ValidationError(_("The day lies in the future.")))
        return cleaned


def _was(text: str) -> str:
    return _now("Now: %(value)s. Empty: stays.") % {"value": text}
