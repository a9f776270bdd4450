"""What services cost by their way of production."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from measures.models import Service, ServiceYear
from programme.models import Programme


@dataclass(frozen=True)
class YearCost:
    """One year of a service, EUR cents; `bought_share` is 0..1, None where a part of it is unknown or all is zero."""

    row: ServiceYear

    @property
    def total(self) -> int | None:
        own, bought = self.row.own_eur_cents, self.row.bought_eur_cents
        return None if own is None or bought is None else own + bought

    @property
    def bought_share(self) -> Decimal | None:
        bought = self.row.bought_eur_cents
        return Decimal(bought) / self.total if bought is not None and self.total else None


@dataclass(frozen=True)
class ServiceCost:
    """A service with its years in order; `change` is how the bought share moved, in percentage points."""

    service: Service
    years: list[YearCost]

    @property
    def change(self) -> Decimal | None:
        known = [year.bought_share for year in self.years if year.bought_share is not None]
        return (known[-1] - known[0]) * 100 if len(known) > 1 else None


def service_costs(programme: Programme) -> list[ServiceCost]:
    """Every service of the programme by name. Two queries."""
    rows = Service.objects.filter(programme=programme).select_related("sector", "goal", "decision__body")
    return [
        ServiceCost(row, [YearCost(year) for year in row.years.all()])
        for row in rows.prefetch_related("years")
    ]
