"""The rules by which indicators, goals and stated targets are judged."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row, Sourced
from kpis.models.indicators import Indicator
from programme.models import Decision, Direction, Goal, Statement


@tracked()
class TargetRule(Row, Sourced):
    """One version of one rule by which an indicator, a sub-goal or a stated target is judged.

    A combined rule (`all_of`) holds its parts as children. A change closes the version
    (`valid_to`) and adds a row with its reason; the rule of an earlier day stays readable.
    """

    view_action = "kpi.view"
    edit_action = "kpi.edit"

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
    decision = models.ForeignKey(
        Decision, verbose_name=_("decision"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="target_rules",
    )  # fmt: skip

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
