"""Regions that indicators are compared in: the 21 counties, the two that are shown beside them, the country.

Sotkanet renumbers regions, so a region is named by category and code here ("HYVINVOINTIALUE:10") and its id is
looked up in the catalogue when rows are read. Past years come recalculated to today's regions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import translation
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.parameters import choice, parameters_of
from kpis.models import CatalogueRegion, SourceLink

COUNTY = "HYVINVOINTIALUE"
NATIONAL = "MAA"


@dataclass(frozen=True)
class County:
    """A wellbeing services county, or Helsinki or Åland, which stand in Sotkanet's category of counties."""

    code: str
    fi: str
    sv: str
    en: str
    is_ranked: bool = True

    @property
    def key(self) -> str:
        return f"{COUNTY}:{self.code}"

    @property
    def name(self) -> str:
        return str(getattr(self, _language()))


#: All 23 in the order of their codes; names stand in where the catalogue has none (Sotkanet's own go first).
COUNTIES = (
    County("01", "Itä-Uudenmaan hyvinvointialue", "Östra Nylands välfärdsområde", "East Uusimaa"),
    County("02", "Keski-Uudenmaan hyvinvointialue", "Mellersta Nylands välfärdsområde", "Central Uusimaa"),
    County("03", "Länsi-Uudenmaan hyvinvointialue", "Västra Nylands välfärdsområde", "West Uusimaa"),
    County("04", "Vantaan ja Keravan hyvinvointialue", "Vanda och Kervo välfärdsområde", "Vantaa and Kerava"),
    County("05", "Varsinais-Suomen hyvinvointialue", "Egentliga Finlands välfärdsområde", "Southwest Finland"),
    County("06", "Satakunnan hyvinvointialue", "Satakunta välfärdsområde", "Satakunta"),
    County("07", "Kanta-Hämeen hyvinvointialue", "Egentliga Tavastlands välfärdsområde", "Kanta-Häme"),
    County("08", "Pirkanmaan hyvinvointialue", "Birkalands välfärdsområde", "Pirkanmaa"),
    County("09", "Päijät-Hämeen hyvinvointialue", "Päijänne-Tavastlands välfärdsområde", "Päijät-Häme"),
    County("10", "Kymenlaakson hyvinvointialue", "Kymmenedalens välfärdsområde", "Kymenlaakso"),
    County("11", "Etelä-Karjalan hyvinvointialue", "Södra Karelens välfärdsområde", "South Karelia"),
    County("12", "Etelä-Savon hyvinvointialue", "Södra Savolax välfärdsområde", "South Savo"),
    County("13", "Pohjois-Savon hyvinvointialue", "Norra Savolax välfärdsområde", "North Savo"),
    County("14", "Pohjois-Karjalan hyvinvointialue", "Norra Karelens välfärdsområde", "North Karelia"),
    County("15", "Keski-Suomen hyvinvointialue", "Mellersta Finlands välfärdsområde", "Central Finland"),
    County("16", "Etelä-Pohjanmaan hyvinvointialue", "Södra Österbottens välfärdsområde", "South Ostrobothnia"),
    County("17", "Pohjanmaan hyvinvointialue", "Österbottens välfärdsområde", "Ostrobothnia"),
    County(
        "18", "Keski-Pohjanmaan hyvinvointialue", "Mellersta Österbottens välfärdsområde",
        "Central Ostrobothnia",
    ),
    County("19", "Pohjois-Pohjanmaan hyvinvointialue", "Norra Österbottens välfärdsområde", "North Ostrobothnia"),
    County("20", "Kainuun hyvinvointialue", "Kajanalands välfärdsområde", "Kainuu"),
    County("21", "Lapin hyvinvointialue", "Lapplands välfärdsområde", "Lapland"),
    County("90", "Helsingin kaupunki", "Helsingfors stad", "City of Helsinki", is_ranked=False),
    County("91", "Ahvenanmaa", "Åland", "Åland", is_ranked=False),
)  # fmt: skip
BY_KEY = {county.key: county for county in COUNTIES}
#: Keys of the 21 counties that are ranked against each other.
COUNTIES_RANKED = tuple(county.key for county in COUNTIES if county.is_ranked)

