"""The way out of the deficit as plain arithmetic: what is left to cover after each year (R20). No Django.

Results are signed the other way round than effects: + is a surplus, - a deficit, and a saving of -5 improves the
result by +5. Amounts are cents; the deficit that is left is positive and 0 once it is covered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

ACCOUNTS, FORECAST, BUDGET = "accounts", "forecast", "budget"
#: Which of a year's results is looked at: what is known before what is expected before what was planned.
ORDER = (ACCOUNTS, FORECAST, BUDGET)
#: Outcomes of the programme that the path is drawn for; the first is the plain forecast.
OUTCOMES = ("forecast", "p10", "p50", "p90")


@dataclass(frozen=True, slots=True)
class Stated:
    """A year's result as it was stated on a day."""

    year: int
    kind: str
    cents: int
    includes_programme: bool
    stated_on: date


@dataclass(frozen=True, slots=True)
class PathYear:
    """One year of the path. `effect` and `left` by outcome; `left` is None from the first unknown year on.

    `effect` is what the programme adds to the stated result: None when the result includes it already, and where
    nothing is known of it.
    """

    year: int
    stated: Stated | None
    effect: Mapping[str, int | None]
    left: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Path:
    years: list[PathYear]
    covered: Mapping[str, int | None]


def chosen(rows: Iterable[Stated]) -> dict[int, Stated]:
    """The result of each year that counts: accounts, else the newest forecast, else the newest budget."""
    found: dict[int, Stated] = {}
    for row in rows:
        held = found.get(row.year)
        if held is None or _rank(row) > _rank(held):
            found[row.year] = row
    return found


def _rank(row: Stated) -> tuple[int, date]:
    return -ORDER.index(row.kind), row.stated_on


def path(
    opening_year: int,
    opening_deficit: int,
    rows: Iterable[Stated],
    effects: Mapping[int, Mapping[str, int]],
    *,
    until: int,
) -> Path:
    """The years after the opening one up to `until`; `effects` are signed effects of the programme by outcome.

    Each year's result lowers or raises what is left. A surplus beyond the deficit is not carried as a debt of the
    other sign: once covered, a later deficit begins anew from 0.
    """
    results = chosen(rows)
    left: dict[str, int | None] = dict.fromkeys(OUTCOMES, opening_deficit)
    covered: dict[str, int | None] = dict.fromkeys(OUTCOMES, opening_year if opening_deficit == 0 else None)
    years = []
    for year in range(opening_year + 1, until + 1):
        stated = results.get(year)
        added = _added(stated, effects.get(year))
        for outcome in OUTCOMES:
            before = left[outcome]
            if stated is None or before is None:
                left[outcome] = None
                continue
            left[outcome] = max(0, before - stated.cents - (added[outcome] or 0))
            if left[outcome] == 0 and covered[outcome] is None:
                covered[outcome] = year
            elif left[outcome]:
                covered[outcome] = None
        years.append(PathYear(year, stated, added, dict(left)))
    return Path(years, covered)


def _added(stated: Stated | None, effects: Mapping[str, int] | None) -> dict[str, int | None]:
    """What the programme adds to the result: the opposite of its effect, nothing when it is in already."""
    if stated is None or effects is None or stated.includes_programme:
        return dict.fromkeys(OUTCOMES)
    return {outcome: -effects[outcome] for outcome in OUTCOMES}
