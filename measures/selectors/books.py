"""The books as pages show them: months and who closed them, budgets, rows by place, transfers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from core.periods import months, months_of_year, next_month
from measures.models import (
    BaseTransferRow,
    BooksClosed,
    BudgetVersion,
    ImportRun,
    LedgerEntry,
    SavingsEntry,
    Series,
    YearLocked,
)
from measures.selectors.clock import books_closed_through
from programme.models import CostType, Programme, Sector

Kind = LedgerEntry.Kind
#: (sector id, cost type id)
Place = tuple[int, int]


# --- months -------------------------------------------------------------------------------------------


@dataclass
class BookMonth:
    """One month of the books. `reopened` is its latest reopening; `undecided` counts claims nobody has decided."""

    month: date
    is_closed: bool = False
    closing: BooksClosed | None = None
    reopened: BooksClosed | None = None
    rows: int = 0
    actual_eur_cents: int | None = None
    corrections: int = 0
    undecided: int = 0
    run: ImportRun | None = None
    is_locked: bool = False

    @property
    def has_ledger(self) -> bool:
        return self.rows > 0

    @property
    def state(self) -> str:
        """closed, waiting (over, but no ledger), reopened (an earlier month is open), or open."""
        if self.is_closed:
            return "closed"
        if not self.has_ledger:
            return "waiting"
        return "reopened" if self.closing is not None else "open"


@dataclass
class BookYear:
    """The months of a year up to the status day, its lock and its budgets."""

    year: int
    lock: YearLocked | None
    months: list[BookMonth]
    budgets: list[BudgetLine] = field(default_factory=list)

    @property
    def is_all_closed(self) -> bool:
        return len(self.months) == 12 and all(month.is_closed for month in self.months)


@dataclass
class BudgetLine:
    """A budget of a year with the sum of its rows; None when it has none."""

    budget: BudgetVersion
    total_eur_cents: int | None
    run: ImportRun | None


def book_years(programme: Programme) -> list[BookYear]:
    """Years from the programme's first to the status day's, latest first; seven queries however long it is."""
    today = programme.today()
    first = min(programme.start_year, programme.base_year or programme.start_year)
    locks = {lock.year: lock for lock in YearLocked.objects.filter(programme=programme)}
    budgets = _budget_lines(programme)
    by_month = _months(programme, first, today, set(locks))
    years = [
        BookYear(
            year,
            locks.get(year),
            [by_month[month] for month in months_of_year(year) if month in by_month],
            budgets.get(year, []),
        )
        for year in range(first, max(today.year, *budgets.keys(), first) + 1)
    ]
    return years[::-1]


def _months(programme: Programme, first_year: int, today: date, locked: set[int]) -> dict[date, BookMonth]:
    closed = books_closed_through(programme)
    found = {
        month: BookMonth(
            month, is_closed=closed is not None and month <= closed, is_locked=month.year in locked
        )
        for month in months(date(first_year, 1, 1), next_month(today))
    }
    rows = BooksClosed.objects.filter(programme=programme, month__in=found).select_related("closed_by")
    for row in rows.order_by("pk"):
        if row.reopened_on is None:
            found[row.month].closing = row
        else:
            found[row.month].reopened = row
    actuals = LedgerEntry.objects.filter(
        programme=programme, kind=Kind.ACTUAL, is_internal=False, month__in=found
    )
    per_month = actuals.order_by().values("month").annotate(
        rows=Count("pk"), cents=Sum("amount_eur_cents"), run=Max("import_run"),
        corrections=Count("pk", filter=Q(is_correction=True)),
    )  # fmt: skip
    runs: dict[date, int] = {}
    for told in per_month:
        month = found[told["month"]]
        month.rows, month.actual_eur_cents, month.corrections = (
            told["rows"],
            told["cents"],
            told["corrections"],
        )
        if told["run"]:
            runs[told["month"]] = told["run"]
    held = ImportRun.objects.in_bulk(set(runs.values()))
    for at, run in runs.items():
        found[at].run = held.get(run)
    undecided = SavingsEntry.objects.filter(
        programme=programme, series=Series.CLAIMED, decided_eur_cents=None, month__in=found
    )
    for at, count in undecided.order_by().values_list("month").annotate(Count("pk")):
        found[at].undecided = count
    return found


def book_month(programme: Programme, month: date) -> BookMonth:
    """One month as `book_years` shows it."""
    return _months(programme, month.year, max(programme.today(), month), set())[month]


def _budget_lines(programme: Programme) -> dict[int, list[BudgetLine]]:
    sums = {
        told["budget"]: told
        for told in LedgerEntry.objects.filter(programme=programme, is_internal=False, budget__isnull=False)
        .order_by()
        .values("budget")
        .annotate(cents=Sum("amount_eur_cents"), run=Max("import_run"))
    }
    runs = ImportRun.objects.in_bulk({told["run"] for told in sums.values() if told["run"]})
    found: dict[int, list[BudgetLine]] = defaultdict(list)
    for budget in BudgetVersion.objects.filter(programme=programme).select_related("decision"):
        told = sums.get(budget.pk)
        line = BudgetLine(budget, told["cents"] if told else None, runs.get(told["run"]) if told else None)
        found[budget.year].append(line)
    return found


# --- rows by place --------------------------------------------------------------------------------------

COLUMNS = ("base", "original_budget", "amended_budget", "actual", "year_end_forecast")


@dataclass
class PlaceRow:
    """The books of one sector and cost type in a period, cents by column of COLUMNS, None where unknown."""

    sector: Sector
    cost_type: CostType
    cents: dict[str, int | None]

    @property
    def left(self) -> int | None:
        """Actual less the budget in force: above zero is more cost than budgeted."""
        budget = self.cents.get("amended_budget")
        budget = self.cents.get("original_budget") if budget is None else budget
        actual = self.cents.get("actual")
        return None if actual is None or budget is None else actual - budget


def amended_version(programme: Programme, year: int, on: date | None = None) -> BudgetVersion | None:
    """The latest amended budget of a year that was decided on the day or before."""
    rows = BudgetVersion.objects.filter(programme=programme, year=year, number__gt=0)
    if on is not None:
        rows = rows.filter(decided_on__lte=on)
    return rows.order_by("-number").first()


def place_rows(programme: Programme, first: date, last: date) -> list[PlaceRow]:
    """Every sector and cost type that has rows in the months `first` to `last` (first days, one year), in order.

    The base is the original budget of the base year for the same months of the year with transfers; internal
    charges are left out of everything (R19).
    """
    base_year = programme.base_year or programme.start_year
    wanted = Q(month__gte=first, month__lte=last)
    base = Q(
        kind=Kind.ORIGINAL_BUDGET,
        month__gte=first.replace(year=base_year),
        month__lte=last.replace(year=base_year),
    )
    rows = LedgerEntry.objects.filter(wanted | base, programme=programme, is_internal=False).order_by()
    version = amended_version(programme, first.year)
    grouped = rows.values("sector", "cost_type").annotate(
        base=Sum("amount_eur_cents", filter=base),
        original_budget=Sum("amount_eur_cents", filter=wanted & Q(kind=Kind.ORIGINAL_BUDGET)),
        amended_budget=Sum("amount_eur_cents", filter=wanted & Q(kind=Kind.AMENDED_BUDGET, budget=version)),
        actual=Sum("amount_eur_cents", filter=wanted & Q(kind=Kind.ACTUAL)),
        year_end_forecast=Sum("amount_eur_cents", filter=wanted & Q(kind=Kind.YEAR_END_FORECAST)),
    )
    moved = transfer_amounts(programme, first, last)
    by_place: dict[Place, Any] = {(row["sector"], row["cost_type"]): row for row in grouped}
    for place, cents in moved.items():
        row = by_place.setdefault(place, dict.fromkeys(COLUMNS))
        row["base"] = (row["base"] or 0) + cents
    sectors = Sector.objects.filter(programme=programme).in_bulk()
    cost_types = CostType.objects.filter(programme=programme).in_bulk()
    order = sorted(
        by_place, key=lambda place: (sectors[place[0]].position, place[0], cost_types[place[1]].position)
    )
    return [
        PlaceRow(
            sectors[sector],
            cost_types[cost_type],
            {name: by_place[sector, cost_type][name] for name in COLUMNS},
        )
        for sector, cost_type in order
    ]


def ledger_rows(programme: Programme, filters: dict[str, Any] | None = None) -> QuerySet[LedgerEntry]:
    """Rows of the books, narrowed by sector and cost_type (keys), kind, month_from, month_to, internal (bool)."""
    asked = {name: value for name, value in (filters or {}).items() if value not in (None, "")}
    fields = {
        "sector": "sector__key", "cost_type": "cost_type__key", "kind": "kind", "month_from": "month__gte",
        "month_to": "month__lte", "budget": "budget", "run": "import_run", "internal": "is_internal",
        "account": "account", "correction": "is_correction",
    }  # fmt: skip
    rows = LedgerEntry.objects.filter(programme=programme)
    return rows.filter(**{fields[name]: value for name, value in asked.items() if name in fields})


def has_illustrative(programme: Programme) -> bool:
    """Whether any row of the books is made up to show the portal."""
    return LedgerEntry.objects.filter(programme=programme, is_illustrative=True).exists()


# --- transfers --------------------------------------------------------------------------------


def transfer_amounts(programme: Programme, first: date, last: date) -> dict[Place, int]:
    """What transfers add to the base of each place in the months `first` to `last`, both included (R19)."""
    found: dict[Place, int] = defaultdict(int)
    for (sector, cost_type, _month), cents in _moved(programme, first, last).items():
        found[sector, cost_type] += cents
    return dict(found)


def _moved(programme: Programme, first: date, last: date) -> dict[tuple[int, int, date], int]:
    rows = BaseTransferRow.objects.filter(programme=programme, transfer__from_month__lte=last)
    found: dict[tuple[int, int, date], int] = defaultdict(int)
    columns = ("sector", "cost_type", "transfer__from_month", "monthly_eur_cents")
    for sector, cost_type, start, cents in rows.values_list(*columns):
        for month in months(max(first, start), next_month(last)):
            found[sector, cost_type, month] += cents
    return dict(found)


def places_of(rows: Iterable[Sequence[int]]) -> tuple[dict[int, Sector], dict[int, CostType]]:
    """The sectors and cost types of places (whose first two numbers are their ids), by id."""
    listed = list(rows)
    return (
        Sector.objects.in_bulk({row[0] for row in listed}),
        CostType.objects.in_bulk({row[1] for row in listed}),
    )