_county_name = lazy(lambda key: BY_KEY[key].name, str)

SOTKANET_REGION = choice(
    "indicators.sotkanet_region",
    "",
    _("The region of Sotkanet whose figures are the programme's own."),
    of=("", *BY_KEY),
    labels=(_("the county of the programme, by its name"), *(_county_name(key) for key in BY_KEY)),
    label=_("Own region in Sotkanet"),
)


def _language() -> str:
    wanted = (translation.get_language() or "fi")[:2]
    return wanted if wanted in ("fi", "sv", "en") else "fi"


def key_of(category: str, code: str) -> str:
    """How observations name a region: "HYVINVOINTIALUE:10", "MAA"."""
    return f"{category}:{code}" if code and category != NATIONAL else category


def split_key(key: str) -> tuple[str, str]:
    """Category and code of a key; the code is empty when the key has none."""
    category, _colon, code = key.partition(":")
    return category, code


def is_ranked(key: str) -> bool:
    """Whether the region takes part in rankings; Helsinki and Åland are shown but have no rank."""
    return key in COUNTIES_RANKED


def own_region(programme: Any) -> tuple[str, str]:
    """Category and code of the programme's own region; two empty texts when nothing tells it.

    The programme's parameter goes first, else the county that bears the organisation's name.
    """
    set_here = parameters_of(programme)[SOTKANET_REGION]
    if set_here:
        return split_key(set_here)
    county = _named(programme.organisation)
    return (COUNTY, county.code) if county else ("", "")


def own_key(programme: Any) -> str:
    """The programme's own region as observations name it, empty when nothing tells it."""
    return key_of(*own_region(programme))


def region_of(link: SourceLink) -> tuple[str, str]:
    """Category and code of the region whose figures a link takes as own ones."""
    if link.region_category:
        return link.region_category, link.region_code
    return own_region(link.programme)


def _named(organisation: Any) -> County | None:
    """The county of that name in any language, with or without the words around the place."""
    names = {
        text.casefold() for text in (organisation.name_fi, organisation.name_sv, organisation.name_en) if text
    }
    for county in COUNTIES:
        known = {
            county.fi.casefold(),
            county.sv.casefold(),
            f"wellbeing services county of {county.en}".casefold(),
        }
        if names & known:
            return county
    return None


def names_of(keys: Iterable[str]) -> dict[str, str]:
    """Names by key in the active language: Sotkanet's own where it gave one. One query."""
    wanted = set(keys)
    found = {key: county.name for key, county in BY_KEY.items() if key in wanted}
    if NATIONAL in wanted:
        found[NATIONAL] = gettext("whole country")
    language = _language()
    for row in CatalogueRegion.objects.filter(_any_of(wanted - {NATIONAL}), retired_at=None):
        said = getattr(row, f"name_{language}")
        if said or row.key not in found:
            found[row.key] = said or row.name
    return {key: found.get(key, key) for key in wanted}


def name_of(key: str) -> str:
    """The name of one region; a page with many asks `names_of`."""
    return names_of([key])[key]


def _any_of(keys: Iterable[str]) -> Q:
    """The catalogue's rows of the keys: a few categories, each with its codes."""
    codes: dict[str, list[str]] = {}
    for category, code in map(split_key, keys):
        codes.setdefault(category, []).append(code)
    wanted = Q(pk=None)
    for category, found in codes.items():
        wanted |= Q(category=category, code__in=found)
    return wanted


def ids_by_key() -> dict[str, int]:
    """Today's Sotkanet ids of the regions that still exist, by key. One query."""
    rows = CatalogueRegion.objects.filter(retired_at=None).order_by("id")
    return {key_of(category, code): pk for pk, category, code in rows.values_list("pk", "category", "code")}
