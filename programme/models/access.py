"""Who may do what, where."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row
from programme.models.projects import Project
from programme.models.structure import Sector, Segment, Theme


class Role(models.TextChoices):
    """The fifteen roles (design section 2)."""

    ADMIN = "admin", _("administrator")
    PMO = "pmo", _("programme office (PMO)")
    OWNER = "owner", _("programme owner")
    DIRECTOR = "director", _("operational director")
    CONTROLLER = "controller", _("controller")
    THEME = "theme", _("theme owner")
    SECTOR = "sector", _("sector lead")
    SEGMENT = "segment", _("segment manager")
    PROJECT = "project", _("project manager")
    MEASURE = "measure", _("measure owner")
    STEERING = "steering", _("member of the steering group")
    BOARD = "board", _("member of the county board")
    COUNCIL = "council", _("member of the county council")
    AUDITOR = "auditor", _("auditor")
    STAFF = "staff", _("staff")


@tracked()
class RoleGrant(Row):
    """One role of one person in one programme, narrowed to at most one theme, sector, segment or project."""

    reads_past = False

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=12, choices=Role.choices)
    theme = models.ForeignKey(Theme, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    sector = models.ForeignKey(Sector, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    segment = models.ForeignKey(Segment, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    class Meta(Row.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "user", "role", "theme", "sector", "segment", "project"],
                nulls_distinct=False,
                name="programme_rolegrant_once",
                violation_error_message=_("This person already has this role here."),
            ),
            models.CheckConstraint(
                name="programme_rolegrant_one_scope",
                condition=Q(sector=None, segment=None, project=None)
                | Q(theme=None, segment=None, project=None)
                | Q(theme=None, sector=None, project=None)
                | Q(theme=None, sector=None, segment=None),
                violation_error_message=_(
                    "Narrow a role to one theme, sector, segment or project, not to several."
                ),
            ),
        ]

    def clean(self) -> None:
        """The scope lies in the grant's own programme."""
        super().clean()
        for field in ("theme", "sector", "segment", "project"):
            scope = getattr(self, field)
            if scope is not None and scope.programme_id != self.programme_id:
                raise ValidationError({field: _("Choose one of the same programme.")})
