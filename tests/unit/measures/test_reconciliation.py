"""The terms of R10 added up, month by month and place by place."""

from datetime import date
from decimal import Decimal

import pytest

from measures.reconciliation import Books, Place, Reconciliation, carried_up, is_beyond, together

HERE, THERE = Place(1, 1), Place(1, 2)
JAN, FEB, MAR = date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)


def golden() -> Reconciliation:
    """N/OST 1-7/2024 of the golden example, euros as cents."""
    return Reconciliation(
        base=3_500_000, drivers=60_000, planned_in_base=-70_000, confirmed_in_base=-48_000,
        confirmed_lasting=-78_000, confirmed_one_off=-45_000, ledger=3_463_000,
    )  # fmt: skip


def test_the_golden_example_leaves_four_thousand_unexplained() -> None:
    row = golden()

    assert (row.in_base_shortfall, row.confirmed_new) == (22_000, -123_000)
    assert (row.expected, row.unexplained) == (3_459_000, 4_000)


def test_transfers_and_avoided_costs_are_expected_too() -> None:
    row = Reconciliation(base=100, transfers=-20, drivers=30, confirmed_avoided=-10, ledger=100)

    assert (row.expected, row.unexplained) == (100, 0)


def test_rows_add_up_term_by_term_and_wait_together() -> None:
    waits = Reconciliation(base=5, ledger=None, waiting=frozenset([FEB]))

    whole = together([golden(), waits])

    assert (whole.base, whole.ledger, whole.unexplained) == (3_500_005, None, None)
    assert whole.waiting == {FEB}
    assert together([]) == Reconciliation()
    assert together([golden(), golden()]).unexplained == 8_000


def test_a_place_without_rows_of_the_month_waits_whatever_others_have() -> None:
    books = Books(
        {
            HERE: {"base": {JAN: 10, FEB: 10}, "ledger": {JAN: 9}},
            THERE: {"ledger": {FEB: 0}, "internal": {JAN: 3}},
        }
    )

    assert books.month(HERE, JAN).unexplained == -1
    assert books.month(HERE, FEB).unexplained is None  # only others are booked in February
    assert books.period(HERE, JAN, MAR).waiting == {FEB, MAR}
    assert (books.month(THERE, JAN).ledger, books.month(THERE, FEB).ledger) == (0, 0)  # rows are there
    assert books.month(Place(9, 9), JAN).ledger is None  # the books know nothing of it
    assert (books.awaited(JAN), books.awaited(FEB)) == ([], [HERE])


def test_places_of_which_nothing_is_known_are_left_out() -> None:
    books = Books({HERE: {"base": {JAN: 10}}, THERE: {"base": {MAR: 4}}})

    assert set(books.places(JAN, FEB)) == {HERE}


def test_parts_are_carried_up_month_by_month() -> None:
    found = carried_up({"ledger": {JAN: 1, FEB: 2}}, {"ledger": {JAN: 5}, "base": {JAN: 3}})

    assert found == {"ledger": {JAN: 6, FEB: 2}, "base": {JAN: 3}}


@pytest.mark.parametrize(
    ("euros", "percent", "beyond"),
    [(39, "0.1", True), (40, "0.1", False), (39, "0.2", False), (0, "0", True)],
)
def test_a_finding_is_beyond_both_thresholds(euros: int, percent: str, beyond: bool) -> None:
    assert is_beyond(golden(), euros=euros, percent=Decimal(percent)) is beyond


def test_what_is_awaited_is_no_finding() -> None:
    assert not is_beyond(Reconciliation(base=1, ledger=None), euros=0, percent=Decimal(0))
