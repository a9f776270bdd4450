"""The booked rows behind a figure: those of one sector, cost type and month, as they stand in the books."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from measures.models import LedgerEntry
from programme.models import Programme


def booked_lines(
    programme: Programme, *, sector: int, cost_type: int, first: date, last: date, internal: bool = False
) -> QuerySet[LedgerEntry]:
    """Actual rows of one sector and cost type, months included; internal charges only when asked for (R19)."""
    return LedgerEntry.objects.filter(
        programme=programme, kind=LedgerEntry.Kind.ACTUAL, sector=sector, cost_type=cost_type,
        month__gte=first, month__lte=last, is_internal=internal,
    ).order_by("month", "account", "cost_centre", "pk")  # fmt: skip


def sum_of(rows: Iterable[Any]) -> int:
    """What the rows come to in cents."""
    return sum(row.amount_eur_cents for row in rows)
