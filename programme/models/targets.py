"""Money targets: versioned, signed, never overwritten."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row, Sourced
from programme.models.structure import CostType, Goal, Sector, Theme


class DateRange(Func):
    """daterange(valid_from, valid_to, '[)') for the exclusion constraint."""

    function = "DATERANGE"
    output_field = DateRangeField()


@tracked()
class Target(Row, Sourced):
    """One version of one money target, in EUR cents: - saving, + investment (money.md R12).

    Either a single `value_eur_cents` or a scenario pair; an empty end means unknown, never zero.
    A change closes the version (`valid_to`) and adds a row with its reason.
    """

    edit_action = "target.edit"

    #: What makes two rows versions of one target, and the figures a version holds (targets_editing).
    version_of = ("kind", "column", "key", "year", "cost_type", "sector", "theme", "goal")
    version_amounts = ("value_eur_cents", "cautious_eur_cents", "full_eur_cents")

    class Kind(models.TextChoices):
        STATED = "stated", _("stated target")
        TOTAL = "total", _("total of the target table")
        COMPOSITION = "composition", _("part of the stated target")
        ANNUAL = "annual", _("target of a year")
        COST_TYPE = "cost_type", _("target of a cost type")
        SECTOR = "sector", _("target of a sector")
        THEME = "theme", _("target of a theme")
        GOAL = "goal", _("target of a goal")

    class Column(models.TextChoices):
        """Columns of the target table: what the base holds, what is to come, both together."""

        BASE = "base", _("in the comparison base")
        LATER = "later", _("to come")
        TOTAL = "total", _("total")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    column = models.CharField(max_length=10, choices=Column.choices, default=Column.TOTAL)
    key = models.SlugField(max_length=60, blank=True)
    label_fi = models.CharField(max_length=300, blank=True)
    label_sv = models.CharField(max_length=300, blank=True)
    label_en = models.CharField(max_length=300, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    cost_type = models.ForeignKey(
        CostType, null=True, blank=True, on_delete=models.CASCADE, related_name="targets"
    )
    sector = models.ForeignKey(
        Sector, null=True, blank=True, on_delete=models.CASCADE, related_name="targets"
    )
    theme = models.ForeignKey(Theme, null=True, blank=True, on_delete=models.CASCADE, related_name="targets")
    goal = models.ForeignKey(Goal, null=True, blank=True, on_delete=models.CASCADE, related_name="targets")
    value_eur_cents = models.BigIntegerField(_("value"), null=True, blank=True)
    cautious_eur_cents = models.BigIntegerField(_("cautious end"), null=True, blank=True)
    full_eur_cents = models.BigIntegerField(_("full end"), null=True, blank=True)
    stated_low_eur_cents = models.BigIntegerField(
        _("lower end as printed"),
        null=True,
        blank=True,
        help_text=_("The source prints a range beside the value, for example 77-78."),
    )
    stated_high_eur_cents = models.BigIntegerField(_("higher end as printed"), null=True, blank=True)
    is_approximate = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)
    decision_reference = models.CharField(max_length=200, blank=True)

    class Meta(Row.Meta):
        ordering = ["kind", "key", "column", "valid_from"]
        constraints = [
            models.CheckConstraint(
                name="programme_target_value_or_pair",
                condition=Q(value_eur_cents__isnull=True)
                | Q(cautious_eur_cents__isnull=True, full_eur_cents__isnull=True),
                violation_error_message=_("Give either one value or a pair of scenario ends, not both."),
            ),
            models.CheckConstraint(
                name="programme_target_dates",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                violation_error_message=_("The target must be valid for at least one day."),
            ),
            ExclusionConstraint(
                name="programme_target_one_version_a_day",
                expressions=[
                    ("programme", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("column", RangeOperators.EQUAL),
                    ("key", RangeOperators.EQUAL),
                    (Coalesce("year", Value(0)), RangeOperators.EQUAL),
                    (Coalesce("cost_type", Value(0)), RangeOperators.EQUAL),
                    (Coalesce("sector", Value(0)), RangeOperators.EQUAL),
                    (Coalesce("theme", Value(0)), RangeOperators.EQUAL),
                    (Coalesce("goal", Value(0)), RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Another version of this target is already valid on those days."),
            ),
        ]
