"""Parameters of development seasons that people set on the settings pages."""

from django.utils.translation import gettext_lazy as _

from core.parameters import parameters_of, whole
from programme.models import Programme

STALE_DAYS = whole(
    "okr.stale_days",
    21,
    _("Days after which a key result without a check-in is marked and its owner is reminded."),
    label=_("Key results: time between check-ins"),
    section="thresholds",
    unit=_("days"),
    lowest=1,
    highest=120,
)


def stale_days(programme: Programme) -> int:
    """Days without a check-in after which a key result is stale."""
    return parameters_of(programme)[STALE_DAYS]
