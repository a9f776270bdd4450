"""What the forecasts say, as plain data: read by pages, the API and jobs without loading NumPy.

Amounts are cents, minus is a saving; what was drawn is rounded to 1 000 EUR.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from measures.forecasting.backloading import BackLoading

LEVEL_CHANGE = "level_change"
ENDS = ("cautious", "full", "stated")
#: How many months before a month its earlier forecasts are looked at.
BEFORE = (1, 3, 6)


@dataclass(frozen=True, slots=True)
class Range:
    """Plain forecast, weighted forecast, and percentiles of the signed effect: p10 is the strongest saving."""

    forecast: int
    weighted: int
    p10: int
    p50: int
    p90: int


@dataclass(frozen=True, slots=True)
class Mover:
    """A measure and the share of the variance that it brings; `forecast` is its plain one, cents."""

    pk: int
    code: str
    share: float
    forecast: int
    stage: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected of the new lines. `main` is what the target speaks of; `base` is added for the chances.

    `years` are whole effects, lasting and one-off; `levels` the lasting part alone; `months` 12 x the lasting
    effect of each month. A chance is None without a target, or with one that is no saving (R16).
    """

    main: Range
    years: dict[int, Range]
    levels: dict[int, Range]
    months: dict[date, Range]
    base: int | None
    chances: dict[str, float | None]
    movers: list[Mover] = field(default_factory=list)
    back: BackLoading | None = None
    draws: int = 0


@dataclass(frozen=True, slots=True)
class PastMonth:
    """A closed month: what was realised (confirmed and undecided), and the forecasts of it by months before."""

    month: date
    realised: int
    said: dict[int, int]


@dataclass(frozen=True, slots=True)
class Bias:
    """How forecasts came true: months compared, what they said and what was realised, cents."""

    months: int
    said: int
    realised: int

    @property
    def share(self) -> float | None:
        """Realised of what was said, 1 when all came; None when no saving was said (R16)."""
        return self.realised / self.said if self.said < 0 else None


def biases(rows: Sequence[PastMonth]) -> Mapping[int, Bias]:
    """By months before, over the months that have such a forecast."""
    found = {}
    for before in BEFORE:
        known = [row for row in rows if before in row.said]
        if known:
            found[before] = Bias(
                len(known), sum(row.said[before] for row in known), sum(row.realised for row in known)
            )
    return found
