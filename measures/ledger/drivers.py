"""What moves costs without any measure, in cents (R17): amounts agreed beforehand and rates of what remains."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from core.periods import months as months_from
from core.periods import next_month


@dataclass(frozen=True, slots=True)
class DriverRow:
    """One driver of one place (any key that stands for sector and cost type); months are included."""

    place: Hashable
    kind: str
    first_month: date
    last_month: date | None
    monthly_eur_cents: int
    rate_percent: Decimal | None


def rate_amount(remaining_eur_cents: int, rate_percent: Decimal) -> int:
    """The part that `rate_percent` makes of what remains after the measures, in cents, rounded half up.

    + when costs rise: 3 % of 100 000,00 € is +3 000,00 €. A remainder below zero takes the same rate.
    """
    return int((Decimal(remaining_eur_cents) * rate_percent / 100).quantize(Decimal(1), ROUND_HALF_UP))


def driver_amounts(
    drivers: Iterable[DriverRow],
    remaining: Mapping[tuple[Hashable, date], int],
    *,
    first: date,
    last: date,
) -> dict[Hashable, dict[str, int]]:
    """Cents by place and kind of driver, months `first` to `last` included.

    `remaining` holds the costs of (place, month) after the measures; a month it lacks counts as nothing to
    take a rate of. Rates of one place are not compounded: each is taken of the same remainder.
    """
    found: dict[Hashable, dict[str, int]] = {}
    for driver in drivers:
        start = max(first, driver.first_month)
        end = min(last, driver.last_month) if driver.last_month else last
        if end < start:
            continue
        cents = sum(
            driver.monthly_eur_cents
            + (
                rate_amount(remaining.get((driver.place, month), 0), driver.rate_percent)
                if driver.rate_percent
                else 0
            )
            for month in months_from(start, next_month(end))
        )
        kinds = found.setdefault(driver.place, {})
        kinds[driver.kind] = kinds.get(driver.kind, 0) + cents
    return found
