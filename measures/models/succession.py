"""Measures that become others, targets that move by decision, and changes made to many at once."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row
from measures.models.ledger import BudgetVersion
from measures.models.measures import Measure, PartOfMeasure
from measures.models.savings import SavingsLine
from programme.models import Decision


@tracked()
class Succession(Row):
    """A measure that went on as another one from a month on; its target stays its own until a decision moves it."""

    view_action = "measure.view"
    edit_action = "measure.edit"

    class Kind(models.TextChoices):
        MERGED = "merged", _("merged into")
        SPLIT = "split", _("split into")

    kind = models.CharField(max_length=6, choices=Kind.choices)
    from_measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="successors")
    to_measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="predecessors")
    from_month = models.DateField(_("first month"))
    share = models.DecimalField(
        _("share"), max_digits=7, decimal_places=6, default=1, help_text=_("0 to 1 of the later months.")
    )
    reason = models.TextField(_("reason"))

    class Meta(Row.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "from_measure", "to_measure"], name="measures_succession_once"
            ),
            models.CheckConstraint(
                name="measures_succession_two",
                condition=~Q(from_measure=F("to_measure")),
                violation_error_message=_("A measure cannot go on as itself."),
            ),
            models.CheckConstraint(name="measures_succession_month", condition=Q(from_month__day=1)),
            models.CheckConstraint(name="measures_succession_share", condition=Q(share__gt=0, share__lte=1)),
        ]


@tracked()
class TargetMove(Row):
    """Target moved by a decision (R9): from a measure (empty: never allocated) to another (empty: set free).

    The amount keeps the sign of the target: minus for a saving.
    """

    view_action = "savings.view"
    edit_action = "target.edit"

    from_measure = models.ForeignKey(
        Measure, null=True, blank=True, on_delete=models.PROTECT, related_name="targets_given",
        verbose_name=_("from"),
    )  # fmt: skip
    to_measure = models.ForeignKey(
        Measure, null=True, blank=True, on_delete=models.PROTECT, related_name="targets_received",
        verbose_name=_("to"),
    )  # fmt: skip
    amount_eur_cents = models.BigIntegerField(_("amount"))
    valid_from = models.DateField(_("from the day"))
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="target_moves")
    reason = models.TextField(_("reason"))

    class Meta(Row.Meta):
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(
                name="measures_targetmove_somewhere",
                condition=Q(from_measure__isnull=False) | Q(to_measure__isnull=False),
                violation_error_message=_("Say from which measure or to which measure the target moves."),
            ),
            models.CheckConstraint(
                name="measures_targetmove_two",
                condition=Q(from_measure__isnull=True)
                | Q(to_measure__isnull=True)
                | ~Q(from_measure=F("to_measure")),
                violation_error_message=_("A target cannot move to where it is."),
            ),
        ]


@tracked()
class BudgetShare(PartOfMeasure):
    """How much of a line is taken into the budget of a year (R18), signed EUR cents like its effect."""

    edit_action = "savings.edit"

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="budget_shares")
    line = models.ForeignKey(
        SavingsLine, verbose_name=_("line"), on_delete=models.CASCADE, related_name="budget_shares"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    amount_eur_cents = models.BigIntegerField(_("taken into the budget"))
    budget = models.ForeignKey(
        BudgetVersion, verbose_name=_("budget"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="shares",
    )  # fmt: skip
    note = models.TextField(_("note"), blank=True)

    class Meta(PartOfMeasure.Meta):
        ordering = ["year", "line"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "line", "year"],
                name="measures_budgetshare_once",
                violation_error_message=_("This line already has an amount for that year."),
            ),
        ]


@tracked()
class BulkChange(Row):
    """One change of many measures at once. History holds what it did under `context_id`; it can be undone once."""

    view_action = "measure.view"
    edit_action = "measure.bulk"

    context_id = models.UUIDField(unique=True)
    fields = models.JSONField(default=dict)
    count = models.PositiveIntegerField()
    reason = models.TextField(blank=True)
    made_at = models.DateTimeField(db_default=Now())
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        db_index=False,
    )  # fmt: skip

    class Meta(Row.Meta):
        ordering = ["-id"]
