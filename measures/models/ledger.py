"""The sectors' books: what was budgeted, what was booked, which months are closed (R3, R10)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row
from measures.models.imports import ImportRun
from measures.triggers import keep_transfer_at_zero
from programme.models import CostType, Decision, Sector


@tracked()
class BudgetVersion(Row):
    """One budget of a year: the original one is version 0, amended ones follow with their decision (R18)."""

    view_action = "savings.view"
    edit_action = "ledger.edit"

    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveSmallIntegerField(_("version"), default=0)
    name = models.CharField(_("name"), max_length=200, blank=True)
    decided_on = models.DateField(_("day of the decision"), null=True, blank=True)
    decision = models.ForeignKey(
        Decision, verbose_name=_("decision"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="budgets",
    )  # fmt: skip
    section = models.CharField(_("section (§)"), max_length=30, blank=True)
    is_illustrative = models.BooleanField(default=False)

    class Meta(Row.Meta):
        ordering = ["year", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "year", "number"],
                name="measures_budgetversion_once",
                violation_error_message=_("The year already has a budget with this version."),
            ),
            models.CheckConstraint(
                name="measures_budgetversion_amended",
                condition=Q(number=0) | Q(decided_on__isnull=False),
                violation_error_message=_("An amended budget needs the day of its decision."),
            ),
        ]


@tracked()
class LedgerEntry(Row):
    """One booked or budgeted amount of a sector and cost type in a month, EUR cents; costs are positive."""

    class Kind(models.TextChoices):
        ORIGINAL_BUDGET = "original_budget", _("original budget")
        AMENDED_BUDGET = "amended_budget", _("amended budget")
        ACTUAL = "actual", _("actual")
        YEAR_END_FORECAST = "year_end_forecast", _("year-end forecast")

    kind = models.CharField(max_length=17, choices=Kind.choices)
    month = models.DateField()
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="+")
    cost_type = models.ForeignKey(CostType, on_delete=models.PROTECT, related_name="+")
    account = models.CharField(max_length=30, blank=True)
    cost_centre = models.CharField(max_length=30, blank=True)
    amount_eur_cents = models.BigIntegerField()
    booked_on = models.DateField()
    budget = models.ForeignKey(
        BudgetVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="entries"
    )
    import_run = models.ForeignKey(
        ImportRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="ledger_entries",
        db_index=False,
    )  # fmt: skip
    is_internal = models.BooleanField(
        _("internal charge"),
        default=False,
        help_text=_("Stands outside base, comparison and confirmation (R19)."),
    )
    is_correction = models.BooleanField(_("correction"), default=False)
    reason = models.TextField(_("reason of the correction"), blank=True)
    is_illustrative = models.BooleanField(default=False)

    view_action = "savings.view"
    edit_action = "ledger.edit"

    class Meta(Row.Meta):
        verbose_name_plural = "ledger entries"
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "programme",
                    "kind",
                    "month",
                    "sector",
                    "cost_type",
                    "account",
                    "cost_centre",
                    "booked_on",
                    "budget",
                    "is_internal",
                    "is_correction",
                ],
                nulls_distinct=False,
                name="measures_ledgerentry_once",
                violation_error_message=_("The ledger already has this line."),
            ),
            models.CheckConstraint(
                name="measures_ledgerentry_month",
                condition=Q(month__day=1),
                violation_error_message=_("Give the month as its first day."),
            ),
            models.CheckConstraint(
                name="measures_ledgerentry_correction",
                condition=Q(is_correction=False) | ~Q(reason=""),
                violation_error_message=_("A correction needs its reason."),
            ),
        ]


@tracked()
class BooksClosed(Row):
    """The controller closed a month; reopening fills `reopened_on` and keeps the row (R3)."""

    month = models.DateField()
    closed_on = models.DateField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reopened_on = models.DateField(null=True, blank=True)
    reopened_reason = models.TextField(blank=True)
    is_illustrative = models.BooleanField(default=False)

    view_action = "savings.view"
    edit_action = "ledger.edit"

    class Meta(Row.Meta):
        verbose_name_plural = "books closed"
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "month"],
                condition=Q(reopened_on__isnull=True),
                name="measures_booksclosed_once",
                violation_error_message=_("The books of this month are already closed."),
            ),
            models.CheckConstraint(
                name="measures_booksclosed_month",
                condition=Q(month__day=1),
                violation_error_message=_("Give the month as its first day."),
            ),
        ]


@tracked()
class YearLocked(Row):
    """Signed accounts lock a year; later corrections appear in the open year outside its level change (R20)."""

    view_action = "savings.view"
    edit_action = "ledger.edit"

    year = models.PositiveSmallIntegerField(_("year"))
    locked_on = models.DateField(_("locked on"))
    note = models.TextField(_("note"), blank=True)
    is_illustrative = models.BooleanField(default=False)

    class Meta(Row.Meta):
        verbose_name_plural = "years locked"
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "year"],
                name="measures_yearlocked_once",
                violation_error_message=_("This year is locked already."),
            ),
        ]


@tracked()
class BaseTransfer(Row):
    """An organisation change that moves base from one sector or cost type to another (R19); its rows sum to zero."""

    view_action = "savings.view"
    edit_action = "ledger.edit"

    name = models.CharField(_("what changed in the organisation"), max_length=300)
    from_month = models.DateField(_("first month"))
    decision = models.ForeignKey(
        Decision,
        verbose_name=_("decision"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.TextField(_("reason"), blank=True)
    is_illustrative = models.BooleanField(default=False)

    class Meta(Row.Meta):
        ordering = ["from_month", "id"]
        constraints = [
            models.CheckConstraint(
                name="measures_basetransfer_month",
                condition=Q(from_month__day=1),
                violation_error_message=_("Give the month as its first day."),
            ),
        ]


@tracked()
class BaseTransferRow(Row):
    """What one sector and cost type gets (+) or gives up (-) each month from the transfer's first month."""

    view_action = "savings.view"
    edit_action = "ledger.edit"

    transfer = models.ForeignKey(BaseTransfer, on_delete=models.CASCADE, related_name="rows")
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="+", verbose_name=_("sector"))
    cost_type = models.ForeignKey(
        CostType, on_delete=models.PROTECT, related_name="+", verbose_name=_("cost type")
    )
    monthly_eur_cents = models.BigIntegerField(_("each month"))

    class Meta(Row.Meta):
        triggers = [*Row.Meta.triggers, keep_transfer_at_zero()]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "transfer", "sector", "cost_type"],
                name="measures_basetransferrow_once",
                violation_error_message=_("The transfer already has this sector and cost type."),
            ),
        ]


