"""Lights of a theme: how each is judged, by stated thresholds. Unknown is a state of its own, never good.

Plain functions; the thresholds are parameters, so that a programme may set its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.parameters import share

GOOD_FROM = share(
    "lights.good_from",
    "0.95",
    _("Share of the plan that the forecast must reach for the light of savings to be good."),
    label=_("Savings are good from"),
    section="thresholds",
    lowest=Decimal(0),
    highest=Decimal(2),
)
WATCH_FROM = share(
    "lights.watch_from",
    "0.80",
    _("Share of the plan below which the savings of a theme are at risk."),
    label=_("Savings are at risk below"),
    section="thresholds",
    lowest=Decimal(0),
    highest=Decimal(2),
)

WORDS: dict[str, Promise] = {"ok": _("good"), "warn": _("watch"), "bad": _("at risk"), "none": _("no data")}


@dataclass(frozen=True, slots=True)
class Attention:
    """What waits in a theme: counts on a day."""

    milestones: int = 0
    late: int = 0
    moved: int = 0
    obstacles: int = 0
    overdue: int = 0


def savings_share(plan: int | None, forecast: int | None) -> Decimal | None:
    """Forecast of a planned saving, 1 when all of it is expected; None for costs and unknowns (R16)."""
    if plan is None or forecast is None or plan >= 0:
        return None
    return Decimal(forecast) / Decimal(plan)


def savings_light(share_of_plan: Decimal | None, *, good_from: Decimal, watch_from: Decimal) -> str:
    """Tone of the savings: ok, warn, bad; none without a planned saving."""
    if share_of_plan is None:
        return "none"
    if share_of_plan >= good_from:
        return "ok"
    return "warn" if share_of_plan >= watch_from else "bad"


def schedule_light(found: Attention) -> str:
    """At risk when a milestone is late, to be watched when one has moved; none without milestones."""
    if not found.milestones:
        return "none"
    return "bad" if found.late else "warn" if found.moved else "ok"


def obstacle_light(found: Attention) -> str:
    """At risk when an obstacle is past its time, to be watched when one waits."""
    return "bad" if found.overdue else "warn" if found.obstacles else "ok"
