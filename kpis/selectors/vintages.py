"""Every value that was ever stored of the own county and the country, with what came before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from kpis.selectors.series import Observed, Period


@dataclass(slots=True)
class Told:
    """One period, place and group: the value that counts, and those it took the place of, latest first."""

    latest: Observed
    earlier: list[Observed] = field(default_factory=list)


def with_vintages(rows: Iterable[Observed], counting_rows: Iterable[Observed]) -> list[Told]:
    """The values that count, newest period first, own before country; the others of the period under them."""
    others: dict[tuple[Period, str, str, str], list[Observed]] = defaultdict(list)
    for row in rows:
        others[_key(row)].append(row)
    found = []
    for latest in counting_rows:
        earlier = [row for row in others[_key(latest)] if row is not latest]
        earlier.sort(key=lambda row: (row.link is not None, row.vintage), reverse=True)
        found.append(Told(latest, earlier))
    return sorted(
        found, key=lambda one: (_turned(one.latest.period), one.latest.role != "own", one.latest.breakdown)
    )


def _turned(period: Period) -> Period:
    return -period[0], -period[1], -period[2]


def _key(row: Observed) -> tuple[Period, str, str, str]:
    return row.period, row.role, row.region if row.role == "peer" else "", row.breakdown
