"""The form of the monthly update: three questions, and the rest for whoever asks for it."""

from __future__ import annotations

import json
import secrets
from datetime import date
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core import identity_codes
from core.editing.forms import SALT, read_was
from core.fields import DateField, EurCentsField
from core.money import DASH, MINUS, format_eur
from core.periods import format_month
from measures.models import MonthlyUpdate
from measures.models.measures import Confidence
from reporting.updating import Answered, Question, Shown, fact_text, shown_of

SIGNS = ("+", "-", MINUS, DASH)


def asked_month(data: Any) -> date | None:
    """The month that a sent form had asked for, as its signed word says; None without one."""
    told = read_was(data.get("was", "")).get("month")
    return date.fromisoformat(told) if told else None


class EffectField(EurCentsField):
    """An amount in euros. A number without a sign goes the measure's own way: a saving, or a cost."""

    is_cost = False

    def to_python(self, value: Any) -> int | None:
        cents = super().to_python(value)
        if cents is None or isinstance(value, int) or self.is_cost or str(value).strip().startswith(SIGNS):
            return cents
        return -cents

    def prepare_value(self, value: Any) -> Any:
        """A cost of a measure that saves keeps its +: without it the same text would be read as a saving."""
        text = super().prepare_value(value)
        return f"+{text}" if isinstance(value, int) and value > 0 and not self.is_cost else text


