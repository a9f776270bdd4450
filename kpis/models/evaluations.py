"""What the rules said of the observations: each answer once, with the figures that it rests on."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.models import Row
from kpis.models.indicators import Indicator
from kpis.models.rules import TargetRule


class Outcome(models.TextChoices):
    """The answer of a rule for a year."""

    MET = "met", _("met")
    PARTLY = "partly", _("partly met")
    ON_THE_WAY = "on_the_way", _("on the way")
    NOT_MET = "not_met", _("not met")
    CANNOT_JUDGE = "cannot_judge", _("cannot be judged")
    BASELINE_MISSING = "baseline_missing", _("baseline missing")
    NOT_PUBLISHED = "not_published", _("not yet published")
    STARTING_LEVEL = "starting_level", _("starting level")
    TO_BE_JUDGED = "to_be_judged", _("waits for a person's judgement")
    TO_BE_SPECIFIED = "to_be_specified", _("to be specified")


class Evaluation(Row):
    """The answer of one version of a rule for one year, on the observations there were at that moment.

    Append-only: new figures or a new version of the rule make a new row, and the old one is only marked as no
    longer the current one. `params` holds the figures, years, vintages and sources of its sentence.
    """

    view_action = "kpi.view"

    rule = models.ForeignKey(TargetRule, on_delete=models.CASCADE, related_name="evaluations")
    indicator = models.ForeignKey(
        Indicator, null=True, blank=True, on_delete=models.CASCADE, related_name="evaluations"
    )
    year = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    progress = models.DecimalField(
        max_digits=9, decimal_places=4, null=True, blank=True, help_text=_("Share of the way, 1 is there.")
    )
    code = models.CharField(max_length=60, help_text=_("Which sentence explains it."))
    params = models.JSONField(default=dict, blank=True)
    sha256 = models.CharField(max_length=64, help_text=_("Of the figures it rests on."))
    evaluated_at = models.DateTimeField(db_default=Now())
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta(Row.Meta):
        ordering = ["rule", "year", "id"]
        triggers = [
            *Row.Meta.triggers,
            pgtrigger.Protect(
                name="once_said",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "rule",
                    "indicator",
                    "year",
                    "outcome",
                    "progress",
                    "code",
                    "params",
                    "sha256",
                    "evaluated_at",
                ),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "rule", "year"],
                condition=Q(superseded_at__isnull=True),
                name="kpis_evaluation_one_current",
            ),
        ]
        indexes = [
            models.Index(
                fields=["programme", "indicator", "year"], condition=Q(superseded_at__isnull=True),
                name="kpis_evaluation_current",
            ),
        ]  # fmt: skip


class IndicatorSummary(Row):
    """What a wall of indicators shows of one, kept by the evaluation so that the wall reads one row for each.

    `series` is [[year, own, national], ...] of the yearly values as decimal strings or null.
    """

    view_action = "kpi.view"

    indicator = models.OneToOneField(Indicator, on_delete=models.CASCADE, related_name="summary")
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    evaluation = models.ForeignKey(
        Evaluation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    latest_year = models.PositiveSmallIntegerField(null=True, blank=True)
    latest_period = models.CharField(max_length=10, blank=True, help_text=_("2024, 2024-T1 or 2024-03."))
    own = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    before = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    national = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    national_year = models.PositiveSmallIntegerField(null=True, blank=True)
    target = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    rank_of = models.PositiveSmallIntegerField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(
        max_length=300, blank=True, help_text=_("Of the latest own value, as its observation names it.")
    )
    is_illustrative = models.BooleanField(
        default=False, help_text=_("Whether the latest own value is an illustration.")
    )
    series = models.JSONField(default=list, blank=True)

    class Meta(Row.Meta):
        verbose_name_plural = "indicator summaries"
