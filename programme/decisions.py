"""Decisions of bodies that other acts rest on: the fields that ask for one, and the row they make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.fields import DateField
from core.templatetags.ui import plain_text
from programme.models import Body, Decision, Programme

#: The fields of a decision in the order in which a form shows them.
DECISION_FIELDS = ("body", "decided_on", "section", "case_number")


class _BodyField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return plain_text(obj)


def decision_fields(programme: Programme, *, required: bool) -> dict[str, forms.Field]:
    """Form fields of a decision: body, day, section and case number.

    Where a decision is `required`, so are its body and day; else a decision is made as soon as one is given.
    """
    bodies = Body.objects.filter(programme=programme)
    return {
        "body": _BodyField(bodies, label=_("Who decided"), required=required, empty_label=_("(choose)")),
        "decided_on": DateField(label=_("Day of the decision"), required=required),
        "section": forms.CharField(label=_("Section (§)"), max_length=30, required=False),
        "case_number": forms.CharField(label=_("Case number"), max_length=60, required=False),
    }


def is_given(values: Mapping[str, Any]) -> bool:
    """Whether any of a decision's fields says something."""
    return any(values.get(name) for name in DECISION_FIELDS)


def make_decision(
    *, programme: Programme, values: Mapping[str, Any], subject: str | Promise, by: Any, reason: str = ""
) -> Decision | None:
    """Stores the decision that the fields tell of; None when they say nothing.

    Raises ValidationError at `decided_on` when there is a body, section or case number but no day.
    """
    if not is_given(values):
        return None
    if not values.get("decided_on"):
        raise ValidationError({"decided_on": _("Give the day of the decision.")})
    row = Decision(
        programme=programme, body=values.get("body"), decided_on=values["decided_on"],
        section=values.get("section") or "", case_number=values.get("case_number") or "",
        subject=str(subject)[:300], reason=reason,
    ).stamp(by)  # fmt: skip
    row.full_clean()
    row.save()
    return row
