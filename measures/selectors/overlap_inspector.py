"""Overlaps that are declared, with what they give back, and lines that may count the same euros undeclared (R5)."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from measures.models import Overlap, SavingsEntry, SavingsLine, Series
from measures.selectors.cached import cached
from measures.selectors.overlaps import corrections
from programme.models import Deviation, Programme

#: Suspected pairs named one by one; the rest are counted.
SHOWN_PAIRS = 25

_PLANNED = """
    SELECT line.id, line.measure_id, line.sector_id, line.cost_type_id,
        sum(total.total_eur_cents)::bigint AS planned,
        sum(total.known::bigint << (12 * (total.year - %(start)s)))::bigint AS months
    FROM measures_savingsline line
    JOIN measures_measure measure ON measure.id = line.measure_id
    JOIN measures_measuretotal total ON total.programme_id = line.programme_id AND total.line_id = line.id
    WHERE line.programme_id = %(programme)s AND line.line_class = 'cash' AND measure.withdrawn_from IS NULL
        AND total.series = 'plan' AND total.n > 0 AND total.year BETWEEN %(start)s AND %(start)s + 4
    GROUP BY 1, 2, 3, 4 HAVING sum(total.total_eur_cents) <= %(least)s
"""


def declared(programme: Programme) -> QuerySet[Overlap]:
    """Declared overlaps with the lines and measures of both sides, the yielding measure's code first."""
    sides = ("measure", "sector", "cost_type")
    return (
        Overlap.objects.filter(programme=programme)
        .select_related(*(f"{side}__{one}" for side in ("yielding_line", "other_line") for one in sides))
        .order_by("yielding_line__measure__code", "first_month", "pk")
    )


def given_back(programme: Programme) -> dict[tuple[int, str], int]:
    """What each yielding line gives back by series (plan, forecast, claimed), all months, in cents."""
    found: dict[tuple[int, str], int] = defaultdict(int)
    for correction, line in corrections(programme):
        found[line["line_id"], correction.series] += sum(correction.months)
    return dict(found)


