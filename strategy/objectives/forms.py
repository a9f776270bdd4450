"""Forms of objectives, metrics, answers and the decisions that fix them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.editing import RowForm
from core.identity_codes import WithoutCodes
from core.templatetags.ui import plain_text
from core.text import LANGUAGES
from kpis.models import TargetRule
from programme.decisions import DECISION_FIELDS, decision_fields, is_given
from programme.forms.fields import FigureField
from programme.models import Programme
from strategy.models import AnnualObjective, MetricYear, ObjectiveMetric, ObjectiveSet
from strategy.objectives.answering import FOLLOWS, Settled, settle
from strategy.objectives.changing import RULE_FIELDS, seen_of
from strategy.objectives.fixing import changes_decision, fixed_of, years_of_objective
from strategy.objectives.judging import is_numeric

Answer = MetricYear.Answer
#: Kinds of rules that a metric may have.
KINDS = ("yes_no", "compare", "series_increase", "direction", "qualitative")
FIRST_YEAR, LAST_YEAR = 2000, 2100


def _plain(field: Any) -> None:
    """Names of rows in the reader's language, without a mark."""
    field.label_from_instance = plain_text


def ask_day(field: forms.Field) -> None:
    """A day as every form asks it."""
    field.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off", "class": "input--date"}


# --- answers -------------------------------------------------------------------------------------------------


def answer_choices(metric: ObjectiveMetric) -> list[tuple[str, Any]]:
    """What may be answered; of a metric with figures first what follows from the figure."""
    given = [(Answer.YES, _("yes")), (Answer.PARTLY, _("partly")), (Answer.NO, _("no"))]
    if is_numeric(metric):
        return [(FOLLOWS, _("what the figure says")), *given]
    return [(Answer.OPEN, _("not yet")), *given]


def shown_answer(row: MetricYear) -> str:
    """What a form shows as chosen: the answer, or that it follows from the figure."""
    follows = (
        is_numeric(row.metric) and not row.is_judged and (row.number is not None or row.answer == Answer.OPEN)
    )
    return FOLLOWS if follows else row.answer


