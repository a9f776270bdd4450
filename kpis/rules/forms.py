"""Forms of target rules: the kind is chosen first, then only the fields that the kind needs are asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.editing import RowForm
from core.fields import DateField
from core.identity_codes import WithoutCodes
from kpis.models import TargetRule
from kpis.rules.kinds import FIELDS, MEANING, MOST_PARTS, PARTS, REQUIRED
from kpis.rules.services import NewRule
from programme.forms.fields import FigureField
from programme.models import Direction

_LABELS = {
    "value": _("Target"),
    "low": _("Lower end, %"),
    "high": _("Higher end, %"),
    "scale_low": _("Lowest of the scale"),
    "scale_high": _("Highest of the scale"),
    "versus_value": _("Baseline, when it is not among the values"),
}
_LABELS_OF_KIND = {
    ("rank", "value"): _("Among how many best"),
    ("relative_change", "value"): _("Change, %"),
    ("absolute_change", "value"): _("Change"),
    ("ratio_to_baseline", "value"): _("Share of the baseline, for example 0,5"),
}


#: "Compared with": the target of the rule itself; stored as no reference.
TARGET = "target"


def _year(label: Any, required: bool, help_text: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=2000, max_value=2100, required=required, help_text=help_text
    )


def _field(name: str, kind: str) -> forms.Field:
    """The form field of one column of a rule."""
    required = name in REQUIRED.get(kind, ())
    if name in _LABELS:
        label = _LABELS_OF_KIND.get((kind, name), _LABELS[name])
        return FigureField(label=label, max_digits=18, decimal_places=4, required=required)
    return _OTHERS[name](required)


def _choice(label: Any, choices: Sequence[tuple[str, Any]], required: bool, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", "–"), *choices], required=required, **more)


_OTHERS: dict[str, Any] = {
    "compare": lambda required: _choice(_("Must be"), TargetRule.Compare.choices, required),
    "reference": lambda required: forms.ChoiceField(
        label=_("Compared with"),
        choices=[(TARGET, _("the target below")), ("national_average", _("the whole country, same year"))],
        required=False,
    ),
    "unit": lambda required: forms.CharField(label=_("Unit"), max_length=60, required=False),
    "year": lambda required: _year(
        _("Year of the target"), required, _("Empty: by the end of the programme, or every year."),
    ),
    "and_onwards": lambda required: forms.BooleanField(label=_("From that year on"), required=False),
    "is_recurring": lambda required: forms.BooleanField(label=_("Repeated regularly"), required=False),
    "is_approximate": lambda required: forms.BooleanField(
        label=_("The source says “about”"), required=False
    ),
    "direction": lambda required: _choice(_("Direction"), Direction.choices, required),
    "magnitude": lambda required: _choice(
        _("How much"), TargetRule.Magnitude.choices, False,
        help_text=_("Any change is judged from the figures. Otherwise, and when nothing is chosen, a person judges."),
    ),
    "versus_year": lambda required: _year(
        _("Year of the baseline"), required,
        _("Empty: the value marked as the baseline, else the last year before the programme."),
    ),
    "baseline_date": lambda required: forms.CharField(
        label=_("Time of the baseline"), max_length=10, required=False,
        help_text=_("A year or a month, for example 2023 or 2023-01."),
    ),
    "population": lambda required: _choice(
        _("Among"), [("wellbeing_services_counties", _("wellbeing services counties"))], False
    ),
    "population_size": lambda required: forms.IntegerField(
        label=_("How many they are"), min_value=2, max_value=1000, required=False
    ),
    "word_in_source": lambda required: forms.CharField(
        label=_("Word of the source"), max_length=60, required=False
    ),
}  # fmt: skip


class KindForm(WithoutCodes):
    """The first step: which kind of rule, and of which parts when it is combined."""

    kind = forms.ChoiceField(label=_("Kind of the rule"), choices=[], widget=forms.RadioSelect)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        chosen: Any = self.fields["kind"]
        chosen.choices = [
            *((kind, capfirst(str(TargetRule.Kind(kind).label))) for kind in FIELDS),
            (TargetRule.Kind.ALL_OF, _("Combined: all of its parts")),
        ]
        for number in range(1, MOST_PARTS + 1):
            self.fields[f"part{number}"] = forms.ChoiceField(
                label=_("Part %(number)s") % {"number": number},
                choices=[("", "–"), *((kind, capfirst(str(TargetRule.Kind(kind).label))) for kind in PARTS)],
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("kind") == TargetRule.Kind.ALL_OF and len(self.parts) < 2:
            self.add_error("part1", _("A combined rule has at least two parts."))
        return cleaned

    @property
    def parts(self) -> list[str]:
        found = (self.cleaned_data.get(f"part{number}") for number in range(1, MOST_PARTS + 1))
        return [kind for kind in found if kind]


class RuleForm(RowForm):
    """One version of a rule of one kind; `kind` and `part_kinds` are set by `rule_form`."""

    kind = ""
    part_kinds: Sequence[str] = ()

    valid_from = DateField(
        label=_("Holds from"),
        help_text=_("The rule before it stays with its answers; reports of earlier days keep it."),
    )
    reason = forms.CharField(  # type: ignore[assignment]
        label=_("Why?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The reason is kept with the rule."),
    )  # fmt: skip

    class Meta:
        model = TargetRule
        fields = ["valid_from", "reason", "decision", "decision_reference"]
        labels = {"decision_reference": _("Decision in words"), "decision": _("Decision in the register")}
        help_texts = {
            "decision_reference": _("Body, date and section, for example Aluehallitus 26.2.2024 § 41.")
        }

    def __init__(self, data: Any = None, **options: Any) -> None:
        made = {name: _field(name, self.kind) for name in FIELDS.get(self.kind, [])}
        groups: list[tuple[Any, ...]] = [(_("The rule"), list(made))] if made else []
        for number, kind in enumerate(self.part_kinds, start=1):
            names = {f"part{number}_{name}": _field(name, kind) for name in FIELDS[kind]}
            made |= names
            label = TargetRule.Kind(kind).label
            groups.append((_("Part %(number)s: %(kind)s") % {"number": number, "kind": label}, list(names)))
        groups.append((_("From when and why"), ["valid_from", "reason", "decision", "decision_reference"]))
        self.base_fields = made | type(self).base_fields  # type: ignore[misc]
        self.fieldsets = groups  # type: ignore[misc]
        super().__init__(data, **options)

    def _post_clean(self) -> None:
        """The service judges the row; the form is about a version that does not exist yet."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for prefix, kind in self._rules():
            self._check(prefix, kind, cleaned)
        return cleaned

    def _rules(self) -> list[tuple[str, str]]:
        """Prefix of the field names and kind, of the rule and of each part."""
        return [("", self.kind), *((f"part{n}_", kind) for n, kind in enumerate(self.part_kinds, start=1))]

    def _check(self, prefix: str, kind: str, cleaned: dict[str, Any]) -> None:
        def of(name: str) -> Any:
            value = cleaned.get(f"{prefix}{name}")
            return None if value == TARGET else value

        if kind == TargetRule.Kind.COMPARE:
            if of("reference") and of("value") is not None:
                self.add_error(
                    f"{prefix}value", _("Compare with the country or with a target, not with both.")
                )
            if not of("reference") and of("value") is None and not self.has_error(f"{prefix}value"):
                self.add_error(f"{prefix}value", _("Give the target, or compare with the whole country."))
        if of("low") is not None and of("high") is not None and of("low") > of("high"):
            self.add_error(f"{prefix}high", _("The lower end of the range must not exceed the higher."))
        if of("and_onwards") and not of("year"):
            self.add_error(f"{prefix}year", _("Give the year from which it holds on."))
        for name in ("value", "low"):
            if kind in _AMOUNTS and of(name) is not None and of(name) <= 0:
                self.add_error(
                    f"{prefix}{name}", _("Give an amount above zero; the direction is told apart.")
                )
        if of("baseline_date") and not re.fullmatch(r"[0-9]{4}(-(0[1-9]|1[0-2]))?", of("baseline_date")):
            self.add_error(f"{prefix}baseline_date", _("Write a year or a month, for example 2023-01."))

    def new_rule(self) -> NewRule:
        sent = self.cleaned_data
        parts = [self._values(f"part{n}_", kind) for n, kind in enumerate(self.part_kinds, start=1)]
        return NewRule(
            fields=self._values("", self.kind), parts=parts, valid_from=sent["valid_from"], reason=sent["reason"],
            decision_reference=sent.get("decision_reference") or "", decision=sent.get("decision"),
        )  # fmt: skip

    def _values(self, prefix: str, kind: str) -> dict[str, Any]:
        """The columns of a rule; what its kind does not ask stays empty."""
        found: dict[str, Any] = {"kind": kind}
        for name in FIELDS.get(kind, []):
            value = self.cleaned_data.get(f"{prefix}{name}")
            value = "" if value == TARGET else value
            empty: Any = TargetRule._meta.get_field(name)
            found[name] = value if value is not None else empty.get_default()
        if found.get("reference"):
            found["reference_at"] = "same_year"
        if kind == TargetRule.Kind.YES_NO:
            found["answer"] = "kyllä"
        return found


