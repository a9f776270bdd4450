"""The forms of the controller: which claims, what to decide of many, what to decide of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.fields import EurCentsField, MonthField
from core.identity_codes import WithoutCodes
from core.widgets import quicken
from measures.filters import list_choices
from measures.models import Measure, SavingsEntry
from measures.selectors.claims import Standing
from measures.selectors.confirmations import BookedLine
from measures.services.claims import Part
from programme.models import Programme

SALT = "measures.confirming"
#: Seconds a preview can be carried out.
KEEP_SECONDS = 4 * 3600


class ClaimFilter(django_filters.FilterSet):
    """Narrows the claims that wait; unknown values are said, not passed over."""

    q = django_filters.CharFilter(method="search", label=_("Measure"))
    theme = django_filters.ChoiceFilter(
        field_name="line__goal__theme__key", label=_("Theme"), empty_label=_("all")
    )
    sector = django_filters.ChoiceFilter(
        field_name="line__sector__key", label=_("Sector"), empty_label=_("all")
    )
    cost_type = django_filters.ChoiceFilter(
        field_name="line__cost_type__key", label=_("Cost type"), empty_label=_("all")
    )
    books = django_filters.ChoiceFilter(
        method="of_books", label=_("Books"), empty_label=_("all"),
        choices=[("closed", _("closed months")), ("open", _("open months"))],
    )  # fmt: skip
    in_base = django_filters.ChoiceFilter(
        method="of_base", label=_("Comparison base"), empty_label=_("all"),
        choices=[("0", _("new effects")), ("1", _("already in the base"))],
    )  # fmt: skip
    month = django_filters.CharFilter(method="of_month", label=_("Month"))

    class Meta:
        model = SavingsEntry
        fields: list[str] = []

    def __init__(
        self, data: Any, *, programme: Programme, queryset: QuerySet[SavingsEntry], closed: date | None
    ) -> None:
        super().__init__(data, queryset=queryset)
        self.closed = closed
        choices = list_choices(programme)
        for name in ("theme", "sector", "cost_type"):
            self.filters[name].extra["choices"] = choices[name]

    @property
    def form(self) -> Any:
        if not hasattr(self, "_form"):
            form = super().form
            form.fields["month"] = MonthField(label=_("Month"), required=False)
            quicken(form)
        return self._form

    def search(self, rows: QuerySet[SavingsEntry], _name: str, text: str) -> QuerySet[SavingsEntry]:
        """Every word stands in the measure's code or name."""
        for word in text.split()[:8]:
            named = Q(code__icontains=word) | Q(name_fi__icontains=word) | Q(name_sv__icontains=word)
            rows = rows.filter(line__measure__in=Measure.objects.filter(named | Q(name_en__icontains=word)))
        return rows

    def of_books(self, rows: QuerySet[SavingsEntry], _name: str, value: str) -> QuerySet[SavingsEntry]:
        if self.closed is None:
            return rows.none() if value == "closed" else rows
        return (
            rows.filter(month__lte=self.closed) if value == "closed" else rows.filter(month__gt=self.closed)
        )

    def of_base(self, rows: QuerySet[SavingsEntry], _name: str, value: str) -> QuerySet[SavingsEntry]:
        return rows.filter(line__in_base=value == "1")

    def of_month(self, rows: QuerySet[SavingsEntry], _name: str, value: date) -> QuerySet[SavingsEntry]:
        return rows.filter(month=value)

    @property
    def is_narrowing(self) -> bool:
        return any(self.data.get(name) for name in self.filters)


# --- many claims ------------------------------------------------------------------------------------------------


class BulkDecisionForm(WithoutCodes):
    """What to decide of the chosen claims."""

    decision = forms.ChoiceField(
        label=_("Decision"), widget=forms.RadioSelect,
        choices=[("confirm", _("confirm in full")), ("refuse", _("refuse"))],
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why?"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Needed for refusing, for months whose books are open, and for what the base already holds."
        ),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("decision") == "refuse" and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Refusing needs a reason."))
        return cleaned


