"""Who leads, who reports what to whom, and the documents the programme carries out."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row, Sourced
from core.text import Named, translated
from programme.models.base import Item


@tracked()
class Body(Row, Named, Sourced):
    """A body or role that leads the programme; the management group may also be its steering group."""

    view_action = "governance.view"
    edit_action = "governance.edit"

    class Kind(models.TextChoices):
        COUNTY_COUNCIL = "county_council", _("county council")
        COUNTY_BOARD = "county_board", _("county board")
        MANAGEMENT_GROUP = "management_group", _("management group")
        THEME_PROGRAMME = "theme_programme", _("theme programme")
        OFFICE = "office", _("programme office (PMO)")
        BIG_ROOM = "big_room", _("big room")
        PERSON = "person", _("a person's task")
        OTHER = "other", _("other body or role")

    key = models.SlugField(max_length=60)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.OTHER)
    position = models.PositiveSmallIntegerField(default=0)
    is_steering_group = models.BooleanField(default=False)
    count = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("How many of them there are, when the source says.")
    )
    level_fi = models.CharField(max_length=300, blank=True)
    level_sv = models.CharField(max_length=300, blank=True)
    level_en = models.CharField(max_length=300, blank=True)
    acts_as_fi = models.CharField(max_length=300, blank=True)
    acts_as_sv = models.CharField(max_length=300, blank=True)
    acts_as_en = models.CharField(max_length=300, blank=True)
    responsibility_fi = models.TextField(blank=True)
    responsibility_sv = models.TextField(blank=True)
    responsibility_en = models.TextField(blank=True)

    class Meta(Row.Meta):
        verbose_name_plural = "bodies"
        ordering = ["position"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="programme_body_key",
                violation_error_message=_("The programme already has a body with this key."),
            ),
        ]

    @property
    def level(self) -> str:
        return translated(self, "level").text

    @property
    def acts_as(self) -> str:
        return translated(self, "acts_as").text

    @property
    def responsibility(self) -> str:
        return translated(self, "responsibility").text


@tracked()
class ReportingDuty(Row, Sourced):
    """Who reports, follows or decides what, to whom and how often. The source's words stay beside the links."""

    view_action = "governance.view"
    edit_action = "governance.edit"

    class Kind(models.TextChoices):
        REPORT = "report", _("report")
        ESCALATION = "escalation", _("escalation")
        COMMUNICATION = "communication", _("communication")
        REVIEW = "review", _("review")
        CYCLE = "cycle", _("part of the yearly cycle")
        FOLLOW_UP = "follow_up", _("follow-up")

    class Frequency(models.TextChoices):
        WEEKLY = "weekly", _("weekly")
        MONTHLY = "monthly", _("monthly")
        FOUR_MONTHLY = "four_monthly", _("every four months")
        INTERIM = "interim", _("with each interim report")
        YEARLY = "yearly", _("yearly")
        CONTINUOUS = "continuous", _("all the time")
        OTHER = "other", _("as the source says")

    key = models.SlugField(max_length=60)
    kind = models.CharField(max_length=15, choices=Kind.choices, default=Kind.REPORT)
    position = models.PositiveSmallIntegerField(default=0)
    from_body = models.ForeignKey(
        Body, null=True, blank=True, on_delete=models.PROTECT, related_name="duties_to_give"
    )
    from_text = models.CharField(max_length=300, blank=True)
    to_bodies = models.ManyToManyField(Body, through="programme.DutyRecipient", related_name="duties_to_get")
    to_text = models.CharField(max_length=300, blank=True)
    what_fi = models.CharField(max_length=300, blank=True)
    what_sv = models.CharField(max_length=300, blank=True)
    what_en = models.CharField(max_length=300, blank=True)
    when_fi = models.CharField(max_length=300, blank=True)
    when_sv = models.CharField(max_length=300, blank=True)
    when_en = models.CharField(max_length=300, blank=True)
    frequency = models.CharField(max_length=12, choices=Frequency.choices, default=Frequency.OTHER)
    frequency_text = models.CharField(max_length=300, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who sees to it"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+", db_index=False,
    )  # fmt: skip
    due_day = models.PositiveSmallIntegerField(
        _("day"), null=True, blank=True,
        help_text=_("Day of the month; for a weekly duty 1 is Monday. Empty: the duty has no calendar."),
    )  # fmt: skip
    due_months = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("months"), default=list, blank=True,
        help_text=_("In which months; empty means every one of its kind."),
    )  # fmt: skip
    followed_from = models.DateField(_("followed from"), null=True, blank=True)
    followed_until = models.DateField(_("followed until"), null=True, blank=True)
    kept_by_code = models.CharField(max_length=40, blank=True)

    class Meta(Row.Meta):
        verbose_name_plural = "reporting duties"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="programme_reportingduty_key",
                violation_error_message=_("The programme already has a reporting duty with this key."),
            ),
            models.CheckConstraint(
                name="programme_reportingduty_what",
                condition=~Q(what_fi="", what_sv="", what_en=""),
                violation_error_message=_("Say what is reported."),
            ),
        ]

    @property
    def what(self) -> str:
        return translated(self, "what").text

    @property
    def when(self) -> str:
        return translated(self, "when").text


@tracked()
class DutyRecipient(Row):
    """A body that gets a report."""

    view_action = "governance.view"
    edit_action = "governance.edit"

    duty = models.ForeignKey(ReportingDuty, on_delete=models.CASCADE, related_name="recipients")
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="+")

    class Meta(Row.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "duty", "body"],
                name="programme_dutyrecipient_once",
                violation_error_message=_("This body already gets this report."),
            ),
        ]


@tracked()
class Perspective(Row, Named, Sourced):
    """A side of leading a large change, given to somebody when the programme starts."""

    view_action = "governance.view"
    edit_action = "governance.edit"

    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    aim_fi = models.CharField(max_length=500, blank=True)
    aim_sv = models.CharField(max_length=500, blank=True)
    aim_en = models.CharField(max_length=500, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Row.Meta):
        ordering = ["position"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="programme_perspective_key",
                violation_error_message=_("The programme already has a perspective with this key."),
            ),
        ]

    @property
    def aim(self) -> str:
        return translated(self, "aim").text


@tracked()
class PerspectiveTask(Item):
    """One task of a perspective."""

    view_action = "governance.view"
    edit_action = "governance.edit"

    perspective = models.ForeignKey(Perspective, on_delete=models.CASCADE, related_name="tasks")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Item.Meta):
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(fields=["programme", "key"], name="programme_perspectivetask_key"),
        ]


@tracked()
class StrategyDocument(Row, Named, Sourced):
    """A decided document that the programme carries out, with the decision when it is known."""

    view_action = "governance.view"
    edit_action = "governance.edit"

    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    approved_by = models.ForeignKey(
        Body, null=True, blank=True, on_delete=models.PROTECT, related_name="documents"
    )
    approved_on = models.DateField(null=True, blank=True)
    paragraph = models.PositiveSmallIntegerField(_("section (§)"), null=True, blank=True)
    main_lines = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("How many main lines the document sets.")
    )

    class Meta(Row.Meta):
        ordering = ["position"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="programme_strategydocument_key",
                violation_error_message=_("The programme already has a document with this key."),
            ),
        ]
