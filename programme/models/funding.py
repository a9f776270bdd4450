"""Money that pays for the change: where it comes from and how it is shared out."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row, Sourced
from core.text import Named, translated
from programme.models.decisions import Decision
from programme.models.structure import Goal, Theme

_PERCENT = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]


@tracked()
class FundingSource(Row, Named, Sourced):
    """One source of money for the change; the amount is gross and positive, empty when not stated."""

    view_action = "funding.view"
    edit_action = "funding.edit"

    class Kind(models.TextChoices):
        STABILISATION = "stabilisation", _("stabilisation funding")
        PROJECT_GRANT = "project_grant", _("project funding")
        OWN = "own", _("own money")
        OTHER = "other", _("other funding")

    key = models.SlugField(max_length=60)
    kind = models.CharField(max_length=15, choices=Kind.choices, default=Kind.OTHER)
    position = models.PositiveSmallIntegerField(default=0)
    granted_by_fi = models.CharField(max_length=200, blank=True)
    granted_by_sv = models.CharField(max_length=200, blank=True)
    granted_by_en = models.CharField(max_length=200, blank=True)
    total_eur_cents = models.BigIntegerField(_("total"), null=True, blank=True)
    status_fi = models.CharField(max_length=300, blank=True)
    status_sv = models.CharField(max_length=300, blank=True)
    status_en = models.CharField(max_length=300, blank=True)

    class Meta(Row.Meta):
        ordering = ["position"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="programme_fundingsource_key",
                violation_error_message=_("The programme already has a funding source with this key."),
            ),
            models.CheckConstraint(
                name="programme_fundingsource_positive",
                condition=Q(total_eur_cents__isnull=True) | Q(total_eur_cents__gte=0),
                violation_error_message=_("Funding is given as a positive amount."),
            ),
        ]

    @property
    def granted_by(self) -> str:
        return translated(self, "granted_by").text

    @property
    def status(self) -> str:
        return translated(self, "status").text


@tracked()
class Allocation(Row, Named, Sourced):
    """What share of a source goes to one object: a range of percent first, one final share later."""

    view_action = "funding.view"
    edit_action = "funding.edit"

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        RESERVED = "reserved", _("reserved for later")

    source = models.ForeignKey(FundingSource, on_delete=models.CASCADE, related_name="allocations")
    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    share_low = models.DecimalField(
        _("lowest share, %"), max_digits=6, decimal_places=3, null=True, blank=True, validators=_PERCENT
    )
    share_high = models.DecimalField(
        _("highest share, %"), max_digits=6, decimal_places=3, null=True, blank=True, validators=_PERCENT
    )
    final_share = models.DecimalField(
        _("final share, %"), max_digits=6, decimal_places=3, null=True, blank=True, validators=_PERCENT
    )
    theme = models.ForeignKey(
        Theme, null=True, blank=True, on_delete=models.PROTECT, related_name="allocations"
    )
    goals = models.ManyToManyField(Goal, through="programme.AllocationGoal", related_name="allocations")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)

    class Meta(Row.Meta):
        ordering = ["position"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "source", "key"],
                name="programme_allocation_key",
                violation_error_message=_("This funding source already has an allocation with this key."),
            ),
            models.CheckConstraint(
                name="programme_allocation_range",
                condition=Q(share_low__isnull=True)
                | Q(share_high__isnull=True)
                | Q(share_low__lte=F("share_high")),
                violation_error_message=_("The lowest share must not exceed the highest."),
            ),
            models.CheckConstraint(
                name="programme_allocation_percent",
                condition=(Q(share_low__isnull=True) | Q(share_low__gte=0, share_low__lte=100))
                & (Q(share_high__isnull=True) | Q(share_high__gte=0, share_high__lte=100))
                & (Q(final_share__isnull=True) | Q(final_share__gte=0, final_share__lte=100)),
                violation_error_message=_("A share is from 0 to 100 %."),
            ),
        ]

    def _of_total(self, share: Decimal | None) -> int | None:
        total = self.source.total_eur_cents
        return None if share is None or total is None else int((total * share / 100).to_integral_value())

    @property
    def low_eur_cents(self) -> int | None:
        """Lowest share of the source's total, whole cents; None when either is unknown."""
        return self._of_total(self.share_low)

    @property
    def high_eur_cents(self) -> int | None:
        """Highest share of the source's total, whole cents; None when either is unknown."""
        return self._of_total(self.share_high)

    @property
    def final_eur_cents(self) -> int | None:
        """Final share of the source's total, whole cents; None when either is unknown."""
        return self._of_total(self.final_share)


@tracked()
class AllocationGoal(Row):
    """A goal that an allocation serves."""

    view_action = "funding.view"
    edit_action = "funding.edit"

    allocation = models.ForeignKey(Allocation, on_delete=models.CASCADE, related_name="goal_links")
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(Row.Meta):
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "allocation", "goal"],
                name="programme_allocationgoal_once",
                violation_error_message=_("The allocation already serves this goal."),
            ),
        ]


@tracked()
class FundingRelease(Row):
    """A part of a reserved allocation set free by a decision, for another allocation or for use as it is."""

    view_action = "funding.view"
    edit_action = "funding.edit"

    allocation = models.ForeignKey(
        Allocation, verbose_name=_("reserved part"), on_delete=models.PROTECT, related_name="releases"
    )
    to_allocation = models.ForeignKey(
        Allocation, verbose_name=_("moved to"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="received",
    )  # fmt: skip
    amount_eur_cents = models.BigIntegerField(_("amount"))
    released_on = models.DateField(_("from"))
    decision = models.ForeignKey(
        Decision, verbose_name=_("decision"), on_delete=models.PROTECT, related_name="funding_releases"
    )
    reason = models.TextField(_("reason"), blank=True)

    class Meta(Row.Meta):
        ordering = ["released_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="programme_fundingrelease_positive",
                condition=Q(amount_eur_cents__gt=0),
                violation_error_message=_("Give the released amount as a positive amount."),
            ),
            models.CheckConstraint(
                name="programme_fundingrelease_elsewhere",
                condition=Q(to_allocation__isnull=True) | ~Q(to_allocation=F("allocation")),
                violation_error_message=_("Money cannot be moved to where it is."),
            ),
        ]
