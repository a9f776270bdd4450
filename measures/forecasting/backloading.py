"""Does the forecast hope for the end? How much of it has yet to begin, how late, and at what pace. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BackLoading:
    """Run rates in cents, 12 x a month's lasting effect.

    `running` of the last closed month (0 before the first), `end` of the last month, `before_last_year` of the
    last month before the final year. Paces are the run rate won a month, so far and from now on. `last_share`
    is the part of what is still to come that begins in the final year; None when nothing is to come.
    """

    running: int
    end: int
    before_last_year: int
    months_so_far: int
    months_left: int

    @property
    def to_come(self) -> int:
        return self.end - self.running

    @property
    def share_to_come(self) -> float | None:
        """Part of the saving at the end that does not run yet; None when the end is no saving."""
        return None if self.end >= 0 else min(1.0, max(0.0, self.to_come / self.end))

    @property
    def last_share(self) -> float | None:
        if self.end >= 0 or self.to_come >= 0:
            return None
        return min(1.0, max(0.0, (self.end - max(self.before_last_year, self.end)) / self.to_come))

    @property
    def pace_so_far(self) -> int | None:
        return round(self.running / self.months_so_far) if self.months_so_far else None

    @property
    def pace_needed(self) -> int | None:
        return round(self.to_come / self.months_left) if self.months_left else None

    @property
    def times_as_fast(self) -> float | None:
        """How many times the pace so far is needed; None when there is none to compare with."""
        so_far, needed = self.pace_so_far, self.pace_needed
        if so_far is None or needed is None or so_far >= 0 or needed >= 0:
            return None
        return needed / so_far

    def is_late(self, *, share: float, pace: float) -> bool:
        """Whether to warn: too much begins in the final year, or faster than ever is asked."""
        late = self.last_share is not None and self.last_share >= share
        steep = self.times_as_fast is not None and self.times_as_fast >= pace
        return late or steep


def back_loading(monthly: Sequence[int], *, closed: int) -> BackLoading:
    """From the lasting effects of the programme's months (cents), `closed` of them facts."""
    begun = next((at for at, cents in enumerate(monthly[:closed]) if cents), closed)
    return BackLoading(
        running=12 * monthly[closed - 1] if closed else 0,
        end=12 * monthly[-1],
        before_last_year=12 * monthly[max(closed - 1, len(monthly) - 13)] if len(monthly) > 12 else 0,
        months_so_far=closed - begun,
        months_left=len(monthly) - closed,
    )
