"""Where an indicator's figures come from."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row
from core.text import translated
from kpis.models.indicators import Indicator, IndicatorGroup


@tracked()
class SourceLink(Row):
    """Where an indicator's figures come from: a Sotkanet indicator, a survey, the county's own records."""

    view_action = "kpi.view"
    edit_action = "kpi.edit"

    class Kind(models.TextChoices):
        SOTKANET = "sotkanet", _("Sotkanet")
        MANUAL = "manual", _("entered by hand")
        SURVEY = "survey", _("survey")
        FILE = "file", _("file")
        DERIVED = "derived", _("derived from others")

    class Gender(models.TextChoices):
        TOTAL = "total", _("all together")
        MALE = "male", _("men")
        FEMALE = "female", _("women")
        EACH = "each", _("all together, and men and women apart")

    class Formula(models.TextChoices):
        RATIO = "ratio", _("ratio")
        PER_1000 = "per_1000", _("per 1,000")
        SHARE = "share", _("share, %")
        SUM = "sum", _("sum")
        CHANGE = "change", _("change from the period before")

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="source_links")
    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    sotkanet_id = models.PositiveIntegerField(null=True, blank=True)
    region_category = models.CharField(
        max_length=30, blank=True, help_text=_("Category of the own region; empty is the county itself.")
    )
    region_code = models.CharField(
        max_length=10, blank=True, help_text=_("Code of the own region in its category; ids get renumbered.")
    )
    gender = models.CharField(_("gender"), max_length=10, choices=Gender.choices, default=Gender.TOTAL)
    group = models.ForeignKey(
        IndicatorGroup, verbose_name=_("group"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="source_links",
    )  # fmt: skip
    formula = models.CharField(_("how it is worked out"), max_length=8, choices=Formula.choices, blank=True)
    is_ended = models.BooleanField(_("no longer read"), default=False)
    confirmed_title = models.TextField(_("title when it was linked"), blank=True)
    confirmed_producer = models.CharField(_("producer when it was linked"), max_length=300, blank=True)
    confirmed_unit = models.CharField(_("unit when it was linked"), max_length=60, blank=True)
    confirmed_on = models.DateField(_("confirmed"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        db_index=False,
    )  # fmt: skip
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
            models.CheckConstraint(
                name="kpis_sourcelink_formula",
                condition=Q(kind="derived") & ~Q(formula="") | ~Q(kind="derived") & Q(formula=""),
                violation_error_message=_(
                    "A derived source says how it is worked out, and only a derived one."
                ),
            ),
        ]

    @property
    def name(self) -> str:
        return translated(self, "name").text


@tracked()
class DerivedInput(Row):
    """An indicator from whose values a derived source is worked out, in its place of the formula."""

    view_action = "kpi.view"
    edit_action = "kpi.edit"

    class Part(models.TextChoices):
        TOP = "top", _("numerator, or a term of the sum")
        BOTTOM = "bottom", _("denominator")

    link = models.ForeignKey(SourceLink, on_delete=models.CASCADE, related_name="inputs")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="derived_inputs")
    part = models.CharField(_("place in the formula"), max_length=6, choices=Part.choices, default=Part.TOP)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(Row.Meta):
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "link", "indicator", "part"],
                name="kpis_derivedinput_once",
                violation_error_message=_("The formula already has this indicator here."),
            ),
        ]


class LinkState(models.Model):
    """What was last read for a source, and when; kept apart because every night writes it."""

    link = models.OneToOneField(SourceLink, primary_key=True, on_delete=models.CASCADE, related_name="state")
    checked_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    data_updated = models.DateField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    has_own_region = models.BooleanField(null=True)
    failure_code = models.CharField(max_length=40, blank=True)
    failure_params = models.JSONField(default=dict, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
