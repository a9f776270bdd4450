"""The long view: vision themes, the council's annual objectives, development seasons, balancing principles."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row, Sourced
from core.text import Named, translated
from kpis.models import Indicator, TargetRule


@tracked()
class VisionTheme(Row, Named, Sourced):
    """A theme of the vision, or a sub-theme under it, with the indicators that follow it."""

    view_action = "strategy.view"

    key = models.SlugField(max_length=60)
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="sub_themes"
    )
    indicators = models.ManyToManyField(
        Indicator, through="strategy.VisionIndicator", related_name="vision_themes"
    )

    class Meta(Row.Meta):
        ordering = ["position"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="strategy_visiontheme_key",
                violation_error_message=_("The programme already has a vision theme with this key."),
            ),
        ]


@tracked()
class VisionIndicator(Row):
    """An indicator follows a vision theme."""

    view_action = "strategy.view"

    theme = models.ForeignKey(VisionTheme, on_delete=models.CASCADE, related_name="indicator_links")
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="vision_links")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(Row.Meta):
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "theme", "indicator"],
                name="strategy_visionindicator_once",
                violation_error_message=_("The vision theme already has this indicator."),
            ),
        ]


@tracked()
class AnnualObjective(Row, Named, Sourced):
    """An objective that binds the organisation towards the council, answered year by year."""

    view_action = "strategy.view"

    key = models.SlugField(max_length=60)
    number = models.PositiveSmallIntegerField()
    title_is_ours = models.BooleanField(default=False, help_text=_("The source has no heading here."))
    aim_fi = models.TextField(blank=True)
    aim_sv = models.TextField(blank=True)
    aim_en = models.TextField(blank=True)
    text_fi = models.TextField(_("wording of the decision in Finnish"), blank=True)
    text_sv = models.TextField(_("wording of the decision in Swedish"), blank=True)
    text_en = models.TextField(_("wording of the decision in English"), blank=True)
    same_as_indicator = models.ForeignKey(
        Indicator, null=True, blank=True, on_delete=models.PROTECT, related_name="annual_objectives"
    )

    class Meta(Row.Meta):
        ordering = ["number"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="strategy_annualobjective_key",
                violation_error_message=_("The programme already has an objective with this key."),
            ),
        ]

    @property
    def aim(self) -> str:
        return translated(self, "aim").text

    @property
    def text(self) -> str:
        """The wording the council decided; empty until somebody enters it."""
        return translated(self, "text").text


@tracked()
class ObjectiveMetric(Row, Named, Sourced):
    """A question that tells whether an objective was met; its rule says how the answer is judged."""

    view_action = "strategy.view"

    objective = models.ForeignKey(AnnualObjective, on_delete=models.CASCADE, related_name="metrics")
    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    years_stated = models.BooleanField(default=True, help_text=_("The source names the years."))
    unit = models.CharField(max_length=60, blank=True)
    data_source = models.CharField(max_length=200, blank=True)
    text_fi = models.TextField(_("wording of the decision in Finnish"), blank=True)
    text_sv = models.TextField(_("wording of the decision in Swedish"), blank=True)
    text_en = models.TextField(_("wording of the decision in English"), blank=True)
    rule = models.OneToOneField(
        TargetRule, null=True, blank=True, on_delete=models.PROTECT, related_name="objective_metric"
    )

    class Meta(Row.Meta):
        ordering = ["position"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="strategy_objectivemetric_key",
                violation_error_message=_("The programme already has a metric with this key."),
            ),
        ]


@tracked()
class MetricYear(Row):
    """The answer of one metric in one year. A year the metric does not concern has no row."""

    view_action = "strategy.view"

    class Answer(models.TextChoices):
        OPEN = "open", _("not yet")
        YES = "yes", _("yes")
        NO = "no", _("no")

    metric = models.ForeignKey(ObjectiveMetric, on_delete=models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField()
    year_stated = models.BooleanField(default=True)
    answer = models.CharField(max_length=4, choices=Answer.choices, default=Answer.OPEN)
    number = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    note = models.TextField(blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Row.Meta):
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "metric", "year"],
                name="strategy_metricyear_once",
                violation_error_message=_("This metric already has an answer for the year."),
            ),
        ]


@tracked()
class SeasonCycle(Row, Named, Sourced):
    """How long development seasons are and when they begin; one row a programme."""

    view_action = "strategy.view"

    length_months = models.PositiveSmallIntegerField()
    seasons_per_year = models.PositiveSmallIntegerField()
    boundaries = models.JSONField(
        default=list, blank=True, help_text=_("First and last month of each: 01-04.")
    )

    class Meta(Row.Meta):
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme"],
                name="strategy_seasoncycle_one",
                violation_error_message=_("The programme already has its season cycle."),
            ),
            models.CheckConstraint(
                name="strategy_seasoncycle_year",
                condition=Q(length_months__gte=1, length_months__lte=12, seasons_per_year__gte=1),
                violation_error_message=_("A season lasts from 1 to 12 months."),
            ),
        ]


@tracked()
class BalancingProgramme(Row, Named, Sourced):
    """A programme for balancing the finances that the county runs beside this one."""

    view_action = "strategy.view"

    key = models.SlugField(max_length=60)
    name_variants = models.JSONField(default=list, blank=True)
    start_year = models.PositiveSmallIntegerField()
    end_year = models.PositiveSmallIntegerField()
    basis_fi = models.TextField(blank=True)
    basis_sv = models.TextField(blank=True)
    basis_en = models.TextField(blank=True)
    confirmed_fi = models.TextField(blank=True)
    confirmed_sv = models.TextField(blank=True)
    confirmed_en = models.TextField(blank=True)
    target_eur_cents = models.BigIntegerField(
        null=True, blank=True, help_text=_("Minus is a saving; often not set.")
    )

    class Meta(Row.Meta):
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="strategy_balancingprogramme_key",
                violation_error_message=_("There is already a balancing programme with this key."),
            ),
            models.CheckConstraint(
                name="strategy_balancingprogramme_period",
                condition=Q(start_year__lte=F("end_year")),
                violation_error_message=_("The programme must not end before it starts."),
            ),
        ]

    @property
    def basis(self) -> str:
        return translated(self, "basis").text

    @property
    def confirmed(self) -> str:
        return translated(self, "confirmed").text


@tracked()
class BalancingPrinciple(Row, Named, Sourced):
    """A principle of balancing, in its order; a condition says when it may be turned to."""

    view_action = "strategy.view"

    balancing = models.ForeignKey(BalancingProgramme, on_delete=models.CASCADE, related_name="principles")
    number = models.PositiveSmallIntegerField()
    condition_fi = models.TextField(blank=True)
    condition_sv = models.TextField(blank=True)
    condition_en = models.TextField(blank=True)

    class Meta(Row.Meta):
        ordering = ["number"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "balancing", "number"],
                name="strategy_balancingprinciple_number",
                violation_error_message=_("There is already a principle with this number."),
            ),
        ]

    @property
    def condition(self) -> str:
        return translated(self, "condition").text
