"""What bodies decide, and what stands out and needs somebody: the two rows that other apps point to."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row
from programme.models.governance import Body


@tracked()
class Decision(Row):
    """A decision of a body: what, when, in which section of its minutes, and under which case number."""

    view_action = "register.view"
    edit_action = "governance.edit"

    body = models.ForeignKey(
        Body,
        verbose_name=_("body"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    decided_on = models.DateField(_("day of the decision"))
    section = models.CharField(_("section (§)"), max_length=30, blank=True)
    case_number = models.CharField(_("case number"), max_length=60, blank=True)
    subject = models.CharField(_("what was decided"), max_length=300)
    reason = models.TextField(_("reason"), blank=True)
    meeting = models.ForeignKey(
        "programme.Meeting", verbose_name=_("meeting"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="decisions",
    )  # fmt: skip
    agenda_item = models.ForeignKey(
        "programme.AgendaItem", null=True, blank=True, on_delete=models.SET_NULL, related_name="decisions",
        db_index=False,
    )  # fmt: skip
    carried_out_by = models.DateField(_("to be carried out by"), null=True, blank=True)
    carried_out_on = models.DateField(_("carried out on"), null=True, blank=True)
    is_illustrative = models.BooleanField(_("illustrative example"), default=False)

    class Meta(Row.Meta):
        ordering = ["-decided_on", "-id"]
        indexes = [models.Index(fields=["programme", "-decided_on"], name="programme_decision_latest")]

    def __str__(self) -> str:
        return self.subject


@tracked()
class Deviation(Row):
    """Something that stands out and needs somebody: one open row for each cause, however often it is found.

    `cause_key` names the cause (for example `tespa.palvelujen-ostot.2024-01.2024-07`), `params` the figures
    that the words of its kind are made of. A sentence is never stored, only what it is made of.
    """

    view_action = "savings.view"
    edit_action = "finding.edit"

    class Kind(models.TextChoices):
        RECONCILIATION = "reconciliation", _("unexplained in the books")
        DIFFERENCE = "difference", _("totals that do not agree")
        OVERLAP = "overlap", _("suspected overlap")
        MILESTONE_SLIPPED = "milestone_slipped", _("milestone that slipped")
        FORECAST_MISSED = "forecast_missed", _("forecast that misses its target")
        LIGHT_TURNED = "light_turned", _("light that turned")
        UPDATE_MISSING = "update_missing", _("missing update")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        IN_PROGRESS = "in_progress", _("being looked into")
        EXPLAINED = "explained", _("explained")
        CLOSED = "closed", _("closed")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    cause_key = models.CharField(max_length=200)
    content_type = models.ForeignKey(
        ContentType, null=True, blank=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    object_id = models.BigIntegerField(null=True, blank=True)
    about = GenericForeignKey("content_type", "object_id")
    params = models.JSONField(default=dict, blank=True)
    amount_eur_cents = models.BigIntegerField(_("amount"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="deviations",
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.OPEN)
    explanation = models.TextField(_("explanation"), blank=True)
    action = models.TextField(_("what is done about it"), blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    found_on = models.DateField(_("found"))
    cause_gone_on = models.DateField(_("cause gone since"), null=True, blank=True)
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        db_index=False,
    )  # fmt: skip

    class Meta(Row.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "cause_key"],
                condition=Q(closed_on__isnull=True),
                name="programme_deviation_one_open",
                violation_error_message=_("This cause is open already."),
            ),
            models.CheckConstraint(
                name="programme_deviation_closed",
                condition=Q(state="closed", closed_on__isnull=False)
                | (~Q(state="closed") & Q(closed_on__isnull=True)),
                violation_error_message=_("A closed row needs its day, an open one has none."),
            ),
            models.CheckConstraint(
                name="programme_deviation_explained",
                condition=Q(state__in=["open", "in_progress"]) | ~Q(explanation=""),
                violation_error_message=_("Write the explanation before it counts as explained or closed."),
            ),
        ]
        indexes = [models.Index(fields=["programme", "kind", "state"], name="programme_deviation_state")]

    def scope_ids(self, kind: str) -> set[int | None]:
        return {self.owner_id} if kind == "own" else set()
