"""The programme and the ways its measures are grouped."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row, Sourced
from core.text import Named, translated
from core.triggers import bump_data_version, bump_version


@tracked()
class Organisation(Named):
    """A county. Programmes of two counties never see each other's rows."""

    id = models.BigAutoField(primary_key=True)
    key = models.SlugField(max_length=60, unique=True)
    abbreviation = models.CharField(max_length=100, blank=True)
    predecessor = models.CharField(max_length=200, blank=True)
    municipalities = models.PositiveIntegerField(null=True, blank=True)
    inhabitants = models.PositiveIntegerField(null=True, blank=True)


@tracked()
class Programme(Named, Sourced):
    """One programme of one county: its period, its words and the basis its target is judged on."""

    class Kind(models.TextChoices):
        PRODUCTIVITY = "productivity", _("productivity programme")
        STRATEGY_IMPLEMENTATION = "strategy_implementation", _("strategy implementation programme")
        FINANCIAL_BALANCING = "financial_balancing", _("financial balancing programme")

    class Basis(models.TextChoices):
        LEVEL_CHANGE = "level_change", _("change in the cost level by the final year")
        CUMULATIVE = "cumulative", _("cumulative effect over the period")

    id = models.BigAutoField(primary_key=True)
    slug = models.SlugField(max_length=60, unique=True)
    file_key = models.CharField(max_length=100, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="programmes")
    kind = models.CharField(max_length=30, choices=Kind.choices)
    start_year = models.PositiveSmallIntegerField()
    end_year = models.PositiveSmallIntegerField()
    horizon_year = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("Last year of the vision, when it reaches beyond the period.")
    )
    base_year = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("Year whose original budget is the comparison base.")
    )
    basis = models.CharField(max_length=20, choices=Basis.choices, default=Basis.LEVEL_CHANGE)
    comparison_base_fi = models.CharField(max_length=300, blank=True)
    comparison_base_sv = models.CharField(max_length=300, blank=True)
    comparison_base_en = models.CharField(max_length=300, blank=True)
    purpose_fi = models.TextField(blank=True)
    purpose_sv = models.TextField(blank=True)
    purpose_en = models.TextField(blank=True)
    # Words of this programme for its levels, scenario ends and stages; empty means the portal's own word.
    words = models.JSONField(
        default=dict,
        blank=True,
        help_text=_('Names of levels, scenarios and stages by language: {"theme": {"fi": "kärki"}}.'),
    )
    document = models.JSONField(
        default=dict, blank=True, help_text=_("Facts of the programme file that have no table of their own.")
    )
    language = models.CharField(
        max_length=2, default="fi", help_text=_("Language the programme is written in.")
    )
    source_title = models.CharField(max_length=300, blank=True)
    source_version = models.CharField(max_length=300, blank=True)
    source_kind = models.CharField(max_length=300, blank=True)
    approval_body = models.CharField(max_length=100, blank=True)
    approval_planned_on = models.DateField(null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    measures_identified_at_least = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("How many measures the source says exist, at least.")
    )
    status_date = models.DateField(
        null=True,
        blank=True,
        help_text=_("Day the figures are shown for; empty means today. Illustrative data sets it."),
    )
    status_view_day = models.PositiveSmallIntegerField(
        default=1, help_text=_("Day of the month on which the status view is built.")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="programme_programme_period",
                condition=Q(start_year__lte=F("end_year")),
                violation_error_message=_("The programme must not end before it starts."),
            ),
            models.CheckConstraint(
                name="programme_programme_horizon",
                condition=Q(horizon_year__isnull=True) | Q(horizon_year__gte=F("end_year")),
                violation_error_message=_("The vision must not end before the programme."),
            ),
            models.CheckConstraint(
                name="programme_programme_view_day",
                condition=Q(status_view_day__gte=1, status_view_day__lte=28),
                violation_error_message=_("Choose a day from 1 to 28, which every month has."),
            ),
        ]
        triggers = [bump_version(), *bump_data_version("id")]

    @property
    def final_year(self) -> int:
        return self.end_year

    def today(self) -> dt.date:
        """The day that this programme's figures are shown for."""
        return self.status_date or timezone.localdate()

    @property
    def purpose(self) -> str:
        return translated(self, "purpose").text

    @property
    def comparison_base(self) -> str:
        return translated(self, "comparison_base").text

    def get_absolute_url(self) -> str:
        return reverse("reporting:dashboard", args=[self.slug])


