"""An obstacle in one line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.editing import RowForm
from measures.models import Measure
from programme.models import Project
from risks.models import Obstacle


class ObstacleForm(RowForm):
    """What stops, and what it stops: a measure, a project or the programme."""

    text = forms.CharField(
        label=_("What stops you?"),
        max_length=1000,
        widget=forms.TextInput,
        help_text=_("One line is enough. It goes to the theme owner first."),
        error_messages={"required": _("Say what stops you.")},
    )

    class Meta:
        model = Obstacle
        fields = ["measure", "project"]
        labels = {"measure": _("Measure"), "project": _("Project")}

    field_order = ["text", "measure", "project"]

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["measure"].label_from_instance = _coded  # type: ignore[attr-defined]
        self.fields["measure"].empty_label = _("no measure")  # type: ignore[attr-defined]
        self.fields["project"].empty_label = _("no project")  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """The row is made by the service, which takes the text in the writer's language."""

    @property
    def measure(self) -> Measure | None:
        return self.cleaned_data.get("measure")

    @property
    def project(self) -> Project | None:
        return self.cleaned_data.get("project")


def _coded(measure: Measure) -> str:
    return f"{measure.code} {measure.name}"
