"""Projects of the programme and the undertakings that run beside it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row, Sourced
from core.text import Named, translated
from programme.models.base import Item
from programme.models.structure import Theme


@tracked()
class LinkedInitiative(Row, Named, Sourced):
    """An undertaking with funding of its own beside the programme (hanke), never a programme project."""

    key = models.SlugField(max_length=60)
    names_in_source = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(Row.Meta):
        ordering = ["position"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(fields=["programme", "key"], name="programme_linkedinitiative_key"),
        ]


@tracked()
class Project(Row, Named, Sourced):
    """What measures are made into; belongs to a theme."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        RUNNING = "running", _("under way")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped")

    slug = models.SlugField(max_length=80)
    theme = models.ForeignKey(Theme, null=True, blank=True, on_delete=models.PROTECT, related_name="projects")
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    phase_number = models.PositiveSmallIntegerField(default=1)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    is_illustrative = models.BooleanField(default=False)

    class Meta(Row.Meta):
        ordering = ["slug"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "slug"],
                name="programme_project_slug",
                violation_error_message=_("The programme already has a project with this short name."),
            ),
            models.CheckConstraint(
                name="programme_project_dates",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(starts_on__lte=F("ends_on")),
                violation_error_message=_("The project must not end before it starts."),
            ),
        ]


@tracked()
class Milestone(Row, Named, Sourced):
    """A day by which something in a project is to be done: as first planned, as now expected, as it came."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    key = models.SlugField(max_length=80)
    baseline_on = models.DateField(null=True, blank=True)
    forecast_on = models.DateField(null=True, blank=True)
    actual_on = models.DateField(null=True, blank=True)
    is_illustrative = models.BooleanField(default=False)

    class Meta(Row.Meta):
        ordering = ["baseline_on", "id"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "project", "key"],
                name="programme_milestone_key",
                violation_error_message=_("The project already has a milestone with this key."),
            ),
            models.CheckConstraint(
                name="programme_milestone_dated",
                condition=Q(baseline_on__isnull=False)
                | Q(forecast_on__isnull=False)
                | Q(actual_on__isnull=False),
                violation_error_message=_("Give the milestone at least one day."),
            ),
        ]

    @property
    def is_done(self) -> bool:
        return self.actual_on is not None


@tracked()
class ProjectPhase(Row, Named, Sourced):
    """A phase that every project goes through, with the questions it answers."""

    number = models.PositiveSmallIntegerField()
    content_fi = models.TextField(blank=True)
    content_sv = models.TextField(blank=True)
    content_en = models.TextField(blank=True)

    class Meta(Row.Meta):
        ordering = ["number"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "number"],
                name="programme_projectphase_number",
                violation_error_message=_("There is already a phase with this number."),
            ),
        ]

    @property
    def content(self) -> str:
        return translated(self, "content").text


@tracked()
class PhaseQuestion(Item):
    """A question that a phase answers."""

    phase = models.ForeignKey(ProjectPhase, on_delete=models.CASCADE, related_name="questions")

    class Meta(Item.Meta):
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(fields=["programme", "key"], name="programme_phasequestion_key"),
        ]


@tracked()
class PlanPart(Row, Named, Sourced):
    """A part that every project plan must have."""

    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(Row.Meta):
        ordering = ["position"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="programme_planpart_key",
                violation_error_message=_("The plan already has a part with this key."),
            ),
        ]


@tracked()
class ChangeElement(Row, Named, Sourced):
    """An element of leading people through the change: what is hard in it and how it is met."""

    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    challenge_fi = models.TextField(blank=True)
    challenge_sv = models.TextField(blank=True)
    challenge_en = models.TextField(blank=True)
    approach_fi = models.TextField(blank=True)
    approach_sv = models.TextField(blank=True)
    approach_en = models.TextField(blank=True)
    match_confidence = models.CharField(max_length=300, blank=True)

    class Meta(Row.Meta):
        ordering = ["position"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="programme_changeelement_key",
                violation_error_message=_("There is already an element with this key."),
            ),
        ]

    @property
    def challenge(self) -> str:
        return translated(self, "challenge").text

    @property
    def approach(self) -> str:
        return translated(self, "approach").text
