"""Forms of indicators, their groups, and values that people enter."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.editing import RowForm
from core.identity_codes import WithoutCodes
from core.templatetags.ui import plain_text, quantity, with_unit
from kpis.models import Indicator, IndicatorGroup, ManualValue, Observation, SourceLink
from kpis.values.entering import FEWEST_RESPONDENTS, OWN_KINDS, SAME, is_same, latest_of
from kpis.values.figures import is_rounding_of, part_of, scale_of
from kpis.values.periods import MONTHS, TERMS, Period
from kpis.wording import BETTER
from measures.forms import NamedField
from programme.forms.fields import FigureField
from programme.forms.structure import NAMES, KeyedForm, PersonName

_DEFINITION = ["definition_fi", "definition_sv", "definition_en"]
_OPEN = ["to_be_specified_fi", "to_be_specified_sv", "to_be_specified_en"]
_FIGURE: dict[str, Any] = {"max_digits": 18, "decimal_places": 4, "required": False}


class IndicatorForm(KeyedForm):
    """What is measured, on which level, who answers, how often a value comes, what is still open."""

    low = FigureField(label=_("Lowest value possible"), **_FIGURE)
    high = FigureField(
        label=_("Highest value possible"), help_text=_("A value outside the range is not taken."), **_FIGURE
    )
    decimals = forms.IntegerField(
        label=_("Decimals shown"), min_value=0, max_value=4, required=False,
        help_text=_("Empty: as the value was given."),
    )  # fmt: skip
    reason_rule = "optional"
    text_labels = {
        "definition": _("Definition"),
        "to_be_specified": _("Still to be specified: what it could measure"),
    }
    fieldsets = [
        (None, [*NAMES, "state"]),
        (
            _("What it measures"),
            ["scope", "level", "unit", "better", "decimals", "is_hyte", "needs_baseline"],
        ),
        (_("Who answers, and how often a value comes"), ["owner", "cycle_months", "lag_months"]),
        (_("Still to be specified"), _OPEN, "folded"),
        (_("Definition"), _DEFINITION, "folded"),
        (_("What is possible"), ["low", "high"], "folded"),
        (_("Groups"), ["breakdown_rule"], "folded"),
    ]

    class Meta:
        model = Indicator
        fields = [
            *NAMES, "state", "scope", "level", "unit", "better", "decimals", "is_hyte", "needs_baseline", "owner",
            "cycle_months", "lag_months", *_OPEN, *_DEFINITION, "low", "high", "breakdown_rule",
        ]  # fmt: skip
        field_classes = {"owner": PersonName, "level": NamedField}
        labels = {
            "scope": _("Followed as a part of"), "level": _("Level of monitoring"), "unit": _("Unit"),
            "needs_baseline": _("A baseline must be found first"),
        }  # fmt: skip
        help_texts = {
            "unit": _("%, persons, € per inhabitant, for example."),
            "needs_baseline": _("Until then no numeric target can be set."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["better"] = forms.ChoiceField(
            label=_("Which way is better"), choices=[("", _("not said")), *BETTER.items()], required=False
        )
        self.fields["breakdown_rule"] = forms.ChoiceField(
            label=_("The target rule holds for"), required=False,
            choices=[("", _("all together")), ("all", _("every group: each of them must meet it"))],
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if (
            cleaned.get("state") == Indicator.State.DRAFT
            and self.instance.pk
            and "state" in self.changed_data
        ) and self.instance.observations.exists():
            self.add_error("state", _("An indicator with values is no draft any more."))
        return cleaned


#: Groups that Sotkanet knows by these keys, by the names people give them.
_GENDERS = {
    "male": {"miehet", "pojat", "män", "pojkar", "men", "boys"},
    "female": {"naiset", "tytöt", "kvinnor", "flickor", "women", "girls"},
}


class GroupForm(KeyedForm):
    """A gender, an age group or an area in which the indicator is measured apart."""

    siblings = ("indicator",)

    class Meta:
        model = IndicatorGroup
        fields = ["dimension", *NAMES]

    def _give_key(self) -> None:
        self.cleaned_data.setdefault("indicator", self.instance.indicator)
        super()._give_key()
        if self.cleaned_data.get("dimension") == IndicatorGroup.Dimension.GENDER:
            names = {str(self.cleaned_data.get(name, "")).casefold() for name in NAMES}
            known = next((key for key, words in _GENDERS.items() if names & words), "")
            self.instance.key = known or self.instance.key


# --- entered values ----------------------------------------------------------------------------------------------


_WHOLE = _("Leave empty when the value is of the whole year.")


class SourceField(forms.ModelChoiceField):
    """A source by its kind and name."""

    def label_from_instance(self, obj: Any) -> str:
        return source_name(obj)


def source_name(link: SourceLink) -> str:
    """The source's name, with its kind where that says more."""
    name = plain_text(link)
    return f"{link.get_kind_display()}: {name}" if name else str(link.get_kind_display()).capitalize()


