"""Gates between the stages: what each asks for, who decides, what was decided, and how a locked plan changes."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row
from measures.models.measures import Measure, PartOfMeasure, Stage
from measures.models.savings import SavingsLine
from programme.models import Decision, Role


@tracked()
class GateDefinition(Row):
    """The gate before a stage: the named checks it asks for (measures.gates) and the role that decides."""

    view_action = "measure.view"
    edit_action = "gate.edit"

    to_stage = models.CharField(_("gate to the stage"), max_length=12, choices=Stage.choices)
    deciding_role = models.CharField(_("decided by"), max_length=12, choices=Role.choices)
    checks = ArrayField(
        models.CharField(max_length=60), verbose_name=_("what it asks for"), default=list, blank=True
    )
    needs_body = models.BooleanField(_("needs a body's decision with its section"), default=False)

    class Meta(Row.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "to_stage"],
                name="measures_gatedefinition_once",
                violation_error_message=_("There is already a gate to this stage."),
            ),
            models.CheckConstraint(
                name="measures_gatedefinition_stage",
                condition=Q(to_stage__in=["planned", "decided", "in_delivery", "closed"]),
                violation_error_message=_("There is no gate to this stage."),
            ),
        ]


@tracked()
class GateDecision(PartOfMeasure):
    """One passage of a gate: asked for, then approved or refused by the named role. Also a return to an earlier stage.

    `missing` holds the names of the checks that were unmet when it was decided.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("to be decided")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        TAKEN_BACK = "taken_back", _("taken back")

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="gate_decisions")
    from_stage = models.CharField(_("from"), max_length=12, choices=Stage.choices)
    to_stage = models.CharField(_("to"), max_length=12, choices=Stage.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        db_index=False,
    )  # fmt: skip
    asked_at = models.DateTimeField(db_default=Now())
    note = models.TextField(_("note to who decides"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        db_index=False,
    )  # fmt: skip
    decided_on = models.DateField(_("day of the decision"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    decision = models.ForeignKey(
        Decision, verbose_name=_("decision of a body"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="gate_decisions",
    )  # fmt: skip
    missing = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta(PartOfMeasure.Meta):
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "measure"],
                condition=Q(state="asked"),
                name="measures_gatedecision_one_asked",
                violation_error_message=_("This measure is already waiting for a decision."),
            ),
            models.CheckConstraint(
                name="measures_gatedecision_decided",
                condition=Q(state__in=["asked", "taken_back"]) | Q(decided_on__isnull=False),
                violation_error_message=_("A decision needs its day."),
            ),
            models.CheckConstraint(
                name="measures_gatedecision_refusal",
                condition=~Q(state="refused") | ~Q(reason=""),
                violation_error_message=_("Refusing needs a reason."),
            ),
            models.CheckConstraint(
                name="measures_gatedecision_moves",
                condition=~Q(from_stage=F("to_stage")),
                violation_error_message=_("The measure is already at this stage."),
            ),
        ]
        indexes = [models.Index(fields=["measure", "-id"], name="measures_gatedecision_latest")]


@tracked()
class PlanChange(PartOfMeasure):
    """A request to change a plan that a decision has locked; old and new stand beside each other in its cells."""

    class State(models.TextChoices):
        ASKED = "asked", _("to be decided")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        TAKEN_BACK = "taken_back", _("taken back")

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="plan_changes")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    reason = models.TextField(_("why the plan changes"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        db_index=False,
    )  # fmt: skip
    asked_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        db_index=False,
    )  # fmt: skip
    decided_on = models.DateField(_("day of the decision"), null=True, blank=True)
    answer = models.TextField(_("reason of the decision"), blank=True)
    decision = models.ForeignKey(
        Decision, verbose_name=_("decision of a body"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="plan_changes",
    )  # fmt: skip

    class Meta(PartOfMeasure.Meta):
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "measure"],
                condition=Q(state="asked"),
                name="measures_planchange_one_asked",
                violation_error_message=_("A change of this plan is already waiting for a decision."),
            ),
            models.CheckConstraint(
                name="measures_planchange_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Say why the plan changes."),
            ),
            models.CheckConstraint(
                name="measures_planchange_refusal",
                condition=~Q(state="refused") | ~Q(answer=""),
                violation_error_message=_("Refusing needs a reason."),
            ),
        ]


@tracked()
class PlanChangeCell(Row):
    """One month of a requested change: what the plan said, what it shall say; empty is no value, never zero."""

    view_action = "measure.view"

    change = models.ForeignKey(PlanChange, on_delete=models.CASCADE, related_name="cells")
    line = models.ForeignKey(SavingsLine, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    old_eur_cents = models.BigIntegerField(null=True, blank=True)
    new_eur_cents = models.BigIntegerField(null=True, blank=True)

    class Meta(Row.Meta):
        ordering = ["line", "month"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "change", "line", "month"], name="measures_planchangecell_once"
            ),
            models.CheckConstraint(name="measures_planchangecell_month", condition=Q(month__day=1)),
        ]
