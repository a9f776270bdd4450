"""How a project is held on its course: changes of its scope, time and money, lights, and monthly updates."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.history import tracked
from programme.models.decisions import Decision
from programme.models.planning import PartOfProject, ProjectFinance, ReportQuestion
from programme.models.projects import Milestone, Project


class Light(models.TextChoices):
    """A light is read by its word and shape; "no data" is a status of its own, never green."""

    GREEN = "green", pgettext_lazy("light", "on course")
    YELLOW = "yellow", pgettext_lazy("light", "needs attention")
    RED = "red", pgettext_lazy("light", "off course")
    NO_DATA = "no_data", pgettext_lazy("light", "no data")


class Dimension(models.TextChoices):
    """What a project's lights are about."""

    SCHEDULE = "schedule", _("schedule")
    SAVINGS = "savings", _("savings")
    MONEY = "money", _("project money")
    RESOURCES = "resources", _("resources")
    KPIS = "kpis", _("indicators")
    RISKS = "risks", _("risks")


@tracked()
class Dependency(PartOfProject):
    """A milestone or a project (who waits) that cannot be done before another (what is waited for).

    `project` waits as a whole, or its `milestone`; it waits for `on_project`, or for its `on_milestone`.
    Links never make a circle (programme.projects.links refuses).
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="waits_for")
    milestone = models.ForeignKey(
        Milestone, verbose_name=_("milestone that waits"), null=True, blank=True, on_delete=models.CASCADE,
        related_name="waits_for",
    )  # fmt: skip
    on_project = models.ForeignKey(
        Project,
        verbose_name=_("project that is waited for"),
        on_delete=models.CASCADE,
        related_name="waited_by",
    )
    on_milestone = models.ForeignKey(
        Milestone, verbose_name=_("milestone that is waited for"), null=True, blank=True, on_delete=models.CASCADE,
        related_name="waited_by",
    )  # fmt: skip
    gap_days = models.PositiveSmallIntegerField(
        _("days between"), default=0, help_text=_("Days that must lie between the two.")
    )
    note = models.CharField(_("what is waited for"), max_length=300, blank=True)
    is_illustrative = models.BooleanField(_("illustrative example"), default=False)

    class Meta(PartOfProject.Meta):
        verbose_name_plural = "dependencies"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "project", "milestone", "on_project", "on_milestone"],
                nulls_distinct=False,
                name="programme_dependency_once",
                violation_error_message=_("This link is there already."),
            ),
            models.CheckConstraint(
                name="programme_dependency_not_itself",
                condition=~Q(project=F("on_project"))
                | Q(milestone__isnull=False, on_milestone__isnull=False) & ~Q(milestone=F("on_milestone")),
                violation_error_message=_("Nothing waits for itself."),
            ),
        ]


@tracked()
class ChangeRequest(PartOfProject):
    """A change asked for in a project's scope, time or money. Accepted, it moves the baseline; `items` say how."""

    class State(models.TextChoices):
        ASKED = "asked", _("waits for a decision")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("taken back")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="change_requests")
    number = models.PositiveSmallIntegerField(_("number"))
    changes_scope = models.BooleanField(_("scope"), default=False)
    changes_time = models.BooleanField(_("time"), default=False)
    changes_money = models.BooleanField(_("money"), default=False)
    subject = models.CharField(_("what changes"), max_length=300)
    reason = models.TextField(_("why"))
    effect = models.TextField(_("what it means for goals, savings and other projects"), blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    asked_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    decided_on = models.DateField(_("day of the decision"), null=True, blank=True)
    answer = models.TextField(_("reason of the decision"), blank=True)
    decision = models.ForeignKey(
        Decision, verbose_name=_("decision of a body"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="change_requests",
    )  # fmt: skip
    is_illustrative = models.BooleanField(_("illustrative example"), default=False)

    class Meta(PartOfProject.Meta):
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "project", "number"], name="programme_changerequest_number"
            ),
            models.CheckConstraint(
                name="programme_changerequest_about",
                condition=Q(changes_scope=True) | Q(changes_time=True) | Q(changes_money=True),
                violation_error_message=_("Say whether the change concerns scope, time or money."),
            ),
            models.CheckConstraint(
                name="programme_changerequest_decided",
                condition=Q(state__in=["asked", "withdrawn"], decided_on__isnull=True)
                | Q(state="accepted", decided_on__isnull=False, decided_by__isnull=False)
                | Q(state="refused", decided_on__isnull=False, decided_by__isnull=False) & ~Q(answer=""),
                violation_error_message=_(
                    "A decision has its day and who made it; a refusal also its reason."
                ),
            ),
            models.CheckConstraint(
                name="programme_changerequest_never_own",
                condition=Q(decided_by__isnull=True)
                | Q(asked_by__isnull=True)
                | ~Q(decided_by=F("asked_by")),
                violation_error_message=_("Nobody decides on their own request."),
            ),
        ]
        indexes = [models.Index(fields=["programme", "state"], name="programme_changerequest_state")]

    def __str__(self) -> str:
        return self.subject


