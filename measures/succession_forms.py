"""What is asked when a measure goes on as another one, or as several."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import identity_codes
from core.fields import MonthField
from core.permissions import can
from core.templatetags.ui import plain_text
from core.widgets import quicken
from measures.models import Measure, SavingsLine, Stage
from measures.models.measures import CODE
from measures.reach import reach
from measures.services.succession import NewPart
from programme.decisions import DECISION_FIELDS, decision_fields

#: Measures that one split can make.
PARTS = 5
#: Shares are asked in per cent with three decimals.
WHOLE = Decimal(100)
THOUSANDTHS = 1000


class _Measures(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} {plain_text(obj)}"


class GoesOnForm(identity_codes.WithoutCodes):
    """The month, the reason, and the decision that moves the target when there is one."""

    from_month = MonthField(
        label=gettext_lazy("First month"),
        help_text=gettext_lazy("From this month on plan and forecast go on elsewhere, for example 7/2024."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The reason is kept in the history."),
    )  # fmt: skip
    moves_target = forms.BooleanField(
        label=gettext_lazy("A decision moves the target too"), required=False,
        help_text=gettext_lazy("Without one the target is released and waits for a decision."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, measure: Measure, user: Any) -> None:
        super().__init__(data)
        self.measure, self.user = measure, user
        self.fields |= decision_fields(measure.programme, required=False)
        if not can(user, "target.move", measure.programme):
            del self.fields["moves_target"]
        quicken(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("moves_target"):
            for name in ("body", "decided_on"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("A decision that moves target needs its body and its day."))
        return cleaned

    @property
    def decision_fields(self) -> list[forms.BoundField]:
        names = ["moves_target", *DECISION_FIELDS]
        return [self[name] for name in names if name in self.fields]

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [self["from_month"], self["reason"]]


class MergeForm(GoesOnForm):
    """Which measure takes over."""

    into = _Measures(
        Measure.objects.none(), label=gettext_lazy("Goes on as"), empty_label=gettext_lazy("(choose)")
    )

    def __init__(self, data: Any = None, *, measure: Measure, user: Any) -> None:
        super().__init__(data, measure=measure, user=user)
        field = self.fields["into"]
        assert isinstance(field, forms.ModelChoiceField)
        rows = Measure.objects.filter(reach(user, "measure.edit", measure.programme)).exclude(pk=measure.pk)
        field.queryset = rows.exclude(stage=Stage.WITHDRAWN).order_by("code")

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [self["into"], *super().main_fields]


class SplitForm(GoesOnForm):
    """The new measures with their shares, or which line goes to which of them."""

    SHARES, LINES = "shares", "lines"
    how = forms.ChoiceField(
        label=gettext_lazy("How is it split?"), widget=forms.RadioSelect, initial=SHARES,
        choices=[
            (SHARES, gettext_lazy("By shares: every line is divided")),
            (LINES, gettext_lazy("By lines: each line goes whole to one of them")),
        ],
    )  # fmt: skip

    def __init__(self, data: Any = None, *, measure: Measure, user: Any) -> None:
        super().__init__(data, measure=measure, user=user)
        for at in range(1, PARTS + 1):
            self.fields |= {
                f"code_{at}": forms.RegexField(
                    CODE, label=_("Code of part %(n)s") % {"n": at}, max_length=20, required=False,
                    initial=f"{measure.code}-{at}"[:20] if at < 3 else "",
                    error_messages={"invalid": _("Use capital letters, digits, full stops and hyphens in the code.")},
                ),
                f"name_{at}": forms.CharField(
                    label=_("Name of part %(n)s") % {"n": at}, max_length=300, required=False
                ),
                f"share_{at}": forms.DecimalField(
                    label=_("Share of part %(n)s, %%") % {"n": at}, required=False, min_value=0, max_value=WHOLE,
                    decimal_places=3, localize=True,
                ),
            }  # fmt: skip
        choices = [(str(at), _("part %(n)s") % {"n": at}) for at in range(1, PARTS + 1)]
        self.lines = list(measure.lines.select_related("sector", "cost_type").order_by("pk"))
        for line in self.lines:
            self.fields[f"line_{line.pk}"] = forms.ChoiceField(
                label=_line_name(line), choices=choices, required=False, initial="1"
            )
        quicken(self)

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [*super().main_fields, self["how"]]

    @property
    def part_fields(self) -> Iterator[list[forms.BoundField]]:
        """Fields of each part, in order."""
        return ([self[f"{name}_{at}"] for name in ("code", "name", "share")] for at in range(1, PARTS + 1))

    @property
    def line_fields(self) -> list[forms.BoundField]:
        return [self[f"line_{line.pk}"] for line in self.lines]

    def _given(self) -> list[int]:
        """Numbers of the parts that have a name."""
        return [at for at in range(1, PARTS + 1) if self.cleaned_data.get(f"name_{at}")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        given = self._given()
        if len(given) < 2:
            raise ValidationError(_("Name at least two measures that it goes on as."))
        codes = [cleaned.get(f"code_{at}") for at in given]
        taken = set(Measure.objects.filter(programme=self.measure.programme).values_list("code", flat=True))
        for at, code in zip(given, codes, strict=True):
            if f"code_{at}" in self.errors:
                continue
            if not code:
                self.add_error(f"code_{at}", _("Give the code."))
            elif code in taken or codes.count(code) > 1:
                self.add_error(f"code_{at}", _("The programme already has a measure with this code."))
        if cleaned.get("how") == self.SHARES or cleaned.get("moves_target"):
            self._check_shares(given)
        if cleaned.get("how") == self.LINES:
            for line in self.lines:
                if int(cleaned.get(f"line_{line.pk}") or 0) not in given:
                    self.add_error(f"line_{line.pk}", _("Choose one of the parts that have a name."))
        return cleaned

    def _check_shares(self, given: list[int]) -> None:
        if any(f"share_{at}" in self.errors for at in given):
            return
        shares = [self.cleaned_data.get(f"share_{at}") for at in given]
        for at, share in zip(given, shares, strict=True):
            if not share:
                self.add_error(f"share_{at}", _("Give the share of each part."))
        if all(shares) and sum(share or 0 for share in shares) != WHOLE:
            self.add_error(f"share_{given[-1]}", _("The shares come to %(sum)s %%; they must come to 100 %%.") % {
                "sum": sum(share or 0 for share in shares)
            })  # fmt: skip

    @property
    def parts(self) -> list[NewPart]:
        given = self.cleaned_data
        return [NewPart(given[f"code_{at}"], given[f"name_{at}"]) for at in self._given()]

    @property
    def shares(self) -> list[int]:
        """Shares in thousandths of a per cent; none when only lines were given."""
        found = [self.cleaned_data.get(f"share_{at}") for at in self._given()]
        return [int(share * THOUSANDTHS) for share in found if share] if all(found) else []

    @property
    def weights(self) -> dict[int, list[int]]:
        """Line -> weight of each part."""
        if self.cleaned_data["how"] == self.SHARES:
            return {line.pk: self.shares for line in self.lines}
        given = self._given()
        chosen = {line.pk: int(self.cleaned_data[f"line_{line.pk}"]) for line in self.lines}
        return {pk: [int(at == number) for at in given] for pk, number in chosen.items()}


def _line_name(line: SavingsLine) -> str:
    told = [plain_text(line.cost_type), plain_text(line.sector), str(line.get_permanence_display())]
    if line.in_base:
        told.append(_("already in the comparison base"))
    return ", ".join(told)
