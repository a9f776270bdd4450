"""What is amiss with a link to Sotkanet: what was confirmed, compared with what our copy of the catalogue says now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kpis.catalogue.search import ended_year
from kpis.catalogue.texts import squeezed
from kpis.models import CatalogueIndicator, CatalogueRegion, LinkState, SourceLink
from kpis.regions import key_of, name_of, own_region

#: Statistics come one to two years after their year; a range that ends earlier than this many years ago lags.
LAG_YEARS = 3

WORDS: dict[str, str | Promise] = {
    "not_confirmed": _("title not confirmed: compare"),
    "not_known": _("not in our copy of the catalogue"),
    "retired": _("Sotkanet no longer has it"),
    "series_ended": _("the series ended in {year}; it has no newer values"),
    "range_lags": _("values only up to {year}"),
    "title_changed": _("title changed: now “{now}”"),
    "unit_changed": _("unit changed: now {now}"),
    "producer_changed": _("producer changed: now {now}"),
    "region_missing": _("no figures for {region}"),
    "region_unknown": _("own region not chosen"),
}
#: How each is shown: kinds of status marks.
KINDS = {
    "retired": "bad", "series_ended": "bad", "region_missing": "bad", "region_unknown": "bad",
    "title_changed": "warn", "unit_changed": "bad", "producer_changed": "warn", "range_lags": "warn",
    "not_confirmed": "warn", "not_known": "info",
}  # fmt: skip


@dataclass(frozen=True)
class RegionName:
    """A region whose name is looked up only when somebody reads it: regions seldom go."""

    key: str

    def __str__(self) -> str:
        return name_of(self.key)

    def __format__(self, how: str) -> str:
        return format(str(self), how)


@dataclass(frozen=True)
class Flag:
    """One thing amiss: its code, and what its words are filled with."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """ok, warn, bad or info: how the mark looks."""
        return KINDS[self.code]

    @property
    def words(self) -> str:
        """What is amiss, in the active language."""
        return str(WORDS[self.code]).format(**self.params)


def title_of(row: CatalogueIndicator) -> str:
    """The title by which an indicator is confirmed: the Finnish one, else the first there is."""
    return row.title_fi or row.title_sv or row.title_en


def is_official(row: CatalogueIndicator | None) -> bool:
    """Whether the title is Sotkanet's own. Of some indicators that come with the portal only a likely one is known."""
    return row is not None and bool(title_of(row)) and bool(row.listed_at or row.fetched_at)


def producer_of(row: CatalogueIndicator) -> str:
    return row.organisation_fi or row.organisation_sv or row.organisation_en


def flags(link: SourceLink) -> list[Flag]:
    """What is amiss with one link, the gravest first; a page with many asks `flags_of`."""
    return flags_of([link])[link.pk]


def flags_of(links: Iterable[SourceLink], *, today: dt.date | None = None) -> dict[int, list[Flag]]:
    """The same for many links, by their pk. Four queries at most when `indicator` and `programme` are at hand.

    Links that are ended or have nothing to do with Sotkanet have no flags.
    """
    rows = list(links)
    asked = [link for link in rows if link.sotkanet_id and not link.is_ended]
    found: dict[int, list[Flag]] = {link.pk: [] for link in rows}
    if not asked:
        return found
    day = today or timezone.localdate()
    known = CatalogueIndicator.objects.defer("texts", "words_fi", "words_sv", "words_en").in_bulk(
        {link.sotkanet_id for link in asked}
    )
    regions = set(CatalogueRegion.objects.filter(retired_at=None).values_list("category", "code"))
    absent = set(
        LinkState.objects.filter(link__in=asked, has_own_region=False).values_list("link_id", flat=True)
    )
    own: dict[int, tuple[str, str]] = {}
    for link in asked:
        if link.programme_id not in own:
            own[link.programme_id] = own_region(link.programme)
        region = (link.region_category, link.region_code) if link.region_category else own[link.programme_id]
        seen = list(_of_catalogue(link, known.get(link.sotkanet_id or 0), day))
        seen += _of_region(region, regions, link.pk in absent)
        found[link.pk] = sorted(seen, key=lambda flag: ("bad", "warn", "info").index(flag.kind))
    return found


def _of_catalogue(link: SourceLink, row: CatalogueIndicator | None, day: dt.date) -> Iterable[Flag]:
    if link.confirmed_on is None:
        yield Flag("not_confirmed")
    if row is None or not is_official(row):
        yield Flag("retired") if row is not None and row.retired_at else Flag("not_known")
        return
    if row.retired_at:
        yield Flag("retired")
    yield from _of_age(link, row, day)
    if link.confirmed_on is not None:
        yield from _changes(link, row)


def _of_age(link: SourceLink, row: CatalogueIndicator, day: dt.date) -> Iterable[Flag]:
    year = ended_year(row)
    if year is not None:
        yield Flag("series_ended", {"year": year})
    elif lags(row, day, link.indicator.cycle_months):
        yield Flag("range_lags", {"year": row.range_end})


def lags(row: CatalogueIndicator, day: dt.date, cycle_months: int | None = None) -> bool:
    """Whether the newest year is older than statistics of that cycle should be."""
    if row.range_end is None:
        return False
    return day.year - row.range_end > max(LAG_YEARS, -(-(cycle_months or 12) // 12) + 2)


def _changes(link: SourceLink, row: CatalogueIndicator) -> Iterable[Flag]:
    """What the catalogue says otherwise than it was confirmed. Spaces do not count: titles get edited in those."""
    pairs = (
        ("title_changed", link.confirmed_title, title_of(row)),
        ("producer_changed", link.confirmed_producer, producer_of(row)),
        ("unit_changed", link.confirmed_unit, row.value_type),
    )
    for code, confirmed, now in pairs:
        if confirmed and now and squeezed(confirmed) != squeezed(now):
            yield Flag(code, {"now": now})


def _of_region(region: tuple[str, str], regions: set[tuple[str, str]], is_absent: bool) -> Iterable[Flag]:
    category, code = region
    if not category:
        yield Flag("region_unknown")
    elif is_absent or (regions and not _is_there(category, code, regions)):
        yield Flag("region_missing", {"region": RegionName(key_of(category, code))})


def _is_there(category: str, code: str, regions: set[tuple[str, str]]) -> bool:
    """Whether the region is in the catalogue; a category that our copy does not hold tells nothing."""
    of_category = {known for kind, known in regions if kind == category}
    return not of_category or not code or code in of_category
