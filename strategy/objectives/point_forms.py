"""The form of a reporting point."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from core.editing import RowForm
from core.text import LANGUAGES
from strategy.models import ReportingPoint
from strategy.objectives.forms import _plain


class PointForm(RowForm):
    """When somebody is told what, and when it was given: a point with its day of giving is given."""

    fieldsets = [
        (None, ["kind", "year", *(f"name_{language}" for language in LANGUAGES), "body", "due_on", "given_on", "note"])
    ]  # fmt: skip

    class Meta:
        model = ReportingPoint
        fields = [
            "kind",
            "year",
            *(f"name_{language}" for language in LANGUAGES),
            "body",
            "due_on",
            "given_on",
            "note",
        ]
        labels = {
            "due_on": gettext_lazy("Due day"), "given_on": gettext_lazy("Given on"), "body": gettext_lazy("Given to")
        }  # fmt: skip

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        _plain(self.fields["body"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        # The state follows from the day; the constraint reads both.
        self.instance.state = self.state_given
        return cleaned

    @property
    def state_given(self) -> str:
        return (
            ReportingPoint.State.GIVEN if self.cleaned_data.get("given_on") else ReportingPoint.State.COMING
        )
