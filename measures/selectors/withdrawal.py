"""How the months of a withdrawn measure fall into two phases (R6), in SQL and in Python."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from measures import calculations
from measures.calculations import Cell
from measures.triggers import MONTH_COLUMNS

#: Bits of the months before the withdrawal.
BEFORE = """
    ((1 << least(12, greatest(0, (extract(year FROM withdrawn_from)::int - year) * 12
        + extract(month FROM withdrawn_from)::int - 1))) - 1)
"""
AFTER = f"(~{BEFORE} & 4095)"


def masked(bits: str) -> str:
    """The month columns, 0 where the bits have none."""
    return ", ".join(
        f"CASE WHEN {bits} >> {month} & 1 = 1 THEN {column} ELSE 0 END"
        for month, column in enumerate(MONTH_COLUMNS)
    )


def phased(
    slice_: Any,
    attributes: tuple[str, str, bool],
    series: str,
    year: int,
    known: int,
    amounts: Sequence[int],
    withdrawn_from: date | None,
) -> list[Cell]:
    """Twelve months as one cell, or as two around the withdrawal of their measure (R6)."""
    if withdrawn_from is None or series == "plan_approved":
        return [Cell(slice_, *attributes, "standing", series, year, known, amounts)]
    before = calculations.months_before(year, withdrawn_from)
    return [
        Cell(
            slice_, *attributes, phase, series, year, known & mask,
            tuple(cents if mask >> month & 1 else 0 for month, cents in enumerate(amounts)),
        )
        for phase, mask in (("before", before), ("after", ~before & calculations.WHOLE_YEAR))
    ]  # fmt: skip