@dataclass(frozen=True)
class Plan:
    """A preview that can be carried out: the claims with the versions it showed, and the decision."""

    versions: Mapping[int, int]
    confirm: bool
    reason: str

    def signed(self, user: Any, programme: Programme) -> str:
        told = {
            "user": user.pk, "programme": programme.pk, "rows": [list(pair) for pair in self.versions.items()],
            "confirm": self.confirm, "reason": self.reason,
        }  # fmt: skip
        return signing.dumps(told, salt=SALT, compress=True)


def read_plan(blob: str, user: Any, programme: Programme) -> Plan | None:
    """The plan that this person was shown in this programme; None when it is not one or is too old."""
    try:
        told = signing.loads(blob, salt=SALT, max_age=KEEP_SECONDS)
    except signing.BadSignature:
        return None
    if (told["user"], told["programme"]) != (user.pk, programme.pk):
        return None
    return Plan({pk: version for pk, version in told["rows"]}, told["confirm"], told["reason"])


# --- one claim --------------------------------------------------------------------------------------------------

FULL, PART, REFUSE = "full", "part", "refuse"


class DecisionForm(WithoutCodes):
    """What to decide of one claim, with an amount beside each ledger line in which it is seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    decision = forms.ChoiceField(
        label=_("Decision"), widget=forms.RadioSelect,
        choices=[
            (FULL, _("confirm in full")),
            (PART, _("confirm the amounts given, refuse the rest")),
            (REFUSE, _("refuse all of it")),
        ],
    )  # fmt: skip
    elsewhere = EurCentsField(
        label=_("Confirmed without a ledger line"), required=False,
        help_text=_("In euros, − for a saving. Needed only when a part is confirmed."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why?"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Needed when the claim is not confirmed as it stands, its month is open, or the base holds it already."
        ),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, standing: Standing, ledger: Sequence[BookedLine], **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.standing, self.ledger = standing, ledger
        for booked in ledger:
            self.fields[f"line_{booked.pk}"] = EurCentsField(
                label=_("Confirmed from this ledger line"), required=False
            )
        self.order_fields(["version", "token", "decision", *(self._name(one) for one in ledger)])

    @staticmethod
    def _name(booked: BookedLine) -> str:
        return f"line_{booked.pk}"

    @property
    def lines(self) -> list[tuple[BookedLine, forms.BoundField]]:
        """The ledger lines, each with the amount confirmed from it."""
        return [(booked, self[self._name(booked)]) for booked in self.ledger]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        typed = any(cleaned.get(self._name(one)) is not None for one in self.ledger)
        typed = typed or cleaned.get("elsewhere") is not None
        if cleaned.get("decision") == REFUSE and typed:
            raise ValidationError(_("A refused claim has no confirmed amounts: empty them."))
        if cleaned.get("decision") == PART and not typed and not self.errors:
            self.add_error("elsewhere", _("Give what is confirmed."))
        if cleaned.get("decision") == FULL and not self.errors and self._is_over():
            raise ValidationError(
                _("The amounts come to more than the claim: choose to confirm the amounts, with the reason.")
            )
        return cleaned

    def _is_over(self) -> bool:
        """Whether the ledger lines named hold more than the claim that is to be confirmed in full."""
        seen = sum(self.cleaned_data.get(self._name(one)) or 0 for one in self.ledger)
        return abs(seen) > abs(self.standing.net) or seen * self.standing.net < 0

    @property
    def parts(self) -> list[Part]:
        """What is confirmed; in full, what the ledger lines do not cover stands without one."""
        given = self.cleaned_data
        if given["decision"] == REFUSE:
            return []
        parts = [
            Part(given[self._name(one)], one.row)
            for one in self.ledger
            if given.get(self._name(one)) is not None
        ]
        rest = given.get("elsewhere")
        if given["decision"] == FULL:
            rest = self.standing.net - sum(part.eur_cents for part in parts)
            if not rest and parts:
                return parts
        if rest is not None:
            parts.append(Part(rest))
        return parts
