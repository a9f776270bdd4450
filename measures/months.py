"""Twelve months of a row filled by rule: a year's sum spread, a last value carried on. Pure arithmetic.

A row is twelve amounts in signed EUR cents, January first; None is unknown, never zero.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from core.money import spread

Row = Sequence[int | None]


def spread_over(total: int, row: Row, chosen: Collection[int]) -> dict[int, int]:
    """Amounts of the chosen months (0..11) with which the row sums to `total`, to the cent.

    The other months keep what they hold; unknown ones count as nothing. The rest is shared equally, the
    largest remainder to the earlier month, the sign kept. Raises ValueError when no month is chosen.
    """
    places = sorted(set(chosen))
    if not places or places[0] < 0 or places[-1] >= len(row):
        raise ValueError("choose months of the year")
    kept = sum(cents for place, cents in enumerate(row) if cents is not None and place not in places)
    return dict(zip(places, spread(total - kept, len(places)), strict=True))


def carried_on(row: Row, open_months: Collection[int], before: int | None = None) -> dict[int, int]:
    """The last known amount of the row copied to the open months after it; empty when nothing is known.

    `before` is what the row held just before its first month, for a row with nothing in it yet.
    """
    known = [place for place, cents in enumerate(row) if cents is not None]
    last, value = (known[-1], row[known[-1]]) if known else (-1, before)
    if value is None:
        return {}
    return {place: value for place in sorted(set(open_months)) if last < place < len(row)}
