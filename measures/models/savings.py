"""Savings lines, their months, and what the controller decided of them (money.md R1 to R7)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row
from core.triggers import bump_data_version, bump_version
from measures.models.measures import Measure, PartOfMeasure
from measures.triggers import THIS_TRANSACTION, decide_claims, drop_totals, keep_totals, never_own
from programme.models import CostType, FundingSource, Goal, Sector


class ThisTransaction(models.Func):
    """The number of the transaction that writes."""

    template = THIS_TRANSACTION
    allowed_default = True
    output_field = models.BigIntegerField()


class Permanence(models.TextChoices):
    LASTING = "lasting", _("lasting")
    ONE_OFF = "one_off", _("one-off")
    SEASONAL = "seasonal", _("seasonal")


class LineClass(models.TextChoices):
    CASH = "cash", _("cash saving")
    AVOIDED = "avoided", _("avoided cost")
    QUALITY = "quality", _("quality")


class Series(models.TextChoices):
    PLAN = "plan", _("plan")
    PLAN_APPROVED = "plan_approved", _("approved plan")
    FORECAST = "forecast", _("forecast")
    CLAIMED = "claimed", _("claimed")


@tracked()
class SavingsLine(PartOfMeasure):
    """Where a measure's money stands: one sector, one cost type, one goal that carries it (R1, R11)."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="lines")
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="+")
    cost_type = models.ForeignKey(CostType, on_delete=models.PROTECT, related_name="+")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="+")
    permanence = models.CharField(max_length=8, choices=Permanence.choices, default=Permanence.LASTING)
    line_class = models.CharField(max_length=8, choices=LineClass.choices, default=LineClass.CASH)
    in_base = models.BooleanField(
        default=False, help_text=_("The saving is already inside the comparison base (R2).")
    )
    basis_note = models.TextField(blank=True, help_text=_("How the amount came about (R22)."))
    basis_quantity = models.DecimalField(
        _("quantity"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    basis_unit = models.CharField(_("unit"), max_length=60, blank=True)
    basis_unit_price_eur_cents = models.BigIntegerField(_("unit price"), null=True, blank=True)
    basis_months = models.PositiveSmallIntegerField(_("months"), null=True, blank=True)
    basis_source = models.CharField(_("source of the figure"), max_length=300, blank=True)
    paid_from = models.ForeignKey(
        FundingSource, verbose_name=_("paid from"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Funding that pays a one-off cost; it is taken off in the result effect only (R15)."),
    )  # fmt: skip

    edit_action = "savings.edit"

    class Meta(PartOfMeasure.Meta):
        ordering = ["measure", "id"]
        triggers = [*Row.Meta.triggers, drop_totals()]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "measure", "sector", "cost_type", "permanence", "line_class", "in_base"],
                name="measures_savingsline_once",
                violation_error_message=_("The measure already has a line like this."),
            ),
            # Lets an entry refer to (programme, line) together, so that two counties cannot mix.
            models.UniqueConstraint(fields=["programme", "id"], name="measures_savingsline_in_programme"),
        ]


@tracked()
class SavingsEntry(models.Model):
    """The effect of one line in one month in one series, signed EUR cents. Unknown has no row.

    Lean on purpose (a programme has over a million): who and when are in the history. The
    foreign keys to programme and line are one composite key in the database.
    `decided_eur_cents` is kept by the triggers of `Confirmation` and written by nothing else: what
    the controller confirmed of a claim, NULL while the claim is undecided.
    """

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey(
        "programme.Programme", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    line = models.ForeignKey(
        SavingsLine, on_delete=models.CASCADE, related_name="entries", db_index=False, db_constraint=False
    )
    month = models.DateField()
    series = models.CharField(max_length=13, choices=Series.choices)
    amount_eur_cents = models.BigIntegerField()
    decided_eur_cents = models.BigIntegerField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        verbose_name_plural = "savings entries"
        triggers = [bump_version(), *bump_data_version(), *keep_totals()]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "line", "series", "month"],
                name="measures_savingsentry_cell",
                violation_error_message=_("This month already has a value in this series."),
            ),
            models.CheckConstraint(
                name="measures_savingsentry_month",
                condition=Q(month__day=1),
                violation_error_message=_("Give the month as its first day."),
            ),
            models.CheckConstraint(
                name="measures_savingsentry_series",
                condition=Q(series__in=Series.values),
                violation_error_message=_("Unknown series."),
            ),
            models.CheckConstraint(
                name="measures_savingsentry_decided",
                condition=Q(decided_eur_cents__isnull=True) | Q(series=Series.CLAIMED),
                violation_error_message=_("Only a claim can be confirmed."),
            ),
        ]