class UpdateForm(forms.Form):
    """One month of one measure. `question` says what is asked; two buttons say "same" or "changed"."""

    amount = EffectField(label=_("How much?"), required=False)
    obstacle = forms.CharField(label=_("What stops you?"), required=False, max_length=1000)
    forecast = EffectField(label=_("New forecast a month"), required=False)
    reason = forms.CharField(label=_("Reason of the correction"), required=False, max_length=500)
    confidence_of_owner = forms.ChoiceField(label=_("Delivery confidence"), required=False)
    starts_on = DateField(label=_("Starts"), required=False)
    ends_on = DateField(label=_("Ends"), required=False)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    was = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, question: Question, user: Any, fresh_seen: bool = False) -> None:
        self.question = question
        measure = question.measure
        seen = json.dumps({str(one.line.pk): one.version for one in question.lines})
        super().__init__(
            data,
            initial={
                "token": secrets.token_urlsafe(24),
                "seen": seen,
                "was": self._sign(user),
                "amount": self._first_amount(),
                "confidence_of_owner": measure.confidence_of_owner,
                "starts_on": measure.starts_on,
                "ends_on": measure.ends_on,
                "note": question.given.note if question.given else "",
            },
        )
        if data is not None and fresh_seen:
            self.data = self._shown_anew(data)
        choices: list[tuple[str, str | Promise]] = [("", _("not given")), *Confidence.choices]
        self.fields["confidence_of_owner"].choices = choices  # type: ignore[attr-defined]
        self._add_lines()
        for name in ("amount", "forecast", *self.line_names):
            self.fields[name].is_cost = question.is_cost  # type: ignore[attr-defined]
        self.fields["forecast"].help_text = self._forecast_help()
        if not question.rest:
            del self.fields["forecast"]
        if not question.is_closed:
            del self.fields["reason"]
        else:
            self.fields["reason"].help_text = _now("The books of %(month)s are closed.") % {
                "month": format_month(question.month)
            }

    def _sign(self, user: Any) -> str:
        """What the page shows, signed: whose it is, the month asked for, and what an answer would replace."""
        shown = shown_of(self.question)
        told = {
            "user": user.pk,
            "month": self.question.month.isoformat(),
            "given": shown.given_version,
            "last": shown.last_eur_cents,
            "facts": dict(shown.facts),
            "forecasts": [
                [line, month.isoformat(), version, cents]
                for (line, month), (version, cents) in shown.forecasts.items()
            ],
        }
        return signing.dumps(told, salt=SALT, compress=True)

    def _shown_anew(self, data: Any) -> Any:
        """What was typed, on top of how the month stands now; facts that nobody typed are those of now."""
        again = data.copy()
        before = read_was(data.get("was", "")).get("facts", {})
        for name, now in shown_of(self.question).facts.items():
            if self._fact(name, data.get(name, "")) == before.get(name):
                again[name] = now
        for name in ("seen", "was"):
            again[name] = self.initial[name]
        return again

    def _fact(self, name: str, typed: str) -> str | None:
        """A typed fact as `shown_of` writes it; None when it cannot be read."""
        try:
            return fact_text(self.fields[name].to_python(typed))
        except ValidationError:
            return None

    def _first_amount(self) -> int | None:
        """What is claimed already, so that it can be mended; else nothing, so that nothing is claimed by chance."""
        return self.question.claimed_eur_cents

    def _forecast_help(self) -> str:
        rest = self.question.rest
        if not rest:
            return ""
        return _now(
            "Euros a month, for each month from %(first)s to %(last)s. Leave empty to keep the forecast."
        ) % {
            "first": format_month(rest[0]),
            "last": format_month(rest[-1]),
        }

    def _add_lines(self) -> None:
        """An amount for each line, when the measure has several."""
        self.line_names: list[str] = []
        if len(self.question.lines) < 2:
            return
        for one in self.question.lines:
            name = f"line_{one.line.pk}"
            field = EffectField(label=f"{one.line.sector.name} · {one.line.cost_type.name}", required=False)
            if one.last_eur_cents is not None:
                field.help_text = _now("last month %(amount)s") % {
                    "amount": format_eur(one.last_eur_cents, trim=True, with_unit=True)
                }
            self.fields[name] = field
            self.line_names.append(name)

    def quiet(self) -> UpdateForm:
        """The form with what was typed and without errors: nobody has sent it yet."""
        self._errors = ErrorDict()
        self.cleaned_data = {}
        return self

    @property
    def line_fields(self) -> list[Any]:
        return [self[name] for name in self.line_names]

    @property
    def has_more(self) -> bool:
        """Whether the folded part holds something to look at: an error, or what was typed."""
        more = ("confidence_of_owner", "starts_on", "ends_on", "note", "forecast", *self.line_names)
        return self.is_bound and any(name in self.errors for name in more)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if "facts" not in read_was(self.data.get("was", "")):
            raise ValidationError(
                _("This form cannot be read any more. Open the page again and repeat your change."),
                code="unreadable",
            )
        answer = self.data.get("answer", "")
        if answer not in MonthlyUpdate.Answer.values:
            raise ValidationError(_("Choose one of the two buttons."), code="no_answer")
        if (
            answer == MonthlyUpdate.Answer.SAME
            and self.question.lines
            and self.question.last_eur_cents is None
        ):
            raise ValidationError(_("There is no earlier month to keep: give the amount."), code="no_last")
        for name in ("obstacle", "note", "reason"):
            self._refuse_codes(name, found)
        if "reason" in self.fields and not found.get("reason", "").strip() and self._claims_change(found):
            self.add_error(
                "reason", _("The books of this month are closed. Give the reason for the correction.")
            )
        if answer == MonthlyUpdate.Answer.CHANGED and self._says_nothing(found):
            self.add_error(
                "amount", _("Give the amount, or choose “same as last month”. Nothing saved is 0.")
            )
        if answer == MonthlyUpdate.Answer.CHANGED and self._lines_differ(found):
            self.add_error("amount", _("The savings lines do not add up to the amount."))
        return found

    def _lines_differ(self, found: dict[str, Any]) -> bool:
        """Whether an amount was typed beside amounts of lines that come to another sum."""
        amount = found.get("amount")
        given = {name: found[name] for name in self.line_names if found.get(name) is not None}
        if not given or amount is None or amount == self.question.claimed_eur_cents:
            return False
        total = 0
        for one in self.question.lines:
            held = 0 if one.claimed is None else one.claimed.amount_eur_cents
            total += given.get(f"line_{one.line.pk}", held)
        return bool(total != amount)

    def _claims_change(self, found: dict[str, Any]) -> bool:
        if self.data.get("answer") == MonthlyUpdate.Answer.SAME:
            kept = {one.line.pk: one.last_eur_cents for one in self.question.lines}
            return any(
                cents is not None and (one.claimed is None or one.claimed.amount_eur_cents != cents)
                for one in self.question.lines
                for cents in [kept[one.line.pk]]
            )
        if any(found.get(name) is not None for name in self.line_names):
            return True
        return found.get("amount") is not None and found["amount"] != self.question.claimed_eur_cents

    def _says_nothing(self, found: dict[str, Any]) -> bool:
        names = ("amount", *self.line_names)
        return bool(self.question.lines) and not any(
            name in self.errors or found.get(name) is not None for name in names
        )

    def _refuse_codes(self, name: str, found: dict[str, Any]) -> None:
        try:
            identity_codes.refuse(found.get(name) or "")
        except ValidationError as refused:
            self.add_error(name, refused)

    @property
    def said(self) -> Answered:
        """The answer, ready to be written. Amounts beside an answer "same" are not looked at."""
        found = self.cleaned_data
        is_same = self.data.get("answer") == MonthlyUpdate.Answer.SAME
        shown = self.shown
        kept = not is_same and found.get("amount") == self.question.claimed_eur_cents
        return Answered(
            answer=self.data["answer"],
            amount_eur_cents=None if is_same or kept else found.get("amount"),
            by_line={}
            if is_same
            else {int(name.removeprefix("line_")): found.get(name) for name in self.line_names},
            forecast_eur_cents=found.get("forecast"),
            obstacle=found["obstacle"],
            note=found["note"].strip(),
            reason=found.get("reason", "").strip(),
            seen=self._seen(found["seen"]),
            changes={
                name: found[name] for name, text in shown.facts.items() if fact_text(found[name]) != text
            },
            shown=shown,
        )

    @property
    def shown(self) -> Shown:
        """What the page had shown to whoever answered."""
        was = read_was(self.data.get("was", ""))
        forecasts = {
            (line, date.fromisoformat(month)): (version, cents)
            for line, month, version, cents in was.get("forecasts", [])
        }
        return Shown(was["given"], was["last"], was["facts"], forecasts)

    @staticmethod
    def _seen(text: str) -> dict[int, int]:
        """Versions of the claims as they were shown; what nobody of ours wrote counts as never seen."""
        try:
            found = json.loads(text or "{}")
            return {int(pk): int(version) for pk, version in found.items()}
        except (ValueError, AttributeError, TypeError):
            return {}
