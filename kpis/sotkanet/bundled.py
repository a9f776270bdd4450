"""Figures of Sotkanet that come with the portal, so that pages show something before the first contact.

They are real, recorded by others on a known day, and few: kpis/data says what they are. Whatever has been fetched goes
before them; loading them again changes nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from kpis.catalogue.storing import store_details, store_list, store_regions
from kpis.models import CatalogueIndicator, Indicator, SourceLink
from kpis.observing import store
from kpis.refreshing.plans import plan_of, readings_of
from kpis.regions import ids_by_key
from kpis.sotkanet.metadata import Details, Listed, RegionRow, details_of
from kpis.sotkanet.rows import PLACES, DataRow
from programme.models import Programme

FOLDER = Path(__file__).resolve().parent.parent / "data"
#: Observation.source of these values.
SOURCE = "bundled"


@dataclass(frozen=True, slots=True)
class Title:
    """An indicator of which little more than a title is known; `is_official` tells that the title is Sotkanet's."""

    id: int
    fi: str
    sv: str
    en: str
    organisation: str
    unit: str
    is_official: bool


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows were new."""

    regions: int = 0
    indicators: int = 0
    values: int = 0


@cache
def _file(name: str) -> dict[str, Any]:
    return dict(json.loads((FOLDER / f"{name}.json").read_text("utf-8"), parse_float=Decimal))


def regions() -> list[RegionRow]:
    """The recorded regions: the country, all counties, those regions and municipalities that are near."""
    return [
        RegionRow(number, category, code, {"fi": fi, "sv": sv, "en": en})
        for number, category, code, fi, sv, en in _file("regions")["rows"]
    ]


def details() -> list[Details]:
    """The indicators whose whole metadata was recorded."""
    return [details_of(json.dumps(row).encode(), row["id"]) for row in _file("indicators")["answers"]]


def titles() -> list[Title]:
    """The indicators of which only a title is known."""
    return [Title(*row) for row in _file("indicators")["titles"]]


def rows_of(number: int) -> dict[datetime, list[DataRow]]:
    """The recorded values of an indicator by the time they were recorded; empty for one that has none."""
    found: dict[datetime, list[DataRow]] = defaultdict(list)
    for indicator, region, year, gender, value, count, day in _file("values")["rows"]:
        if indicator == number:
            kept = None if count is None else Decimal(count).quantize(PLACES)
            row = DataRow(region, year, gender, Decimal(value).quantize(PLACES), kept)
            found[_at(day)].append(row)
    return dict(found)


def numbers() -> frozenset[int]:
    """The indicators that have recorded values."""
    return frozenset(row[0] for row in _file("values")["rows"])


def load_bundled(programme: Programme | None = None) -> Loaded:
    """Fills the catalogue and the values of sources that have recorded ones, in one programme or all of them."""
    known = set(CatalogueIndicator.objects.values_list("pk", flat=True))
    at = _at(_file("indicators")["recorded"])
    new_regions = store_regions(regions(), at=_at(_file("regions")["recorded"]), is_bundled=True).new
    for one in details():
        if one.id not in known:
            store_details(one, at=at, is_bundled=True)
    listed = [
        Listed(one.id, {"fi": one.fi, "sv": one.sv, "en": one.en}, None, _named(one.organisation))
        for one in titles()
    ]
    store_list(listed, at=at, is_bundled=True)
    new = CatalogueIndicator.objects.exclude(pk__in=known).count()
    return Loaded(new_regions, new, load_values(programme))


def load_values(programme: Programme | None = None) -> int:
    """Stores the recorded values of sources that nothing has been fetched for; the number of new ones."""
    links = SourceLink.objects.filter(
        kind=SourceLink.Kind.SOTKANET, sotkanet_id__in=numbers(), is_ended=False, state__fetched_at=None
    ).exclude(indicator__state=Indicator.State.ENDED)
    if programme is not None:
        links = links.filter(programme=programme)
    ids, count = ids_by_key(), 0
    for link in links.select_related("indicator", "group", "programme__organisation").order_by("pk"):
        plan = plan_of(link, ids)
        if plan is None or link.sotkanet_id is None:
            continue
        for at, rows in sorted(rows_of(link.sotkanet_id).items()):
            readings = readings_of(plan, rows)
            if any(one.role == "own" for one in readings):
                count += store(
                    indicator=link.indicator, link=link, readings=readings, source=SOURCE, fetched_at=at
                ).new
    return count


def _named(organisation: str) -> dict[str, str]:
    return {"fi": organisation, "sv": "", "en": ""}


def _at(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(12), UTC)
