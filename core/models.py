"""What all apps build on: the base row, settings, jobs, the outbox and the change slots."""

from typing import Any, ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.permissions import programme_ids
from core.triggers import bump_data_version, bump_version


class RowQuerySet(models.QuerySet):
    """Rows of programmes; the base of every row's own QuerySet."""

    def visible_to(self, user: Any) -> Self:
        """Rows of the programmes in which the person may do the model's `view_action`."""
        action: str = self.model.view_action  # type: ignore[attr-defined]
        return self.filter(programme_id__in=programme_ids(user, action))


class Row(models.Model):
    """A row of a programme. Its version counts real changes; the database keeps it.

    The programme has no index of its own: every natural key starts with it.
    """

    #: The actions of core.permissions that let a person see and change rows of this kind.
    view_action: ClassVar[str] = "programme.view"
    edit_action: ClassVar[str] = "settings.edit"
    #: Whether a page of an earlier day shows the rows as they were then (core.asof); rights are always today's.
    reads_past: ClassVar[bool] = True

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey(
        "programme.Programme", on_delete=models.CASCADE, related_name="+", db_index=False,
        verbose_name=_("programme"),
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL,
        related_name="+", db_index=False,
    )  # fmt: skip
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL,
        related_name="+", db_index=False,
    )  # fmt: skip

    objects = RowQuerySet.as_manager()

    class Meta:
        abstract = True
        triggers = [bump_version(), *bump_data_version()]

    def scope_ids(self, kind: str) -> set[int | None]:
        """Ids of the themes, sectors, segments or projects (`kind`) the row lies under; its owner for "own".

        A row of its own kind lies under itself. Models that hang on another row ask that one.
        """
        if kind == self._meta.model_name:
            return {self.pk}
        return {getattr(self, "owner_id" if kind == "own" else f"{kind}_id", None)}

    def stamp(self, by: Any) -> Self:
        """Notes who makes or changes the row; the caller saves it."""
        if self._state.adding:
            self.created_by = by
        self.updated_by = by
        return self


class Sourced(models.Model):
    """Where a figure or text of a programme file comes from and how sure it is."""

    confidence = models.TextField(_("confidence"), blank=True)
    source_note = models.TextField(_("source note"), blank=True)
    source_page = models.CharField(_("page or section of the source"), max_length=50, blank=True)

    class Meta:
        abstract = True


class ChangeSlot(models.Model):
    """How many writing statements one connection slot has made in a programme (core.versions)."""

    programme_id = models.BigIntegerField()
    slot = models.SmallIntegerField()
    counter = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme_id", "slot"], name="core_changeslot_once")]


@tracked()
class Setting(models.Model):
    """One parameter from a day on; `scope` is "" (the whole portal) or a programme's slug."""

    scope = models.CharField(max_length=60, blank=True)
    key = models.CharField(max_length=100)
    value = models.JSONField()
    valid_from = models.DateField()
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "key", "valid_from"],
                name="core_setting_once_a_day",
                violation_error_message=_("This parameter already has a value that starts on that day."),
            )
        ]
        triggers = bump_data_version("0")


class Job(models.Model):
    """One piece of long work. This row is the truth; the broker only wakes a worker."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    ACTIVE = (State.QUEUED, State.RUNNING)

    programme = models.ForeignKey(
        "programme.Programme",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    heartbeat = models.DateTimeField(null=True, blank=True)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    progress_step = models.CharField(max_length=60, blank=True)
    result = models.JSONField(default=dict)
    error_code = models.CharField(max_length=60, blank=True)
    error_params = models.JSONField(default=dict)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["programme", "-created_at"], name="core_job_by_programme"),
            models.Index(
                fields=["lease_until"], name="core_job_active", condition=Q(state__in=["queued", "running"])
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "key"],
                condition=Q(state__in=["queued", "running"]),
                nulls_distinct=False,
                name="core_job_one_active",
                violation_error_message=_("This work is already under way."),
            ),
        ]


class Draft(models.Model):
    """What a person has typed into one form and not saved yet. Nobody else sees it; saving removes it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts", db_index=False
    )
    key = models.CharField(max_length=300, help_text=_("Address of the form without its language."))
    title = models.CharField(max_length=300, blank=True)
    values = models.JSONField()
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="core_draft_one_a_form")]


class Submission(models.Model):
    """A form that was sent and did what it asked: sent again it does nothing, and shows what came of it."""

    token = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    url = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="core_submission_age")]


