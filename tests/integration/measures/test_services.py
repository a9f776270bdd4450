"""What the services of savings allow, and what they refuse in words."""

from datetime import date

import pytest

from accounts.models import User
from measures import selectors
from measures.models import SavingsEntry
from measures.services import (
    SavingsError,
    close_month,
    confirm_claim,
    declare_overlap,
    lock_plan,
    record_entry,
    reopen_month,
    withdraw_confirmation,
    withdraw_measure,
)
from tests.factories.measures import Ground, make_entry, make_ground, make_line, make_measure
from tests.golden import Golden, eur

JAN, FEB, MARCH = date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)


@pytest.fixture
def ground(db: None) -> Ground:
    return make_ground(status_date=date(2024, 4, 30))


@pytest.fixture
def controller(db: None) -> User:
    return User.objects.create_user("tarkka", password="x")


def test_empty_cell_has_no_row(ground: Ground) -> None:
    line = make_line(make_measure(ground), ground)
    record_entry(line=line, month=JAN, series="plan", amount_eur_cents=-5, by=None)
    assert record_entry(line=line, month=JAN, series="plan", amount_eur_cents=None, by=None) is None
    assert not SavingsEntry.objects.exists()


def test_claim_of_a_closed_month_needs_a_reason(ground: Ground, controller: User) -> None:
    line = make_line(make_measure(ground), ground)
    close_month(programme=ground.programme, month=JAN, by=controller, on=date(2024, 2, 20))
    with pytest.raises(SavingsError) as refused:
        record_entry(line=line, month=JAN, series="claimed", amount_eur_cents=-5, by=None)
    assert refused.value.code == "closed_month"
    assert record_entry(
        line=line, month=JAN, series="claimed", amount_eur_cents=-5, by=None, reason="Oikaisu"
    )
    assert record_entry(line=line, month=FEB, series="claimed", amount_eur_cents=-5, by=None)


def test_reopened_month_is_open_with_all_after_it(ground: Ground, controller: User) -> None:
    for month in (JAN, FEB, MARCH):
        close_month(programme=ground.programme, month=month, by=controller, on=date(2024, 4, 20))
        close_month(programme=ground.programme, month=month, by=controller, on=date(2024, 4, 20))
    assert selectors.books_closed_through(ground.programme) == MARCH
    reopen_month(
        programme=ground.programme, month=FEB, by=controller, on=date(2024, 4, 25), reason="Puuttuva lasku"
    )
    assert selectors.books_closed_through(ground.programme) == JAN
    assert selectors.books_closed_through(ground.programme, date(2024, 4, 22)) == MARCH
    close_month(programme=ground.programme, month=FEB, by=controller, on=date(2024, 4, 28))
    assert selectors.books_closed_through(ground.programme) == MARCH


def test_owner_cannot_confirm_own_savings(ground: Ground, controller: User) -> None:
    line = make_line(make_measure(ground, owner=controller), ground)
    claim = make_entry(line, JAN, -1000, "claimed")
    with pytest.raises(SavingsError) as refused:
        confirm_claim(entry=claim, part_eur_cents=-1000, by=controller, on=MARCH)
    assert refused.value.code == "own_measure"


def test_more_than_claimed_needs_a_reason(ground: Ground, controller: User) -> None:
    claim = make_entry(make_line(make_measure(ground), ground), JAN, -1000, "claimed")
    with pytest.raises(SavingsError) as refused:
        confirm_claim(entry=claim, part_eur_cents=-1200, by=controller, on=MARCH)
    assert refused.value.code == "more_than_claimed"
    confirm_claim(
        entry=claim, part_eur_cents=-1200, by=controller, on=MARCH, reason="Kirjanpito näyttää enemmän"
    )
    figures = selectors.savings_figures(ground.programme).total.cumulative
    assert (figures.claimed, figures.confirmed, figures.refused) == (-1000, -1200, 200)


def test_decided_claim_changes_after_the_confirmation_is_withdrawn(ground: Ground, controller: User) -> None:
    line = make_line(make_measure(ground), ground)
    claim = make_entry(line, JAN, -1000, "claimed")
    confirmation = confirm_claim(entry=claim, part_eur_cents=-1000, by=controller, on=MARCH)
    with pytest.raises(SavingsError) as refused:
        record_entry(line=line, month=JAN, series="claimed", amount_eur_cents=-5, by=None, reason="x")
    assert refused.value.code == "decided"
    withdraw_confirmation(
        confirmation=confirmation, by=controller, on=date(2024, 4, 1), reason="Väärä vienti"
    )
    assert record_entry(line=line, month=JAN, series="claimed", amount_eur_cents=-5, by=None)


def test_overlap_is_at_most_the_smaller_effect(golden: Golden) -> None:
    with pytest.raises(SavingsError) as refused:
        declare_overlap(
            yielding_line=golden.lines["E3/OST"], other_line=golden.lines["E1/OST"], amount_eur_cents=eur(-10_001),
            first_month=date(2025, 1, 1), by=None,
        )  # fmt: skip
    assert refused.value.code == "too_large"


def test_withdrawal_releases_the_target_and_ends_the_overlap(golden: Golden) -> None:
    withdraw_measure(
        measure=golden.measures["E1"],
        by=None,
        on=date(2024, 8, 30),
        from_month=date(2024, 10, 1),
        reason="Ei toteudu",
    )
    figures = selectors.savings_figures(golden.programme)
    assert figures.ladder.released == eur(-276_000)
    # Only E3 is left in 2025, and nothing is counted twice any more.
    assert (figures.total.level_change.plan, figures.total.level_change.forecast) == (
        eur(-120_000),
        eur(-144_000),
    )
    assert figures.total.level_change.plan_approved == eur(-348_000)
    # Before the withdrawal E1 counts as one-off: 7 months of plan, claims and confirmations as they were.
    assert figures.total.years[2024].one_off.plan == eur(-60_000 - 15_000 * 7)
    assert figures.total.years[2024].effect.confirmed == eur(-103_000)


def test_locked_plan_is_kept_when_the_plan_moves(ground: Ground) -> None:
    measure = make_measure(ground)
    line = make_line(measure, ground)
    record_entry(line=line, month=date(2025, 1, 1), series="plan", amount_eur_cents=-100, by=None)
    assert lock_plan(measure=measure, by=None, reason="Johtoryhmä 12.3.2024 § 14") == 1
    record_entry(line=line, month=date(2025, 1, 1), series="plan", amount_eur_cents=-80, by=None)
    level = selectors.savings_figures(ground.programme).total.level_change
    assert (level.plan, level.plan_approved) == (-80, -100)
    with pytest.raises(SavingsError):
        record_entry(line=line, month=JAN, series="plan_approved", amount_eur_cents=1, by=None)
