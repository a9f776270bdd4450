"""Forms that add and change measures, their lines and their targets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import identity_codes
from core.editing import RowForm
from core.fields import DateField, EurCentsField, MonthField
from core.permissions import ACTIONS, PROGRAMME, can, grants_of
from core.templatetags.ui import plain_text
from core.widgets import quicken
from measures.bulk import Changes
from measures.models import Measure, MeasureGoal, MeasureSegment, MeasureTarget, SavingsLine, Stage
from measures.models.measures import Confidence
from measures.models.savings import Permanence
from measures.reach import may_place
from measures.selectors.stages import locked_measures, open_stages
from measures.services.lines import has_locked_claims
from measures.services.stages import THROUGH_GATE
from programme.models import (
    CostType,
    FundingSource,
    Goal,
    LinkedInitiative,
    Programme,
    Project,
    Sector,
    Segment,
)
from programme.targets_editing import becomes_cost, figures_of, version_on
from programme.words import stages, word

TREE_SPACE = "\u2003"


# --- choices ---------------------------------------------------------------------------------------------


class GoalTree(ModelChoiceIterator):
    """Goals under their themes, sub-goals indented below their goal; one query."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        rows = sorted(self.queryset.select_related("theme", "parent"), key=_place_in_tree)
        for theme, goals in groupby(rows, key=lambda goal: goal.theme):
            yield (plain_text(theme), [self.choice(goal) for goal in goals])


def _place_in_tree(goal: Goal) -> tuple[int, int, int]:
    above = goal.parent or goal
    return (goal.theme.number, above.number, goal.number if goal.parent else 0)


class GoalField(forms.ModelChoiceField):
    """One goal of the programme, chosen from the tree."""

    iterator = GoalTree

    def label_from_instance(self, obj: Any) -> str:
        return f"{TREE_SPACE if obj.parent_id else ''}{plain_text(obj)}"


class GoalsField(forms.ModelMultipleChoiceField):
    """Several goals of the programme."""

    iterator = GoalTree
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return plain_text(obj)


class NamedField(forms.ModelChoiceField):
    """A row with a name in three languages, shown in the active one."""

    def label_from_instance(self, obj: Any) -> str:
        return plain_text(obj)


class NamedListField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return plain_text(obj)


def all_goals() -> QuerySet[Goal]:
    return Goal.objects.all()


def _offer(form: forms.BaseForm, name: str, choices: list[Any]) -> None:
    """Sets the choices of one field of a form."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def _named(rows: Iterable[Any]) -> Iterator[tuple[str, str]]:
    return ((str(row.pk), plain_text(row)) for row in rows)


def stage_choices(programme: Programme, *, without: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Stages in the programme's own order and words."""
    order = dict.fromkeys([*stages(programme), *Stage.values])
    return [(stage, word(programme, f"stage.{stage}")) for stage in order if stage not in without]


# --- the measure -----------------------------------------------------------------------------------------


NAMES = ("name_fi", "name_sv", "name_en")
DESCRIPTIONS = ("description_fi", "description_sv", "description_en")
PLACES = (
    (
        gettext_lazy("Who and when"),
        ["owner", "starts_on", "ends_on", "confidence_of_owner", "confidence_of_pmo", "priority"],
    ),
    (gettext_lazy("Other goals and client segments"), ["other_goals", "segments"], "folded"),
    (gettext_lazy("Project"), ["project", "linked_initiative", "resources"], "folded"),
    (gettext_lazy("Where it is seen"), ["municipality", "service_point", "closes_service_point"], "folded"),
)


