"""Use of funding against what it was given for: plain arithmetic on EUR cents, gross and positive."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

#: Final shares of a source come to this many per cent, or the page says that they do not.
WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Use:
    """What one allocation may use and has used.

    `low` and `high` are the ends of the planned share, equal once the final share is given; None where the
    total or the share is unknown. `released` left a reserved part by decisions (`kept` of it stayed with the
    allocation itself), `received` came here from reserved parts. `spent` is net of corrections.
    """

    low: int | None
    high: int | None
    is_reserved: bool = False
    released: int = 0
    kept: int = 0
    received: int = 0
    spent: int = 0

    @property
    def still_reserved(self) -> int | None:
        """What no decision has set free yet; None unless this is a reserved part with a known amount."""
        if not self.is_reserved or self.high is None:
            return None
        return self.high - self.released

    @property
    def available_low(self) -> int | None:
        """The least that may be used: the lowest share and what was received; of a reserved part what it kept."""
        return self._available(self.low)

    @property
    def available_high(self) -> int | None:
        """The most that may be used: the highest share and what was received; of a reserved part what it kept."""
        return self._available(self.high)

    def _available(self, share: int | None) -> int | None:
        if self.is_reserved:
            return self.kept + self.received
        return None if share is None else share + self.received

    @property
    def remaining(self) -> int | None:
        """What is left of the most that may be used; negative when more was used than that."""
        return None if self.available_high is None else self.available_high - self.spent

    @property
    def is_overspent(self) -> bool:
        return self.remaining is not None and self.remaining < 0

    @property
    def used_share(self) -> Decimal | None:
        """0..1 and beyond; None when nothing may be used or it is unknown."""
        return Decimal(self.spent) / self.available_high if self.available_high else None


def shares_missing(finals: list[Decimal | None]) -> Decimal | None:
    """How many percentage points final shares lack of the whole (negative: too many); None until all are given."""
    if not finals or any(share is None for share in finals):
        return None
    return WHOLE - sum((share for share in finals if share is not None), Decimal(0))
