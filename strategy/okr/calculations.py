"""Arithmetic of key results: how far they are, what an objective's share is, which need a look."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from strategy.models import CheckIn, KeyResult

ZERO, ONE = Decimal(0), Decimal(1)
HUNDREDTH = Decimal("0.01")
#: From the best to the weakest.
CONFIDENCES = (CheckIn.Confidence.HIGH, CheckIn.Confidence.MEDIUM, CheckIn.Confidence.LOW)


def reached(start: Decimal, target: Decimal, value: Decimal) -> Decimal:
    """Share of the way from `start` to `target`, 0 to 1; it works downwards too. `start` and `target` differ."""
    share = (value - start) / (target - start)
    return min(max(share, ZERO), ONE)


def progress_of(result: KeyResult, value: Decimal | None, is_done: bool | None) -> Decimal | None:
    """Share of the way of a key result by its latest check-in, 0 to 1; None before the first one."""
    if result.kind == KeyResult.Kind.YES_NO:
        return None if is_done is None else (ONE if is_done else ZERO)
    if value is None or result.start_value is None or result.target_value is None:
        return None
    return reached(result.start_value, result.target_value, value)


def progress_of_objective(shares: Iterable[Decimal | None]) -> Decimal | None:
    """The mean of its key results; one without a check-in counts as not begun, and none at all is unknown."""
    known = list(shares)
    if not any(share is not None for share in known):
        return None
    return sum((share or ZERO for share in known), ZERO) / len(known)


def weakest(confidences: Iterable[str]) -> str:
    """The weakest confidence of several; empty when nobody has said any."""
    told = {word for word in confidences if word}
    return next((word for word in reversed(CONFIDENCES) if word in told), "")


def score_from(progress: Decimal | None) -> Decimal | None:
    """The score that is proposed: the share of the way with two decimals."""
    return None if progress is None else progress.quantize(HUNDREDTH, ROUND_HALF_UP)


def is_stale(latest: date | None, begun: date, today: date, *, after_days: int) -> bool:
    """Whether nobody has said for `after_days` how the key result stands, counted from the season's first day."""
    return today - max(latest or begun, begun) > timedelta(days=after_days)


def season_days(year: int, number: int, length_months: int) -> tuple[date, date]:
    """First and last day of the year's season `number` (1, 2, ...) of that length."""
    first = (number - 1) * length_months
    if number < 1 or first + length_months > 12:
        raise ValueError(f"season {number} of {length_months} months does not fit into a year")
    after = first + length_months
    end = date(year + after // 12, after % 12 + 1, 1) - timedelta(days=1)
    return date(year, first + 1, 1), end