@tracked()
class Theme(Row, Named, Sourced):
    """A theme of the programme (in South Karelia a strategic spearhead) with its owner."""

    edit_action = "theme.edit"

    key = models.SlugField(max_length=60)
    number = models.PositiveSmallIntegerField()
    slogan_fi = models.CharField(max_length=500, blank=True)
    slogan_sv = models.CharField(max_length=500, blank=True)
    slogan_en = models.CharField(max_length=500, blank=True)
    name_variants = models.JSONField(default=list, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Row.Meta):
        ordering = ["number"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="programme_theme_key",
                violation_error_message=_("The programme already has a theme with this key."),
            ),
        ]

    @property
    def slogan(self) -> str:
        return translated(self, "slogan").text


@tracked()
class Goal(Row, Named, Sourced):
    """A goal of a theme, or a sub-goal under a goal. Its numeric target is a `kpis.TargetRule`."""

    edit_action = "theme.edit"

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="goals")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="sub_goals"
    )
    key = models.SlugField(max_length=60)
    number = models.PositiveSmallIntegerField()
    scope = models.CharField(max_length=100, blank=True)

    class Meta(Row.Meta):
        ordering = ["number"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="programme_goal_key",
                violation_error_message=_("The programme already has a goal with this key."),
            ),
        ]


@tracked()
class Sector(Row, Named, Sourced):
    """A sector that answers for costs. Its cost lines show whether a saving is real."""

    edit_action = "sector.edit"

    key = models.SlugField(max_length=60)
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_rest = models.BooleanField(
        default=False, help_text=_("Other sectors and items common to all; printed last.")
    )

    class Meta(Row.Meta):
        ordering = ["position"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="programme_sector_key",
                violation_error_message=_("The programme already has a sector with this key."),
            ),
        ]


@tracked()
class OrganisationUnit(Row, Named, Sourced):
    """A unit of the organisation chart; its costs are counted in one sector, never twice."""

    key = models.SlugField(max_length=60)
    abbreviation = models.CharField(max_length=30, blank=True)
    sector = models.ForeignKey(Sector, null=True, blank=True, on_delete=models.SET_NULL, related_name="units")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(Row.Meta):
        ordering = ["position"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(fields=["programme", "key"], name="programme_unit_key"),
        ]


@tracked()
class Segment(Row, Named, Sourced):
    """A client segment that a segment manager coordinates across sectors; carries no money of its own."""

    edit_action = "segment.edit"

    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    is_illustrative = models.BooleanField(default=False)

    class Meta(Row.Meta):
        ordering = ["position"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="programme_segment_key",
                violation_error_message=_("The programme already has a segment with this key."),
            ),
        ]


@tracked()
class CostType(Row, Named, Sourced):
    """A cost type (or income type, kept apart from the cost target). Parts hang under their whole."""

    class Kind(models.TextChoices):
        COST = "cost", _("cost")
        INCOME = "income", _("income")

    key = models.SlugField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.COST)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField(default=0)
    policy_fi = models.TextField(blank=True)
    policy_sv = models.TextField(blank=True)
    policy_en = models.TextField(blank=True)

    class Meta(Row.Meta):
        ordering = ["position"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="programme_costtype_key",
                violation_error_message=_("The programme already has a cost type with this key."),
            ),
        ]

    @property
    def policy(self) -> str:
        return translated(self, "policy").text
