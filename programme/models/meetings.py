"""Who sits in a body, when it meets, what it does there, and whether what is due was done."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row
from programme.models.governance import Body, ReportingDuty


class OfGovernance(Row):
    view_action = "governance.view"
    edit_action = "governance.edit"

    class Meta(Row.Meta):
        abstract = True


@tracked()
class Membership(OfGovernance):
    """Somebody's seat in a body between two days. A person without an account has a name only."""

    class Position(models.TextChoices):
        CHAIR = "chair", _("chair")
        VICE_CHAIR = "vice_chair", _("vice chair")
        MEMBER = "member", _("member")
        SUBSTITUTE = "substitute", _("substitute member")
        PRESENTER = "presenter", _("presenter")
        SECRETARY = "secretary", _("secretary")

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="memberships",
    )  # fmt: skip
    name = models.CharField(_("name, when the person has no account"), max_length=150, blank=True)
    seat = models.CharField(_("seat"), max_length=10, choices=Position.choices, default=Position.MEMBER)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    is_illustrative = models.BooleanField(_("illustrative example"), default=False)

    class Meta(OfGovernance.Meta):
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="programme_membership_named",
                condition=Q(user__isnull=False) | ~Q(name=""),
                violation_error_message=_("Choose a person or write a name."),
            ),
            models.CheckConstraint(
                name="programme_membership_days",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(starts_on__lte=F("ends_on")),
                violation_error_message=_("The last day must not come before the first."),
            ),
        ]


@tracked()
class DutyOccurrence(OfGovernance):
    """One due time of a reporting duty: due, kept or missed, and who was told.

    `period_key` names the time (2026-W47, 2026-11, 2026-T2, 2026): found twice it is one row.
    """

    class State(models.TextChoices):
        DUE = "due", _("due")
        KEPT = "kept", _("kept")
        KEPT_LATE = "kept_late", _("kept late")
        MISSED = "missed", _("missed")
        NOT_NEEDED = "not_needed", _("not needed this time")

    duty = models.ForeignKey(ReportingDuty, on_delete=models.CASCADE, related_name="occurrences")
    period_key = models.CharField(max_length=20)
    due_on = models.DateField(_("due"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DUE)
    kept_on = models.DateField(_("done on"), null=True, blank=True)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    told = models.TextField(_("who was told"), blank=True)
    note = models.TextField(_("note"), blank=True)
    content_type = models.ForeignKey(
        ContentType, null=True, blank=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    object_id = models.BigIntegerField(null=True, blank=True)
    evidence = GenericForeignKey("content_type", "object_id")

    class Meta(OfGovernance.Meta):
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "duty", "period_key"],
                name="programme_dutyoccurrence_once",
                violation_error_message=_("The duty already has this time."),
            ),
            models.CheckConstraint(
                name="programme_dutyoccurrence_kept",
                condition=Q(state__in=["kept", "kept_late"], kept_on__isnull=False)
                | Q(state__in=["due", "missed", "not_needed"], kept_on__isnull=True),
                violation_error_message=_("A duty that was kept has its day, and only that one."),
            ),
        ]
        indexes = [models.Index(fields=["programme", "due_on"], name="programme_dutyoccurrence_day")]

    def scope_ids(self, kind: str) -> set[int | None]:
        return {self.duty.owner_id} if kind == "own" else set()


@tracked()
class Meeting(OfGovernance):
    """A meeting of a body: planned, held or cancelled, with its agenda, papers, people and what came of it."""

    view_action = "register.view"
    edit_action = "meeting.edit"

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        CANCELLED = "cancelled", _("cancelled")

    body = models.ForeignKey(Body, verbose_name=_("body"), on_delete=models.PROTECT, related_name="meetings")
    title = models.CharField(_("title"), max_length=200, blank=True)
    held_on = models.DateField(_("day"))
    starts_at = models.TimeField(_("begins at"), null=True, blank=True)
    ends_at = models.TimeField(_("ends at"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.PLANNED)
    minutes = models.TextField(_("minutes"), blank=True)
    is_illustrative = models.BooleanField(_("illustrative example"), default=False)

    class Meta(OfGovernance.Meta):
        ordering = ["-held_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="programme_meeting_times",
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(starts_at__lt=F("ends_at")),
                violation_error_message=_("The meeting must not end before it begins."),
            ),
        ]
        indexes = [models.Index(fields=["programme", "-held_on"], name="programme_meeting_latest")]

    def __str__(self) -> str:
        return self.title or f"{self.body} {self.held_on:%d.%m.%Y}"


