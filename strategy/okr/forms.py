"""Forms of seasons, units, objectives, key results, check-ins and plans."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.editing import RowForm
from core.identity_codes import WithoutCodes
from core.templatetags.ui import plain_text
from programme.forms.fields import FigureField
from programme.models import Programme, Theme
from strategy.models import (
    AnnualObjective,
    CheckIn,
    KeyResult,
    MainLine,
    Objective,
    PlanItem,
    Season,
    Unit,
    UnitMember,
)
from strategy.okr.calculations import score_from
from strategy.okr.making import NewResult
from strategy.okr.services import DEEPEST

NAMES = ["name_fi", "name_sv", "name_en"]
LINKS = ["annual_objective", "spearhead", "main_line", "parent"]
#: Key results that the form of a new objective asks; more are added afterwards.
RESULTS = 3
#: How a key result is seen, as the forms ask it.
KINDS = (
    (KeyResult.Kind.NUMBER, gettext_lazy("a figure that moves")),
    (KeyResult.Kind.YES_NO, gettext_lazy("yes or no")),
)
YES_NO = (("yes", gettext_lazy("yes")), ("no", gettext_lazy("not yet")))


def figure(label: Any, **more: Any) -> FigureField:
    return FigureField(label=label, required=False, max_digits=18, decimal_places=4, **more)


def score_field() -> FigureField:
    return FigureField(
        label=gettext_lazy("Score (0 to 1)"), min_value=0, max_value=1, max_digits=3, decimal_places=2,
        help_text=gettext_lazy("Proposed from how far it came; change it when the figure does not tell all."),
    )  # fmt: skip


def _plain(field: Any) -> None:
    field.label_from_instance = plain_text


def _numbered(row: Any) -> str:
    return f"{row.number}. {plain_text(row)}"


def _of_unit(row: Objective) -> str:
    return f"{plain_text(row.unit)}: {plain_text(row)}"


# --- units ---------------------------------------------------------------------------------------------------


class UnitForm(RowForm):
    """A unit: its level, what it is part of, and from when it uses OKR."""

    fieldsets = [
        (None, [*NAMES, "level", "parent", "sector"]),
        (gettext_lazy("OKR in this unit"), ["uses_okr_from", "is_closed"]),
    ]

    class Meta:
        model = Unit
        fields = [*NAMES, "level", "parent", "sector", "uses_okr_from", "is_closed"]
        help_texts = {
            "uses_okr_from": gettext_lazy(
                "From this day the unit sets objectives for seasons. Empty: it keeps the action plan."
            )
        }

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        for name in ("parent", "sector"):
            _plain(self.fields[name])
        parents: Any = self.fields["parent"]
        parents.queryset = parents.queryset.exclude(pk=self.instance.pk)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        above = cleaned.get("parent")
        for _level in range(DEEPEST):
            if above is None:
                break
            if above.pk == self.instance.pk:
                self.add_error("parent", _("A unit is not a part of its own part."))
                break
            above = above.parent
        return cleaned


class MemberForm(RowForm):
    """Somebody who joins a unit."""

    class Meta:
        model = UnitMember
        fields = ["user", "is_lead"]


# --- objectives ----------------------------------------------------------------------------------------------


def strategy_fields(programme: Programme) -> dict[str, forms.ModelChoiceField]:
    """What in the strategy an objective may serve; at least one of them is asked for."""
    asked: list[tuple[str, Any, Any, Any]] = [
        ("annual_objective", AnnualObjective, gettext_lazy("Annual objective"), _numbered),
        ("spearhead", Theme, gettext_lazy("Spearhead"), _numbered),
        ("main_line", MainLine, gettext_lazy("Main line"), _numbered),
    ]
    found = {}
    for name, model, label, words in asked:
        field = forms.ModelChoiceField(
            model.objects.filter(programme=programme).order_by("number"), label=label, required=False, empty_label="–"
        )  # fmt: skip
        field.label_from_instance = words  # type: ignore[method-assign]
        found[name] = field
    return found


def serves_something(cleaned: dict[str, Any]) -> bool:
    return any(cleaned.get(name) for name in LINKS)


class ObjectiveForm(RowForm):
    """An objective of a unit: what, why, whose, and what in the strategy it serves."""

    fieldsets = [
        (None, [*NAMES, "why", "owner"]),
        (gettext_lazy("What in the strategy it serves (at least one)"), LINKS),
    ]

    class Meta:
        model = Objective
        fields = [*NAMES, "why", *LINKS, "owner"]

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        for name in ("annual_objective", "spearhead", "main_line"):
            field: Any = self.fields[name]
            field.queryset = field.queryset.order_by("number")
            field.label_from_instance = _numbered
        above: Any = self.fields["parent"]
        above.queryset = (
            Objective.objects.filter(season=self.instance.season_id)
            .exclude(pk=self.instance.pk)
            .exclude(state=Objective.State.DROPPED)
            .select_related("unit")
            .order_by("unit__position", "position")
        )
        above.label_from_instance = _of_unit

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        above = cleaned.get("parent")
        for _level in range(DEEPEST):
            if above is None:
                break
            if above.pk == self.instance.pk:
                self.add_error("parent", _("This objective is above that one already."))
                break
            above = above.parent
        return cleaned


class NewObjectiveForm(ObjectiveForm):
    """A new objective with its key results in the same form."""

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        can_start = self.instance.season.state == Season.State.OPEN
        legends: list[Any] = []
        for place in range(1, RESULTS + 1):
            asked = _result_fields(place)
            self.fields |= asked
            legend = _("Key result %(n)s") % {"n": place}
            legends.append((legend, list(asked), "folded") if place > 1 else (legend, list(asked)))
        self.fieldsets = [*type(self).fieldsets, *legends]  # type: ignore[misc]
        if can_start:
            self.fields["starts"] = forms.BooleanField(
                label=_("Start it at once"), required=False, initial=True,
                help_text=_("Takes at least one key result. Unmarked, it stays a draft."),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.results = [
            one for place in range(1, RESULTS + 1) if (one := self._result(cleaned, place)) is not None
        ]
        if cleaned.get("starts") and not self.results and not self.has_error("kr1_name"):
            self.add_error(
                "kr1_name", _("Add a key result first: without one nobody sees whether it was reached.")
            )
        return cleaned

    def _result(self, cleaned: dict[str, Any], place: int) -> NewResult | None:
        name, kind, start, target, unit = (
            cleaned.get(f"kr{place}_{part}") for part in ("name", "kind", "start", "target", "unit")
        )
        if not name:
            if start is not None or target is not None:
                self.add_error(f"kr{place}_name", _("Say what the key result is."))
            return None
        check_move(self, kind, start, target, f"kr{place}_start", f"kr{place}_target")
        return NewResult(name, kind or KeyResult.Kind.NUMBER, start, target, unit or "")


def _result_fields(place: int) -> dict[str, forms.Field]:
    return {
        f"kr{place}_name": forms.CharField(label=_("What is seen when it is reached"), required=False, max_length=500),
        f"kr{place}_kind": forms.ChoiceField(
            label=_("Kind"), choices=[("", KINDS[0][1]), KINDS[1]], required=False
        ),
        f"kr{place}_start": figure(_("Starting value")),
        f"kr{place}_target": figure(_("Target value")),
        f"kr{place}_unit": forms.CharField(label=_("Unit of measurement"), required=False, max_length=60),
    }  # fmt: skip


def check_move(
    form: Any, kind: Any, start: Decimal | None, target: Decimal | None, start_name: str, target_name: str
) -> None:  # fmt: skip
    """A number moves from somewhere to somewhere else."""
    if kind == KeyResult.Kind.YES_NO or form.has_error(start_name) or form.has_error(target_name):
        return
    words = _("Give from what to what the figure should move.")
    for name, value in ((start_name, start), (target_name, target)):
        if value is None:
            form.add_error(name, words)
    if start is not None and start == target:
        form.add_error(target_name, words)


class ResultForm(RowForm):
    """A key result with everything that is known of it."""

    start_value = figure(gettext_lazy("Starting value"))
    target_value = figure(gettext_lazy("Target value"))
    fieldsets = [
        (None, [*NAMES, "kind", "start_value", "target_value", "unit"]),
        (None, ["owner", "indicator"]),
    ]

    class Meta:
        model = KeyResult
        fields = [*NAMES, "kind", "start_value", "target_value", "unit", "owner", "indicator"]

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        _plain(self.fields["indicator"])
        kind: Any = self.fields["kind"]
        kind.choices = KINDS

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_move(
            self, cleaned.get("kind"), cleaned.get("start_value"), cleaned.get("target_value"), "start_value",
            "target_value",
        )  # fmt: skip
        return cleaned


# --- check-ins and ends --------------------------------------------------------------------------------------


class CheckInForm(RowForm):
    """Where a key result stands today: three fields, made for a phone."""

    value = figure(gettext_lazy("Value today"))
    done = forms.ChoiceField(
        label=gettext_lazy("Is it done?"), choices=YES_NO, widget=forms.RadioSelect, required=False
    )
    confidence = forms.ChoiceField(
        label=gettext_lazy("How sure are you of reaching it?"), choices=CheckIn.Confidence.choices,
        widget=forms.RadioSelect,
    )  # fmt: skip

    class Meta:
        model = CheckIn
        fields = ["value", "confidence", "comment"]

    fieldsets = [(None, ["value", "done", "confidence", "comment"])]

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        row: KeyResult = self.instance.key_result
        self.fields["comment"].widget.attrs["rows"] = 2
        if row.kind == KeyResult.Kind.YES_NO:
            del self.fields["value"]
            self.fields["done"].required = True
        else:
            del self.fields["done"]
            self.fields["value"].required = True
            if row.unit:
                self.fields["value"].label = _("Value today (%(unit)s)") % {"unit": row.unit}

    @property
    def is_done(self) -> bool | None:
        given = self.cleaned_data.get("done")
        return None if not given else given == "yes"


class ResultEndForm(RowForm):
    """The final value, score and comment of a key result."""

    final_value = figure(gettext_lazy("Final value"))
    done = forms.ChoiceField(
        label=gettext_lazy("Was it reached?"), choices=(("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))),
        widget=forms.RadioSelect, required=False,
    )  # fmt: skip
    score = score_field()
    fieldsets = [(None, ["final_value", "done", "score", "final_comment"])]

    class Meta:
        model = KeyResult
        fields = ["final_value", "score", "final_comment"]

    def __init__(
        self, data: Any = None, *, instance: KeyResult, initial: Any = None, **options: Any
    ) -> None:  # fmt: skip
        latest, progress = getattr(instance, "latest", None), getattr(instance, "progress", None)
        first: dict[str, Any] = {}
        if instance.score is None and latest is not None:
            first = {"final_value": latest.value, "score": score_from(progress)}
            if latest.is_done is not None:
                first["done"] = "yes" if latest.is_done else "no"
        elif instance.final_value is not None:
            first["done"] = "yes" if instance.final_value else "no"
        super().__init__(data, instance=instance, initial=first | dict(initial or {}), **options)
        self.fields["final_comment"].required = True
        if instance.kind == KeyResult.Kind.YES_NO:
            del self.fields["final_value"]
            self.fields["done"].required = True
        else:
            del self.fields["done"]
            self.fields["final_value"].required = True


class SeasonEndForm(WithoutCodes):
    """What the season taught; closing asks for it."""

    lessons = forms.CharField(
        label=gettext_lazy("What did we learn?"), max_length=8000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("What to go on with, what to do otherwise in the next season."),
    )  # fmt: skip


class ReasonForm(WithoutCodes):
    """Why something is given up."""

    reason = forms.CharField(
        label=gettext_lazy("Why is it dropped?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


# --- plans ---------------------------------------------------------------------------------------------------


class PlanForm(RowForm):
    """A line of the action plan, or a piece of development work."""

    fieldsets = [(None, [*NAMES, "kind", "unit", "owner"]), (None, ["starts_on", "due_on", "state", "note"])]

    class Meta:
        model = PlanItem
        fields = [*NAMES, "kind", "unit", "owner", "starts_on", "due_on", "state", "note"]

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        _plain(self.fields["unit"])
        field: Any = self.fields["state"]
        is_turned = self.instance.state == PlanItem.State.TURNED
        if is_turned:
            del self.fields["state"]
        else:
            field.choices = [one for one in PlanItem.State.choices if one[0] != PlanItem.State.TURNED]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        starts, due = cleaned.get("starts_on"), cleaned.get("due_on")
        if starts and due and due < starts:
            self.add_error("due_on", _("It is due before it starts."))
        return cleaned


class TurnForm(WithoutCodes):
    """Which unit and season a line of the plan becomes an objective of, and what in the strategy that serves."""

    def __init__(self, data: Any = None, *, item: PlanItem, seasons: Any, units: Any) -> None:
        super().__init__(data)
        self.fields["season"] = forms.ModelChoiceField(
            seasons, label=_("Season"), empty_label=None, initial=seasons.first()
        )
        self.fields["unit"] = forms.ModelChoiceField(units, label=_("Unit"), initial=item.unit_id)
        _plain(self.fields["unit"])
        self.fields |= strategy_fields(item.programme)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not serves_something(cleaned):
            self.add_error(
                "annual_objective",
                _("Say what in the strategy it serves: an annual objective, a spearhead or a main line."),
            )
        return cleaned
