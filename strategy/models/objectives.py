"""Objectives that bind towards the council: their metrics by year, answers, decisions and reports."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row, Sourced
from core.text import Named, translated
from kpis.models import Evaluation, Indicator, Observation, RefreshRun, TargetRule
from programme.models import Body, Decision


@tracked()
class AnnualObjective(Row, Named, Sourced):
    """An objective that binds the organisation towards the council, answered year by year."""

    view_action = "strategy.view"
    edit_action = "objective.edit"

    key = models.SlugField(max_length=60)
    number = models.PositiveSmallIntegerField()
    title_is_ours = models.BooleanField(default=False, help_text=_("The source has no heading here."))
    aim_fi = models.TextField(blank=True)
    aim_sv = models.TextField(blank=True)
    aim_en = models.TextField(blank=True)
    text_fi = models.TextField(_("wording of the decision in Finnish"), blank=True)
    text_sv = models.TextField(_("wording of the decision in Swedish"), blank=True)
    text_en = models.TextField(_("wording of the decision in English"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="annual_objectives",
    )  # fmt: skip
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

    def scope_ids(self, kind: str) -> set[int | None]:
        return {self.owner_id} if kind == "own" else set()

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
    edit_action = "objective.edit"

    objective = models.ForeignKey(AnnualObjective, on_delete=models.CASCADE, related_name="metrics")
    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    years_stated = models.BooleanField(default=True, help_text=_("The source names the years."))
    unit = models.CharField(max_length=60, blank=True)
    data_source = models.CharField(max_length=200, blank=True)
    text_fi = models.TextField(_("wording of the decision in Finnish"), blank=True)
    text_sv = models.TextField(_("wording of the decision in Swedish"), blank=True)
    text_en = models.TextField(_("wording of the decision in English"), blank=True)
    follows = models.ForeignKey(
        "self", verbose_name=_("step after"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="followed_by",
        help_text=_("The metric that has to be a yes before this one makes sense: plan, in use, effects."),
    )  # fmt: skip
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
            models.CheckConstraint(
                name="strategy_objectivemetric_follows",
                condition=Q(follows__isnull=True) | ~Q(follows=F("id")),
                violation_error_message=_("A metric cannot be a step after itself."),
            ),
        ]

    def scope_ids(self, kind: str) -> set[int | None]:
        return self.objective.scope_ids(kind)


@tracked()
class MetricYear(Row):
    """The answer of one metric in one year. A year the metric does not concern has no row."""

    view_action = "strategy.view"
    edit_action = "objective.answer"

    class Answer(models.TextChoices):
        OPEN = "open", _("not yet")
        YES = "yes", _("yes")
        PARTLY = "partly", _("partly")
        NO = "no", _("no")

    metric = models.ForeignKey(ObjectiveMetric, on_delete=models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField()
    year_stated = models.BooleanField(default=True)
    answer = models.CharField(_("answer"), max_length=6, choices=Answer.choices, default=Answer.OPEN)
    number = models.DecimalField(_("number"), max_digits=18, decimal_places=4, null=True, blank=True)
    is_judged = models.BooleanField(
        _("judged by a person"), default=False, help_text=_("The answer was not worked out from the number.")
    )
    note = models.TextField(_("reason"), blank=True)
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

    def scope_ids(self, kind: str) -> set[int | None]:
        return self.metric.scope_ids(kind)


@tracked()
class ObjectiveSet(Row):
    """The objectives of a year as the council fixed them. A change is a new number with a decision of its own."""

    view_action = "strategy.view"
    edit_action = "objective.fix"

    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveSmallIntegerField(default=1)
    decision = models.ForeignKey(
        Decision, verbose_name=_("decision"), on_delete=models.PROTECT, related_name="objective_sets"
    )
    reason = models.TextField(_("what changes and why"), blank=True)

    class Meta(Row.Meta):
        ordering = ["year", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "year", "number"],
                name="strategy_objectiveset_once",
                violation_error_message=_("The year already has a decision with this number."),
            ),
            models.UniqueConstraint(
                fields=["programme", "year", "decision"],
                name="strategy_objectiveset_decision",
                violation_error_message=_("Changing what the council fixed takes another decision."),
            ),
            models.CheckConstraint(
                name="strategy_objectiveset_reason",
                condition=Q(number=1) | ~Q(reason=""),
                violation_error_message=_("Write what changes and why."),
            ),
        ]


class FixedMetric(Row):
    """One metric of a fixed year, word for word. The database refuses to change or delete it."""

    view_action = "strategy.view"
    edit_action = "objective.fix"

    objective_set = models.ForeignKey(ObjectiveSet, on_delete=models.PROTECT, related_name="metrics")
    objective = models.ForeignKey(AnnualObjective, on_delete=models.PROTECT, related_name="+")
    metric = models.ForeignKey(
        ObjectiveMetric, null=True, blank=True, on_delete=models.PROTECT, related_name="fixed"
    )
    rule = models.ForeignKey(TargetRule, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    objective_name = models.JSONField(default=dict)
    objective_text = models.JSONField(default=dict, help_text=_("The council's wording by language."))
    metric_name = models.JSONField(default=dict)
    metric_text = models.JSONField(default=dict)

    class Meta(Row.Meta):
        ordering = ["position"]
        triggers = [
            *Row.Meta.triggers,
            pgtrigger.Protect(name="fixed_is_fixed", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "objective_set", "objective", "metric"],
                nulls_distinct=False,
                name="strategy_fixedmetric_once",
            ),
        ]


@tracked()
class ReportingPoint(Row, Named):
    """When somebody is told of objectives and vision: budget, interim report, accounts, wellbeing report."""

    view_action = "strategy.view"
    edit_action = "strategy.edit"

    class Kind(models.TextChoices):
        BUDGET = "budget", _("budget")
        INTERIM = "interim", _("interim report")
        ACCOUNTS = "accounts", _("annual accounts")
        WELLBEING = "wellbeing", _("wellbeing report")
        STATISTICS = "statistics", _("new national statistics")

    class State(models.TextChoices):
        COMING = "coming", _("coming")
        GIVEN = "given", _("given")
        MISSED = "missed", _("not given")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    year = models.PositiveSmallIntegerField(_("year it is about"))
    due_on = models.DateField(_("due"), null=True, blank=True)
    body = models.ForeignKey(
        Body, verbose_name=_("given to"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.COMING)
    given_on = models.DateField(_("given"), null=True, blank=True)
    run = models.OneToOneField(
        RefreshRun, null=True, blank=True, on_delete=models.PROTECT, related_name="reporting_point",
        help_text=_("The fetching that brought the new statistics."),
    )  # fmt: skip
    note = models.TextField(_("note"), blank=True)

    class Meta(Row.Meta):
        ordering = ["due_on", "id"]
        constraints = [
            *Named.Meta.constraints,
            models.CheckConstraint(
                name="strategy_reportingpoint_given",
                condition=Q(state="given", given_on__isnull=False)
                | ~Q(state="given") & Q(given_on__isnull=True),
                violation_error_message=_("A report that was given has its day, and only such a report."),
            ),
        ]


class StatisticsNews(Row):
    """One new or revised value that a reporting point on new statistics tells of, with what was said of it then."""

    view_action = "strategy.view"

    point = models.ForeignKey(ReportingPoint, on_delete=models.CASCADE, related_name="news")
    observation = models.ForeignKey(Observation, on_delete=models.PROTECT, related_name="+")
    before = models.ForeignKey(Observation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    evaluation = models.ForeignKey(
        Evaluation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    evaluation_before = models.ForeignKey(
        Evaluation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Row.Meta):
        verbose_name_plural = "statistics news"
        triggers = [
            *Row.Meta.triggers,
            pgtrigger.Protect(name="told_is_told", operation=pgtrigger.Update),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "point", "observation"], name="strategy_statisticsnews_once"
            ),
        ]