class PartOfMeeting(OfGovernance):
    view_action = "register.view"
    edit_action = "meeting.edit"

    class Meta(OfGovernance.Meta):
        abstract = True


@tracked()
class AgendaItem(PartOfMeeting):
    """One matter of a meeting. It may be about a row of the programme; its papers are attachments."""

    class Kind(models.TextChoices):
        DECIDE = "decide", _("to be decided")
        DISCUSS = "discuss", _("to be discussed")
        INFORM = "inform", _("for information")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices, default=Kind.DISCUSS)
    subject = models.CharField(_("matter"), max_length=300)
    presenter = models.CharField(_("presented by"), max_length=150, blank=True)
    note = models.TextField(_("what came of it"), blank=True)
    content_type = models.ForeignKey(
        ContentType, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    object_id = models.BigIntegerField(null=True, blank=True)
    about = GenericForeignKey("content_type", "object_id")

    class Meta(PartOfMeeting.Meta):
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.subject


@tracked()
class MeetingParticipant(PartOfMeeting):
    """Somebody invited to a meeting, and whether they came."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+", db_index=False,
    )  # fmt: skip
    name = models.CharField(_("name, when the person has no account"), max_length=150, blank=True)
    is_present = models.BooleanField(_("was there"), null=True, blank=True)

    class Meta(PartOfMeeting.Meta):
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="programme_meetingparticipant_named",
                condition=Q(user__isnull=False) | ~Q(name=""),
                violation_error_message=_("Choose a person or write a name."),
            ),
            models.UniqueConstraint(
                fields=["programme", "meeting", "user"],
                name="programme_meetingparticipant_once",
                violation_error_message=_("The person is on the list already."),
            ),
        ]


@tracked()
class DecisionLink(OfGovernance):
    """What a decision of a body is about: a measure, a target, a report or another row of the programme."""

    view_action = "register.view"

    decision = models.ForeignKey("programme.Decision", on_delete=models.CASCADE, related_name="links")
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+", db_index=False)
    object_id = models.BigIntegerField()
    about = GenericForeignKey("content_type", "object_id")

    class Meta(OfGovernance.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "decision", "content_type", "object_id"],
                name="programme_decisionlink_once",
                violation_error_message=_("The decision is joined to this already."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["programme", "content_type", "object_id"], name="programme_decisionlink_about"
            )
        ]


@tracked()
class ActionPoint(OfGovernance):
    """Something that somebody promised to do by a day, in a meeting or after a decision."""

    view_action = "register.view"
    edit_action = "action.edit"

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    meeting = models.ForeignKey(
        Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="action_points"
    )
    decision = models.ForeignKey(
        "programme.Decision", null=True, blank=True, on_delete=models.PROTECT, related_name="action_points"
    )
    subject = models.CharField(_("what is done"), max_length=300)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="action_points",
    )  # fmt: skip
    due_on = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.OPEN)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    is_illustrative = models.BooleanField(_("illustrative example"), default=False)

    class Meta(OfGovernance.Meta):
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="programme_actionpoint_done",
                condition=Q(state="done", done_on__isnull=False) | ~Q(state="done") & Q(done_on__isnull=True),
                violation_error_message=_("An action that is done has its day, and only that one."),
            ),
        ]
        indexes = [models.Index(fields=["programme", "state", "due_on"], name="programme_actionpoint_open")]

    def __str__(self) -> str:
        return self.subject

    def scope_ids(self, kind: str) -> set[int | None]:
        return {self.owner_id} if kind == "own" else set()


class CalendarFeed(models.Model):
    """The secret address from which a person's calendar reads the programme's days. Only its SHA-256 is stored."""

    programme = models.ForeignKey(
        "programme.Programme", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds"
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)