# --- suspicion --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan of one line: cents over all its months, which are the set bits of `months`."""

    line: int
    measure: int
    sector: int
    cost_type: int
    cents: int
    months: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two lines of different measures that plan in the same months; `smaller_cents` is the lesser saving."""

    larger: Planned
    smaller: Planned

    @property
    def key(self) -> tuple[int, int]:
        return ordered(self.larger.line, self.smaller.line)


def ordered(first: int, second: int) -> tuple[int, int]:
    """The two line ids, the lower first: what names a pair."""
    return (first, second) if first < second else (second, first)


def cause_key(first: int, second: int) -> str:
    """What names the suspicion of a pair among deviations."""
    return "overlap.{}.{}".format(*ordered(first, second))


@dataclass(frozen=True)
class Suspicion:
    """The strongest suspected pairs, and how many there are in all."""

    pairs: list[Pair]
    count: int


def suspicion(programme: Programme, *, least_eur_cents: int, shown: int = SHOWN_PAIRS) -> Suspicion:
    """Pairs of lines on one sector and cost type whose plans share months and are both at least so large.

    Neither declared nor judged not to overlap; the largest of the smaller plans first. Kept until anything in
    the programme changes: with ten thousand measures it is a third of a second's work on three statements.
    """
    name = f"overlaps-1:{least_eur_cents}:{shown}"
    return cached(programme, name, lambda: _fresh_suspicion(programme, least_eur_cents, shown))


def _fresh_suspicion(programme: Programme, least_eur_cents: int, shown: int) -> Suspicion:
    with connection.cursor() as cursor:
        cursor.execute(
            _PLANNED, {"programme": programme.pk, "start": programme.start_year, "least": -max(least_eur_cents, 1)}
        )  # fmt: skip
        rows = [Planned(*row) for row in cursor.fetchall()]
    settled = _settled(programme)
    return suspected(rows, settled, shown=shown)


def suspected(rows: Iterable[Planned], settled: Collection[tuple[int, int]], *, shown: int) -> Suspicion:
    """The same from rows already read; pairs whose ids are in `settled` are left out."""
    by_place: dict[tuple[int, int], list[Planned]] = defaultdict(list)
    for row in rows:
        by_place[row.sector, row.cost_type].append(row)
    count = sum(_count(group) for group in by_place.values())
    known = {row.line: row for group in by_place.values() for row in group}
    count -= sum(1 for pair in set(settled) if _meet(known, pair))
    pairs = heapq.merge(*(_pairs(group) for group in by_place.values()), key=lambda pair: pair.smaller.cents)
    found: list[Pair] = []
    for pair in pairs:
        if len(found) == shown:
            break
        if pair.key not in settled:
            found.append(pair)
    return Suspicion(found, count)


def _pairs(group: list[Planned]) -> Iterator[Pair]:
    """Pairs of one place, the largest smaller saving first: with lines by size, that of the later one."""
    rows = sorted(group, key=lambda row: (row.cents, row.line))
    for at, smaller in enumerate(rows):
        for larger in rows[:at]:
            if larger.measure != smaller.measure and larger.months & smaller.months:
                yield Pair(larger, smaller)


def _count(group: Sequence[Planned]) -> int:
    """How many pairs of different measures share a month; lines with the same months are counted together."""
    by_months: dict[int, int] = defaultdict(int)
    by_measure: dict[int, list[Planned]] = defaultdict(list)
    for row in group:
        by_months[row.months] += 1
        by_measure[row.measure].append(row)
    masks = list(by_months.items())
    total = 0
    for at, (months, n) in enumerate(masks):
        total += n * (n - 1) // 2
        total += sum(n * other for mask, other in masks[at + 1 :] if mask & months)
    for lines in by_measure.values():
        total -= sum(
            1 for at, row in enumerate(lines) for other in lines[at + 1 :] if row.months & other.months
        )
    return total


def _meet(known: dict[int, Planned], pair: tuple[int, int]) -> bool:
    """Whether a settled pair would be suspected."""
    first, second = known.get(pair[0]), known.get(pair[1])
    if first is None or second is None or first.measure == second.measure:
        return False
    same = (first.sector, first.cost_type) == (second.sector, second.cost_type)
    return same and bool(first.months & second.months)


def _settled(programme: Programme) -> set[tuple[int, int]]:
    """Pairs that are declared, or judged not to overlap."""
    rows = Overlap.objects.filter(programme=programme).values_list("yielding_line", "other_line")
    found = {ordered(first, second) for first, second in rows}
    judged = Deviation.objects.filter(
        programme=programme, kind=Deviation.Kind.OVERLAP, state__in=["explained", "closed"]
    )
    for key in judged.values_list("cause_key", flat=True):
        _word, first, second = key.split(".")
        found.add((int(first), int(second)))
    return found


def lines_of(programme: Programme, ids: Iterable[int]) -> dict[int, SavingsLine]:
    """The lines by id, with measure, owner, sector and cost type. One statement."""
    rows = SavingsLine.objects.filter(programme=programme, pk__in=set(ids))
    return {row.pk: row for row in rows.select_related("measure__owner", "sector", "cost_type")}


# --- proposing --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Common:
    """The months that two lines both plan, and the smaller plan of the month in which it is smallest."""

    first: date
    last: date
    months: int
    smallest_eur_cents: int


def common_months(first: SavingsLine, second: SavingsLine) -> Common | None:
    """What both lines save in the same months; None when they never do. One statement."""
    plans: dict[Any, dict[date, int]] = {first.pk: {}, second.pk: {}}
    rows = SavingsEntry.objects.filter(
        programme_id=first.programme_id, line__in=[first.pk, second.pk], series=Series.PLAN, amount_eur_cents__lt=0
    )  # fmt: skip
    for line, month, cents in rows.values_list("line", "month", "amount_eur_cents"):
        plans[line][month] = cents
    shared = sorted(plans[first.pk].keys() & plans[second.pk].keys())
    if not shared:
        return None
    smaller = (max(plans[first.pk][month], plans[second.pk][month]) for month in shared)
    return Common(shared[0], shared[-1], len(shared), max(smaller))