class SavedView(models.Model):
    """Filters and order of a list page under a name; shared ones are offered to the whole programme."""

    programme = models.ForeignKey(
        "programme.Programme", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views", db_index=False
    )
    page = models.CharField(max_length=100, help_text=_("URL name of the list."))
    name = models.CharField(_("name"), max_length=100)
    query = models.CharField(max_length=2000, blank=True)
    is_shared = models.BooleanField(_("offered to the whole programme"), default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "page", "user", "name"],
                name="core_savedview_name",
                violation_error_message=_("You already have a view of this name here."),
            )
        ]


class Feedback(models.Model):
    """What somebody, signed in or not, wrote about the portal's accessibility."""

    text = models.TextField(_("what should be better"))
    page = models.CharField(_("on which page"), max_length=500, blank=True)
    reply_to = models.EmailField(_("e-mail address for an answer"), blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    handled_at = models.DateTimeField(null=True, blank=True)


class ScheduledRun(models.Model):
    """One due time of one periodic job: whoever inserts it first runs it, a second beat does not."""

    schedule = models.CharField(max_length=100)
    due_at = models.DateTimeField()
    started_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "due_at"], name="core_scheduledrun_once"),
        ]


class Outbox(models.Model):
    """A message to the outside (mail), written in the transaction of its cause and sent afterwards."""

    channel = models.CharField(max_length=20)
    message_id = models.CharField(max_length=200, unique=True)
    payload = models.JSONField()
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "outbox"
        indexes = [
            models.Index(fields=["not_before"], name="core_outbox_unsent", condition=Q(sent_at__isnull=True))
        ]


def attachment_path(attachment: Any, name: str) -> str:
    """A random name in storage: what the person called the file is told by the row only."""
    return f"attachments/{uuid4().hex}"


@tracked()
class Attachment(Row):
    """A file kept beside a row (decision 21): who may see the row may see the file, always as a download."""

    view_action = "measure.view"
    edit_action = "attachment.add"

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+", db_index=False)
    object_id = models.BigIntegerField()
    about = GenericForeignKey("content_type", "object_id")
    file = models.FileField(upload_to=attachment_path, max_length=300)
    name = models.CharField(_("file"), max_length=255)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    note = models.CharField(_("what it shows"), max_length=300, blank=True)

    class Meta(Row.Meta):
        ordering = ["id"]
        indexes = [
            models.Index(fields=["programme", "content_type", "object_id"], name="core_attachment_about")
        ]


class AboutRow(Row):
    """A row about any row of the programme that its app allows it for (decision 21)."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+", db_index=False)
    object_id = models.BigIntegerField()
    about = GenericForeignKey("content_type", "object_id")

    class Meta(Row.Meta):
        abstract = True


@tracked()
class Comment(AboutRow):
    """What somebody wrote about a row. A comment may answer another, and may ask for an answer itself.

    A removed comment keeps its place and its history; its words are not shown.
    """

    view_action = "talk.view"
    edit_action = "comment.add"

    text = models.TextField(_("comment"))
    answers = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies"
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="comments"
    )
    written_at = models.DateTimeField(db_default=Now())
    needs_answer = models.BooleanField(_("needs an answer"), default=False)
    answered_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    is_illustrative = models.BooleanField(_("illustrative example"), default=False)

    class Meta(AboutRow.Meta):
        ordering = ["id"]
        indexes = [
            models.Index(fields=["programme", "content_type", "object_id", "id"], name="core_comment_about"),
            models.Index(
                fields=["programme", "id"],
                name="core_comment_unanswered",
                condition=Q(needs_answer=True, answered_at__isnull=True, removed_at__isnull=True),
            ),
        ]

    def scope_ids(self, kind: str) -> set[int | None]:
        if kind == "own":
            return {self.written_by_id}
        return self.about.scope_ids(kind) if self.about is not None else set()


@tracked()
class Mention(Row):
    """Somebody named in a comment."""

    view_action = "talk.view"
    edit_action = "comment.add"

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions")

    class Meta(Row.Meta):
        constraints = [
            models.UniqueConstraint(fields=["programme", "comment", "user"], name="core_mention_once"),
        ]


class Follow(models.Model):
    """Whether a person wants to hear of a row (`is_muted` false) or wants not to (true), whatever their task is."""

    programme = models.ForeignKey(
        "programme.Programme", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows")
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+", db_index=False)
    object_id = models.BigIntegerField()
    is_muted = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "content_type", "object_id", "user"], name="core_follow_once"
            )
        ]