@tracked()
class ChangeItem(PartOfProject):
    """One thing that a change request moves: a milestone's baseline, the project's end, or a year's budget."""

    request = models.ForeignKey(ChangeRequest, on_delete=models.CASCADE, related_name="items")
    milestone = models.ForeignKey(
        Milestone, null=True, blank=True, on_delete=models.CASCADE, related_name="baseline_changes"
    )
    finance = models.ForeignKey(
        ProjectFinance, null=True, blank=True, on_delete=models.CASCADE, related_name="budget_changes"
    )
    old_on = models.DateField(_("old day"), null=True, blank=True)
    new_on = models.DateField(_("new day"), null=True, blank=True)
    old_eur_cents = models.BigIntegerField(_("old amount"), null=True, blank=True)
    new_eur_cents = models.BigIntegerField(_("new amount"), null=True, blank=True)

    class Meta(PartOfProject.Meta):
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "request", "milestone", "finance"],
                nulls_distinct=False,
                name="programme_changeitem_once",
                violation_error_message=_("The request changes this already."),
            ),
            models.CheckConstraint(
                name="programme_changeitem_one",
                condition=Q(finance__isnull=True, new_on__isnull=False, new_eur_cents__isnull=True)
                | Q(
                    milestone__isnull=True,
                    finance__isnull=False,
                    new_eur_cents__isnull=False,
                    new_on__isnull=True,
                ),
                violation_error_message=_("Give the new day or the new amount."),
            ),
        ]

    @property
    def project(self) -> Project:
        return self.request.project


@tracked()
class LightOverride(PartOfProject):
    """A light that somebody states against the computed one, with the reason and the last day it holds."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="light_overrides")
    dimension = models.CharField(_("light"), max_length=10, choices=Dimension.choices)
    light = models.CharField(_("stated as"), max_length=7, choices=Light.choices)
    reason = models.TextField(_("reason"))
    given_on = models.DateField(_("from"))
    holds_until = models.DateField(_("holds until"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )

    class Meta(PartOfProject.Meta):
        ordering = ["-given_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="programme_lightoverride_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Say why the light is stated otherwise."),
            ),
            models.CheckConstraint(
                name="programme_lightoverride_days",
                condition=Q(given_on__lte=F("holds_until")),
                violation_error_message=_("The last day must not come before the first."),
            ),
        ]
        indexes = [models.Index(fields=["project", "dimension", "-id"], name="programme_lightoverride_now")]


@tracked()
class StatusUpdate(PartOfProject):
    """A project's own monthly word: what happened, what comes next, and the lights as they stood.

    `lights` is {dimension: {"computed": light, "code": str, "params": {}, "stated": light | None,
    "reason": str, "until": "yyyy-mm-dd" | None}}: what was computed and what was stated, both kept.
    """

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="status_updates", db_index=False
    )
    month = models.DateField(_("month"))
    text = models.TextField(_("what happened"), blank=True)
    next_steps = models.TextField(_("what comes next"), blank=True)
    lights = models.JSONField(default=dict, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    given_at = models.DateTimeField(db_default=Now())
    is_illustrative = models.BooleanField(_("illustrative example"), default=False)

    class Meta(PartOfProject.Meta):
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "project", "month"],
                name="programme_statusupdate_once",
                violation_error_message=_("The project already has an update for this month."),
            ),
            models.CheckConstraint(
                name="programme_statusupdate_month",
                condition=Q(month__day=1),
                violation_error_message=_("Give the month as its first day."),
            ),
        ]
        indexes = [models.Index(fields=["project", "-month"], name="programme_statusupdate_latest")]


@tracked()
class StatusAnswer(PartOfProject):
    """What a monthly update answers to a question of the common report form."""

    update = models.ForeignKey(StatusUpdate, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(ReportQuestion, on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.TextField(_("answer"))

    class Meta(PartOfProject.Meta):
        ordering = ["question__position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "update", "question"],
                name="programme_statusanswer_once",
                violation_error_message=_("This question is answered already."),
            ),
        ]

    @property
    def project(self) -> Project:
        return self.update.project
