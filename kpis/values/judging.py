"""Answers of persons where no figure can judge: met and the like, or yes and no; each with what it rests on."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.attachments import allow
from core.db import retrying
from core.editing import Conflict, RowForm, Saved, save_edit
from core.history import own_context
from kpis.evaluating import evaluate
from kpis.models import Evaluation, Indicator, Judgement, Outcome, TargetRule

Answer = Judgement.Answer
#: Chosen to take an answer back.
NOT_YET = "not_yet"
YES_NO = (Answer.YES, Answer.NO)
DEGREES = (Answer.MET, Answer.PARTLY, Answer.ON_THE_WAY, Answer.NOT_MET)

allow("kpis.judgement")


def answers_of(indicator: Indicator) -> tuple[Answer, ...]:
    """Yes and no where the rule asks it so, otherwise how far the target is met."""
    rules = TargetRule.objects.filter(indicator=indicator, valid_to=None, kind=TargetRule.Kind.YES_NO)
    return YES_NO if rules.exists() else DEGREES


class JudgementForm(RowForm):
    """The answer for one year, and why."""

    answer = forms.ChoiceField(label=_("Answer"), widget=forms.RadioSelect)

    class Meta:
        model = Judgement
        fields = ["answer", "reason"]
        labels = {"reason": _("What does it rest on?")}
        help_texts = {
            "reason": _("Results, figures or events, so that another person can follow the judgement.")
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices: list[tuple[str, Any]] = [
            (one.value, one.label) for one in answers_of(self.instance.indicator)
        ]
        now = self.instance.answer
        if now and now not in dict(choices):  # answered before the rule changed
            choices.append((now, Answer(now).label))
        if self.instance.pk:
            choices.append((NOT_YET, _("not yet: take the answer back")))
        self.fields["answer"].choices = choices  # type: ignore[attr-defined]

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"answer"} if self.cleaned_data.get("answer") == NOT_YET else excluded


@retrying
def judge(form: JudgementForm, by: Any, *, on: date) -> Any:
    """Stores a new answer, and has the rules asked anew."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=form.cleaned_data["reason"]):
        row: Judgement = form.instance
        row.judged_by, row.judged_on = by, on
        row.stamp(by).full_clean()
        row.save()
        evaluate([row.indicator])
        return row


@retrying
def judge_again(form: JudgementForm, by: Any, *, on: date) -> Any:
    """Changes an answer or takes it back; what it was stays in the history. Raises Conflict as every edit does."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=form.cleaned_data["reason"]):
        indicator = form.instance.indicator
        if form.cleaned_data["answer"] == NOT_YET:
            saved: Any = _take_back(form)
        else:
            saved = save_edit(form, by, also={"judged_by": by, "judged_on": on})
        evaluate([indicator])
        return saved


def _take_back(form: JudgementForm) -> Saved:
    row = Judgement.objects.select_for_update(of=("self",)).get(pk=form.instance.pk)
    if row.version != form.shown.get("version"):
        from core.editing.merging import Merge

        raise Conflict(row, [], Merge((), (), ()))
    row.delete()
    return Saved(row, [form.fields["answer"].label or ""])


def asked_of(user: Any, programmes: Any) -> Any:
    """What the rules leave to a person, of indicators that the person answers for, the oldest year first."""
    rows = Evaluation.objects.filter(
        Q(indicator__owner=user), programme__in=programmes, outcome=Outcome.TO_BE_JUDGED, superseded_at=None
    )
    return rows.select_related("indicator").order_by("year", "indicator__position", "pk")
