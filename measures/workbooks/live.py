"""Months of lines as whole arrays, read from the kept totals: 12 values a row instead of 12 rows.

The array begins with January of the first year; NULL is a month without a value. The mark ("print") of a line in
one series is another one as soon as any of its months, in any year, is.
"""

from __future__ import annotations

from measures.triggers import MONTH_COLUMNS

_MONTHS = ", ".join(
    f"CASE WHEN total.known & {1 << at} <> 0 THEN total.{column} END"
    for at, column in enumerate(MONTH_COLUMNS)
)
_MARKED = " || ' ' || ".join(["total.year", "total.known", *(f"total.{column}" for column in MONTH_COLUMNS)])


def live_months(first_year: int, last_year: int, where: str) -> str:
    """SELECT of (line_id, series, amounts, print) of the totals that `where` leaves; years are whole numbers."""
    empty = "array_fill(NULL::bigint, ARRAY[12])"
    years = " || ".join(
        f"coalesce(max(ARRAY[{_MONTHS}]) FILTER (WHERE total.year = {int(year)}), {empty})"
        for year in range(first_year, last_year + 1)
    )
    return f"""
        SELECT total.line_id, total.series, {years} AS amounts,
            coalesce(bit_xor(hashtextextended({_MARKED}, 0)) FILTER (WHERE total.known <> 0), 0) AS print
        FROM measures_measuretotal total
        WHERE {where}
        GROUP BY total.line_id, total.series
    """
