"""How obstacles go up: levels with their clocks, every step of the way, and the weekly lists as they were given."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row
from core.text import Named
from programme.models import Body, Role
from risks.models.register import Obstacle


@tracked()
class EscalationLevel(Row, Named):
    """One level on which obstacles are answered: how many working days it has, and who decides there."""

    view_action = "risk.view"
    edit_action = "governance.edit"

    level = models.CharField(_("level"), max_length=16, choices=Obstacle.Level.choices)
    position = models.PositiveSmallIntegerField(default=0)
    working_days = models.PositiveSmallIntegerField(_("working days to decide"))
    remind_before = models.PositiveSmallIntegerField(_("reminded this many working days before"), default=1)
    deciding_role = models.CharField(_("decided by"), max_length=12, choices=Role.choices)
    body = models.ForeignKey(
        Body,
        verbose_name=_("body"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    is_used = models.BooleanField(_("in use"), default=True)
    goes_up_by_itself = models.BooleanField(_("goes up by itself when the clock runs out"), default=True)

    class Meta(Row.Meta):
        ordering = ["position", "id"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "level"],
                name="risks_escalationlevel_once",
                violation_error_message=_("The programme already has this level."),
            ),
            models.CheckConstraint(
                name="risks_escalationlevel_days",
                condition=Q(working_days__gte=1, working_days__lte=260),
                violation_error_message=_("A level has from 1 to 260 working days."),
            ),
        ]


class ObstacleStep(Row):
    """One step of an obstacle's way, never changed afterwards: time to decide is counted from these."""

    view_action = "risk.view"
    edit_action = "obstacle.raise"

    class Kind(models.TextChoices):
        RAISED = "raised", _("raised")
        WENT_UP = "went_up", _("taken up")
        SENT_BACK = "sent_back", _("sent back down")
        DECIDED = "decided", _("decided")
        CLOSED = "closed", _("closed")
        REOPENED = "reopened", _("opened again")

    obstacle = models.ForeignKey(Obstacle, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    from_level = models.CharField(max_length=16, blank=True)
    to_level = models.CharField(max_length=16)
    happened_on = models.DateField()
    happened_at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    is_by_clock = models.BooleanField(default=False)
    due_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta(Row.Meta):
        ordering = ["id"]
        indexes = [models.Index(fields=["obstacle", "id"], name="risks_obstaclestep_way")]
        triggers = [
            *Row.Meta.triggers,
            pgtrigger.Protect(name="step_is_kept", operation=pgtrigger.Update),
        ]


class WeeklyList(Row):
    """The list of obstacles that the management group got on a Monday: frozen when made.

    `document` is canonical JSON text and `sha256` the hash of its UTF-8 bytes.
    """

    view_action = "risk.view"
    edit_action = "governance.edit"

    monday = models.DateField()
    as_of = models.DateField()
    schema = models.CharField(max_length=40)
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(db_default=Now())
    handled_on = models.DateField(null=True, blank=True)

    class Meta(Row.Meta):
        ordering = ["-monday"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "monday"],
                name="risks_weeklylist_once",
                violation_error_message=_("This week already has its list."),
            ),
            models.CheckConstraint(
                name="risks_weeklylist_monday",
                condition=Q(monday__iso_week_day=1),
                violation_error_message=_("A weekly list is of a Monday."),
            ),
        ]
        triggers = [
            *Row.Meta.triggers,
            pgtrigger.Trigger(
                name="list_is_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF TG_OP = 'UPDATE' AND NEW.document = OLD.document AND NEW.sha256 = OLD.sha256
                        AND NEW.monday = OLD.monday AND NEW.schema = OLD.schema AND NEW.as_of = OLD.as_of
                        AND NEW.programme_id = OLD.programme_id
                    THEN RETURN NEW; END IF;
                    RAISE EXCEPTION 'A weekly list is frozen';
                """,
            ),
        ]
