"""Indicators, where their figures come from, what was observed, and the rules they are judged by."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row, Sourced
from core.text import Named, translated
from measures.models import Measure
from measures.models.measures import PartOfMeasure
from programme.models import CostType, Direction, Goal, Statement

_MONTH = [MinValueValidator(1), MaxValueValidator(12)]


@tracked()
class MonitoringLevel(Row, Named, Sourced):
    """A level on which the programme is followed (county finances; effects)."""

    view_action = "kpi.view"

    number = models.PositiveSmallIntegerField()

    class Meta(Row.Meta):
        ordering = ["number"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "number"],
                name="kpis_monitoringlevel_number",
                violation_error_message=_("There is already a level with this number."),
            ),
        ]


@tracked()
class Indicator(Row, Named, Sourced):
    """A thing that is measured: of the programme's monitoring, or of its long-term vision."""

    view_action = "kpi.view"

    class Scope(models.TextChoices):
        MONITORING = "monitoring", _("programme monitoring")
        VISION = "vision", _("long-term vision")

    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    scope = models.CharField(max_length=10, choices=Scope.choices, default=Scope.MONITORING)
    level = models.ForeignKey(
        MonitoringLevel, null=True, blank=True, on_delete=models.PROTECT, related_name="indicators"
    )
    unit = models.CharField(max_length=60, blank=True)
    better = models.CharField(_("better when"), max_length=4, choices=Direction.choices, blank=True)
    is_hyte = models.BooleanField(_("HYTE coefficient indicator"), default=False)
    needs_baseline = models.BooleanField(
        default=False, help_text=_("A baseline must be found before a numeric target can be set.")
    )
    breakdown_by = models.CharField(max_length=60, blank=True)
    breakdown_rule = models.CharField(
        max_length=60, blank=True, help_text=_("Which groups must meet the rule: all.")
    )
    frequency = models.CharField(max_length=60, blank=True)
    definition_fi = models.TextField(blank=True)
    definition_sv = models.TextField(blank=True)
    definition_en = models.TextField(blank=True)
    to_be_specified_fi = models.CharField(max_length=500, blank=True)
    to_be_specified_sv = models.CharField(max_length=500, blank=True)
    to_be_specified_en = models.CharField(max_length=500, blank=True)
    derived_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="derived"
    )
    related_cost_type = models.ForeignKey(
        CostType, null=True, blank=True, on_delete=models.PROTECT, related_name="indicators"
    )

    class Meta(Row.Meta):
        ordering = ["position"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="kpis_indicator_key",
                violation_error_message=_("The programme already has an indicator with this key."),
            ),
        ]

    @property
    def definition(self) -> str:
        return translated(self, "definition").text

    @property
    def to_be_specified(self) -> str:
        """What the indicator could measure, while that is still open; empty when it is settled."""
        return translated(self, "to_be_specified").text


@tracked()
class SourceLink(Row):
    """Where an indicator's figures come from: a Sotkanet indicator, a survey, the county's own records."""

    view_action = "kpi.view"

    class Kind(models.TextChoices):
        SOTKANET = "sotkanet", _("Sotkanet")
        MANUAL = "manual", _("entered by hand")
        FILE = "file", _("file")

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="source_links")
    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    sotkanet_id = models.PositiveIntegerField(null=True, blank=True)
    region = models.CharField(max_length=30, blank=True)
    gender = models.CharField(max_length=10, default="total")
    name_fi = models.CharField(max_length=300, blank=True)
    name_sv = models.CharField(max_length=300, blank=True)
    name_en = models.CharField(max_length=300, blank=True)

    class Meta(Row.Meta):
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "indicator", "key"],
                name="kpis_sourcelink_key",
                violation_error_message=_("The indicator already has this source."),
            ),
            models.CheckConstraint(
                name="kpis_sourcelink_sotkanet_id",
                condition=Q(kind="sotkanet", sotkanet_id__isnull=False)
                | (~Q(kind="sotkanet") & Q(sotkanet_id__isnull=True)),
                violation_error_message=_(
                    "A Sotkanet source needs its id, and only a Sotkanet source has one."
                ),
            ),
        ]

    @property
    def name(self) -> str:
        return translated(self, "name").text


class Observation(Row):
    """One value of an indicator for a period and region. A revised value is a new vintage, never an edit.

    Append-only, so without history of its own. An unknown value has no row.
    """

    view_action = "kpi.view"

    class Region(models.TextChoices):
        OWN = "own", _("own county")
        NATIONAL = "national", _("whole country")
        PEER = "peer", _("another county")

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="observations")
    source_link = models.ForeignKey(
        SourceLink, null=True, blank=True, on_delete=models.PROTECT, related_name="observations"
    )
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField(null=True, blank=True, validators=_MONTH)
    region_role = models.CharField(max_length=8, choices=Region.choices, default=Region.OWN)
    region = models.CharField(max_length=60, blank=True)
    breakdown = models.CharField(max_length=60, blank=True)
    value = models.DecimalField(max_digits=18, decimal_places=4)
    vintage = models.PositiveSmallIntegerField(default=1)
    is_baseline = models.BooleanField(default=False)
    source = models.CharField(max_length=300, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    is_illustrative = models.BooleanField(default=False)

    class Meta(Row.Meta):
        ordering = ["year", "month", "region_role", "vintage"]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "programme",
                    "indicator",
                    "source_link",
                    "year",
                    "month",
                    "region_role",
                    "region",
                    "breakdown",
                    "vintage",
                ],
                nulls_distinct=False,
                name="kpis_observation_once",
                violation_error_message=_("This value is already there; a revised one is a new vintage."),
            ),
            models.CheckConstraint(
                name="kpis_observation_month",
                condition=Q(month__isnull=True) | Q(month__gte=1, month__lte=12),
                violation_error_message=_("The month is from 1 to 12."),
            ),
        ]


