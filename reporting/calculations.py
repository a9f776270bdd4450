"""Arithmetic of the reporting pages on figures that were worked out elsewhere. EUR cents, signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.money import saving_of
from measures.calculations import MonthPoint, add_known


def base_part(known: int | None, target: int | None) -> int | None:
    """What the base holds: as its own lines say, else as the target table says (R2)."""
    return known if known is not None else target


def year_to_date(points: Iterable[MonthPoint], *, through: date) -> int | None:
    """Lasting and one-off effects from January to the month of `through`; None when nothing is known."""
    first, last = date(through.year, 1, 1), through.replace(day=1)
    return add_known(
        part for point in points if first <= point.month <= last for part in (point.lasting, point.one_off)
    )


@dataclass(frozen=True, slots=True)
class Distance:
    """How a figure stands to a target: `missing` is more than zero when it falls short."""

    missing: int
    reached: bool


def distance(cents: int | None, target: int | None) -> Distance | None:
    """Against a minus target: reached when at least as much is saved (R16: other targets have no verdict)."""
    if cents is None or target is None or target >= 0:
        return None
    missing = saving_of(target) - saving_of(cents)
    return Distance(missing=missing, reached=missing <= 0)


def share_of_target(cents: int | None, target: int | None) -> Decimal | None:
    """Share of a minus target, 1 when it is met exactly; None for plus and zero targets (R16)."""
    if cents is None or target is None or target >= 0:
        return None
    return Decimal(cents) / Decimal(target)
