"""What-if: changes that are tried out and never touch the real rows."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row


@tracked()
class Scenario(Row):
    """Tried changes under a name: `changes` = [{"measure": id, "act": "withdraw" | "delay" | "scale", ...}]."""

    view_action = "savings.view"
    edit_action = "scenario.save"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="scenarios"
    )
    name = models.CharField(_("name"), max_length=200)
    changes = models.JSONField(default=list)
    is_shared = models.BooleanField(_("shown to others in the programme"), default=False)

    class Meta(Row.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "owner", "name"],
                name="measures_scenario_name",
                violation_error_message=_("You already have a scenario with this name."),
            ),
        ]
