"""Measures: what is done, by whom, how far it is, and the target each one carries."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row, Sourced
from core.text import Named, translated
from programme.models import Goal, LinkedInitiative, Project, Segment
from programme.models.targets import DateRange

#: What a search looks through, as one text.
SEARCHED = ("code", "name_fi", "name_sv", "name_en", "description_fi")


def searched_text() -> Concat:
    """The searched fields as one text; the index and the search must say it alike."""
    return Concat(
        *(part for field in SEARCHED for part in (F(field), Value(" "))), output_field=models.TextField()
    )


CODE = r"^[A-ZÅÄÖ0-9][A-ZÅÄÖ0-9.-]*$"


class Stage(models.TextChoices):
    """Stages between the gates, and the two states outside them."""

    IDENTIFIED = "identified", _("identified")
    PLANNED = "planned", _("planned")
    DECIDED = "decided", _("decided")
    IN_DELIVERY = "in_delivery", _("in delivery")
    CLOSED = "closed", _("closed")
    ON_HOLD = "on_hold", _("on hold")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Confidence(models.TextChoices):
    """How sure the delivery is, in the owner's or the programme office's words."""

    LOW = "low", _("low")
    MEDIUM = "medium", _("medium")
    HIGH = "high", _("high")


@tracked()
class Measure(Row, Named, Sourced):
    """A measure. Its money stands on savings lines; `goal` is the first goal it serves."""

    code = models.CharField(
        _("code"),
        max_length=20,
        validators=[
            RegexValidator(CODE, _("Use capital letters, digits, full stops and hyphens, for example T-041."))
        ],
    )
    description_fi = models.TextField(blank=True)
    description_sv = models.TextField(blank=True)
    description_en = models.TextField(blank=True)
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="measures")
    other_goals = models.ManyToManyField(Goal, through="measures.MeasureGoal", blank=True, related_name="+")
    segments = models.ManyToManyField(
        Segment, through="measures.MeasureSegment", blank=True, related_name="measures"
    )
    project = models.ForeignKey(
        Project, null=True, blank=True, on_delete=models.SET_NULL, related_name="measures"
    )
    linked_initiative = models.ForeignKey(
        LinkedInitiative, null=True, blank=True, on_delete=models.SET_NULL, related_name="measures"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="measures"
    )
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.IDENTIFIED)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_from = models.DateField(
        null=True, blank=True, help_text=_("First month whose effects no longer count (the first day of it).")
    )
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    confidence_of_owner = models.CharField(max_length=6, choices=Confidence.choices, blank=True)
    confidence_of_pmo = models.CharField(max_length=6, choices=Confidence.choices, blank=True)
    municipality = models.CharField(max_length=100, blank=True)
    service_point = models.CharField(max_length=200, blank=True)
    resources = models.TextField(
        _("people who do it"),
        blank=True,
        help_text=_("Who does the work and how much of their time it takes."),
    )
    closes_service_point = models.BooleanField(
        _("closes a service point"),
        default=False,
        help_text=_("A closing passes its gates only with an overall assessment."),
    )
    priority = models.PositiveSmallIntegerField(
        _("order of priority"), null=True, blank=True, help_text=_("1 is first; empty: not ordered.")
    )
    is_illustrative = models.BooleanField(default=False)

    view_action = "measure.view"
    edit_action = "measure.edit"

    class Meta(Row.Meta):
        ordering = ["code"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "code"],
                name="measures_measure_code",
                violation_error_message=_("The programme already has a measure with this code."),
            ),
            models.CheckConstraint(
                name="measures_measure_code_form",
                condition=Q(code__regex=CODE),
                violation_error_message=_("Use capital letters, digits, full stops and hyphens in the code."),
            ),
            models.CheckConstraint(
                name="measures_measure_dates",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(starts_on__lte=F("ends_on")),
                violation_error_message=_("The measure must not end before it starts."),
            ),
            models.CheckConstraint(
                name="measures_measure_withdrawal",
                condition=Q(stage=Stage.WITHDRAWN, withdrawn_from__isnull=False, withdrawn_on__isnull=False)
                | (~Q(stage=Stage.WITHDRAWN) & Q(withdrawn_from__isnull=True, withdrawn_on__isnull=True)),
                violation_error_message=_("A withdrawn measure needs its day and first month of withdrawal."),
            ),
            models.CheckConstraint(
                name="measures_measure_withdrawn_month",
                condition=Q(withdrawn_from__isnull=True) | Q(withdrawn_from__day=1),
                violation_error_message=_("Give the month of withdrawal as its first day."),
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "stage"], name="measures_measure_stage"),
            models.Index(fields=["programme", "goal"], name="measures_measure_goal"),
            GinIndex(OpClass(Upper(searched_text()), name="gin_trgm_ops"), name="measures_measure_searched"),
        ]

    @property
    def description(self) -> str:
        return translated(self, "description").text

    def scope_ids(self, kind: str) -> set[int | None]:
        """The theme of its goal, the sectors its money stands on, its segments, its project, its owner."""
        if kind == "theme":
            return {self.goal.theme_id}
        if kind == "sector":
            return {line.sector_id for line in self.lines.all()}
        if kind == "segment":
            return {link.segment_id for link in self.segment_links.all()}
        return super().scope_ids(kind)

    def get_absolute_url(self) -> str:
        return reverse("measures:measure_detail", args=[self.programme.slug, self.code])


class PartOfMeasure(Row):
    """A row that hangs on a measure and is seen and changed with it."""

    view_action = "measure.view"
    edit_action = "measure.edit"

    class Meta(Row.Meta):
        abstract = True

    def scope_ids(self, kind: str) -> set[int | None]:
        return self.measure.scope_ids(kind)  # type: ignore[attr-defined,no-any-return]


@tracked()
class MeasureGoal(PartOfMeasure):
    """Another goal that a measure serves beside the one it belongs to; carries no money (R11)."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="goal_links")
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="+")

    class Meta(PartOfMeasure.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "measure", "goal"],
                name="measures_measuregoal_once",
                violation_error_message=_("The measure already serves this goal."),
            ),
        ]


@tracked()
class MeasureSegment(PartOfMeasure):
    """A client segment that a measure touches; carries no money (R11)."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="segment_links")
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="+")

    class Meta(PartOfMeasure.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "measure", "segment"],
                name="measures_measuresegment_once",
                violation_error_message=_("The measure already touches this client segment."),
            ),
        ]


@tracked()
class MeasureTarget(PartOfMeasure, Sourced):
    """One version of the level-change target that a measure carries, EUR cents."""

    #: What makes versions the same target, and the figures they hold (programme.targets_editing).
    version_of = ("measure",)
    version_amounts = ("value_eur_cents",)

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="targets")
    value_eur_cents = models.BigIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)
    decision_reference = models.CharField(max_length=200, blank=True)

    class Meta(PartOfMeasure.Meta):
        constraints = [
            models.CheckConstraint(
                name="measures_measuretarget_dates",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                violation_error_message=_("The target must be valid for at least one day."),
            ),
            ExclusionConstraint(
                name="measures_measuretarget_one_version_a_day",
                expressions=[
                    ("programme", RangeOperators.EQUAL),
                    ("measure", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Another version of this target is already valid on those days."),
            ),
        ]
