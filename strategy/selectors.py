"""Reads for the pages of vision and seasons; those of objectives are in strategy/objectives/."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from kpis.models import Indicator
from programme.models import Programme
from strategy.models import VisionIndicator, VisionTheme


def vision_tree(programme: Programme) -> QuerySet[VisionTheme]:
    """Vision themes with their sub-themes."""
    return VisionTheme.objects.filter(programme=programme, parent__isnull=True).prefetch_related("sub_themes")


def under_vision_themes(indicators: Sequence[Indicator]) -> list[tuple[VisionTheme | None, list[Indicator]]]:
    """Indicators by the vision theme they follow, in the order of the themes; without a theme last. One query."""
    links = (
        VisionIndicator.objects.filter(indicator__in=[row.pk for row in indicators])
        .select_related("theme")
        .order_by("theme__position", "position")
    )
    by_id = {row.pk: row for row in indicators}
    groups: dict[int, tuple[VisionTheme, list[Indicator]]] = {}
    seen = set()
    for link in links:
        groups.setdefault(link.theme_id, (link.theme, []))[1].append(by_id[link.indicator_id])
        seen.add(link.indicator_id)
    rest = [row for row in indicators if row.pk not in seen]
    found: list[tuple[VisionTheme | None, list[Indicator]]] = list(groups.values())
    return [*found, (None, rest)] if rest else found