_AMOUNTS = {
    TargetRule.Kind.ABSOLUTE_CHANGE, TargetRule.Kind.RELATIVE_CHANGE, TargetRule.Kind.RELATIVE_CHANGE_RANGE,
    TargetRule.Kind.RATIO_TO_BASELINE, TargetRule.Kind.RANK,
}  # fmt: skip


def rule_form(kind: str, parts: Sequence[str] = ()) -> type[RuleForm]:
    """The form for a rule of that kind, with those parts when it is combined."""
    return type("RuleFormOfKind", (RuleForm,), {"kind": kind, "part_kinds": tuple(parts)})


def initial_of(rule: TargetRule, parts: Sequence[TargetRule], form: type[RuleForm]) -> dict[str, Any]:
    """What the form first shows: the version before, field by field, where the kind stays the same."""
    found: dict[str, Any] = {}
    if rule.kind == form.kind:
        found |= {name: getattr(rule, name) for name in FIELDS.get(form.kind, [])}
    for number, (kind, part) in enumerate(zip(form.part_kinds, parts, strict=False), start=1):
        if part.kind == kind:
            found |= {f"part{number}_{name}": getattr(part, name) for name in FIELDS[kind]}
    return {
        name: TARGET if name.endswith("reference") and not value else value for name, value in found.items()
    }


def initial_unit(unit: str, form: type[RuleForm]) -> dict[str, str]:
    """The indicator's own unit in each field that asks for one."""
    return {name: unit for name in ("unit", *(f"part{n}_unit" for n in range(1, len(form.part_kinds) + 1)))}


class EndForm(WithoutCodes):
    """From which day a rule holds no longer, and why."""

    on = DateField(label=_("Holds no longer from"))
    reason = forms.CharField(
        label=_("Why?"), help_text=_("The reason is kept in the history."), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


__all__ = ["MEANING", "EndForm", "KindForm", "RuleForm", "initial_of", "initial_unit", "rule_form"]