@tracked()
class TargetRule(Row, Sourced):
    """One version of one rule by which an indicator, a sub-goal or a stated target is judged.

    A combined rule (`all_of`) holds its parts as children. A change closes the version
    (`valid_to`) and adds a row with its reason; the rule of an earlier day stays readable.
    """

    view_action = "kpi.view"

    class Kind(models.TextChoices):
        LEVEL_CHANGE = "level_change", _("change in the cost level")
        SHARE = "share", _("share")
        RANK = "rank", _("rank")
        LEVEL = "level", _("level")
        ABSOLUTE_CHANGE = "absolute_change", _("change in absolute terms")
        RELATIVE_CHANGE = "relative_change", _("change in percent")
        RELATIVE_CHANGE_RANGE = "relative_change_range", _("change in percent within a range")
        RATIO_TO_BASELINE = "ratio_to_baseline", _("ratio to the baseline")
        COMPARE = "compare", _("comparison")
        DIRECTION = "direction", _("direction")
        ALL_OF = "all_of", _("all of these")
        YES_NO = "yes_no", _("yes or no")
        SERIES_INCREASE = "series_increase", _("growing series")
        QUALITATIVE = "qualitative", _("judged by a person")
        TO_BE_SPECIFIED = "to_be_specified", _("to be specified")

    class Compare(models.TextChoices):
        BELOW = "below", _("below")
        ABOVE = "above", _("above")
        AT_LEAST = "at_least", _("at least")
        AT_MOST = "at_most", _("at most")

    class Magnitude(models.TextChoices):
        ANY = "any", _("any change")
        SIGNIFICANT = "significant", _("significant change")
        ESSENTIAL = "essential", _("essential change")

    key = models.CharField(max_length=150)
    position = models.PositiveSmallIntegerField(default=0)
    indicator = models.ForeignKey(
        Indicator, null=True, blank=True, on_delete=models.CASCADE, related_name="rules"
    )
    goal = models.ForeignKey(Goal, null=True, blank=True, on_delete=models.CASCADE, related_name="rules")
    statement = models.ForeignKey(
        Statement, null=True, blank=True, on_delete=models.CASCADE, related_name="rules"
    )
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="parts")
    is_suggestion = models.BooleanField(
        default=False,
        help_text=_("Not in the source: a rule somebody suggests for a target without a threshold."),
    )
    kind = models.CharField(max_length=25, choices=Kind.choices)
    compare = models.CharField(max_length=10, choices=Compare.choices, blank=True)
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    low = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    high = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    and_onwards = models.BooleanField(default=False)
    is_recurring = models.BooleanField(default=False)
    direction = models.CharField(max_length=4, choices=Direction.choices, blank=True)
    magnitude = models.CharField(max_length=12, choices=Magnitude.choices, blank=True)
    versus = models.CharField(
        max_length=60, blank=True, help_text=_("What the change is counted from, in words.")
    )
    versus_year = models.PositiveSmallIntegerField(null=True, blank=True)
    versus_value = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    reference_at = models.CharField(max_length=60, blank=True)
    baseline_text = models.CharField(max_length=300, blank=True)
    baseline_date = models.CharField(max_length=10, blank=True)
    population = models.CharField(max_length=60, blank=True)
    population_size = models.PositiveSmallIntegerField(null=True, blank=True)
    scale_low = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    scale_high = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    applies_to = models.CharField(max_length=60, blank=True)
    answer = models.CharField(max_length=60, blank=True)
    word_in_source = models.CharField(max_length=60, blank=True)
    rule_text = models.CharField(max_length=200, blank=True)
    is_approximate = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)
    decision_reference = models.CharField(max_length=200, blank=True)

    class Meta(Row.Meta):
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "key", "valid_from"],
                name="kpis_targetrule_key",
                violation_error_message=_("Another version of this rule starts on the same day."),
            ),
            models.CheckConstraint(
                name="kpis_targetrule_one_owner",
                condition=Q(goal=None, statement=None, parent=None)
                | Q(indicator=None, statement=None, parent=None)
                | Q(indicator=None, goal=None, parent=None)
                | Q(indicator=None, goal=None, statement=None),
                violation_error_message=_("A rule hangs on one indicator, goal, statement or combined rule."),
            ),
            models.CheckConstraint(
                name="kpis_targetrule_range",
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high")),
                violation_error_message=_("The lower end of the range must not exceed the higher."),
            ),
            models.CheckConstraint(
                name="kpis_targetrule_dates",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                violation_error_message=_("The rule must be valid for at least one day."),
            ),
        ]


@tracked()
class MeasureIndicator(PartOfMeasure):
    """An indicator by which the effect of a measure is followed."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="indicator_links")
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="measure_links")

    class Meta(PartOfMeasure.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "measure", "indicator"],
                name="kpis_measureindicator_once",
                violation_error_message=_("The measure is followed by this indicator already."),
            ),
        ]
