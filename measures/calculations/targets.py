"""The target's ladder, shares of targets and plans, the ledger explained, figures that disagree (R9, R10, R16)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from measures.calculations.shapes import Difference, Ladder, less


def ladder(*, stated: int | None, in_base: int | None, active: int, released: int) -> Ladder:
    """The rungs of the stated target; what no rung carries was never allocated (R9)."""
    never = None if stated is None else stated - (in_base or 0) - active - released
    return Ladder(stated, in_base, active, released, never)


def share_of_target(value: int | None, target: int | None) -> Decimal | None:
    """Share of a saving target (0..1 and beyond). None for plus and zero targets: euros and a dash (R16)."""
    if value is None or target is None or target >= 0:
        return None
    return Decimal(value) / Decimal(target)


def standing(plan: int | None, forecast: int | None) -> str:
    """How a forecast stands to its plan, as a code to be put into words (R16); "" when either is unknown.

    A planned saving is judged by its share elsewhere: "saving". Of an investment only its size is said, and
    less of it than planned is no success: "investment_below", "investment_above", "investment_as_planned".
    A plan of zero, staff and purchases judged net, has no share either: "zero".
    """
    if plan is None or forecast is None:
        return ""
    if plan < 0:
        return "saving"
    if plan == 0:
        return "zero"
    if forecast == plan:
        return "investment_as_planned"
    return "investment_below" if forecast < plan else "investment_above"


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Ledger of a sector and cost type against what the measures explain (R10), EUR cents.

    `ledger` and `unexplained` are None while the books are awaited.
    """

    base: int
    drivers: int
    in_base_shortfall: int
    confirmed_new: int
    expected: int
    ledger: int | None
    unexplained: int | None


def reconcile(
    *, base: int, drivers: int, confirmed_in_base: int, planned_in_base: int, confirmed_new: int,
    ledger: int | None,
) -> Reconciliation:  # fmt: skip
    """Expected = base + drivers + (confirmed in base - planned in base) + confirmed new, one-offs included."""
    shortfall = confirmed_in_base - planned_in_base
    expected = base + drivers + shortfall + confirmed_new
    return Reconciliation(
        base,
        drivers,
        shortfall,
        confirmed_new,
        expected,
        ledger,
        None if ledger is None else ledger - expected,
    )


def difference(
    code: str,
    first: tuple[int | None, int | None],
    second: tuple[int | None, int | None],
    **params: object,
) -> Difference | None:
    """First minus second, end by end; None when they agree or nothing can be compared."""
    cautious, full = less(first[0], second[0]), less(first[1], second[1])
    if not cautious and not full:
        return None
    return Difference(code, first, second, cautious, full, params)
