"""Every night: looks for deviations in all programmes and reminds of updates that are late."""

from __future__ import annotations

from programme.deviations.finding import find
from programme.models import Programme
from programme.updates.reminding import remind


def look_everywhere() -> dict[str, int]:
    """How many deviations were opened and notices made, over all programmes. Run twice alike."""
    opened = told = 0
    for programme in Programme.objects.order_by("pk"):
        opened += find(programme, programme.today()).opened
        told += remind(programme)
    return {"opened": opened, "told": told}