class ManualValueForm(RowForm):
    """One value of one period. A share is worked out from the number and out of how many."""

    year = forms.IntegerField(label=_("Year"), min_value=1990, max_value=2100)
    term = forms.TypedChoiceField(
        label=_("Four-month term"), required=False, coerce=int, empty_value=None, help_text=_WHOLE,
        choices=[("", ""), *((term, str(term)) for term in TERMS)],
    )  # fmt: skip
    month = forms.TypedChoiceField(
        label=_("Month"), required=False, coerce=int, empty_value=None, help_text=_WHOLE,
        choices=[("", ""), *((month, str(month)) for month in MONTHS)],
    )  # fmt: skip
    region_role = forms.ChoiceField(
        label=_("Of whom"),
        choices=[one for one in Observation.Region.choices if one[0] != Observation.Region.PEER],
    )
    breakdown = forms.ChoiceField(label=_("Group"), required=False)
    source_link = SourceField(SourceLink.objects.all(), label=_("Source"), required=False)
    value = FigureField(label=_("Value"), **_FIGURE)
    count = FigureField(
        label=_("How many"),
        help_text=_("Counts only: nothing that tells of one person."),
        min_value=0,
        **_FIGURE,
    )
    base_count = FigureField(
        label=_("Out of"), help_text=_("All of whom the number is a part; the respondents of a survey."),
        min_value=0, **_FIGURE,
    )  # fmt: skip

    class Meta:
        model = ManualValue
        fields = [
            "year", "term", "month", "region_role", "breakdown", "source_link", "value", "count", "base_count",
            "is_baseline", "source", "note",
        ]  # fmt: skip
        labels = {"source": _("Where the value is from"), "is_baseline": _("This is the baseline")}
        help_texts = {
            "is_baseline": _(
                "The starting value that changes are counted from. With it a numeric target can be set."
            ),
            "source": _("A report, a register or a person's title, for example."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.indicator: Indicator = self.instance.indicator
        unit = self.indicator.unit
        self.scale = scale_of(unit)
        self.fieldsets = [  # type: ignore[misc]
            (_("Period"), ["year", "term", "month"]),
            (_("Value"), ["value", "count", "base_count", "is_baseline"]),
            (_("Of whom and where from"), ["region_role", "breakdown", "source_link", "source", "note"]),
        ]
        if unit:
            self.fields["value"].label = _("Value, %(unit)s") % {
                "unit": with_unit(None, unit).split("\u00a0", 1)[-1]
            }
        if self.scale:
            self.fields["value"].help_text = _("Leave empty when you give the number and out of how many.")
        groups = list(self.indicator.groups.all())
        self.fields["breakdown"].choices = [  # type: ignore[attr-defined]
            ("", _("all together")), *((group.key, plain_text(group)) for group in groups)
        ]  # fmt: skip
        if not groups:
            del self.fields["breakdown"]
        links = self.indicator.source_links.filter(kind__in=OWN_KINDS, is_ended=False)
        self.fields["source_link"].queryset = links  # type: ignore[attr-defined]
        if len(links) < 2:
            del self.fields["source_link"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._check_period(cleaned)
        self._work_out(cleaned)
        value = cleaned.get("value")
        low, high = self.indicator.low, self.indicator.high
        if value is not None and ((low is not None and value < low) or (high is not None and value > high)):
            self.add_error("value", _("The value must be from %(low)s to %(high)s.") % {
                "low": quantity(low), "high": quantity(high),
            })  # fmt: skip
        link = cleaned.get("source_link")
        base = cleaned.get("base_count")
        link = link or self.instance.source_link or _only_link(self.indicator)
        if link and link.kind == SourceLink.Kind.SURVEY and base is not None and base < FEWEST_RESPONDENTS:
            self.add_error("base_count", _("Fewer than %(few)s answers would tell what somebody answered.") % {
                "few": FEWEST_RESPONDENTS,
            })  # fmt: skip
        return cleaned

    def _check_period(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("term") and cleaned.get("month"):
            self.add_error("month", _("Give a term or a month, not both."))
        elif cleaned.get("year"):
            period = Period(cleaned["year"], cleaned.get("term"), cleaned.get("month"))
            if period.start > self.programme.today():
                self.add_error("year", _("The period has not begun."))

    def _work_out(self, cleaned: dict[str, Any]) -> None:
        """The value from the number and its base, where the unit is a share; the stated one must be its rounding."""
        value, count, base = (cleaned.get(name) for name in ("value", "count", "base_count"))
        if self.errors.keys() & {"value", "count", "base_count"}:
            return
        if count is not None and base is not None and self.scale:
            if base <= 0 or count > base:
                self.add_error("base_count", _("The number cannot exceed what it is counted out of."))
                return
            exact = part_of(count, base, scale=self.scale)
            if value is not None and not is_rounding_of(value, exact):
                self.add_error("value", _("%(count)s out of %(base)s is %(exact)s, not %(value)s.") % {
                    "count": quantity(count), "base": quantity(base), "exact": quantity(exact),
                    "value": quantity(value),
                })  # fmt: skip
                return
            cleaned["value"] = exact
        elif value is None:
            told = (
                _("Give the value, or the number and out of how many.")
                if self.scale
                else _("Give the value.")
            )
            self.add_error("value", told)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            link = self.instance.source_link or _only_link(self.indicator)
            if link is not None and is_same(self.instance, latest_of(self.instance, link)):
                self.add_error("value", SAME)

    @property
    def entered(self) -> dict[str, Any]:
        """The cleaned values of the row."""
        return {name: self.cleaned_data[name] for name in self.own_fields}


def _only_link(indicator: Indicator) -> SourceLink | None:
    links = list(indicator.source_links.filter(kind__in=OWN_KINDS, is_ended=False)[:2])
    return links[0] if len(links) == 1 else None


class ReturnForm(WithoutCodes):
    """Why a value is returned."""

    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    reason = forms.CharField(
        label=_("Why is it returned?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write why the value is returned.")},
    )  # fmt: skip


def share_words(count: Decimal | None, base: Decimal | None) -> str:
    """75 / 300; empty where the number is not known."""
    if base is None:
        return quantity(count) if count is not None else ""
    return f"{quantity(count)} / {quantity(base)}" if count is not None else f"n = {quantity(base)}"


__all__ = [
    "GroupForm", "IndicatorForm", "ManualValueForm", "ReturnForm", "share_words", "source_name",
]  # fmt: skip
