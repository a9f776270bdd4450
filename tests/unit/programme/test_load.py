"""Load of people over projects, and sums of project money that know what they do not know."""

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from programme.projects.finances import Money, together
from programme.projects.people import Span, load_on, peak

DAY = dt.date(2026, 3, 1)
HALF, MOST = Decimal("0.5"), Decimal("0.8")


def test_spans_that_follow_each_other_are_no_overload() -> None:
    first = Span(MOST, None, dt.date(2026, 3, 15))
    second = Span(MOST, dt.date(2026, 3, 16), None)

    assert peak([first, second], DAY, dt.date(2026, 3, 31)) == MOST
    assert peak([first, Span(HALF, dt.date(2026, 3, 15), None)], DAY, dt.date(2026, 3, 31)) == MOST + HALF


days = st.none() | st.integers(-40, 70).map(lambda count: DAY + dt.timedelta(days=count))


@given(st.lists(st.builds(Span, st.integers(1, 10).map(lambda n: Decimal(n) / 10), days, days), max_size=5))
def test_the_peak_is_the_greatest_of_all_days(spans: list[Span]) -> None:
    month = [DAY + dt.timedelta(days=count) for count in range(31)]

    assert peak(spans, month[0], month[-1]) == max(load_on(spans, day) for day in month)


def test_an_unknown_amount_is_not_zero() -> None:
    known, half = Money(100, 40, 120), Money(50, None, None)

    assert known.difference == 20
    assert together([known, known]) == Money(200, 80, 240)
    assert together([known, half]) == Money(150, 40, 120, actual_is_part=True, forecast_is_part=True)
    assert together([known, half]).difference is None
    assert together([half]) == Money(50, None, None)
    assert together([together([known, half]), known]).forecast_is_part
