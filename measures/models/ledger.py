"""The sectors' books: what was budgeted, what was booked, which months are closed (R3, R10)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row
from programme.models import CostType, Sector


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
    is_illustrative = models.BooleanField(default=False)

    view_action = "savings.view"

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
                ],
                name="measures_ledgerentry_once",
                violation_error_message=_("The ledger already has this line."),
            ),
            models.CheckConstraint(
                name="measures_ledgerentry_month",
                condition=Q(month__day=1),
                violation_error_message=_("Give the month as its first day."),
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