class MeasureForm(RowForm):
    """Everything of a measure that its owner writes; the code is fixed after creation, the stage has its own form."""

    goal = GoalField(all_goals(), label=gettext_lazy("Goal"))
    other_goals = GoalsField(all_goals(), label=gettext_lazy("Other goals it serves"), required=False)
    starts_on = DateField(label=gettext_lazy("Starts on"), required=False)
    ends_on = DateField(label=gettext_lazy("Ends on"), required=False)

    links = {"other_goals": MeasureGoal, "segments": MeasureSegment}
    reason_rule = "optional"
    fieldsets = [
        (None, [*NAMES, "goal", *DESCRIPTIONS]),
        *PLACES,
        (None, ["reason"]),
    ]

    class Meta:
        model = Measure
        fields = [
            "name_fi", "name_sv", "name_en", "description_fi", "description_sv", "description_en", "goal",
            "other_goals", "segments", "project", "linked_initiative", "owner", "starts_on", "ends_on",
            "confidence_of_owner", "confidence_of_pmo", "priority", "municipality", "service_point",
            "closes_service_point", "resources",
        ]  # fmt: skip
        field_classes = {"project": NamedField, "linked_initiative": NamedField, "segments": NamedListField}
        labels = {
            "project": gettext_lazy("Project"),
            "linked_initiative": gettext_lazy("Linked project"),
            "segments": gettext_lazy("Client segments"),
            "owner": gettext_lazy("Owner"),
            "confidence_of_owner": gettext_lazy("Delivery confidence"),
            "confidence_of_pmo": gettext_lazy("Delivery confidence by the programme office"),
            "priority": gettext_lazy("Order of priority"),
            "municipality": gettext_lazy("Municipality"),
            "service_point": gettext_lazy("Service point"),
            "resources": gettext_lazy("People who do it"),
        }
        help_texts = {
            "resources": gettext_lazy("Who does the work and how much of their time it takes."),
            "confidence_of_owner": gettext_lazy("How sure the owner is that it will be done as planned."),
            "confidence_of_pmo": gettext_lazy("Counts instead of the owner's where it is given."),
            "municipality": gettext_lazy("Only when the measure touches one."),
            "service_point": gettext_lazy("Only when the measure touches one."),
            "linked_initiative": gettext_lazy("An undertaking beside the programme that does the work."),
        }
        widgets = {
            "description_fi": forms.Textarea, "description_sv": forms.Textarea, "description_en": forms.Textarea,
            "resources": forms.Textarea,
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not can(self.user, "measure.override", self.programme):
            self.fields.pop("confidence_of_pmo", None)
            self.fields.pop("priority", None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The measure must not end before it starts."))
        goal = cleaned.get("goal")
        if self.instance.pk and goal is not None and not may_place(self.user, self.instance, goal):
            self.add_error("goal", _("Choose a goal of a theme that you lead."))
        return cleaned


class MeasureAddForm(MeasureForm):
    """A new measure: its code, and where its money will show if that is known already."""

    line_sector = NamedField(Sector.objects.all(), label=gettext_lazy("Sector"), required=False)
    line_cost_type = NamedField(CostType.objects.all(), label=gettext_lazy("Cost type"), required=False)

    reason_rule = "none"
    fieldsets = [
        (None, ["code", *NAMES, "goal"]),
        (gettext_lazy("Description"), DESCRIPTIONS, "folded"),
        *PLACES,
        (gettext_lazy("Where the money shows, if it is known"), ["line_sector", "line_cost_type"], "folded"),
    ]

    class Meta(MeasureForm.Meta):
        fields = ["code", *MeasureForm.Meta.fields]
        help_texts = MeasureForm.Meta.help_texts | {
            "code": gettext_lazy(
                "Unique in the programme; it cannot be changed later. The next free one is offered."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line_sector"].help_text = _("More lines can be added on the measure's own page.")
        if self._sector_needed():
            self.fields["line_sector"].required = self.fields["line_cost_type"].required = True

    def _get_validation_exclusions(self) -> set[str]:
        """The code is unique in the programme, which is no field: it is looked at all the same."""
        return super()._get_validation_exclusions() - {"programme"}  # type: ignore[misc,no-any-return]

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        sector, cost_type = cleaned.get("line_sector"), cleaned.get("line_cost_type")
        for name, given, other in (
            ("line_cost_type", cost_type, sector),
            ("line_sector", sector, cost_type),
        ):
            if other and not given and name not in self.errors:
                self.add_error(name, _("A savings line needs both its sector and its cost type."))
        self._check_reach(cleaned.get("goal"), sector)
        return cleaned

    def _check_reach(self, goal: Goal | None, sector: Sector | None) -> None:
        """People who lead a part of the programme add measures to that part only."""
        scopes = self._scopes()
        if goal is None or PROGRAMME in scopes or ("theme", goal.theme_id) in scopes:
            return
        if sector is not None and ("sector", sector.pk) in scopes:
            return
        field, message = (
            ("line_sector", _("Choose a sector that you lead."))
            if self._sector_needed()
            else ("goal", _("Choose a goal of a theme that you lead."))
        )
        if field not in self.errors:
            self.add_error(field, message)

    def _scopes(self) -> set[Any]:
        """The programme, or the themes and sectors in which the person may add measures."""
        roles = ACTIONS["measure.add"]
        found: set[Any] = set()
        for grant in grants_of(self.user):
            if grant.programme_id == self.programme.pk and grant.role in roles:
                scope = roles[grant.role]
                found.add(PROGRAMME if scope == PROGRAMME else (scope, getattr(grant, f"{scope}_id", None)))
        return found

    def _sector_needed(self) -> bool:
        scopes = self._scopes()
        return PROGRAMME not in scopes and not any(scope[0] == "theme" for scope in scopes)


class StageForm(RowForm):
    """The stage, with its reason: what needs no gate. A step forward goes through the gate (measures.gates)."""

    stage = forms.ChoiceField(label=gettext_lazy("Stage"))
    reason_rule = "optional"

    class Meta:
        model = Measure
        fields = ["stage"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_now = open_stages(self.instance)
        choices = [choice for choice in stage_choices(self.programme) if choice[0] in open_now]
        _offer(self, "stage", choices)
        self.fields["stage"].help_text = _("Forward only through the gate.")
        self.fields["stage"].error_messages["invalid_choice"] = THROUGH_GATE
        self.fields["reason"].widget = forms.TextInput(attrs={"maxlength": 1000})
        self.fields["reason"].help_text = _(
            "Needed when the measure goes back, is put on hold or taken up again."
        )


class OwnerForm(RowForm):
    class Meta:
        model = Measure
        fields = ["owner"]
        labels = {"owner": gettext_lazy("Owner")}


class DatesForm(RowForm):
    starts_on = DateField(label=gettext_lazy("Starts on"), required=False)
    ends_on = DateField(label=gettext_lazy("Ends on"), required=False)

    class Meta:
        model = Measure
        fields = ["starts_on", "ends_on"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The measure must not end before it starts."))
        return cleaned


class ConfidenceForm(RowForm):
    """Delivery confidence: the owner's, and the programme office's for those who may give it."""

    class Meta:
        model = Measure
        fields = ["confidence_of_owner", "confidence_of_pmo"]
        labels = {
            "confidence_of_owner": gettext_lazy("By the owner"),
            "confidence_of_pmo": gettext_lazy("By the programme office"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not can(self.user, "measure.override", self.programme):
            del self.fields["confidence_of_pmo"]


class WithdrawForm(RowForm):
    """Day, first month and reason of a withdrawal."""

    withdrawn_on = DateField(label=gettext_lazy("Withdrawn on"))
    withdrawn_from = MonthField(
        label=gettext_lazy("First month that no longer counts"),
        help_text=gettext_lazy("For example 3/2024. Months before it stay as they are."),
    )
    reason_rule = "required"

    class Meta:
        model = Measure
        fields = ["withdrawn_on", "withdrawn_from"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        day = cleaned.get("withdrawn_on")
        if day is not None and day > timezone.localdate():
            self.add_error("withdrawn_on", _("The day of the decision cannot lie ahead."))
        return cleaned


class ReasonForm(identity_codes.WithoutCodes):
    """A reason, for acts that need nothing else."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The reason is kept in the history."),
    )  # fmt: skip


# --- its lines and target -----------------------------------------------------------------------------------


#: How an amount came about in figures (R22): quantity x unit price x months, with its source.
BASIS = ("basis_quantity", "basis_unit", "basis_unit_price_eur_cents", "basis_months", "basis_source")


class LineForm(RowForm):
    """One savings line: where the money shows, which goal carries it, how the figure came about."""

    sector = NamedField(Sector.objects.all(), label=gettext_lazy("Sector"))
    cost_type = NamedField(CostType.objects.all(), label=gettext_lazy("Cost type"))
    goal = GoalField(
        all_goals(), label=gettext_lazy("Goal that carries the money"),
        help_text=gettext_lazy("Money is counted under one goal only, so that nothing is counted twice."),
    )  # fmt: skip
    paid_from = NamedField(
        FundingSource.objects.all(), label=gettext_lazy("Paid from"), required=False,
        help_text=gettext_lazy(
            "For a one-off cost that stabilisation or project funding pays: it stays in the costs and is left out of "
            "the result effect."
        ),
    )  # fmt: skip
    basis_quantity = forms.DecimalField(
        label=gettext_lazy("Quantity"), required=False, max_digits=14, decimal_places=3,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}), localize=True,
    )  # fmt: skip
    basis_unit_price_eur_cents = EurCentsField(
        unit="eur", label=gettext_lazy("Unit price for a month, €"), required=False
    )
    reason_rule = "optional"
    fieldsets = [
        (None, ["sector", "cost_type", "goal"]),
        (gettext_lazy("What kind of money"), ["permanence", "line_class", "in_base", "paid_from"]),
        (gettext_lazy("Basis of the figure"), ["basis_note", *BASIS]),
        (None, ["reason"]),
    ]
    #: Fields that move money from one place of the figures to another.
    MOVES_MONEY = ("sector", "cost_type", "permanence", "line_class", "in_base", "paid_from")

    class Meta:
        model = SavingsLine
        fields = [
            "sector",
            "cost_type",
            "goal",
            "permanence",
            "line_class",
            "in_base",
            "paid_from",
            "basis_note",
            *BASIS,
        ]
        labels = {
            "permanence": gettext_lazy("Permanence"),
            "line_class": gettext_lazy("Kind of saving"),
            "in_base": gettext_lazy("Already inside the comparison base"),
            "basis_note": gettext_lazy("How the amount came about"),
            "basis_unit": gettext_lazy("Unit"),
            "basis_months": gettext_lazy("Months"),
            "basis_source": gettext_lazy("Source of the figure"),
        }
        help_texts = {
            "permanence": gettext_lazy(
                "A lasting saving lowers the cost level; a one-off one counts in its months only."
            ),
            "line_class": gettext_lazy("Only cash savings count towards the target."),
            "in_base": gettext_lazy("Shown apart and never added to the new measures."),
            "basis_note": gettext_lazy(
                "For example: two posts fewer from 1/2025, mean salary with side costs. "
                "Or give quantity, unit price, months and source below; one of the two is asked before the decision."
            ),
            "basis_unit": gettext_lazy("For example: posts, visits, square metres."),
        }

    def _get_validation_exclusions(self) -> set[str]:
        """Lines of one measure differ from each other: the rule needs the measure, which is no field."""
        return super()._get_validation_exclusions() - {"programme", "measure"}  # type: ignore[misc,no-any-return]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        moved = [name for name in self.MOVES_MONEY if name in self.changed_data]
        if self.instance.pk and moved and not cleaned.get("reason") and self._has_decisions():
            self.add_error("reason", _("Claims of this line are decided. Say why their money moves."))
        if cleaned.get("paid_from") and cleaned.get("permanence") != Permanence.ONE_OFF:
            self.add_error(
                "paid_from", _("Only one-off costs are paid from a source: lasting money is netted.")
            )
        if self.instance.pk and moved and locked_measures([self.instance.measure_id]):
            self.add_error(
                moved[0],
                _(
                    "A decision has locked the plan: return the measure to an earlier stage to move its money."
                ),
            )
        if self.instance.pk and moved and has_locked_claims(self.instance):
            self.add_error(
                moved[0],
                _("The line has claims of a year whose accounts are signed: its money stays where it is."),
            )
        self._check_basis(cleaned)
        goal = cleaned.get("goal")
        if goal is None or goal.pk == self.instance.goal_id:
            return cleaned
        if not may_place(self.user, self.instance.measure, goal):
            self.add_error("goal", _("Choose a goal of a theme that you lead."))
        return cleaned

    def _check_basis(self, cleaned: dict[str, Any]) -> None:
        """Figures of the basis belong together; the unit may be left out."""
        wanted = [name for name in BASIS if name != "basis_unit"]
        given = [name for name in wanted if cleaned.get(name) not in (None, "")]
        for name in wanted:
            if given and name not in given and name not in self.errors:
                self.add_error(name, _("Quantity, unit price, months and source belong together."))

    def _has_decisions(self) -> bool:
        return self.instance.entries.filter(decided_eur_cents__isnull=False).exists()


class TargetForm(RowForm):
    """A new value of the measure's target from a day on; what held before stays in the history of versions."""

    value_eur_cents = EurCentsField(
        unit="eur", label=gettext_lazy("Target, €"),
        help_text=gettext_lazy("Change in the cost level: − is a saving. For example −1 200 000."),
    )  # fmt: skip
    valid_from = DateField(label=gettext_lazy("Valid from"))
    is_cost_meant = forms.BooleanField(
        label=gettext_lazy("It is meant as a cost: the measure adds to expenses"), required=False
    )
    fieldsets = [(None, ["value_eur_cents", "is_cost_meant", "valid_from", "reason", "decision_reference"])]

    class Meta:
        model = MeasureTarget
        fields = ["value_eur_cents", "valid_from", "reason", "decision_reference"]
        labels = {
            "reason": gettext_lazy("Why does it change?"),
            "decision_reference": gettext_lazy("Decision"),
        }
        help_texts = {"decision_reference": gettext_lazy("Body, date and §, when there is one.")}
        widgets = {"reason": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True
        if not self.is_bound or not self._asks_cost():
            self.fields["is_cost_meant"].widget = forms.HiddenInput()

    def _asks_cost(self) -> bool:
        """Whether the value typed turns a saving into a cost, which is more often a forgotten sign."""
        try:
            value = self.fields["value_eur_cents"].clean(self.data.get("value_eur_cents"))
        except ValidationError:
            return False
        held = version_on(self.instance, self.instance.programme.today())
        return becomes_cost(figures_of(held) if held else None, {"value_eur_cents": value})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "value_eur_cents" in cleaned and self._asks_cost() and not cleaned.get("is_cost_meant"):
            self.add_error(
                "is_cost_meant", _("Without a minus sign this is a cost. Tick this if it is meant so.")
            )
        return cleaned


# --- many measures at once ----------------------------------------------------------------------------------

LEAVE, CLEAR = "", "-"


class BulkForm(identity_codes.WithoutCodes):
    """What to set on many measures: each field says "leave as it is" until something is chosen."""

    owner = forms.ChoiceField(label=gettext_lazy("Owner"), required=False)
    project = forms.ChoiceField(label=gettext_lazy("Project"), required=False)
    linked_initiative = forms.ChoiceField(label=gettext_lazy("Linked project"), required=False)
    goal = GoalField(
        all_goals(), label=gettext_lazy("Goal"), required=False, empty_label=gettext_lazy("leave as it is"),
        help_text=gettext_lazy("Savings lines keep the goal that carries their money."),
    )  # fmt: skip
    confidence_of_owner = forms.ChoiceField(label=gettext_lazy("Delivery confidence"), required=False)
    starts_on = DateField(
        label=gettext_lazy("Starts on"), required=False, help_text=gettext_lazy("Empty leaves it as it is.")
    )
    ends_on = DateField(
        label=gettext_lazy("Ends on"), required=False, help_text=gettext_lazy("Empty leaves it as it is.")
    )
    add_segments = NamedListField(
        Segment.objects.all(), label=gettext_lazy("Client segments to add"), required=False
    )
    remove_segments = NamedListField(
        Segment.objects.all(), label=gettext_lazy("Client segments to take away"), required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Why are they changed?"), max_length=1000,
        error_messages={"required": gettext_lazy("Give the reason.")},
        widget=forms.Textarea(attrs={"rows": 2}), help_text=gettext_lazy("The reason is kept in the history."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, programme: Programme) -> None:
        super().__init__(data)
        people = get_user_model().objects.filter(grants__programme=programme, is_active=True).distinct()
        named = people.order_by("last_name", "first_name", "username")
        leave, clear = (LEAVE, _("leave as it is")), (CLEAR, _("take away"))
        _offer(self, "owner", [leave, clear, *((str(one.pk), str(one)) for one in named)])
        _offer(self, "project", [leave, clear, *_named(Project.objects.filter(programme=programme))])
        undertakings = LinkedInitiative.objects.filter(programme=programme)
        _offer(self, "linked_initiative", [leave, clear, *_named(undertakings)])
        _offer(self, "confidence_of_owner", [leave, clear, *Confidence.choices])
        for name in ("goal", "add_segments", "remove_segments"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField) and field.queryset is not None
            field.queryset = field.queryset.filter(programme=programme)
        quicken(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        both = set(cleaned.get("add_segments") or []) & set(cleaned.get("remove_segments") or [])
        if both:
            self.add_error("remove_segments", _("The same client segment cannot be added and taken away."))
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The measure must not end before it starts."))
        if not self.errors and not self.changes:
            raise ValidationError(_("Choose what to change."))
        return cleaned

    @property
    def changes(self) -> Changes:
        """What was chosen, by column; what is left as it is stays out."""
        given, values = self.cleaned_data, {}
        for name in ("owner", "project", "linked_initiative"):
            if given[name] != LEAVE:
                values[f"{name}_id"] = None if given[name] == CLEAR else int(given[name])
        if given["goal"] is not None:
            values["goal_id"] = given["goal"].pk
        if given["confidence_of_owner"] != LEAVE:
            values["confidence_of_owner"] = given["confidence_of_owner"].replace(CLEAR, "")
        for name in ("starts_on", "ends_on"):
            if given[name] is not None:
                values[name] = given[name]
        return Changes(
            values,
            [one.pk for one in given["add_segments"]],
            [one.pk for one in given["remove_segments"]],
            given["reason"],
        )
