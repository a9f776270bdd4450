"""Arithmetic of values: shares from counts, and figures derived from other figures. No Django, no database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

#: Decimals that a stored value has.
STEP = Decimal("0.0001")
HUNDRED = Decimal(100)
_THOUSAND = r"1[ .,]?000(?!\d|[ .,]\d{3})"
#: "per 1 000", "/ 1000 as.", "PER1000", "1 000 asukasta kohti"; not "1 000 €", which is thousands of euros.
_RATE = re.compile(
    rf"(?:\bper|/) ?{_THOUSAND}|(?<![\d.,]){_THOUSAND}(?::ta)?(?: \w+)? (?:kohti|kohden)\b|per mille|\u2030"
)


class Unknown(ValueError):
    """A figure that cannot be worked out: an input is missing, or the denominator is nothing."""


def as_stored(value: Decimal) -> Decimal:
    """Rounded half up to the decimals that are stored."""
    return value.quantize(STEP, ROUND_HALF_UP)


def part_of(count: Decimal, base: Decimal, *, scale: Decimal = HUNDRED) -> Decimal:
    """`count` of `base` times `scale`; all but everything is never rounded up to everything.

    Raises Unknown when the base is zero.
    """
    if not base:
        raise Unknown("base")
    exact = count * scale / base
    rounded = as_stored(exact)
    if rounded == scale and exact < scale:
        return scale - STEP
    return rounded


def is_rounding_of(stated: Decimal, exact: Decimal) -> bool:
    """Whether the stated figure is the exact one, rounded to the decimals that it was stated with."""
    exponent = stated.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return abs(stated - exact) <= Decimal(1).scaleb(-places) / 2


def scale_of(unit: str) -> Decimal | None:
    """What a share is multiplied with in this unit: 100 for per cent, 1 000 for a rate; None for other units."""
    plain = " ".join(unit.lower().split())  # no-break spaces, too
    if plain.startswith("%"):
        return HUNDRED
    return Decimal(1000) if _RATE.search(plain) else None


def needed(share: Decimal, base: Decimal) -> int:
    """How many of `base` make at least `share` per cent: 75 of 300 for 25 %."""
    return int((share * base / HUNDRED).to_integral_value(ROUND_CEILING))


def derived(
    formula: str, top: Sequence[Decimal], bottom: Sequence[Decimal] = (), before: Decimal | None = None
) -> Decimal:
    """What the formula (a value of SourceLink.Formula) gives of known figures; raises Unknown.

    The terms of a numerator and of a denominator are added. `before` is the figure of the period before.
    """
    if not top:
        raise Unknown("top")
    total = sum(top, Decimal(0))
    if formula == "sum":
        return as_stored(total)
    if formula == "change":
        if before is None:
            raise Unknown("before")
        return as_stored(total - before)
    if not bottom:
        raise Unknown("bottom")
    base = sum(bottom, Decimal(0))
    if not base:
        raise Unknown("bottom")
    if formula == "share":
        return part_of(total, base)
    return as_stored(total / base * (1000 if formula == "per_1000" else 1))
