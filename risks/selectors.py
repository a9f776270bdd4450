"""Reads for the pages of risks, impacts and promises."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from programme.models import Programme
from risks.models import ImpactArea, Mitigation, MitigationReference, Promise, Risk


@dataclass
class Served:
    """Mitigations of another risk that serve this one too, and by which line they came."""

    risk: Risk
    mitigations: list[Mitigation]


def readable_risks(programme: Programme) -> QuerySet[Risk]:
    """Risks with everything their pages show, in a constant number of queries."""
    references = MitigationReference.objects.select_related("risk").order_by("risk__number")
    mitigations = Mitigation.objects.prefetch_related(Prefetch("references", queryset=references))
    return (
        Risk.objects.filter(programme=programme)
        .select_related("owner")
        .prefetch_related(
            "examples", "level_factors", "assessments", Prefetch("mitigations", queryset=mitigations)
        )
    )


def served_by_others(risk: Risk) -> list[Served]:
    """Mitigations that this risk borrows from other risks, by risk. One query."""
    rows = Mitigation.objects.serving(risk).exclude(risk=risk).order_by("risk__number", "position")
    groups: dict[int, Served] = {}
    for row in rows:
        groups.setdefault(row.risk_id, Served(row.risk, [])).mitigations.append(row)
    return list(groups.values())


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
