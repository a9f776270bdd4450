"""Forms of the templates that every project goes by: parts of the plan, phases and questions, elements of change."""

from __future__ import annotations

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from core.editing import RowForm
from programme.forms.governance import areas, in_languages
from programme.forms.structure import NAMES, KeyedForm
from programme.models import ChangeElement, PhaseQuestion, PlanPart, ProjectPhase

CLOSED_HINT = _("New projects are not asked for it. What projects have written stays.")


class PlanTemplateForm(KeyedForm):
    text_labels = {"guidance": _("Guidance")}
    fieldsets = [(None, [*NAMES, *in_languages("guidance")]), (None, ["is_closed"])]

    class Meta:
        model = PlanPart
        fields = [*NAMES, *in_languages("guidance"), "is_closed"]
        widgets = areas("guidance")
        help_texts = {"is_closed": CLOSED_HINT}


class PhaseTemplateForm(RowForm):
    """A phase; a new one comes last. Its number stands, since projects stand in a phase by its number."""

    fieldsets = [(None, [*NAMES, *in_languages("content")])]

    class Meta:
        model = ProjectPhase
        fields = [*NAMES, *in_languages("content")]
        widgets = areas("content")

    def _post_clean(self) -> None:
        if self.instance._state.adding:
            rows = ProjectPhase.objects.filter(programme=self.programme)
            self.instance.number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
        super()._post_clean()  # type: ignore[misc]


class PhaseQuestionForm(KeyedForm):
    siblings = ("phase",)
    fieldsets = [(None, [*NAMES, "phase"]), (None, ["is_closed"])]

    class Meta:
        model = PhaseQuestion
        fields = [*NAMES, "phase", "is_closed"]
        labels = {"phase": _("Phase")}
        help_texts = {"is_closed": CLOSED_HINT}


class ChangeElementForm(KeyedForm):
    text_labels = {"challenge": _("What is hard"), "approach": _("How it is met")}
    fieldsets = [(None, [*NAMES, *in_languages("challenge", "approach")]), (None, ["is_closed"])]

    class Meta:
        model = ChangeElement
        fields = [*NAMES, *in_languages("challenge", "approach"), "is_closed"]
        widgets = areas("challenge", "approach")
        help_texts = {"is_closed": CLOSED_HINT}
