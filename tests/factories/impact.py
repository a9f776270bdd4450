"""Rows of impact areas, groups, hearings: one of each noun for a side of a furnished county (places.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from programme.models import Programme
from risks.impact.watching import watch
from risks.models import AffectedGroup, ImpactArea, ImpactStatement, Promise, StaffHearing


def make_area(programme: Programme, key: str = "i1", **fields: Any) -> ImpactArea:
    return ImpactArea.objects.create(programme=programme, key=key, **({"name_fi": "Saatavuus"} | fields))


def make_group(programme: Programme, key: str = "no-digital", **fields: Any) -> AffectedGroup:
    own = {"name_fi": "Ei digiä", "kind": AffectedGroup.Kind.DIGITAL} | fields
    return AffectedGroup.objects.create(programme=programme, key=key, **own)


def _statement(side: Any) -> ImpactStatement:
    area = side.things["impact_area"]
    return ImpactStatement.objects.create(
        programme=side.programme, area=area, key=f"{area.key}/1", name_fi="Saatavuus paranee"
    )


#: Noun -> how one is made for a side.
IMPACT: dict[str, Callable[[Any], Any]] = {
    "impact_area": lambda side: make_area(side.programme, f"alue-{side.name}"),
    "impact_statement": _statement,
    "impact_watch": lambda side: watch(
        area=side.things["impact_area"], indicator=_indicator(side), note="", by=None
    ),
    "affected_group": lambda side: make_group(side.programme, f"ryhma-{side.name}"),
    "promise": lambda side: Promise.objects.create(
        programme=side.programme, key=f"sana-{side.name}", audience="staff", name_fi="Emme irtisano"
    ),
    "hearing": lambda side: StaffHearing.objects.create(
        programme=side.programme, measure=side.measure, heard_on=date(2024, 3, 1), form="Yksikön kokous"
    ),
}  # fmt: skip


def _indicator(side: Any) -> Any:
    from kpis.models import Indicator

    return Indicator.objects.create(
        programme=side.programme, key=f"seurattu-{side.name}", name_fi="Seurattu mittari"
    )
