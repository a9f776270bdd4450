"""What to ask Sotkanet for a source, and what its rows mean for it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from config import limits
from kpis.models import Observation, SourceLink
from kpis.observing import Reading
from kpis.regions import NATIONAL, key_of, region_of

Role = Observation.Region
#: Categories whose regions are compared with each other; a municipality is compared with the country only.
COMPARED = ("HYVINVOINTIALUE", "MAAKUNTA")
TOTAL = SourceLink.Gender.TOTAL.value
EACH = (TOTAL, SourceLink.Gender.MALE.value, SourceLink.Gender.FEMALE.value)


@dataclass(frozen=True)
class Plan:
    """One source: the regions it takes by Sotkanet's id as (role, key), and the groups by gender."""

    link: SourceLink
    regions: dict[int, tuple[str, str]]
    groups: dict[str, str]

    def fingerprint(self, sha256: str) -> str:
        """A name for the answer as this source reads it: the same answer to another choice is another."""
        chosen = (sorted(self.regions.items()), sorted(self.groups.items()))
        return hashlib.sha256(f"{sha256} {chosen}".encode()).hexdigest()


def plan_of(link: SourceLink, ids: dict[str, int]) -> Plan | None:
    """The plan with today's ids of the regions by key; None when the own region is not known."""
    category, code = region_of(link)
    own = key_of(category, code)
    if not category or own not in ids:
        return None
    regions = {ids[own]: (Role.OWN.value, own)}
    if NATIONAL in ids and own != NATIONAL:
        regions[ids[NATIONAL]] = (Role.NATIONAL.value, NATIONAL)
    if category in COMPARED:
        for key, number in ids.items():
            if key.startswith(f"{category}:") and key != own:
                regions[number] = (Role.PEER.value, key)
    return Plan(link, regions, groups_of(link))


def groups_of(link: SourceLink) -> dict[str, str]:
    """Keys of groups by the gender of rows; all together has no group."""
    wanted = EACH if link.gender == SourceLink.Gender.EACH else (link.gender,)
    groups = {gender: "" if gender == TOTAL else gender for gender in wanted}
    if link.group is not None and len(wanted) == 1:
        groups[link.gender] = link.group.key
    return groups


def years_of(start: int | None, end: int | None, this_year: int) -> list[int]:
    """The years to ask for: the newest of the range, as many as are kept."""
    last = min(end or this_year, this_year)
    first = max(start or 0, last - limits.SOTKANET_YEARS + 1)
    return list(range(min(first, last), last + 1))


def readings_of(plan: Plan, rows: Iterable[Any]) -> list[Reading]:
    """The rows that the source takes, as readings. Rows without a value are no readings."""
    regions, groups = plan.regions, plan.groups
    found = []
    for row in rows:
        place, group = regions.get(row.region), groups.get(row.gender)
        if place is not None and group is not None and row.value is not None:
            found.append(
                Reading(row.year, row.value, place[0], place[1], group, None, None, _count(row.abs_value))
            )
    return found


def has_own(readings: Sequence[Reading]) -> bool:
    """Whether a value of the own region is among them."""
    return any(one.role == Role.OWN for one in readings)


def _count(value: Decimal | int | None) -> Decimal | None:
    return None if value is None else Decimal(value)
