"""Parameters of a programme that people set on its settings pages."""

from django.utils.translation import gettext_lazy as _

from core.parameters import parameters_of, whole
from programme.models import Programme

CUT_OFF_DAY = whole(
    "meetings.cut_off_day",
    10,
    _("Day of the month by which owners give the figures of the month before."),
    label=_("Last day for monthly updates"),
    section="meetings",
    lowest=1,
    highest=28,
)
BIG_ROOM_DAY = whole(
    "meetings.big_room_day",
    15,
    _("Day of the month around which the big room meets, for which the status view is prepared."),
    label=_("Day of the big room"),
    section="meetings",
    lowest=1,
    highest=28,
)
RECONCILE_MONTHS = whole(
    "projects.reconcile_months",
    6,
    _("After how many months an undertaking beside the programme is to be reconciled with it again."),
    label=_("Months between reconciling linked projects"),
    section="projects",
    lowest=1,
    highest=36,
)

MEETING_DAYS = (CUT_OFF_DAY, BIG_ROOM_DAY)


def meeting_days(programme: Programme) -> dict[str, int]:
    """Days of the month by which the programme runs, as they hold on its day."""
    held = parameters_of(programme)
    return {
        "status_view": programme.status_view_day,
        "cut_off": held[CUT_OFF_DAY],
        "big_room": held[BIG_ROOM_DAY],
    }
