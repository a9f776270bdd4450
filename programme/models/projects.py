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
    about = models.TextField(_("what it is"), blank=True)
    contact_name = models.CharField(_("contact person"), max_length=150, blank=True)
    contact_email = models.EmailField(_("e-mail address of the contact"), blank=True)
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who keeps contact"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+", db_index=False,
    )  # fmt: skip
    reconciled_on = models.DateField(_("last reconciled with the programme"), null=True, blank=True)
    reconciled_note = models.TextField(_("what was agreed"), blank=True)

    class Meta(Row.Meta):
        ordering = ["position"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(fields=["programme", "key"], name="programme_linkedinitiative_key"),
        ]


@tracked()
class Project(Row, Named, Sourced):
    """What measures are made into; belongs to a theme."""

    view_action = "project.view"
    edit_action = "project.edit"

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        RUNNING = "running", _("under way")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped")

    slug = models.SlugField(_("short name"), max_length=80)
    theme = models.ForeignKey(
        Theme, null=True, blank=True, on_delete=models.PROTECT, related_name="projects",
        verbose_name=_("theme"),
    )  # fmt: skip
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("project manager"),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PLANNED)
    phase_number = models.PositiveSmallIntegerField(_("phase"), default=1)
    starts_on = models.DateField(_("begins"), null=True, blank=True)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    baseline_ends_on = models.DateField(_("first planned to end"), null=True, blank=True)
    plan_ready_on = models.DateField(_("plan ready since"), null=True, blank=True)
    plan_ready_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    is_illustrative = models.BooleanField(_("illustrative example"), default=False)

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

    @property
    def is_baselined(self) -> bool:
        """Whether its plan was ever ready: from then on days first planned and budgets move by change requests."""
        return self.plan_ready_on is not None or self.baseline_ends_on is not None


@tracked()
class Milestone(Row, Named, Sourced):
    """A day by which something in a project is to be done: as first planned, as now expected, as it came."""

    view_action = "project.view"
    edit_action = "project.edit"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    key = models.SlugField(max_length=80)
    baseline_on = models.DateField(_("first planned for"), null=True, blank=True)
    forecast_on = models.DateField(_("now expected on"), null=True, blank=True)
    actual_on = models.DateField(_("done on"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+", db_index=False,
    )  # fmt: skip
    is_on_roadmap = models.BooleanField(_("shown on the roadmap"), default=False)
    is_illustrative = models.BooleanField(_("illustrative example"), default=False)

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

    def scope_ids(self, kind: str) -> set[int | None]:
        return self.project.scope_ids(kind)


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

    def loose_referrers(self) -> dict[str, int]:
        """Projects stand in a phase by its number; while one does, the phase is in use."""
        return {"programme.project": Project.objects.filter(
            programme=self.programme_id, phase_number=self.number
        ).count()}  # fmt: skip


@tracked()
class PhaseQuestion(Item):
    """A question that a phase answers."""

    phase = models.ForeignKey(ProjectPhase, on_delete=models.CASCADE, related_name="questions")
    is_closed = models.BooleanField(_("no longer asked"), default=False)

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
    guidance_fi = models.TextField(_("guidance in Finnish"), blank=True)
    guidance_sv = models.TextField(_("guidance in Swedish"), blank=True)
    guidance_en = models.TextField(_("guidance in English"), blank=True)
    is_closed = models.BooleanField(_("no longer asked"), default=False)

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
class ProjectPlanPart(Row):
    """What one project's plan says in one of the parts that every plan must have.

    Each project has one row for each part once somebody has written there; the six parts are rows of
    `PlanPart`. A part is missing until it has a text, then written, then accepted. A text that changes
    after it was accepted is only written again.
    """

    view_action = "project.view"
    edit_action = "project.edit"

    class State(models.TextChoices):
        MISSING = "missing", _("missing")
        WRITTEN = "written", _("written")
        ACCEPTED = "accepted", _("accepted")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="plan_parts")
    part = models.ForeignKey(PlanPart, on_delete=models.PROTECT, related_name="+", db_index=False)
    text_fi = models.TextField(_("text in Finnish"), blank=True)
    text_sv = models.TextField(_("text in Swedish"), blank=True)
    text_en = models.TextField(_("text in English"), blank=True)
    written_on = models.DateField(_("written on"), null=True, blank=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Row.Meta):
        ordering = ["part__position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "project", "part"],
                name="programme_projectplanpart_once",
                violation_error_message=_("The project's plan already has this part."),
            ),
            models.CheckConstraint(
                name="programme_projectplanpart_accepted",
                condition=Q(accepted_on=None, accepted_by=None)
                | (
                    Q(accepted_on__isnull=False, accepted_by__isnull=False)
                    & ~Q(text_fi="", text_sv="", text_en="")
                ),
                violation_error_message=_("Only a part that has been written can be accepted."),
            ),
        ]

    def __str__(self) -> str:
        return self.part.name

    @property
    def text(self) -> str:
        return translated(self, "text").text

    @property
    def is_there(self) -> bool:
        """The part has a text in at least one language."""
        return bool(self.text_fi.strip() or self.text_sv.strip() or self.text_en.strip())

    @property
    def state(self) -> State:
        if not self.is_there:
            return self.State.MISSING
        return self.State.WRITTEN if self.accepted_on is None else self.State.ACCEPTED

    def scope_ids(self, kind: str) -> set[int | None]:
        return self.project.scope_ids(kind)


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
    is_closed = models.BooleanField(_("no longer asked"), default=False)

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
