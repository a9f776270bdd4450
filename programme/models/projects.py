"""Projects of the programme and the undertakings that run beside it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row, Sourced
from core.text import Named
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
                fields=["programme", "slug"], name="programme_project_slug",
                violation_error_message=_("The programme already has a project with this short name."),
            ),
            models.CheckConstraint(
                name="programme_project_dates",
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                violation_error_message=_("The project must not end before it starts."),
            ),
        ]
