"""The rows behind each term of a reconciliation, for one sector and cost type and some months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from core.periods import format_date, format_month, months_between, next_month
from core.periods import months as months_from
from core.templatetags.ui import plain_text
from measures.ledger.drivers import rate_amount
from measures.models import (
    BaseTransferRow,
    CostDriver,
    LedgerEntry,
    LineClass,
    Permanence,
    SavingsEntry,
    Series,
)
from measures.reconciliation import Books, Place
from programme.models import CostType, Programme

#: Rows listed one by one; the rest are counted.
SHOWN_ROWS = 200
#: Terms that can be opened, and those that come from measures.
TERMS = (
    "base", "transfers", "drivers", "in_base_shortfall", "confirmed_new", "ledger", "undecided", "internal", "amended",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Behind:
    """One row behind a term: what it is, more about it, its cents, and where it stands."""

    name: str
    detail: str
    eur_cents: int
    href: str = ""


def rows_behind(
    programme: Programme, books: Books, place: Place, term: str, first: date, last: date
) -> list[Behind]:
    """The rows that a term of the months is made of, the largest first."""
    types = _parts_kept_here(programme, books, place)
    if term in ("in_base_shortfall", "confirmed_new", "undecided"):
        found = _of_lines(programme, place, types, term, first, last)
    elif term == "transfers":
        found = _transfers(programme, place, types, first, last)
    elif term == "drivers":
        found = _drivers(programme, books, place, types, first, last)
    else:
        found = _of_books(programme, place, types, term, first, last)
    return sorted(found, key=lambda row: -abs(row.eur_cents))


def _parts_kept_here(programme: Programme, books: Books, place: Place) -> list[int]:
    """The cost type and those of its parts that have no books of their own."""
    parents = dict(CostType.objects.filter(programme=programme).values_list("pk", "parent"))
    found = [place.cost_type]
    for pk in parents:
        at = parents[pk]
        while at is not None and at != place.cost_type:
            at = parents.get(at)
        if at is not None and Place(place.sector, pk) not in books.terms:
            found.append(pk)
    return found


def _of_books(
    programme: Programme, place: Place, types: Sequence[int], term: str, first: date, last: date
) -> list[Behind]:
    kinds = LedgerEntry.Kind
    rows = LedgerEntry.objects.filter(programme=programme, sector=place.sector, cost_type__in=types)
    if term == "base":
        year = programme.base_year or programme.start_year
        asked = [month.month for month in months_from(first, next_month(last))]
        rows = rows.filter(
            kind=kinds.ORIGINAL_BUDGET, is_internal=False, month__year=year, month__month__in=asked
        )
        times = {number: asked.count(number) for number in asked}
    else:
        rows = rows.filter(month__gte=first, month__lte=last, is_internal=term == "internal")
        times = {}
        if term == "amended":
            rows = _latest_budget(programme, rows)
        else:
            rows = rows.filter(kind=kinds.ACTUAL)
    grouped = (
        rows.order_by()
        .values("month", "account", "cost_centre", "is_correction", "booked_on")
        .annotate(cents=Sum("amount_eur_cents"))
        .order_by("month", "account", "cost_centre")
    )
    return [
        Behind(
            f"{format_month(row['month'])} {row['account']} {row['cost_centre']}".strip(),
            " · ".join(
                part
                for part in (
                    _("correction") if row["is_correction"] else "",
                    _("booked on %(day)s") % {"day": format_date(row["booked_on"])},
                )
                if part
            ),
            row["cents"] * times.get(row["month"].month, 1),
        )
        for row in grouped
    ]


def _latest_budget(programme: Programme, rows: Any) -> Any:
    """Rows of the highest budget version of each year."""
    kinds = LedgerEntry.Kind
    budgets = LedgerEntry.objects.filter(
        programme=programme, kind__in=[kinds.ORIGINAL_BUDGET, kinds.AMENDED_BUDGET]
    )
    latest: dict[int, int] = {}
    for year, number in budgets.order_by().values_list("month__year", "budget__number").distinct():
        latest[year] = max(latest.get(year, 0), number or 0)
    asked = Q(pk__in=[])
    for year, number in latest.items():
        same = Q(budget__number=number) if number else Q(budget__number=0) | Q(budget=None)
        asked |= Q(month__year=year) & same
    return rows.filter(asked, kind__in=[kinds.ORIGINAL_BUDGET, kinds.AMENDED_BUDGET])


def _transfers(
    programme: Programme, place: Place, types: Sequence[int], first: date, last: date
) -> list[Behind]:
    rows = BaseTransferRow.objects.filter(
        programme=programme, sector=place.sector, cost_type__in=types, transfer__from_month__lte=last
    ).select_related("transfer")
    found = []
    for row in rows:
        months = months_between(max(first, row.transfer.from_month), last) + 1
        detail = _("from %(month)s on") % {"month": format_month(row.transfer.from_month)}
        found.append(Behind(row.transfer.name, detail, row.monthly_eur_cents * months))
    return found


def _drivers(
    programme: Programme, books: Books, place: Place, types: Sequence[int], first: date, last: date
) -> list[Behind]:
    rows = CostDriver.objects.filter(
        Q(last_month=None) | Q(last_month__gte=first),
        programme=programme, sector=place.sector, cost_type__in=types, first_month__lte=last,
    )  # fmt: skip
    found = []
    for row in rows:
        cents = 0
        end = min(last, row.last_month) if row.last_month else last
        for month in months_from(max(first, row.first_month), next_month(end)):
            cents += row.monthly_eur_cents
            if row.rate_percent:
                known = books.month(Place(row.sector_id, row.cost_type_id), month)
                cents += rate_amount(known.remaining, row.rate_percent)
        found.append(Behind(row.get_kind_display(), row.source, cents))
    return found


def _of_lines(
    programme: Programme, place: Place, types: Sequence[int], term: str, first: date, last: date
) -> list[Behind]:
    """Confirmed (less planned, inside the base) or undecided cents of each line of a measure."""
    rows = SavingsEntry.objects.filter(
        programme=programme, month__gte=first, month__lte=last, line__sector=place.sector,
        line__cost_type__in=types,
    ).exclude(line__line_class="quality")  # fmt: skip
    cents: Any = F("decided_eur_cents")
    if term == "in_base_shortfall":
        rows = rows.filter(Q(series=Series.PLAN) | Q(decided_eur_cents__isnull=False), line__in_base=True)
    elif term == "undecided":
        rows = rows.filter(series=Series.CLAIMED, decided_eur_cents=None, line__in_base=False)
        cents = F("amount_eur_cents")
    else:
        rows = rows.filter(decided_eur_cents__isnull=False, line__in_base=False)
    summed = rows.order_by().values("line", "line__permanence", "line__line_class", "line__measure__code",
        "line__measure__name_fi", "line__measure__name_sv", "line__measure__name_en").annotate(
        cents=Sum(cents), planned=Sum("amount_eur_cents", filter=Q(series=Series.PLAN)),
    )  # fmt: skip
    found = []
    for row in cast(Any, summed):
        name = {code: row[f"line__measure__name_{code}"] for code in ("fi", "sv", "en")}
        total = (row["cents"] or 0) - ((row["planned"] or 0) if term == "in_base_shortfall" else 0)
        url = reverse("measures:measure_detail", args=[programme.slug, row["line__measure__code"]])
        detail = str(Permanence(row["line__permanence"]).label)
        if row["line__line_class"] != LineClass.CASH:
            detail = f"{detail} · {LineClass(row['line__line_class']).label}"
        found.append(Behind(f"{row['line__measure__code']} {plain_text(name)}", detail, total, url))
    return found