@tracked()
class Confirmation(Row):
    """What the controller found true of one claim (R7).

    Once a claim has a confirmation that is not withdrawn, it is decided: confirmed is the sum
    of its parts and the rest is refused. A part of 0 refuses the whole claim.
    """

    entry = models.ForeignKey(SavingsEntry, on_delete=models.PROTECT, related_name="confirmations")
    ledger_entry = models.ForeignKey(
        "measures.LedgerEntry", null=True, blank=True, on_delete=models.PROTECT, related_name="confirmations"
    )
    part_eur_cents = models.BigIntegerField()
    decided_on = models.DateField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    view_action = "measure.view"

    class Meta(Row.Meta):
        triggers = [*Row.Meta.triggers, *decide_claims(), never_own()]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "entry", "ledger_entry"],
                condition=Q(withdrawn_on__isnull=True),
                nulls_distinct=False,
                name="measures_confirmation_once",
                violation_error_message=_("This claim is already decided against this ledger line."),
            ),
            models.CheckConstraint(
                name="measures_confirmation_withdrawal",
                condition=Q(withdrawn_on__isnull=True)
                | (~Q(withdrawn_reason="") & Q(withdrawn_on__gte=F("decided_on"))),
                violation_error_message=_(
                    "Withdrawing a confirmation needs a reason and a day not before the decision."
                ),
            ),
        ]


@tracked()
class Overlap(Row):
    """Two measures save the same euros: the yielding line gives up `amount` a month (R5).

    `amount_eur_cents` has the sign of the saving that is counted twice (negative); the correction
    on the yielding line is its opposite.
    """

    yielding_line = models.ForeignKey(SavingsLine, on_delete=models.CASCADE, related_name="overlaps_yielded")
    other_line = models.ForeignKey(SavingsLine, on_delete=models.CASCADE, related_name="overlaps_kept")
    amount_eur_cents = models.BigIntegerField()
    first_month = models.DateField()
    last_month = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)

    view_action = "measure.view"

    class Meta(Row.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "yielding_line", "other_line", "first_month"],
                name="measures_overlap_once",
                violation_error_message=_("This overlap is already declared from that month."),
            ),
            models.CheckConstraint(
                name="measures_overlap_two_lines",
                condition=~Q(yielding_line=F("other_line")),
                violation_error_message=_("A line cannot overlap with itself."),
            ),
            models.CheckConstraint(
                name="measures_overlap_months",
                condition=Q(first_month__day=1)
                & (Q(last_month__isnull=True) | Q(last_month__day=1, last_month__gte=F("first_month"))),
                violation_error_message=_("The overlap must not end before it starts."),
            ),
        ]


class MeasureTotal(models.Model):
    """Year totals of one line in one series with their months, kept by statement triggers.

    See docs/adr/0010-totals.md. `series` is a `Series`, or `confirmed`, `undecided`, `refused` of claims.
    `m01` to `m12` are the months, 0 where nothing is known; bit 0 of `known` is January, and `n` counts
    the months that are known: unknown is not zero. No history and no foreign keys: derived data.
    `changed` is the transaction that wrote the row last (docs/adr/0067-kept-cube.md).
    """

    pk = models.CompositePrimaryKey("programme_id", "line_id", "series", "year")
    programme_id = models.BigIntegerField()
    line_id = models.BigIntegerField()
    series = models.CharField(max_length=13)
    year = models.SmallIntegerField()
    total_eur_cents = models.BigIntegerField(default=0)
    n = models.SmallIntegerField(default=0)
    known = models.SmallIntegerField(default=0)
    m01 = models.BigIntegerField(default=0)
    m02 = models.BigIntegerField(default=0)
    m03 = models.BigIntegerField(default=0)
    m04 = models.BigIntegerField(default=0)
    m05 = models.BigIntegerField(default=0)
    m06 = models.BigIntegerField(default=0)
    m07 = models.BigIntegerField(default=0)
    m08 = models.BigIntegerField(default=0)
    m09 = models.BigIntegerField(default=0)
    m10 = models.BigIntegerField(default=0)
    m11 = models.BigIntegerField(default=0)
    m12 = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(editable=False, db_default=ThisTransaction())

    class Meta:
        indexes = [models.Index(fields=["programme_id", "changed"], name="measures_total_changed")]


@tracked()
class Correction(PartOfMeasure):
    """A correction of a month whose year is locked (R20): told where it belongs, counted in the open year.

    The amount stands in `booked_month` on a one-off line of the same sector and cost type, outside the
    level change; this row says which month it corrects, when it was recorded and why.
    """

    edit_action = "savings.edit"

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="corrections")
    line = models.ForeignKey(SavingsLine, on_delete=models.CASCADE, related_name="corrections")
    booked_line = models.ForeignKey(SavingsLine, on_delete=models.CASCADE, related_name="+")
    effect_month = models.DateField(_("month it belongs to"))
    booked_month = models.DateField(_("month it is counted in"))
    recorded_on = models.DateField(_("recorded on"))
    amount_eur_cents = models.BigIntegerField(_("amount"))
    reason = models.TextField(_("reason"))

    class Meta(PartOfMeasure.Meta):
        ordering = ["-recorded_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="measures_correction_months",
                condition=Q(effect_month__day=1, booked_month__day=1, booked_month__gt=F("effect_month")),
                violation_error_message=_(
                    "A correction is counted in a later month than the one it corrects."
                ),
            ),
            models.CheckConstraint(name="measures_correction_reason", condition=~Q(reason="")),
        ]
