"""Illustrative books: budgets, actuals of closed months, year-end forecast, cost drivers and a base transfer.

The actuals follow the rule of reconciliation (R10): base, transfer, drivers and what is confirmed of the
illustrative claims. A few places say something else on purpose, so that there is something to explain.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from core.bulk import BulkWriter
from core.money import spread
from core.periods import next_month
from measures.demo.rows import insert, take_ids
from measures.ledger.drivers import rate_amount
from measures.models import (
    BaseTransfer,
    BaseTransferRow,
    BooksClosed,
    BudgetVersion,
    CostDriver,
    LedgerEntry,
    LineClass,
    YearLocked,
)
from measures.portfolio_drafts import SECTORS, Calendar, Line, Structure
from programme.models import CostType, Programme, Sector

MEUR = 100_000_000
KEUR = 100_000
#: A year's budget in M€ by a part of the cost type's key; 100 M€ for any other.
SIZES = {"vuokrat": 24, "ostot": 390, "henkilosto": 410}
ACCOUNTS = {"vuokrat": "4800", "ostot": "4300", "henkilosto": "4000"}
#: Cost drivers by cost type: kind, % a month of what remains, €/month, source, months after the base year's January.
DRIVERS: dict[str, list[tuple[str, str | None, int, int, str]]] = {
    "henkilosto": [("wages", "1.8", 0, 5, "Sopimuskorotukset, havainnollistava")],
    "ostot": [
        ("prices", "2.4", 0, 12, "Palvelujen hintaindeksi, havainnollistava"),
        ("volume", None, 60, 8, "Lähetteiden määrä, havainnollistava"),
    ],
    "vuokrat": [("prices", "3.1", 0, 12, "Vuokrasopimusten indeksi, havainnollistava")],
}
#: What the books show beyond all of this: sector, cost type, first month from the start, 1 000 € a month.
UNEXPLAINED = (("tespa", "ostot", 10, 340), ("sospa", "henkilosto", 12, -155), ("muut", "vuokrat", 11, 28))
#: The transfer at the turn of the second year: from social services to health, 1 000 € a month.
MOVED = (("henkilosto", 80), ("ostot", 20))
INTERNAL = 40 * KEUR


@dataclass
class Books:
    """What is written, and what it is written from; amounts in cents by (sector id, cost type id)."""

    writer: BulkWriter
    structure: Structure
    calendar: Calendar
    controller: Any
    budgets: dict[tuple[int, int], int]
    effects: dict[tuple[int, int, int], int] = field(default_factory=dict)  # and position of the month

    @property
    def programme(self) -> Programme:
        return self.structure.programme

    @property
    def base_year(self) -> int:
        return self.programme.base_year or self.programme.start_year

    def month_of_base(self, sector: int, cost_type: int, month: date) -> int:
        """The base's cents of that month of the year, whole euros."""
        return spread(self.budgets[sector, cost_type] // 100, 12)[month.month - 1] * 100


def closing_day(month: date) -> date:
    """The 20th of the month after: when the books of a month are closed."""
    return next_month(month).replace(day=20)


def write_books(
    writer: BulkWriter, structure: Structure, calendar: Calendar, lines: list[Line], controller: Any
) -> None:
    """Budgets with their versions, actuals, forecast, drivers, a transfer, closed months and a locked year."""
    books = Books(writer, structure, calendar, controller, _budgets(structure))
    effects: dict[tuple[int, int, int], int] = defaultdict(int)
    for line in lines:
        if line.line_class == LineClass.CASH:
            for at, cents in enumerate(line.claimed[: calendar.closed]):
                effects[line.sector.pk, line.cost_type.pk, at] += (cents or 0) * line.confirmed_share // 1000
    books.effects = effects
    moved = _write_transfer(books)
    _write_drivers(books)
    _write_entries(books, _write_budgets(books), moved)
    _write_closed(books)


def _budgets(structure: Structure) -> dict[tuple[int, int], int]:
    """A year's budget by sector and cost type: 24 M€ of rents, 390 M€ of purchases, 410 M€ of staff."""
    budgets = {}
    weights = [next(w for part, w in SECTORS.items() if part in row.key)[1] for row in structure.sectors]
    for row in structure.cost_types:
        yearly = next((size for part, size in SIZES.items() if part in row.key), 100) * MEUR
        for sector, part in zip(structure.sectors, spread(yearly, weights), strict=True):
            budgets[sector.pk, row.pk] = part
    return budgets


def _named(rows: list[Any], part: str) -> Any | None:
    return next((row for row in rows if part in row.key), None)


def _write_budgets(books: Books) -> dict[tuple[int, int], int]:
    """Ids of the budgets by (year, version): the original ones up to the status year, its first amendment."""
    year = books.calendar.today.year
    years = [one for one in range(books.programme.start_year, year + 1)]
    keys = [(one, 0) for one in years] + [(year, 1)]
    ids = dict(zip(keys, take_ids(books.writer, BudgetVersion, len(keys)), strict=True))
    insert(books.writer, BudgetVersion, [
        {
            "id": ids[one, number], "programme": books.programme.pk, "year": one, "number": number,
            "name": "Havainnollistava muutos" if number else "Havainnollistava talousarvio",
            "decided_on": date(one, 2, 26) if number else date(one - 1, 12, 11), "section": "14" if number else "98",
            "is_illustrative": True,
        }
        for one, number in keys
    ])  # fmt: skip
    return ids


def _write_transfer(books: Books) -> dict[tuple[int, int], tuple[date, int]]:
    """First month and cents a month by place; empty where the programme has no such sectors."""
    sectors, cost_types = books.structure.sectors, books.structure.cost_types
    giver, taker = _named(sectors, "sospa"), _named(sectors, "tespa")
    rows = [(found, keur * KEUR) for part, keur in MOVED if (found := _named(cost_types, part))]
    first = date(books.base_year + 1, 1, 1)
    if giver is None or taker is None or not rows or first > books.calendar.today:
        return {}
    (key,) = take_ids(books.writer, BaseTransfer, 1)
    insert(books.writer, BaseTransfer, [{
        "id": key, "programme": books.programme.pk, "name": "Kuntoutus siirtyi terveyspalveluihin (havainnollistava)",
        "from_month": first, "reason": "Organisaatiomuutos vuoden alussa, havainnollistava", "is_illustrative": True,
    }])  # fmt: skip
    moved = {(giver.pk, row.pk): (first, -cents) for row, cents in rows}
    moved |= {(taker.pk, row.pk): (first, cents) for row, cents in rows}
    insert(books.writer, BaseTransferRow, [
        {
            "programme": books.programme.pk, "transfer": key, "sector": sector, "cost_type": cost_type,
            "monthly_eur_cents": cents,
        }
        for (sector, cost_type), (_first, cents) in moved.items()
    ])  # fmt: skip
    return moved


def _drivers_of(
    books: Books, sector: Sector, cost_type: CostType
) -> list[tuple[str, str | None, int, date, str]]:
    """Kind, rate, cents a month, first month and source of the drivers of one place; volume moves in health only."""
    part = next((part for part in DRIVERS if part in cost_type.key), "")
    return [
        (kind, rate, keur * KEUR, date(books.base_year + after // 12, after % 12 + 1, 1), source)
        for kind, rate, keur, after, source in DRIVERS.get(part, [])
        if rate or "tespa" in sector.key
    ]


def _write_drivers(books: Books) -> None:
    insert(books.writer, CostDriver, [
        {
            "programme": books.programme.pk, "kind": kind, "sector": sector.pk, "cost_type": cost_type.pk,
            "first_month": first, "monthly_eur_cents": cents, "rate_percent": None if rate is None else Decimal(rate),
            "source": source, "is_illustrative": True,
        }
        for sector in books.structure.sectors
        for cost_type in books.structure.cost_types
        for kind, rate, cents, first, source in _drivers_of(books, sector, cost_type)
    ])  # fmt: skip


def _write_entries(
    books: Books, budgets: dict[tuple[int, int], int], moved: dict[tuple[int, int], tuple[date, int]]
) -> None:
    rows: list[dict[str, Any]] = []
    for place, sector in enumerate(books.structure.sectors):
        for cost_type in books.structure.cost_types:
            rows += _entries_of(
                books, budgets, sector, cost_type, moved.get((sector.pk, cost_type.pk)), place
            )
    rows += _internal_charges(books)
    insert(books.writer, LedgerEntry, rows)


def _entries_of(
    books: Books, budgets: dict[tuple[int, int], int], sector: Sector, cost_type: CostType,
    moved: tuple[date, int] | None, place: int,
) -> list[dict[str, Any]]:  # fmt: skip
    calendar, year = books.calendar, books.calendar.today.year
    account = next((number for part, number in ACCOUNTS.items() if part in cost_type.key), "4900")
    common = {
        "programme": books.programme.pk, "sector": sector.pk, "cost_type": cost_type.pk, "account": account,
        "is_illustrative": True,
    }  # fmt: skip
    rows: list[dict[str, Any]] = []

    def add(
        kind: str, month: date, cents: int, booked_on: date, budget: int | None = None, **more: Any
    ) -> None:
        rows.append(common | {
            "kind": kind, "month": month, "amount_eur_cents": cents, "booked_on": booked_on, "budget": budget,
            "is_correction": False, "reason": "",
        } | more)  # fmt: skip

    for at, month in enumerate(calendar.months):
        if month.year > year:
            break
        base = books.month_of_base(sector.pk, cost_type.pk, month)
        grown = base * (1000 + 15 * (month.year - books.base_year)) // 1000
        add("original_budget", month, grown, date(month.year, 1, 1), budgets[month.year, 0])
        actual = (
            base
            + (moved[1] if moved and month >= moved[0] else 0)
            + books.effects.get((sector.pk, cost_type.pk, at), 0)
        )
        actual += _driven(books, sector, cost_type, month, actual)
        if at < calendar.closed:
            actual += _left_over(sector, cost_type, at, base, place)
            add("actual", month, actual, closing_day(month))
        if month.year == year:
            more = (
                base * 15 // 1000 if month.month >= 3 and "tespa" in sector.key and account == "4300" else 0
            )
            add("amended_budget", month, grown + more, date(year, 2, 26), budgets[year, 1])
            add("year_end_forecast", month, actual, closing_day(calendar.months[calendar.closed - 1]))
    if "tespa" in sector.key and account == "4300" and calendar.closed > 11:
        month = calendar.months[10]
        add(
            "actual", month, -12 * KEUR, closing_day(calendar.months[calendar.closed - 1]), is_correction=True,
            reason="Hyvityslasku saapui myöhässä, havainnollistava",
        )  # fmt: skip
    return rows


def _driven(books: Books, sector: Sector, cost_type: CostType, month: date, remaining: int) -> int:
    """What the drivers add to what remains after the measures."""
    return sum(
        cents + (rate_amount(remaining, Decimal(rate)) if rate else 0)
        for _kind, rate, cents, first, _source in _drivers_of(books, sector, cost_type)
        if first <= month
    )


def _left_over(sector: Sector, cost_type: CostType, at: int, base: int, place: int) -> int:
    """What nothing explains: a small wave everywhere, more in the places named above."""
    wave = base * ((at * 7 + place * 3 + len(cost_type.key)) % 9 - 4) // 400_000 * 100
    return wave + sum(
        keur * KEUR
        for of_sector, of_cost_type, first, keur in UNEXPLAINED
        if of_sector in sector.key and of_cost_type in cost_type.key and at >= first
    )


def _internal_charges(books: Books) -> list[dict[str, Any]]:
    """A charge between the county's own units each month: flagged, outside everything (R19)."""
    sector, cost_type = books.structure.sectors[-1], _named(books.structure.cost_types, "ostot")
    if cost_type is None:
        return []
    return [
        {
            "programme": books.programme.pk, "sector": sector.pk, "cost_type": cost_type.pk, "account": "4390",
            "is_illustrative": True, "kind": "actual", "month": month, "amount_eur_cents": INTERNAL,
            "booked_on": closing_day(month), "budget": None, "is_correction": False, "reason": "", "is_internal": True,
        }
        for month in books.calendar.months[: books.calendar.closed]
    ]  # fmt: skip


def _write_closed(books: Books) -> None:
    programme, calendar = books.programme, books.calendar
    closed_already = set(
        BooksClosed.objects.filter(programme=programme, reopened_on=None).values_list("month", flat=True)
    )
    insert(books.writer, BooksClosed, [
        {
            "programme": programme.pk, "month": month, "closed_on": closing_day(month),
            "closed_by": getattr(books.controller, "pk", None), "is_illustrative": True,
        }
        for month in calendar.months[: calendar.closed]
        if month not in closed_already
    ])  # fmt: skip
    year = programme.start_year
    whole = calendar.closed >= 12 and not YearLocked.objects.filter(programme=programme, year=year).exists()
    if whole:
        insert(books.writer, YearLocked, [{
            "programme": programme.pk, "year": year, "locked_on": date(year + 1, 3, 28), "is_illustrative": True,
            "note": "Tilinpäätös allekirjoitettu, havainnollistava",
        }])  # fmt: skip


#: Tables of this module, in the order in which their illustrative rows can be taken away.
TABLES = (LedgerEntry, BudgetVersion, BaseTransfer, CostDriver, BooksClosed, YearLocked)
