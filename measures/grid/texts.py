"""How cells of the grid are written and read: exact in every unit, so that switching units changes nothing."""

from __future__ import annotations

from datetime import date

from core.money import DASH, SHIFT, Unit, format_decimal, format_eur, parse_eur, rounded
from core.periods import MonthError, month_key, parse_month

#: Longer than any amount with its unit; what is longer is no amount.
TEXT_MAX = 60


def cell_text(cents: int | None, unit: Unit) -> str:
    """The amount as a person types it: every decimal that counts and no more; empty for unknown."""
    if cents is None:
        return ""
    decimals = next(places for places in range(SHIFT[unit] + 1) if cents % 10 ** (SHIFT[unit] - places) == 0)
    if unit == "eur" and decimals:
        decimals = 2
    return format_decimal(rounded(cents, unit=unit, decimals=decimals))


def read_cell(text: str, unit: Unit) -> int | None:
    """Cents that were meant, None for an empty cell or a lone dash; raises MoneyError."""
    plain = text.strip()
    if not plain or plain == DASH:
        return None
    return parse_eur(plain[: TEXT_MAX + 1], unit=unit)


def sum_text(cents: int | None, unit: Unit) -> str:
    """The year's sum of a row; a dash when no month is known."""
    return format_eur(cents, unit=unit, sign=False, trim=True)


def cell_key(line: int, series: str, month: date) -> str:
    """ "12.forecast.2024-03": the name of a cell in forms, drafts and messages."""
    return f"{line}.{series}.{month_key(month)}"


def row_key(line: int, series: str) -> str:
    """ "12.forecast": the name of a row."""
    return f"{line}.{series}"


def read_key(key: str) -> tuple[int, str, date] | None:
    """Line, series and month of a cell's name; None when it is none."""
    parts = key.split(".")
    if len(parts) != 3 or not (parts[0].isascii() and parts[0].isdigit()):
        return None
    try:
        return int(parts[0]), parts[1], parse_month(parts[2])
    except MonthError:
        return None
