"""Services and how they are produced: by own staff or bought, and what each way costs in a year."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row
from core.text import Named
from programme.models import Decision, Goal, Sector


@tracked()
class Service(Row, Named):
    """A service whose way of production is planned and followed; costly ones above all (goal 5 of the source)."""

    view_action = "savings.view"
    edit_action = "finding.edit"

    sector = models.ForeignKey(
        Sector, verbose_name=_("sector"), on_delete=models.PROTECT, related_name="services"
    )
    goal = models.ForeignKey(
        Goal,
        verbose_name=_("goal"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="services",
    )
    analysis = models.TextField(_("analysis of the ways of production"), blank=True)
    decision = models.ForeignKey(
        Decision, verbose_name=_("purchase decision"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="services",
    )  # fmt: skip
    is_illustrative = models.BooleanField(default=False)

    class Meta(Row.Meta):
        ordering = ["name_fi", "id"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "name_fi"],
                name="measures_service_name",
                violation_error_message=_("There is already a service with this name."),
            ),
        ]


@tracked()
class ServiceYear(Row):
    """What a service cost in a year, own and bought, positive EUR cents; empty is unknown, never zero."""

    view_action = "savings.view"
    edit_action = "finding.edit"

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField(_("year"))
    own_eur_cents = models.BigIntegerField(_("own production"), null=True, blank=True)
    bought_eur_cents = models.BigIntegerField(_("bought"), null=True, blank=True)
    is_plan = models.BooleanField(_("a plan, not yet known"), default=False)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta(Row.Meta):
        ordering = ["service", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "service", "year"],
                name="measures_serviceyear_once",
                violation_error_message=_("The service already has this year."),
            ),
            models.CheckConstraint(
                name="measures_serviceyear_positive",
                condition=(Q(own_eur_cents__isnull=True) | Q(own_eur_cents__gte=0))
                & (Q(bought_eur_cents__isnull=True) | Q(bought_eur_cents__gte=0)),
                violation_error_message=_("Give costs as positive amounts."),
            ),
        ]