@tracked()
class CostDriver(Row):
    """Why costs move without any measure: wages, prices, volume (R10, R17). + more cost, - less, EUR cents a month."""

    view_action = "savings.view"
    edit_action = "ledger.edit"

    class Kind(models.TextChoices):
        WAGES = "wages", _("wages")
        PRICES = "prices", _("prices")
        VOLUME = "volume", _("volume")
        AVOIDED = "avoided", _("avoided cost, gross")
        OTHER = "other", _("other")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="+", verbose_name=_("sector"))
    cost_type = models.ForeignKey(
        CostType, on_delete=models.PROTECT, related_name="+", verbose_name=_("cost type")
    )
    first_month = models.DateField(_("first month"))
    last_month = models.DateField(_("last month"), null=True, blank=True)
    monthly_eur_cents = models.BigIntegerField(_("each month"))
    rate_percent = models.DecimalField(
        _("rate, %"), max_digits=6, decimal_places=3, null=True, blank=True,
        help_text=_("Figured on what remains of the costs after the measures."),
    )  # fmt: skip
    source = models.CharField(_("source"), max_length=300)
    note = models.TextField(_("note"), blank=True)
    is_illustrative = models.BooleanField(default=False)

    class Meta(Row.Meta):
        ordering = ["first_month", "id"]
        constraints = [
            models.CheckConstraint(
                name="measures_costdriver_months",
                condition=Q(first_month__day=1)
                & (Q(last_month__isnull=True) | Q(last_month__day=1, last_month__gte=F("first_month"))),
                violation_error_message=_("The driver must not end before it starts."),
            ),
            models.CheckConstraint(
                name="measures_costdriver_source",
                condition=~Q(source=""),
                violation_error_message=_("Give the source of the driver."),
            ),
        ]
