"""Seasons, units and objectives that the demo programme has none of and pages speak of."""

from __future__ import annotations

from datetime import date

from programme.models import Programme
from strategy.demo.okr import write_okr
from strategy.models import SeasonCycle

#: A day in the middle of a year, so that a season before it is closed.
DAY = date(2026, 11, 22)


def bring_seasons(programme: Programme) -> None:
    """Three seasons of a year with the objectives of six units; safe to repeat."""
    SeasonCycle.objects.get_or_create(
        programme=programme,
        defaults={"length_months": 4, "seasons_per_year": 3, "name_fi": "Kehittämissesonki"},
    )
    write_okr(programme, today=DAY)
