"""The programme for balancing the finances that runs beside, and its principles in their order."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row, Sourced
from core.text import Named, translated
from programme.models import Decision


@tracked()
class BalancingProgramme(Row, Named, Sourced):
    """A programme for balancing the finances that the county runs beside this one."""

    view_action = "strategy.view"
    edit_action = "strategy.edit"

    key = models.SlugField(max_length=60)
    name_variants = models.JSONField(default=list, blank=True)
    start_year = models.PositiveSmallIntegerField()
    end_year = models.PositiveSmallIntegerField()
    basis_fi = models.TextField(blank=True)
    basis_sv = models.TextField(blank=True)
    basis_en = models.TextField(blank=True)
    confirmed_fi = models.TextField(blank=True)
    confirmed_sv = models.TextField(blank=True)
    confirmed_en = models.TextField(blank=True)
    target_eur_cents = models.BigIntegerField(
        null=True, blank=True, help_text=_("Minus is a saving; often not set.")
    )

    class Meta(Row.Meta):
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="strategy_balancingprogramme_key",
                violation_error_message=_("There is already a balancing programme with this key."),
            ),
            models.CheckConstraint(
                name="strategy_balancingprogramme_period",
                condition=Q(start_year__lte=F("end_year")),
                violation_error_message=_("The programme must not end before it starts."),
            ),
        ]

    @property
    def basis(self) -> str:
        return translated(self, "basis").text

    @property
    def confirmed(self) -> str:
        return translated(self, "confirmed").text


@tracked()
class BalancingPrinciple(Row, Named, Sourced):
    """A principle of balancing, in its order; a condition says when it may be turned to."""

    view_action = "strategy.view"
    edit_action = "strategy.edit"

    balancing = models.ForeignKey(BalancingProgramme, on_delete=models.CASCADE, related_name="principles")
    number = models.PositiveSmallIntegerField()
    is_turned_to = models.BooleanField(
        _("turned to"), default=False, help_text=_("A conditional principle is turned to by a decision.")
    )
    turned_by = models.ForeignKey(
        Decision,
        verbose_name=_("decision"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    state_note = models.TextField(_("how it goes"), blank=True)
    condition_fi = models.TextField(blank=True)
    condition_sv = models.TextField(blank=True)
    condition_en = models.TextField(blank=True)

    class Meta(Row.Meta):
        ordering = ["number"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "balancing", "number"],
                name="strategy_balancingprinciple_number",
                violation_error_message=_("There is already a principle with this number."),
            ),
            models.CheckConstraint(
                name="strategy_balancingprinciple_condition",
                condition=Q(is_turned_to=False) | Q(condition_fi="") | Q(turned_by__isnull=False),
                violation_error_message=_("A conditional principle is turned to by a decision."),
            ),
        ]

    @property
    def condition(self) -> str:
        return translated(self, "condition").text
