"""What reconciling needs of a programme, by sector x cost type x month: read once, kept by data version (R10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from datetime import date
from typing import Any

from django.db import connection

from core.db import planned_for_sums
from core.periods import months as months_from
from core.periods import months_of_year, next_month
from core.templatetags.ui import plain_text
from measures.ledger.drivers import DriverRow, driver_amounts
from measures.models import BaseTransferRow, CostDriver, LedgerEntry
from measures.reconciliation import Books, Place, Reconciliation, carried_up
from measures.selectors.cached import cached
from measures.selectors.clock import books_closed_through
from measures.selectors.overlaps import corrections
from measures.triggers import MONTH_COLUMNS
from programme.models import CostType, Programme, Sector

Terms = dict[Place, dict[str, dict[date, int]]]

_EFFECTS = f"""
    SELECT line.sector_id, line.cost_type_id, total.year,
        CASE WHEN total.series = 'plan' THEN 'planned_in_base'
            WHEN total.series = 'undecided' THEN 'undecided'
            WHEN line.in_base THEN 'confirmed_in_base'
            WHEN line.line_class = 'avoided' THEN 'confirmed_avoided'
            WHEN line.permanence = 'one_off' THEN 'confirmed_one_off'
            ELSE 'confirmed_lasting' END AS term,
        {", ".join(f"sum(total.{column})::bigint" for column in MONTH_COLUMNS)}
    FROM measures_savingsline line
    JOIN measures_measuretotal total ON total.programme_id = line.programme_id AND total.line_id = line.id
    WHERE line.programme_id = %(programme)s AND total.n > 0 AND line.line_class <> 'quality'
        AND (total.series = 'confirmed' OR total.series = 'plan' AND line.in_base
            OR total.series = 'undecided' AND NOT line.in_base)
    GROUP BY 1, 2, 3, 4
"""

_LEDGER = """
    SELECT entry.kind, entry.sector_id, entry.cost_type_id, entry.month, entry.is_internal,
        coalesce(budget.number, 0), CASE WHEN entry.kind = 'year_end_forecast' THEN entry.booked_on END,
        sum(entry.amount_eur_cents)::bigint
    FROM measures_ledgerentry entry LEFT JOIN measures_budgetversion budget ON budget.id = entry.budget_id
    WHERE entry.programme_id = %(programme)s
    GROUP BY 1, 2, 3, 4, 5, 6, 7
"""


def books_of(programme: Programme) -> Books:
    """Everything of the programme that reconciliations are made of. Seven statements, however much there is."""
    return cached(programme, "reconciliation-3", lambda: _fresh_books(programme))


def reconciliation(
    programme: Programme, sector: Sector, cost_type: CostType, *, first: date, last: date
) -> Reconciliation:
    """The ledger of one sector and cost type against what explains it, months `first` to `last` included."""
    return books_of(programme).period(Place(sector.pk, cost_type.pk), first, last)


def awaited_names(programme: Programme, month: date) -> list[str]:
    """Sector and cost type, in words, of each place whose month the books do not hold."""
    sectors, types = (
        {row.pk: plain_text(row) for row in model.objects.filter(programme=programme)}  # type: ignore[attr-defined]
        for model in (Sector, CostType)
    )
    return [f"{sectors[one.sector]}, {types[one.cost_type]}" for one in books_of(programme).awaited(month)]


def default_period(programme: Programme) -> tuple[date, date]:
    """The year to the last closed month; without any closed month the year of the programme's day."""
    last = books_closed_through(programme)
    if last is None:
        year = min(max(programme.today().year, programme.start_year), programme.final_year)
        return date(year, 1, 1), date(year, 12, 1)
    return last.replace(month=1), last


def _fresh_books(programme: Programme) -> Books:
    terms: Terms = defaultdict(lambda: defaultdict(dict))
    base: dict[Place, dict[int, int]] = defaultdict(dict)
    ledger = _ledger_rows(programme)
    years = {*range(programme.start_year, programme.final_year + 1), *(row[3].year for row in ledger)}
    _read_effects(programme, terms)
    year_end = _enter_ledger(programme, ledger, terms, base)
    for place, by_month in base.items():
        terms[place]["base"] = {
            month: by_month[month.month]
            for year in sorted(years)
            for month in months_of_year(year)
            if month.month in by_month
        }
    through = date(max(years), 12, 1)
    _enter_transfers(programme, terms, through)
    wholes = _Wholes(programme, terms)
    whole = _kept_with_wholes(wholes, terms)
    books = Books(whole)
    drivers = _drivers(programme, books, wholes, through)
    for place, kinds in drivers.items():
        whole.setdefault(place, {})["drivers"] = _added(kinds.values())
    return Books(whole, drivers, year_end)


# --- effects of measures ------------------------------------------------------------------------------------


def _read_effects(programme: Programme, terms: Terms) -> None:
    with planned_for_sums() as cursor:
        cursor.execute(_EFFECTS, {"programme": programme.pk})
        for sector, cost_type, year, term, *amounts in cursor.fetchall():
            _enter(terms[Place(sector, cost_type)][term], year, amounts)
    # What yields to another line inside the base is counted once there too (R5).
    for correction, line in corrections(programme):
        if line["in_base"] and correction.series == "plan":
            place = Place(line["sector_id"], line["cost_type_id"])
            _enter(terms[place]["planned_in_base"], correction.year, correction.months)


