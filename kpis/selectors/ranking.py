"""Where the own county stands among the counties: of one year, and over the years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from kpis.regions import is_ranked
from kpis.selectors.series import Observed, counting


@dataclass(frozen=True, slots=True)
class Place:
    """One county of a year. `rank` is None for Helsinki, Åland and where no direction is better."""

    key: str
    value: Decimal
    rank: int | None
    is_own: bool = False
    is_ranked: bool = True


@dataclass(frozen=True, slots=True)
class YearOfRanks:
    """The counties of one year, best first; `middle` is the median of the ranked ones."""

    year: int
    places: list[Place]
    national: Decimal | None

    @property
    def own(self) -> Place | None:
        return next((place for place in self.places if place.is_own), None)

    @property
    def ranked_count(self) -> int:
        return sum(place.is_ranked for place in self.places)

    @property
    def middle(self) -> Decimal | None:
        values = [place.value for place in self.places if place.is_ranked]
        return Decimal(median(values)) if values else None


def ranks_by_year(rows: Iterable[Observed], *, own_key: str, better: str) -> list[YearOfRanks]:
    """The years in which another county has a value, oldest first. Equal values share the better rank.

    `rows` are yearly values of one group; the own county's stand under `own_key`.
    """
    years: dict[int, dict[str, Decimal]] = defaultdict(dict)
    national: dict[int, Decimal] = {}
    for row in counting(row for row in rows if not (row.month or row.term)):
        if row.role == "national":
            national[row.year] = row.value
        else:
            years[row.year][own_key if row.role == "own" else row.region] = row.value
    return [
        YearOfRanks(year, _places(values, own_key, better), national.get(year))
        for year, values in sorted(years.items())
        if any(key != own_key for key in values)
    ]


def _places(values: dict[str, Decimal], own_key: str, better: str) -> list[Place]:
    in_order = sorted(values.items(), key=lambda item: item[1], reverse=better == "up")
    ranked = [value for key, value in in_order if is_ranked(key)]
    return [
        Place(
            key, value, ranked.index(value) + 1 if better and is_ranked(key) else None,
            is_own=key == own_key, is_ranked=is_ranked(key),
        )
        for key, value in in_order
    ]  # fmt: skip