class AnswerForm(RowForm):
    """The answer of one metric in one year, with its reason."""

    answer = forms.ChoiceField(label=gettext_lazy("Answer"), widget=forms.RadioSelect, required=False)
    number = FigureField(
        label=gettext_lazy("Figure of the year"), required=False, max_digits=18, decimal_places=4
    )

    class Meta:
        model = MetricYear
        fields = ["answer", "number", "note"]
        labels = {"note": gettext_lazy("Reason")}
        help_texts = {
            "note": gettext_lazy(
                "Needed for “no”, for “partly”, and when you judge otherwise than the figure."
            )
        }

    def __init__(
        self, data: Any = None, *, instance: MetricYear, initial: Any = None, **options: Any
    ) -> None:
        first = {"answer": shown_answer(instance)} | dict(initial or {})
        super().__init__(data, instance=instance, initial=first, **options)
        field = self.fields["answer"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = answer_choices(instance.metric)
        if not is_numeric(instance.metric):
            del self.fields["number"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        row: MetricYear = self.instance
        self.settled: Settled = settle(
            row.metric, row.year, chosen=cleaned.get("answer") or FOLLOWS, number=cleaned.get("number"),
            note=cleaned.get("note") or "",
        )  # fmt: skip
        cleaned["answer"] = self.settled.answer
        return cleaned


class QuickAnswerForm(WithoutCodes):
    """One line of the page on which a whole year is answered."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(label=gettext_lazy("Answer"), required=False)
    number = FigureField(label=gettext_lazy("Figure"), required=False, max_digits=18, decimal_places=4)
    note = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any, *, row: MetricYear) -> None:
        self.row = row
        first = {
            "seen": row.version, "answer": shown_answer(row), "number": row.number,
            "note": row.note,
        }  # fmt: skip
        super().__init__(data, prefix=f"a{row.pk}", initial=first)
        field = self.fields["answer"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = answer_choices(row.metric)
        if not is_numeric(row.metric):
            del self.fields["number"]
        for bound in self:
            if not bound.is_hidden:
                # What was shown goes with the form: a line that nobody touched is not stored over another's answer.
                bound.field.show_hidden_initial = True
                bound.field.widget.attrs["aria-describedby"] = f"asked-{row.pk}"

    def has_changed(self) -> bool:
        return any(name != "seen" for name in self.changed_data)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and self.has_changed():
            self.settled: Settled = settle(
                self.row.metric, self.row.year, chosen=cleaned.get("answer") or FOLLOWS,
                number=cleaned.get("number"), note=cleaned.get("note") or "",
            )  # fmt: skip
        return cleaned


# --- what the council fixed ----------------------------------------------------------------------------------


class FixForm(WithoutCodes):
    """The council's decision on the objectives of a year; what changes, when they were fixed before."""

    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, data: Any = None, *, programme: Programme, is_again: bool) -> None:
        super().__init__(data, initial={"token": secrets.token_urlsafe(24)})
        self.fields |= decision_fields(programme, required=True)
        ask_day(self.fields["decided_on"])
        if is_again:
            self.fields["reason"] = forms.CharField(
                label=_("What changes and why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
            )

    def tell(self, refused: ValidationError) -> None:
        """Puts what a service refused to the field it names, or over the form."""
        if not hasattr(refused, "error_dict"):
            self.add_error(None, refused)
            return
        for name, errors in refused.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)


class BindingForm(RowForm):
    """A form of what the council may have fixed: it asks for another decision where a fixed year changes."""

    reason_rule = "optional"

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fixed: dict[int, ObjectiveSet] = fixed_of(self.programme, self._years())
        self.decided_years: set[int] = set()
        if self._may_be_fixed():
            asked = decision_fields(self.programme, required=False)
            ask_day(asked["decided_on"])
            reason = self.fields.pop("reason")
            self.fields |= {**asked, "reason": reason}

    def _years(self) -> set[int]:
        """Years that what is edited concerns."""
        return set()

    def _may_be_fixed(self) -> bool:
        """Whether a fixed year may be touched at all: the form then shows the fields of a decision."""
        return bool(self.fixed)

    def _changed_years(self, cleaned: Mapping[str, Any]) -> set[int]:
        """Fixed years whose decision the form changes."""
        return set(self.fixed) if self._changes_texts() else set()

    def _changes_texts(self) -> bool:
        return bool(self.instance.pk) and changes_decision(self.shown.get("values", {}), self.sent())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        self.decided_years = self._changed_years(cleaned)
        if self.decided_years:
            for name in ("body", "decided_on"):
                if not cleaned.get(name):
                    self.add_error(name, _("Changing what the council fixed takes another decision."))
            if not cleaned.get("reason"):
                self.add_error("reason", _("Write what changes and why."))
        elif is_given(cleaned):
            self.add_error(
                None, _("Nothing that the council fixed changes: leave the fields of the decision empty.")
            )
        return cleaned

    def decision_legend(self) -> str:
        years = ", ".join(map(str, sorted(self.fixed)))
        return _("Another decision, when you change what is fixed for %(years)s") % {"years": years}

    def layout(self) -> Any:
        if "body" in self.fields:
            legend = self.decision_legend()
            self.fieldsets = [*type(self).fieldsets, (legend, [*DECISION_FIELDS, "reason"])]  # type: ignore[misc]
        return super().layout()


def _language_fields(*names: str) -> list[str]:
    return [f"{name}_{language}" for name in names for language in LANGUAGES]


class ObjectiveForm(BindingForm):
    """An objective: its heading, aim, verbatim wording, who answers for it."""

    text_labels = {
        "name": gettext_lazy("Heading"), "aim": gettext_lazy("Aim in short"),
        "text": gettext_lazy("Wording of the decision, word for word"),
    }  # fmt: skip
    fieldsets = [
        (None, ["number", *_language_fields("name"), "title_is_ours", *_language_fields("text", "aim")]),
        (gettext_lazy("Who answers for it"), ["owner", "same_as_indicator"]),
    ]

    class Meta:
        model = AnnualObjective
        fields = [
            "number",
            *_language_fields("name", "aim", "text"),
            "title_is_ours",
            "owner",
            "same_as_indicator",
        ]
        labels = {
            "number": gettext_lazy("Number"), "title_is_ours": gettext_lazy("The heading is ours"),
            "same_as_indicator": gettext_lazy("The same as an indicator of the vision"),
        }  # fmt: skip

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        _plain(self.fields["same_as_indicator"])

    def _years(self) -> set[int]:
        return years_of_objective(self.instance) if self.instance.pk else set()


class MetricForm(BindingForm):
    """A metric: its question, wording, years, the step before it, and the rule by which it is answered."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    asked_years = forms.CharField(
        label=gettext_lazy("Years"), max_length=200,
        help_text=gettext_lazy("For example 2024, 2025. A year that is not listed has no metric, which is not a “no”."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("How it is answered"))
    compare = forms.ChoiceField(label=gettext_lazy("The figure is"), required=False)
    value = FigureField(label=gettext_lazy("Limit"), required=False, max_digits=18, decimal_places=4)
    direction = forms.ChoiceField(label=gettext_lazy("The figure should"), required=False)
    versus_year = forms.IntegerField(
        label=gettext_lazy("Year of the starting figure"),
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
    )
    versus_value = FigureField(
        label=gettext_lazy("Starting figure"), required=False, max_digits=18, decimal_places=4,
        help_text=gettext_lazy("What the first year is compared with in a growing series."),
    )  # fmt: skip

    text_labels = {
        "name": gettext_lazy("Question in short"), "text": gettext_lazy("Wording of the decision, word for word"),
    }  # fmt: skip
    fieldsets = [
        (None, [*_language_fields("name", "text"), "asked_years", "years_stated"]),
        (
            gettext_lazy("The answer and its rule"),
            [
                "kind",
                "compare",
                "value",
                "direction",
                "unit",
                "versus_year",
                "versus_value",
                "data_source",
                "follows",
            ],
        ),
    ]

    class Meta:
        model = ObjectiveMetric
        fields = [*_language_fields("name", "text"), "unit", "data_source", "follows", "years_stated"]
        labels = {
            "unit": gettext_lazy("Unit"), "data_source": gettext_lazy("Source of the answer"),
            "years_stated": gettext_lazy("The council named the years"),
            "follows": gettext_lazy("Step after"),
        }  # fmt: skip

    def __init__(
        self, data: Any = None, *, instance: ObjectiveMetric, initial: Any = None, **options: Any
    ) -> None:
        rule = instance.rule
        first: dict[str, Any] = (
            {"seen": seen_of(instance), "years_stated": True} if instance.pk is None else {}
        )
        if instance.pk is not None:
            years = sorted(instance.years.values_list("year", flat=True))
            first = {"seen": seen_of(instance), "asked_years": ", ".join(map(str, years))}
        if rule is not None:
            first |= {name: getattr(rule, name) for name in RULE_FIELDS if name != "unit"}
        super().__init__(data, instance=instance, initial=first | dict(initial or {}), **options)
        kinds = [*KINDS, *([rule.kind] if rule is not None and rule.kind not in KINDS else [])]
        self._offer("kind", [(kind, TargetRule.Kind(kind).label) for kind in kinds])
        self._offer("compare", [("", "–"), *TargetRule.Compare.choices])
        self._offer("direction", [("", "–"), ("up", _("rise")), ("down", _("fall"))])
        steps: Any = self.fields["follows"]
        steps.queryset = ObjectiveMetric.objects.filter(objective=instance.objective_id).exclude(
            pk=instance.pk
        )
        _plain(steps)

    def _offer(self, name: str, choices: Iterable[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def _years(self) -> set[int]:
        return set(self.instance.years.values_list("year", flat=True)) if self.instance.pk else set()

    def _may_be_fixed(self) -> bool:
        """A metric may be brought into any year: one of the fixed years asks for the decision."""
        self.fixed_anywhere = fixed_of(self.programme, range(FIRST_YEAR, LAST_YEAR))
        return bool(self.fixed_anywhere)

    def decision_legend(self) -> str:
        years = ", ".join(map(str, sorted(self.fixed_anywhere)))
        return _("Another decision, when you change what is fixed for %(years)s") % {"years": years}

    def clean_asked_years(self) -> list[int]:
        found = sorted({int(text) for text in re.findall(r"\d{4}", self.cleaned_data["asked_years"])})
        rest = re.sub(r"\d{4}|[\s,;–-]", "", self.cleaned_data["asked_years"])
        if rest or not found or not all(FIRST_YEAR <= year < LAST_YEAR for year in found):
            raise ValidationError(_("Write the years like 2024, 2025."))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("kind") or self.errors:
            return cleaned
        if cleaned["kind"] == "compare" and (not cleaned.get("compare") or cleaned.get("value") is None):
            self.add_error("value", _("Give the limit and on which side of it the figure has to be."))
        if cleaned["kind"] == "direction" and not cleaned.get("direction"):
            self.add_error("direction", _("Say whether the figure should rise or fall."))
        if (cleaned.get("versus_year") is None) != (cleaned.get("versus_value") is None):
            self.add_error("versus_value", _("Give the starting figure with its year."))
        return cleaned

    @property
    def changes_rule(self) -> bool:
        """Whether the rule of the metric becomes another."""
        rule = self.instance.rule
        if rule is None:
            return True
        now = {name: self.cleaned_data.get(name) for name in RULE_FIELDS}
        return any(
            _same(getattr(rule, name)) != _same(value) for name, value in now.items() if name != "unit"
        )

    def _changed_years(self, cleaned: Mapping[str, Any]) -> set[int]:
        wanted = set(cleaned.get("asked_years") or [])
        moved = (wanted ^ self._years()) & set(self.fixed_anywhere)
        if self.instance.pk and (self._changes_texts() or self.changes_rule):
            moved |= set(self.fixed)
        return moved


def _same(value: Any) -> Any:
    return None if value in (None, "") else Decimal(value) if isinstance(value, int | Decimal) else value
