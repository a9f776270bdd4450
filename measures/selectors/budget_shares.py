"""How much of the measures is taken into the budget of each year (R18), beside plan and forecast."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Sum
from django.db.models.functions import ExtractYear

from core import asof
from measures import calculations
from measures.calculations import CASH, NEW, Cell, add_known
from measures.models import BudgetShare, Measure, SavingsEntry, SavingsLine, Series
from measures.selectors.attributes import IS_INCOME, LINE_CLASS, PERMANENCE
from measures.selectors.clock import clock_of
from measures.selectors.overlaps import corrections
from measures.selectors.withdrawal import phased
from measures.triggers import MONTH_COLUMNS
from programme.models import CostType, Programme, Sector

# --- one measure -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LineYear:
    """One line in one year: what its plan says, as entered, and what the budget has taken in; cents."""

    line: SavingsLine
    year: int
    plan_eur_cents: int | None
    share: BudgetShare | None

    @property
    def difference(self) -> int | None:
        """Taken in less plan; None unless both are known."""
        if self.share is None or self.plan_eur_cents is None:
            return None
        return self.share.amount_eur_cents - self.plan_eur_cents


def line_years(measure: Measure) -> list[LineYear]:
    """Every year in which a line of the measure has a plan or an amount in the budget. Three queries."""
    lines = list(measure.lines.select_related("sector", "cost_type").order_by("pk"))
    entries = SavingsEntry.objects.filter(
        programme_id=measure.programme_id, line__in=[line.pk for line in lines], series=Series.PLAN
    )
    if measure.withdrawn_from is not None:
        entries = entries.filter(month__lt=measure.withdrawn_from)
    sums = entries.order_by().annotate(year=ExtractYear("month")).values("line_id", "year")
    plans = {
        (row["line_id"], row["year"]): row["cents"] for row in sums.annotate(cents=Sum("amount_eur_cents"))
    }
    rows = BudgetShare.objects.filter(measure=measure).select_related("budget")
    shares = {(row.line_id, row.year): row for row in rows}
    return [
        LineYear(line, year, plans.get((line.pk, year)), shares.get((line.pk, year)))
        for line in lines
        for year in sorted({year for pk, year in plans.keys() | shares.keys() if pk == line.pk})
    ]


# --- the programme -----------------------------------------------------------------------------------------


def _taken(programme: Programme) -> QuerySet[BudgetShare]:
    """What budgets have taken in of the new cash lines: what lies in the base, is avoided or income stands apart."""
    rows = BudgetShare.objects.filter(
        programme=programme, line__in_base=False, line__line_class=CASH
    ).exclude(line__cost_type__kind=CostType.Kind.INCOME)
    return rows.order_by()


def taken_by_year(programme: Programme) -> dict[int, dict[int, int]]:
    """Year -> measure id -> cents of its new cash lines in that year's budget; the earliest year first. One query."""
    sums = _taken(programme).values_list("year", "measure").annotate(cents=Sum("amount_eur_cents"))
    found: dict[int, dict[int, int]] = {}
    for year, measure, cents in sums.order_by("year", "measure"):
        found.setdefault(year, {})[measure] = cents
    return found


@dataclass
class PlaceYear:
    """One year of a sector and cost type: effect of the new cash lines, and what budgets have taken in; cents."""

    plan: int | None = None
    forecast: int | None = None
    taken: int | None = None

    @property
    def difference(self) -> int | None:
        """Taken in less plan; None unless both are known."""
        return None if self.taken is None or self.plan is None else self.taken - self.plan

    @classmethod
    def together(cls, parts: Iterable[PlaceYear]) -> PlaceYear:
        rows = list(parts)
        return cls(*(add_known(getattr(row, name) for row in rows) for name in ("plan", "forecast", "taken")))


@dataclass(frozen=True)
class Place:
    """A sector and cost type with its years."""

    sector: Sector
    cost_type: CostType
    years: dict[int, PlaceYear] = field(default_factory=dict)


_MONTHS = ", ".join(f"sum(total.{column})::bigint" for column in MONTH_COLUMNS)
_CELLS = f"""
    SELECT line.sector_id, line.cost_type_id, {PERMANENCE}, {LINE_CLASS}, measure.withdrawn_from,
        total.series, total.year, bit_or(total.known)::int, {_MONTHS}
    FROM measures_measuretotal total
    JOIN measures_savingsline line ON line.id = total.line_id
    JOIN measures_measure measure ON measure.id = line.measure_id
    WHERE total.programme_id = %(programme)s AND total.n > 0 AND NOT line.in_base AND line.line_class = '{CASH}'
        AND NOT {IS_INCOME} AND total.series IN ('plan', 'forecast', 'confirmed', 'undecided')
    GROUP BY 1, 2, 3, 4, 5, 6, 7
"""


def shares_by_place(programme: Programme, on: date | None = None) -> list[Place]:
    """Sectors x cost types of the new cash lines, year by year, as pages order them. Constant queries."""
    clock = clock_of(programme, on)
    tracks = calculations.fold(_cells(programme), clock)
    sums = _taken(programme).values_list("line__sector", "line__cost_type", "year")
    taken: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for sector, cost_type, year, cents in sums.annotate(cents=Sum("amount_eur_cents")):
        taken[sector, cost_type][year] = cents
    planned: dict[Any, calculations.Track] = {
        key: track for (key, book), track in tracks.items() if book == NEW
    }
    sectors = {row.pk: row for row in Sector.objects.filter(programme=programme)}
    cost_types = {row.pk: row for row in CostType.objects.filter(programme=programme)}
    return [
        Place(
            sectors[sector],
            cost_types[cost_type],
            _years(planned.get((sector, cost_type)), taken[sector, cost_type]),
        )
        for sector in sectors
        for cost_type in cost_types
        if (sector, cost_type) in planned or (sector, cost_type) in taken
    ]


def _cells(programme: Programme) -> list[Cell]:
    asof.prepare()
    cells: list[Cell] = []
    with connection.cursor() as cursor:
        cursor.execute(_CELLS, {"programme": programme.pk})
        for (
            sector,
            cost_type,
            permanence,
            line_class,
            gone,
            series,
            year,
            known,
            *amounts,
        ) in cursor.fetchall():
            attributes = (permanence, line_class, False)
            cells += phased((sector, cost_type), attributes, series, year, known, amounts, gone)
    for correction, line in corrections(programme):
        if line["in_base"] or line["line_class"] != CASH:
            continue
        place = (line["sector_id"], line["cost_type_id"])
        attributes = (line["permanence"], line["line_class"], False)
        cells += phased(
            place,
            attributes,
            correction.series,
            correction.year,
            0,
            correction.months,
            line["withdrawn_from"],
        )
    return cells


def _years(track: calculations.Track | None, taken: dict[int, int]) -> dict[int, PlaceYear]:
    found = {}
    for year in sorted({*(track.years() if track else ()), *taken}):
        effect = calculations.year_figures(track, year).effect if track else calculations.Levels()
        found[year] = PlaceYear(effect.plan, effect.forecast, taken.get(year))
    return found
