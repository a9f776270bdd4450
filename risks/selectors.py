"""Reads for the pages of impacts and promises; those of risks are in risks/register."""

from __future__ import annotations

from django.db.models import QuerySet

from programme.models import Programme
from risks.models import ImpactArea, Promise


def impact_areas(programme: Programme) -> QuerySet[ImpactArea]:
    return ImpactArea.objects.filter(programme=programme).prefetch_related("statements")


def promises_by_audience(programme: Programme) -> list[tuple[str, list[Promise]]]:
    """Promises to clients, then to staff; audiences without any are left out."""
    rows = list(Promise.objects.filter(programme=programme))
    groups = [
        (str(audience.label), [row for row in rows if row.audience == audience])
        for audience in Promise.Audience
    ]
    return [group for group in groups if group[1]]
