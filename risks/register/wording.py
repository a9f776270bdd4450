"""Words of places, movements and moments."""

from __future__ import annotations

from django.utils.translation import gettext as _

from risks.register.calculations import Movement


def moved_words(found: Movement | None) -> str:
    """Where a risk came from since the month began; empty while nobody has assessed it."""
    if found is None:
        return ""
    if found.before is None:
        return _("assessed for the first time")
    told = {"before": found.before.text, "level": found.before.level}
    if found.kind == "up":
        return _("higher, from %(before)s (%(level)s)") % told
    if found.kind == "down":
        return _("lower, from %(before)s (%(level)s)") % told
    if found.kind == "aside":
        return _("same level, from %(before)s") % told
    return _("did not move")


def change_words(change: int | None) -> str:
    """A count against the last assessment: "+2 since the last assessment"."""
    if change is None:
        return ""
    if not change:
        return _("as at the last assessment")
    return _("%(change)s since the last assessment") % {"change": f"{change:+d}".replace("-", "−")}
