"""What the change itself has cost, and which money paid for it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row
from measures.models.measures import Measure
from programme.models import Allocation, FundingSource, Project


@tracked()
class Spending(Row):
    """Money used in a month out of one source, gross and positive; a correction is negative and says why."""

    view_action = "funding.view"
    edit_action = "funding.edit"

    source = models.ForeignKey(
        FundingSource, verbose_name=_("source"), on_delete=models.PROTECT, related_name="spendings"
    )
    allocation = models.ForeignKey(
        Allocation, verbose_name=_("allocation"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="spendings",
    )  # fmt: skip
    measure = models.ForeignKey(
        Measure, verbose_name=_("measure"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="spendings",
    )  # fmt: skip
    project = models.ForeignKey(
        Project, verbose_name=_("project"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="spendings",
    )  # fmt: skip
    month = models.DateField(_("month"))
    amount_eur_cents = models.BigIntegerField(_("amount"))
    note = models.TextField(_("note"), blank=True)
    booked_on = models.DateField(_("recorded on"))
    is_illustrative = models.BooleanField(default=False)

    class Meta(Row.Meta):
        ordering = ["month", "id"]
        constraints = [
            models.CheckConstraint(
                name="measures_spending_month",
                condition=Q(month__day=1),
                violation_error_message=_("Give the month as its first day."),
            ),
            models.CheckConstraint(
                name="measures_spending_correction",
                condition=Q(amount_eur_cents__gte=0) | ~Q(note=""),
                violation_error_message=_("A negative amount is a correction: say what it corrects."),
            ),
        ]
        indexes = [models.Index(fields=["source", "month"], name="measures_spending_month_ix")]

    def clean(self) -> None:
        """The allocation is of the source, and a reserved one has been released."""
        super().clean()
        allocation = self.allocation
        if allocation is None or self.source_id is None:
            return
        if allocation.source_id != self.source_id:
            raise ValidationError({"allocation": _("This allocation is of another source.")})
        if allocation.state == Allocation.State.RESERVED and not allocation.releases.exists():
            raise ValidationError(
                {"allocation": _("This part is reserved: it is used only after a decision has released it.")}
            )
