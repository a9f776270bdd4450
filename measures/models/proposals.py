"""What people at work propose as new measures, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row
from measures.models.measures import Measure
from programme.models import Goal, Sector


@tracked()
class Proposal(Row):
    """A measure that somebody proposes, with the answer that goes back to them."""

    view_action = "talk.view"
    edit_action = "proposal.decide"

    class State(models.TextChoices):
        NEW = "new", _("new")
        LOOKED_AT = "looked_at", _("being looked at")
        ACCEPTED = "accepted", _("made into a measure")
        DECLINED = "declined", _("not taken up")

    subject = models.CharField(_("what should be done"), max_length=300)
    text = models.TextField(_("why, and what it would change"), blank=True)
    goal = models.ForeignKey(
        Goal,
        verbose_name=_("goal"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="proposals",
    )
    sector = models.ForeignKey(
        Sector,
        verbose_name=_("sector"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="proposals",
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals"
    )
    proposed_on = models.DateField(_("proposed on"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.NEW)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    measure = models.ForeignKey(
        Measure, null=True, blank=True, on_delete=models.SET_NULL, related_name="proposals"
    )
    is_illustrative = models.BooleanField(_("illustrative example"), default=False)

    class Meta(Row.Meta):
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="measures_proposal_answered",
                condition=Q(state__in=["new", "looked_at"])
                | Q(answered_on__isnull=False, state="accepted", measure__isnull=False)
                | Q(answered_on__isnull=False, state="declined") & ~Q(answer=""),
                violation_error_message=_("Say why the proposal is not taken up, or what measure it became."),
            ),
        ]
        indexes = [models.Index(fields=["programme", "state"], name="measures_proposal_state")]

    def __str__(self) -> str:
        return self.subject

    def scope_ids(self, kind: str) -> set[int | None]:
        if kind == "own":
            return {self.proposed_by_id}
        if kind == "theme":
            return {self.goal.theme_id if self.goal else None}
        return {self.sector_id} if kind == "sector" else {None}
