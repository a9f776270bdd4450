"""Parameters of a programme that people set on its settings pages."""

from django.utils.translation import gettext_lazy as _

from core.parameters import whole

CUT_OFF_DAY = whole(
    "meetings.cut_off_day",
    10,
    _(
        "Day of the month by which owners give the figures of the month before. It is told where updates are asked."
    ),
    label=_("Last day for monthly updates"),
    section="meetings",
    unit=_("day of the month"),
    lowest=1,
    highest=28,
)
BIG_ROOM_DAY = whole(
    "meetings.big_room_day",
    15,
    _("Day of the month around which the big room meets, for which the status view is prepared."),
    label=_("Day of the big room"),
    section="meetings",
    unit=_("day of the month"),
    lowest=1,
    highest=28,
)

MEETING_DAYS = (CUT_OFF_DAY, BIG_ROOM_DAY)
