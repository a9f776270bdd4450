"""The form of a month: what happened, what comes next, and the questions that every project answers."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from core.editing import RowForm
from core.periods import month_key
from core.templatetags.ui import plain_text
from programme.models import StatusUpdate
from programme.projects.forms import UNREADABLE
from programme.updates.selectors import Asked

PREFIX = "question_"


class StatusForm(RowForm):
    """Made with `asked=`; the answers are fields named question_<id>, signed with the form as its own values are."""

    class Meta:
        model = StatusUpdate
        fields: ClassVar = ["text", "next_steps"]

    def __init__(self, data: Any = None, *, asked: Asked, **options: Any) -> None:
        self.asked = asked
        answered = {f"{PREFIX}{pk}": row.text for pk, row in asked.answers.items()}
        super().__init__(data, **(options | {"initial": answered | dict(options.get("initial") or {})}))
        self.fields["text"].required = True
        for question in asked.questions:
            self.fields[f"{PREFIX}{question.pk}"] = forms.CharField(
                label=plain_text(question), help_text=plain_text(question, "guidance"),
                required=question.is_required, max_length=4000, widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip
        for name in ("text", "next_steps"):
            self.fields[name].widget.attrs["rows"] = 3

    def stored(self, row: Any) -> dict[str, str]:
        """The texts, the month, and the answers as they stand now."""
        answers = {f"{PREFIX}{one.pk}": "" for one in self.asked.questions}
        if row.pk is not None:
            answers |= {f"{PREFIX}{one.question_id}": one.text for one in row.answers.all()}
        return super().stored(row) | answers | {"month": month_key(self.asked.month)}

    @property
    def own_fields(self) -> list[str]:
        return [name for name in self._meta.fields or () if name in self.fields]

    @property
    def answers(self) -> dict[int, str]:
        """What was typed, by question."""
        typed = {name: self.cleaned_data.get(name) or "" for name in self.fields if name.startswith(PREFIX)}
        return {int(name.removeprefix(PREFIX)): text.strip() for name, text in typed.items()}

    @property
    def answers_shown(self) -> dict[int, str]:
        """What stood in the form when it was opened."""
        values: dict[str, str] = self.shown.get("values", {})
        return {
            int(name.removeprefix(PREFIX)): text for name, text in values.items() if name.startswith(PREFIX)
        }

    @property
    def question_fields(self) -> list[tuple[Any, Any]]:
        """Each question's field with last month's answer, or None."""
        before = self.asked.answers_before
        return [(self[f"{PREFIX}{one.pk}"], before.get(one.pk)) for one in self.asked.questions]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.shown.get("values", {}).get("month") != month_key(self.asked.month):
            raise ValidationError(UNREADABLE, code="unreadable")
        return cleaned
