"""Forms of gates and of changes of a locked plan."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import identity_codes
from core.editing import RowForm
from core.permissions import ACTIONS
from measures import gates
from measures.models import GateDefinition, Measure
from measures.selectors.stages import PLACES, open_stages
from programme.decisions import decision_fields
from programme.models import Programme
from programme.models.access import Role
from programme.words import word


class ActForm(identity_codes.WithoutCodes):
    """An act that is done once: it carries a token, and what it was about when the page was shown."""

    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    seen_stage = forms.CharField(widget=forms.HiddenInput, required=False, max_length=12)

    def __init__(self, data: Any = None, *, seen: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"token": secrets.token_urlsafe(24)} | (seen or {}))

    def tell(self, refused: ValidationError) -> None:
        """Puts what a service refused to the field it names, or over the form."""
        if not hasattr(refused, "error_dict"):
            self.add_error(None, refused)
            return
        for name, errors in refused.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)


class AskForm(ActForm):
    note = forms.CharField(
        label=gettext_lazy("What the one who decides should know"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class AskChangeForm(ActForm):
    """Why a locked plan changes; its months are read beside it."""

    reason = forms.CharField(
        label=gettext_lazy("Why does the plan change?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Who decides reads this beside the old and the new figures."),
    )  # fmt: skip


class DecideForm(ActForm):
    """Approve or refuse, when, why, and the body's decision when there is one."""

    APPROVE, REFUSE = "approve", "refuse"

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    answer = forms.ChoiceField(
        label=gettext_lazy("Your decision"), widget=forms.RadioSelect,
        choices=[(APPROVE, gettext_lazy("Approve")), (REFUSE, gettext_lazy("Do not approve"))],
        error_messages={"required": gettext_lazy("Choose whether you approve it or not.")},
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Always needed when you do not approve, or when something is missing."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, programme: Programme, needs_body: bool = False,
        seen: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, seen=seen)
        told = decision_fields(programme, required=False)
        told["decided_on"].required, told["decided_on"].initial = True, programme.today()
        self.needs_body = needs_body
        # The day is asked of every decision; body, section and case number belong together.
        order = ("decided_on", "body", "section", "case_number")
        self.fields |= {name: told[name] for name in order}
        self.order_fields(["answer", "reason", *order])
        self.fields["decided_on"].widget.attrs |= {
            "inputmode": "numeric", "autocomplete": "off", "class": "input--date",
        }  # fmt: skip

    @property
    def approves(self) -> bool:
        return bool(self.cleaned_data["answer"] == self.APPROVE)

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("answer", "reason", "decided_on")]

    @property
    def body_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("body", "section", "case_number")]


class ReturnForm(ActForm):
    """An earlier stage, and why the measure goes back."""

    to = forms.ChoiceField(label=gettext_lazy("Back to the stage"))
    reason = forms.CharField(
        label=gettext_lazy("Why does it go back?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The reason is kept in the history and beside the decisions."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, measure: Measure, seen: dict[str, Any] | None = None) -> None:
        super().__init__(data, seen=seen)
        earlier = [stage for stage in open_stages(measure)[1:] if stage in PLACES]
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(stage, word(measure.programme, f"stage.{stage}")) for stage in reversed(earlier)]
        field.error_messages["required"] = _("Choose the stage.")


class GateForm(RowForm):
    """What one gate asks for, who decides, and whether a body's decision is needed."""

    checks = forms.MultipleChoiceField(
        label=gettext_lazy("What it asks for"), widget=forms.CheckboxSelectMultiple, required=False
    )
    reason_rule = "optional"
    fieldsets = [(None, ["deciding_role", "needs_body", "checks", "reason"])]

    class Meta:
        model = GateDefinition
        fields = ["deciding_role", "needs_body", "checks"]
        labels = {
            "deciding_role": gettext_lazy("Who decides"),
            "needs_body": gettext_lazy("A body's decision with its section (§) is needed"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("deciding_role", [(role, Role(role).label) for role in ACTIONS["gate.decide"]])
        self._offer("checks", [(check.key, check.label) for check in gates.REGISTRY.values()])

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"programme", "to_stage"}  # type: ignore[misc,no-any-return]
