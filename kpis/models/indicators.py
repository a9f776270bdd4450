"""Indicators: what is measured, on which level, in which groups, and who answers for the value."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row, Sourced
from core.text import Named, translated
from programme.models import CostType, Direction


@tracked()
class MonitoringLevel(Row, Named, Sourced):
    """A level on which the programme is followed (county finances; effects)."""

    view_action = "kpi.view"
    edit_action = "kpi.edit"

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
    edit_action = "kpi.edit"

    class Scope(models.TextChoices):
        MONITORING = "monitoring", _("programme monitoring")
        VISION = "vision", _("long-term vision")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ACTIVE = "active", _("in use")
        ENDED = "ended", _("no longer followed")

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
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.ACTIVE)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="indicators",
    )  # fmt: skip
    cycle_months = models.PositiveSmallIntegerField(
        _("a new value every (months)"), null=True, blank=True, help_text=_("1, 4, 12 or 24, for example.")
    )
    lag_months = models.PositiveSmallIntegerField(
        _("published after the period (months)"), null=True, blank=True,
        help_text=_("How long after the end of its period a value usually comes."),
    )  # fmt: skip
    decimals = models.PositiveSmallIntegerField(
        _("decimals shown"), null=True, blank=True, help_text=_("Empty: as the value was given.")
    )
    low = models.DecimalField(
        _("lowest value possible"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    high = models.DecimalField(
        _("highest value possible"), max_digits=18, decimal_places=4, null=True, blank=True
    )
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
            models.CheckConstraint(
                name="kpis_indicator_cycle",
                condition=Q(cycle_months__isnull=True) | Q(cycle_months__gte=1, cycle_months__lte=120),
                violation_error_message=_("A value comes at least every ten years."),
            ),
            models.CheckConstraint(
                name="kpis_indicator_possible",
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lt=models.F("high")),
                violation_error_message=_("The lowest possible value must be below the highest."),
            ),
        ]

    def scope_ids(self, kind: str) -> set[int | None]:
        """An indicator lies under no theme or sector; it is its owner's own."""
        return {self.owner_id} if kind == "own" else set()

    @property
    def definition(self) -> str:
        return translated(self, "definition").text

    @property
    def to_be_specified(self) -> str:
        """What the indicator could measure, while that is still open; empty when it is settled."""
        return translated(self, "to_be_specified").text


@tracked()
class IndicatorGroup(Row, Named):
    """A group in which an indicator is measured apart: a gender, an age group, an area.

    Observations name it by `key` (`Observation.breakdown`); "male" and "female" are the keys of genders.
    """

    view_action = "kpi.view"
    edit_action = "kpi.edit"

    class Dimension(models.TextChoices):
        GENDER = "gender", _("gender")
        AGE = "age", _("age group")
        AREA = "area", _("area")

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="groups")
    dimension = models.CharField(
        _("grouped by"), max_length=6, choices=Dimension.choices, default=Dimension.AGE
    )
    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(Row.Meta):
        ordering = ["position", "id"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "indicator", "key"],
                name="kpis_indicatorgroup_key",
                violation_error_message=_("The indicator already has a group with this key."),
            ),
        ]
