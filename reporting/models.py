"""What was shown: frozen status views."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Row


class StatusView(Row):
    """The big-room status view of one programme and month: a draft, then frozen for good.

    `document` is canonical JSON text (sorted keys, no spaces, integers in cents) and `sha256` the
    hash of its UTF-8 bytes. The database refuses to change or delete a frozen view; a correction
    is a new revision.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        FROZEN = "frozen", _("frozen")

    month = models.DateField()
    revision = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    schema = models.CharField(max_length=40)
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    as_of = models.DateField()
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta(Row.Meta):
        ordering = ["-month", "-revision"]
        triggers = [
            *Row.Meta.triggers,
            pgtrigger.Protect(
                name="frozen_is_frozen",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="frozen"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "month", "revision"],
                name="reporting_statusview_revision",
                violation_error_message=_("This month already has this revision."),
            ),
            models.CheckConstraint(
                name="reporting_statusview_month",
                condition=Q(month__day=1),
                violation_error_message=_("Give the month as its first day."),
            ),
            models.CheckConstraint(
                name="reporting_statusview_frozen_at",
                condition=Q(state="draft", frozen_at__isnull=True)
                | Q(state="frozen", frozen_at__isnull=False),
                violation_error_message=_("A frozen view has the time of its freezing."),
            ),
        ]
