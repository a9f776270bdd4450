"""When the next value of an indicator should be there, by its own cycle. Late is told in words, never in red."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from core.periods import add_months

if TYPE_CHECKING:
    from kpis.models import Indicator

#: What the word of a programme file says of the cycle, where nobody has given it in months.
CYCLES = {"monthly": 1, "quarterly": 3, "four-monthly": 4, "yearly": 12, "annual": 12, "every two years": 24}
#: Statistics come one to two years after their year: this long nothing is late where no lag is given.
USUAL_LAG_MONTHS = 24


def cycle_of(indicator: Indicator) -> int | None:
    """Months between two values; None when nobody has said."""
    return indicator.cycle_months or CYCLES.get(indicator.frequency)


def expected_by(indicator: Indicator, latest_period: str) -> date | None:
    """The first day on which the value after `latest_period` ("2024", "2024-T1", "2024-03") should be there.

    None when the indicator has no cycle, or no value yet from which to count.
    """
    months = cycle_of(indicator)
    if not months or not latest_period:
        return None
    lag = USUAL_LAG_MONTHS if indicator.lag_months is None else indicator.lag_months
    return add_months(_end_of(latest_period), months + lag)


def is_late(indicator: Indicator, latest_period: str, today: date) -> bool:
    """Whether the next value should have come by now."""
    due = expected_by(indicator, latest_period)
    return due is not None and due <= today and indicator.state == indicator.State.ACTIVE


def _end_of(period: str) -> date:
    """The first day after the period."""
    year, _dash, part = period.partition("-")
    if not part:
        return date(int(year) + 1, 1, 1)
    last = 4 * int(part[1:]) if part.startswith("T") else int(part)
    return add_months(date(int(year), 1, 1), last)
