"""Drivers: amounts agreed beforehand, and rates of what remains after the measures (R17)."""

from datetime import date
from decimal import Decimal

from measures.ledger.drivers import DriverRow, driver_amounts, rate_amount

JAN, FEB, MARCH = date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)


def test_rate_is_rounded_half_up_away_from_zero() -> None:
    assert rate_amount(100_000_00, Decimal("3")) == 3_000_00
    assert rate_amount(50, Decimal("1")) == 1
    assert rate_amount(-50, Decimal("1")) == -1
    assert rate_amount(33_33, Decimal("2.5")) == 83


def test_rate_is_taken_of_what_remains_after_the_measures() -> None:
    rise = DriverRow("N/OST", "wages", FEB, None, 0, Decimal("2"))
    base, saved = 500_000_00, -20_000_00
    remaining = {("N/OST", month): base + saved for month in (JAN, FEB, MARCH)}
    assert driver_amounts([rise], remaining, first=JAN, last=MARCH) == {"N/OST": {"wages": 2 * 9_600_00}}


def test_amounts_and_rates_of_one_place_are_added_and_not_compounded() -> None:
    rows = [
        DriverRow("a", "prices", JAN, FEB, 0, Decimal("10")),
        DriverRow("a", "prices", FEB, FEB, 5, None),
        DriverRow("a", "volume", JAN, None, -7, None),
        DriverRow("b", "other", date(2025, 1, 1), None, 9, None),
    ]
    remaining = {("a", JAN): 1_000, ("a", FEB): 2_000}
    found = driver_amounts(rows, remaining, first=JAN, last=MARCH)
    assert found == {"a": {"prices": 100 + 200 + 5, "volume": -21}}
