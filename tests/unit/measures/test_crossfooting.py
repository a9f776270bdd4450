"""Pairs of totals: agreeing, differing, not comparable, and a note's size against the size now."""

from measures.crossfooting import (
    AGREES,
    BASES,
    DIFFERS,
    OPEN_ENDED,
    OTHER_BASIS,
    SOURCE,
    Check,
    Footing,
    Part,
    Side,
    moved_since,
    side,
    single,
)


def check(first: Side, second: Side, group: str = SOURCE) -> Check:
    return Check("pair", group, first, second)


def test_ends_are_added_end_by_end():
    total = side("cost_type", [Part("a", (12, 16)), Part("b", (-28, -89)), Part("c", (None, -5))])

    assert total.ends == (-16, -78)


def test_a_difference_is_the_first_less_the_second_at_each_end():
    found = check(Side("cost_type", (-170, -780)), Side("sector", (-292, -784)))

    assert found.state == DIFFERS and found.needs_note
    assert (found.difference.cautious, found.difference.full) == (122, 4)


def test_equal_totals_agree_and_an_unknown_total_is_never_zero():
    assert check(Side("a", (1, 2)), Side("b", (1, 2))).state == AGREES
    assert check(Side("a", (1, 2)), Side("b", (None, None))).state == OPEN_ENDED
    assert check(single("a", 0), single("b", None)).state == OPEN_ENDED


def test_two_bases_are_told_apart_even_when_their_figures_are_equal():
    found = check(single("a", -78), single("b", -78), BASES)

    assert found.state == OTHER_BASIS and found.needs_note


def test_a_note_says_when_its_size_has_changed():
    now = check(single("a", -77), single("b", -78)).difference

    assert not moved_since({"cautious": None, "full": 1}, now)
    assert moved_since({"cautious": None, "full": 2}, now)
    assert moved_since({"cautious": None, "full": 1}, None)
    assert not moved_since(None, now)


def test_a_breakdown_that_loses_a_cent_does_not_foot():
    assert Footing("plan", -100, {"theme": -100, "sector": -100}).agrees
    lost = Footing("plan", -100, {"theme": -99, "sector": -100})
    assert not lost.agrees and lost.gap("theme") == 1
