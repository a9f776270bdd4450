"""The page of a row, for the way back from its history."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse

from core.changes import Kind
from programme.models import Programme

#: Kind -> address name and the attribute of the row that fills it.
PLACES = {
    "measures.measure": ("measures:measure_detail", "code"),
    "programme.project": ("programme:project_detail", "slug"),
    "programme.theme": ("reporting:theme_detail", "key"),
    "programme.goal": ("programme:goal_detail", "pk"),
    "programme.sector": ("reporting:sector_detail", "key"),
    "programme.segment": ("reporting:segment_detail", "key"),
    "risks.risk": ("risks:risk_detail", "pk"),
    "kpis.indicator": ("kpis:indicator_detail", "pk"),
}


def place_of(programme: Programme, kind: Kind, row: Any) -> str:
    """Address of the row's own page; empty when it has none."""
    if kind.label not in PLACES:
        return ""
    name, attribute = PLACES[kind.label]
    try:
        return reverse(name, args=[programme.slug, getattr(row, attribute)])
    except NoReverseMatch:
        return ""
