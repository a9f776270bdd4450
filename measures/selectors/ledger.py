"""The ledger against base, drivers and confirmed effects (R10)."""

from datetime import date

from django.db import connection
from django.db.models import Sum

from core.periods import month_of, months, next_month
from measures import calculations
from measures.calculations import Reconciliation
from measures.models import LedgerEntry
from programme.models import CostType, Programme, Sector

_CONFIRMED = """
    SELECT coalesce(sum(CASE WHEN entry.series = 'plan' AND line.in_base THEN entry.amount_eur_cents END), 0),
        coalesce(sum(CASE WHEN line.in_base THEN entry.decided_eur_cents END), 0),
        coalesce(sum(CASE WHEN NOT line.in_base THEN entry.decided_eur_cents END), 0)
    FROM measures_savingsline line
    JOIN measures_savingsentry entry ON entry.programme_id = line.programme_id AND entry.line_id = line.id
    JOIN measures_measure measure ON measure.id = line.measure_id
    WHERE line.programme_id = %(programme)s AND line.sector_id = %(sector)s
        AND line.cost_type_id = %(cost_type)s AND line.line_class = 'cash'
        AND entry.series IN ('plan', 'claimed') AND entry.month BETWEEN %(first)s AND %(last)s
        AND NOT (entry.series = 'plan' AND measure.withdrawn_from IS NOT NULL
            AND entry.month >= measure.withdrawn_from)
"""


def reconciliation(
    programme: Programme, sector: Sector, cost_type: CostType, *, first: date, last: date, drivers: int = 0
) -> Reconciliation:
    """Ledger against base, drivers and confirmed effects for the months `first` to `last`, both included.

    `drivers` is the sum of price, volume and wage drivers in cents. Without any booked actual in the
    period the ledger is awaited, not 0.
    """
    booked = LedgerEntry.objects.filter(programme=programme, sector=sector, cost_type=cost_type)
    base_year = programme.base_year or programme.start_year
    # The base is the original budget of the base year, month for month, whatever year is looked at.
    budgeted: dict[int, int] = {
        row["month"].month: row["cents"]
        for row in booked.filter(kind=LedgerEntry.Kind.ORIGINAL_BUDGET, month__year=base_year)
        .order_by()
        .values("month")
        .annotate(cents=Sum("amount_eur_cents"))
    }
    ledger = booked.filter(
        kind=LedgerEntry.Kind.ACTUAL, month__gte=month_of(first), month__lte=month_of(last)
    ).aggregate(cents=Sum("amount_eur_cents"))["cents"]
    with connection.cursor() as cursor:
        cursor.execute(_CONFIRMED, {
            "programme": programme.pk, "sector": sector.pk, "cost_type": cost_type.pk,
            "first": month_of(first), "last": month_of(last),
        })  # fmt: skip
        planned_in_base, confirmed_in_base, confirmed_new = (int(cents) for cents in cursor.fetchone())
    return calculations.reconcile(
        base=sum(budgeted.get(month.month, 0) for month in months(first, next_month(month_of(last)))), drivers=drivers,
        confirmed_in_base=confirmed_in_base, planned_in_base=planned_in_base, confirmed_new=confirmed_new,
        ledger=ledger,
    )  # fmt: skip
