"""The values of an indicator as its pages read them: what counts of each period, line by line."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core import asof
from kpis.models import Observation

#: Year, term and month; 0 for a term or month that the period does not have.
Period = tuple[int, int, int]


class Observed(NamedTuple):
    """One observation; rows by the hundred, so no model instances."""

    year: int
    term: int | None
    month: int | None
    role: str
    region: str
    breakdown: str
    value: Decimal
    vintage: int
    link: int | None
    source: str
    fetched_at: datetime | None
    is_illustrative: bool
    is_baseline: bool

    @property
    def period(self) -> Period:
        return self.year, self.term or 0, self.month or 0


_COLUMNS = (
    "year", "term", "month", "region_role", "region", "breakdown", "value", "vintage", "source_link_id", "source",
    "fetched_at", "is_illustrative", "is_baseline",
)  # fmt: skip

#: The values of one line by period.
Line = dict[Period, Observed]


@dataclass(slots=True)
class Lines:
    """The lines of an indicator. `peers` by region, `groups` by the group's key, `others` by further source.

    A second Sotkanet id under one indicator is a line of its own beside the first, not a newer value of it.
    """

    own: Line = field(default_factory=dict)
    national: Line = field(default_factory=dict)
    peers: dict[str, Line] = field(default_factory=dict)
    groups: dict[str, Line] = field(default_factory=dict)
    national_groups: dict[str, Line] = field(default_factory=dict)
    others: dict[int, Line] = field(default_factory=dict)

    @property
    def periods(self) -> list[Period]:
        """Every period in which the own county, the country or a chosen county has a value, oldest first."""
        lines = (self.own, self.national, *self.peers.values(), *self.others.values(), *self.groups.values())
        return sorted({period for line in lines for period in line})

    @property
    def is_illustrative(self) -> bool:
        lines = (self.own, self.national, *self.peers.values(), *self.groups.values())
        return any(row.is_illustrative for line in lines for row in line.values())


def known_observations(indicator_id: int) -> QuerySet[Observation]:
    """Observations of an indicator; on a page of a past day those that were there at its end."""
    return until_known(Observation.objects.filter(indicator=indicator_id))


def until_known(rows: QuerySet[Observation]) -> QuerySet[Observation]:
    """Observations are only ever added, so what was known on a day is what had been added by then."""
    past = asof.past()
    return rows if past is None else rows.filter(created_at__lt=asof.end_of(past.day))


def observed(indicator_id: int, *, peers: Collection[str] = (), with_all: bool = False) -> list[Observed]:
    """Values of the own county, the country and the named counties; all counties when asked. One query."""
    rows = known_observations(indicator_id)
    if not with_all:
        wanted = Q(region_role__in=("own", "national"))
        rows = rows.filter(wanted | Q(region_role="peer", region__in=peers) if peers else wanted)
    return [Observed._make(row) for row in rows.order_by().values_list(*_COLUMNS)]


def counting(rows: Iterable[Observed], *, first_link: int | None = None) -> list[Observed]:
    """One value for each period, region and group, oldest first.

    A value read from a source goes before the programme file's, the first source before others, then the
    latest vintage.
    """
    best: dict[tuple[Period, str, str, str], Observed] = {}
    for row in rows:
        key = (row.period, row.role, row.region if row.role == "peer" else "", row.breakdown)
        held = best.get(key)
        if held is None or _weight(row, first_link) > _weight(held, first_link):
            best[key] = row
    return sorted(best.values(), key=lambda row: row.period)


def _weight(row: Observed, first_link: int | None) -> tuple[bool, bool, int]:
    return row.link is not None, row.link == first_link, row.vintage


def lines_of(rows: list[Observed], *, links: Iterable[int] = ()) -> Lines:
    """The lines of the values; `links` are the ids of the indicator's sources in their order."""
    with_values = {row.link for row in rows if row.role == "own" and not row.breakdown and row.link}
    ordered = [pk for pk in links if pk in with_values] + sorted(with_values - set(links))
    first = ordered[0] if ordered else None
    found = Lines()
    for row in counting(rows, first_link=first):
        _line_for(found, row)[row.period] = row
    for pk in ordered[1:]:
        own = [row for row in rows if row.link == pk and row.role == "own" and not row.breakdown]
        found.others[pk] = {row.period: row for row in counting(own)}
    return found


def _line_for(found: Lines, row: Observed) -> Line:
    if row.role == "peer":
        return found.peers.setdefault(row.region, {}) if not row.breakdown else {}
    if row.breakdown:
        groups = found.groups if row.role == "own" else found.national_groups
        return groups.setdefault(row.breakdown, {})
    return found.own if row.role == "own" else found.national


def period_text(period: Period | str) -> str:
    """2024, term 1/2024 or 3/2024; also from the text of a summary (2024, 2024-T1, 2024-03)."""
    year, term, month = _read(period) if isinstance(period, str) else period
    if month:
        return f"{month}/{year}"
    return _("term %(term)s/%(year)s") % {"term": term, "year": year} if term else str(year)


def _read(text: str) -> Period:
    year, _dash, part = text.partition("-")
    if part.startswith("T"):
        return int(year), int(part[1:]), 0
    return int(year), 0, int(part or 0)


def place_of(period: Period) -> str:
    """Where a period stands in a chart: its year, or the first day of its term or month."""
    year, term, month = period
    if term:
        month = 4 * term - 3
    return f"{year}-{month:02d}-01" if month else str(year)
