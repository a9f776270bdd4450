"""What has been reached so far, on the basis that the target speaks of (money.md R8)."""

from __future__ import annotations

from datetime import date

from measures.calculations import Figures

#: Levels that are facts: before the final year they are shown as run rates.
ACHIEVED = ("claimed", "confirmed")


def achieved(
    figures: Figures, level: str, *, closed: date | None, final_year: int
) -> tuple[int | None, date | None]:
    """Level change once the final year has closed months; before that the run rate with its month."""
    if closed is not None and closed.year >= final_year:
        return getattr(figures.level_change, level), None
    return getattr(figures.run_rate, level), getattr(figures.run_rate_months, level, None)
