"""Money: what is read, what is shown, and that the two agree."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core import money
from core.money import MoneyError, Pair, eur_string, format_eur, parse_eur, spread

LANGUAGES = ("fi", "sv", "en")
cents = st.integers(-money.MAX_CENTS, money.MAX_CENTS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1234,5", 123450),
        ("1 234,50", 123450),
        ("1\u00a0234,50", 123450),
        ("1\u202f234,50", 123450),
        ("1\u2009234,50", 123450),
        ("-12,00", -1200),
        ("\u221212,00", -1200),
        ("\u201312,00", -1200),
        ("\u2212 12", -1200),
        ("+7", 700),
        ("0", 0),
        ("-0,00", 0),
        ("1 234,50 €", 123450),
        ("12,3 M€", 1_230_000_000),
        ("-28 milj. euroa", -2_800_000_000),
        ("250 t€", 25_000_000),
        ("250 k€", 25_000_000),
        ("250 1 000 €", 25_000_000),
        ("1 250 1 000 €", 125_000_000),
        ("1 000 €", 100_000),
        ("12,500", 1250),
    ],
)
def test_finnish_amounts_are_read(text, expected):
    assert parse_eur(text, language="fi") == expected
    assert parse_eur(text, language="sv") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234.50", 123450),
        ("1 234.5", 123450),
        ("1234", 123400),
        ("-12.3 M€", -1_230_000_000),
        ("2 million euros", 200_000_000),
        ("1,000 1,000 €", 100_000_000),
    ],
)
def test_english_amounts_are_read(text, expected):
    assert parse_eur(text, language="en") == expected


def test_amount_is_in_the_unit_of_its_field_unless_it_names_its_own():
    assert parse_eur("12,5", language="fi", unit="keur") == 1_250_000
    assert parse_eur("-78", language="fi", unit="meur") == -7_800_000_000
    assert parse_eur("12,5 €", language="fi", unit="meur") == 1_250


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("12e3", "exponent"),
        ("1,2E+5", "exponent"),
        ("\u0661\u0662", "not_a_number"),
        ("\uff11\uff12", "not_a_number"),
        ("kymmenen", "not_a_number"),
        ("--5", "not_a_number"),
        ("5-", "not_a_number"),
        ("1  234", "not_a_number"),
        ("12,345", "too_precise"),
        ("0,000000001 M€", "too_precise"),
        ("9999999999999999", "too_large"),
        ("9" * 5000, "too_large"),
        ("€", "not_a_number"),
        ("-", "not_a_number"),
        ("nan", "not_a_number"),
    ],
)
def test_what_is_not_an_amount_is_refused(text, code):
    with pytest.raises(MoneyError) as refused:
        parse_eur(text, language="fi")
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "language", "example"),
    [
        ("1.234,50", "fi", "1\u00a0234,50"),
        ("1,234.50", "fi", "1\u00a0234,50"),
        ("1.234", "fi", "1\u00a0234"),
        ("12.5", "fi", "12,5"),
        ("1 234,50", "en", "1,234.50"),
        ("1.234,50", "en", "1,234.50"),
        ("1.234.567", "fi", "1\u00a0234\u00a0567"),
    ],
)
def test_foreign_separators_are_refused_with_the_right_spelling(text, language, example):
    with pytest.raises(MoneyError) as refused:
        parse_eur(text, language=language)
    assert refused.value.code == "separator"
    assert refused.value.params == {"example": example}
    assert example in refused.value.message


@pytest.mark.parametrize(
    ("value", "unit", "language", "expected"),
    [
        (-7_800_000_000, "meur", "fi", "\u221278,0"),
        (-7_800_000_000, "meur", "en", "\u221278.0"),
        (-942_500_000, "meur", "fi", "\u22129,43"),
        (942_500_000, "meur", "fi", "+9,43"),
        (0, "meur", "fi", "0,00"),
        (-123456789, "eur", "fi", "\u22121\u00a0234\u00a0567,89"),
        (-123456789, "eur", "en", "\u22121,234,567.89"),
        (-123456789, "keur", "sv", "\u22121\u00a0235"),
        (None, "meur", "fi", "\u2013"),
    ],
)
def test_amounts_are_written_as_the_language_writes_them(value, unit, language, expected):
    assert format_eur(value, unit=unit, language=language) == expected


def test_rounding_is_half_up_away_from_zero_and_never_leaves_a_minus_before_nothing():
    assert format_eur(50_000, unit="keur", language="fi") == "+1"
    assert format_eur(-50_000, unit="keur", language="fi") == "\u22121"
    assert format_eur(-49_999, unit="keur", language="fi") == "0"


def test_gross_amounts_have_no_plus():
    assert format_eur(350_000_000, language="fi", sign=False) == "3\u00a0500\u00a0000,00"
    assert format_eur(-100, language="fi", sign=False) == "\u22121,00"


def test_unit_follows_after_a_no_break_space():
    assert (
        format_eur(-7_800_000_000, unit="meur", language="fi", trim=True, with_unit=True)
        == "\u221278\u00a0M€"
    )
    assert money.unit_label("keur", language="fi") == "1\u00a0000\u00a0€"
    assert money.unit_label("meur", language="fi", words=True) == "milj. euroa"


def test_active_language_is_used_when_none_is_named():
    with translation.override("en"):
        assert format_eur(-150) == "\u22121.50"
    with translation.override("fi"):
        assert format_eur(-150) == "\u22121,50"


@given(cents, st.sampled_from(LANGUAGES), st.sampled_from(["eur", "keur", "meur"]), st.booleans())
def test_what_is_shown_in_full_is_read_back_to_the_cent(value, language, unit, with_unit):
    shown = format_eur(value, language=language, unit=unit, decimals=money.SHIFT[unit], with_unit=with_unit)
    assert parse_eur(shown, language=language, unit=unit) == value


@given(st.text())
def test_any_text_is_an_amount_or_a_money_error(text):
    for language in LANGUAGES:
        try:
            assert isinstance(parse_eur(text, language=language), int)
        except MoneyError as refused:
            assert refused.message


@given(cents)
def test_api_strings_go_both_ways(value):
    assert money.parse_eur_string(eur_string(value)) == value


def test_api_strings_are_plain_decimals():
    assert eur_string(-7_800_000_000) == "-78000000.00"
    assert eur_string(-5) == "-0.05"
    assert eur_string(None) is None
    for wrong in ("1,5", "1e3", "1.005", "", "+1", " 1"):
        with pytest.raises(MoneyError):
            money.parse_eur_string(wrong)


def test_a_word_stands_beside_every_sign():
    with translation.override("en"):
        words = [str(money.sign_word(value)) for value in (-1, 1, 0, None)]
    assert words == ["saving", "investment", "no change in cost", ""]


def test_pairs_add_end_by_end_whatever_their_order():
    purchases = Pair(-2_800_000_000, -8_900_000_000)
    staff = Pair(1_200_000_000, 1_600_000_000)
    assert purchases + staff == Pair(-1_600_000_000, -7_300_000_000)
    assert purchases - staff == Pair(-4_000_000_000, -10_500_000_000)


def test_an_unknown_end_stays_unknown():
    assert Pair(1, None) + Pair(2, 3) == Pair(3, None)
    assert not Pair(None, None)
    assert Pair(0, 0)
    assert Pair.sum_known([Pair(1, None), Pair(2, 3)]) == (Pair(3, 3), 1)


@given(st.lists(st.builds(Pair, cents, cents), min_size=1, max_size=20))
def test_sum_of_pairs_is_the_pair_of_sums(pairs):
    total, unknown = Pair.sum_known(pairs)
    assert unknown == 0
    assert total == Pair(sum(pair.cautious for pair in pairs), sum(pair.full for pair in pairs))


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        (Pair(-2_800_000_000, -8_900_000_000), "\u221228…\u221289"),
        (Pair(1_200_000_000, 1_600_000_000), "+12…+16"),
        (Pair(-1_500_000_000, -1_500_000_000), "\u221215"),
        (Pair(-1_500_000_000, None), "\u221215…\u2013"),
        (Pair(None, None), "\u2013"),
        (Pair(-950_000_000, -2_000_000_000), "\u22129,5…\u221220,0"),
    ],
)
def test_pairs_are_shown_as_the_programme_prints_them(pair, expected):
    assert pair.format(language="fi") == expected


def test_sums_say_how_many_parts_are_unknown():
    assert money.sum_known([1, None, 2]) == money.Total(3, 2, 1)
    assert money.sum_known([None]) == money.Total(None, 0, 1)
    assert not money.sum_known([1, None]).complete


def test_rounding_note_is_needed_only_when_shown_parts_do_not_add_up():
    third = 33_333_333
    assert money.rounded_parts_differ([third] * 3, 3 * third + 1) is True
    assert money.rounded_parts_differ([50_000_000, 50_000_000], 100_000_000) is False
    assert money.rounded_parts_differ([None, 100_000_000], 100_000_000) is False
    assert money.rounded_parts_differ([1], None) is False


@given(st.lists(cents, min_size=1, max_size=12))
def test_shown_parts_miss_the_shown_total_by_at_most_half_a_step_each(parts):
    shown = sum(money.rounded(part, unit="meur", decimals=1) for part in parts)
    total = money.rounded(sum(parts), unit="meur", decimals=1)
    assert abs(shown - total) <= Decimal("0.05") * (len(parts) + 1)


@given(cents, st.integers(1, 60))
def test_spread_months_sum_to_the_total_and_earlier_months_carry_the_odd_cents(total, months):
    parts = spread(total, months)
    assert sum(parts) == total
    assert [abs(part) for part in parts] == sorted((abs(part) for part in parts), reverse=True)
    assert max(parts) - min(parts) <= 1


@given(cents, st.lists(st.integers(0, 1000), min_size=1, max_size=36).filter(any))
def test_weighted_spread_sums_to_the_total(total, weights):
    parts = spread(total, weights)
    assert sum(parts) == total
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


def test_spread_examples_worked_out_by_hand():
    assert spread(-100, 3) == [-34, -33, -33]
    assert spread(-2, 4) == [-1, -1, 0, 0]
    assert spread(10, [1, 1, 2]) == [3, 2, 5]
