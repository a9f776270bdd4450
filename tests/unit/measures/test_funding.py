"""What an allocation may use, has used and has left."""

from decimal import Decimal

from measures.funding import Use, shares_missing


def test_a_planned_share_may_be_used_up_to_its_high_end() -> None:
    use = Use(low=100, high=300, received=50, spent=320)

    assert (use.available_low, use.available_high) == (150, 350)
    assert use.remaining == 30
    assert not use.is_overspent
    assert use.still_reserved is None


def test_a_reserved_part_may_use_only_what_was_released_to_it() -> None:
    use = Use(low=1000, high=1000, is_reserved=True, released=400, kept=150, spent=200)

    assert use.still_reserved == 600
    assert (use.available_low, use.available_high) == (150, 150)
    assert use.remaining == -50
    assert use.is_overspent


def test_unknown_stays_unknown() -> None:
    use = Use(low=None, high=None, spent=10)

    assert use.available_high is None
    assert use.remaining is None
    assert not use.is_overspent
    assert use.used_share is None


def test_final_shares_must_come_to_the_whole() -> None:
    assert shares_missing([Decimal(40), Decimal(60)]) == 0
    assert shares_missing([Decimal(40), Decimal("50.5")]) == Decimal("9.5")
    assert shares_missing([Decimal(70), Decimal(40)]) == -10
    assert shares_missing([Decimal(40), None]) is None
    assert shares_missing([]) is None
