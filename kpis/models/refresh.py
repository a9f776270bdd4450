"""What became of each fetching of figures: a run, and in it every Sotkanet indicator asked for."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.models import Job, Row
from kpis.models.indicators import Indicator


class RefreshRun(Row):
    """One fetching of a programme's figures, or of one indicator's. A log, without history of its own."""

    view_action = "kpi.view"
    edit_action = "kpi.refresh"

    indicator = models.ForeignKey(
        Indicator, null=True, blank=True, on_delete=models.SET_NULL, related_name="refresh_runs"
    )
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        db_index=False,
    )  # fmt: skip
    started_at = models.DateTimeField(_("started"), db_default=Now())
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    is_illustrative = models.BooleanField(default=False)

    class Meta(Row.Meta):
        ordering = ["-id"]
        indexes = [models.Index(fields=["programme", "-id"], name="kpis_refreshrun_latest")]


class RefreshItem(models.Model):
    """One Sotkanet indicator of a run: what came of it, and when it is tried again if it failed."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        UNCHANGED = "unchanged", _("unchanged")
        #: Stored, and its indicators' rules are still to be asked: nobody forgets them, whatever ends the run.
        UNJUDGED = "unjudged", _("not yet judged")
        STORED = "stored", _("stored")
        FAILED = "failed", _("failed")
        RETRY = "retry", _("tried again later")

    run = models.ForeignKey(RefreshRun, on_delete=models.CASCADE, related_name="items")
    sotkanet_id = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    code = models.CharField(max_length=40, blank=True)
    params = models.JSONField(default=dict, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    new = models.PositiveIntegerField(default=0)
    revised = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    quarantined = models.PositiveIntegerField(default=0)
    size = models.PositiveIntegerField(default=0, help_text=_("Bytes of the answer."))
    sha256 = models.CharField(max_length=64, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["run", "sotkanet_id"], name="kpis_refreshitem_once")]
        indexes = [
            models.Index(fields=["run"], condition=Q(state="unjudged"), name="kpis_refreshitem_unjudged")
        ]