def _enter(months: dict[date, int], year: int, amounts: Iterable[int]) -> None:
    for month, cents in zip(months_of_year(year), amounts, strict=True):
        if cents:
            months[month] = months.get(month, 0) + cents


# --- the books ------------------------------------------------------------------------------------------------


def _ledger_rows(programme: Programme) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_LEDGER, {"programme": programme.pk})
        return list(cursor.fetchall())


def _enter_ledger(
    programme: Programme, ledger: list[Any], terms: Terms, base: dict[Place, dict[int, int]]
) -> dict[tuple[Place, int], int]:
    """Puts the ledger's rows where they belong; the latest year-end forecast by place and year."""
    base_year = programme.base_year or programme.start_year
    kinds = LedgerEntry.Kind
    latest: dict[int, int] = {}
    made: dict[tuple[Place, int], date] = {}
    for kind, sector, cost_type, month, is_internal, number, booked_on, _cents in ledger:
        if kind == kinds.AMENDED_BUDGET or (kind == kinds.ORIGINAL_BUDGET and month.year != base_year):
            latest[month.year] = max(latest.get(month.year, 0), number)
        elif kind == kinds.YEAR_END_FORECAST and not is_internal:
            key = (Place(sector, cost_type), month.year)
            made[key] = max(made.get(key, booked_on), booked_on)
    year_end: dict[tuple[Place, int], int] = defaultdict(int)
    for kind, sector, cost_type, month, is_internal, number, booked_on, cents in ledger:
        place = Place(sector, cost_type)
        if is_internal:
            if kind == kinds.ACTUAL:
                _add(terms[place]["internal"], month, cents)
        elif kind == kinds.ACTUAL:
            _add(terms[place]["ledger"], month, cents)
        elif kind == kinds.YEAR_END_FORECAST:
            if made[place, month.year] == booked_on:
                year_end[place, month.year] += cents
        elif kind == kinds.ORIGINAL_BUDGET and month.year == base_year:
            base[place][month.month] = base[place].get(month.month, 0) + cents
        elif latest[month.year] == number:
            _add(terms[place]["amended"], month, cents)
    return dict(year_end)


def _add(months: dict[date, int], month: date, cents: int) -> None:
    months[month] = months.get(month, 0) + cents


def _enter_transfers(programme: Programme, terms: Terms, through: date) -> None:
    """A transfer counts in each month from its first one on; earlier months stay (R19)."""
    rows = BaseTransferRow.objects.filter(programme=programme).values_list(
        "sector", "cost_type", "transfer__from_month", "monthly_eur_cents"
    )
    for sector, cost_type, from_month, cents in rows:
        for month in months_from(from_month, next_month(through)):
            _add(terms[Place(sector, cost_type)]["transfers"], month, cents)


class _Wholes:
    """Where the books of a place are kept: a part of a cost type without books of its own counts with its whole."""

    def __init__(self, programme: Programme, terms: Terms) -> None:
        self.parents = dict(CostType.objects.filter(programme=programme).values_list("pk", "parent"))
        self.kept = {place for place, found in terms.items() if found.get("ledger") or found.get("base")}

    def of(self, place: Place) -> Place:
        at: int | None = place.cost_type
        while at is not None and Place(place.sector, at) not in self.kept:
            at = self.parents.get(at)
        return place if at is None else Place(place.sector, at)


def _kept_with_wholes(wholes: _Wholes, terms: Terms) -> dict[Place, dict[str, dict[date, int]]]:
    """The terms of each place, those of its parts with it where they have no books of their own."""
    whole: dict[Place, dict[str, dict[date, int]]] = {}
    for place, found in terms.items():
        target = wholes.of(place)
        whole[target] = carried_up(found, whole.get(target, {}))
    return whole


def _drivers(
    programme: Programme, books: Books, wholes: _Wholes, through: date
) -> dict[Place, dict[str, dict[date, int]]]:
    """Cents of each kind of driver by month; rates are taken of what remains after the measures (R17).

    A driver of a part counts where the part's books are; what costs remain of a part alone is not known, so it
    takes no rate there.
    """
    rows = [
        DriverRow(
            at := wholes.of(Place(sector, cost_type)),
            kind,
            first,
            last,
            cents,
            rate if at.cost_type == cost_type else None,
        )
        for sector, cost_type, kind, first, last, cents, rate in CostDriver.objects.filter(
            programme=programme
        ).values_list(
            "sector", "cost_type", "kind", "first_month", "last_month", "monthly_eur_cents", "rate_percent"
        )
    ]
    if not rows:
        return {}
    places = {row.place for row in rows if isinstance(row.place, Place)}
    found: dict[Place, dict[str, dict[date, int]]] = defaultdict(lambda: defaultdict(dict))
    for month in months_from(min(row.first_month for row in rows), next_month(through)):
        remaining: dict[tuple[Hashable, date], int] = {
            (place, month): books.month(place, month).remaining for place in places
        }
        for place, kinds in driver_amounts(rows, remaining, first=month, last=month).items():
            for kind, cents in kinds.items():
                found[place][kind][month] = cents  # type: ignore[index]
    return {place: {kind: dict(by) for kind, by in kinds.items()} for place, kinds in found.items()}


def _added(kinds: Iterable[dict[date, int]]) -> dict[date, int]:
    found: dict[date, int] = {}
    for months in kinds:
        for month, cents in months.items():
            _add(found, month, cents)
    return found
