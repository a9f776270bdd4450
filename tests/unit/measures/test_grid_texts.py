"""Cells of the month grid are written and read exactly, whatever the unit."""

from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.money import MAX_CENTS, MoneyError
from measures.grid.texts import cell_key, cell_text, read_cell, read_key

CENTS = st.integers(-MAX_CENTS, MAX_CENTS)
UNITS = st.sampled_from(["eur", "keur", "meur"])
LANGUAGES = st.sampled_from(["fi", "sv", "en"])
#: What Word, Excel and PDF put between groups, and what they write for a minus.
SPACES = st.sampled_from([" ", "\u00a0", "\u202f", ""])
MINUSES = st.sampled_from(["-", "\u2212", "\u2013"])


@given(cents=CENTS, unit=UNITS, language=LANGUAGES)
def test_every_amount_comes_back_from_its_text(cents: int, unit: str, language: str) -> None:
    with translation.override(language):
        assert read_cell(cell_text(cents, unit), unit) == cents  # type: ignore[arg-type]


@given(cents=CENTS, units=st.lists(UNITS, min_size=1, max_size=4))
def test_switching_units_there_and_back_changes_nothing(cents: int, units: list[str]) -> None:
    found: int | None = cents
    for unit in units:
        found = read_cell(cell_text(found, unit), unit)  # type: ignore[arg-type]
    assert found == cents


@given(cents=CENTS, space=SPACES, minus=MINUSES, suffix=st.sampled_from(["", " €", "\u00a0€"]))
def test_pasted_finnish_amounts_are_read(cents: int, space: str, minus: str, suffix: str) -> None:
    whole, fraction = divmod(abs(cents), 100)
    text = f"{whole:,}".replace(",", space) + (f",{fraction:02d}" if fraction else "") + suffix
    with translation.override("fi"):
        assert read_cell(f"{minus if cents < 0 else ''}{text}", "eur") == cents


@pytest.mark.parametrize("text", ["", "  ", "\u00a0", "–"])
def test_an_empty_cell_is_unknown_and_not_zero(text: str) -> None:
    assert read_cell(text, "eur") is None
    assert read_cell("0", "eur") == 0


def test_a_unit_in_the_text_is_stronger_than_that_of_the_page() -> None:
    assert read_cell("12,3 M€", "eur") == 1_230_000_000
    assert read_cell("1 234,50 €", "meur") == 123_450
    assert read_cell("−1 234,5", "keur") == -123_450_000


@pytest.mark.parametrize(
    "text", ["12e3", "1.234,50", "1,234.50", "(1 234,50)", "abc", "٣", "1 23", "9" * 200]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with translation.override("fi"), pytest.raises(MoneyError):
        read_cell(text, "eur")


@pytest.mark.parametrize(
    ("cents", "unit", "text"),
    [
        (-2_000_000, "eur", "−20\u00a0000"), (-2_000_050, "eur", "−20\u00a0000,50"), (-2_000_000, "keur", "−20"),
        (-123_456, "keur", "−1,23456"), (-2_000_000, "meur", "−0,02"), (0, "eur", "0"), (None, "eur", ""),
    ],
)  # fmt: skip
def test_a_cell_shows_every_decimal_that_counts(cents: int | None, unit: str, text: str) -> None:
    with translation.override("fi"):
        assert cell_text(cents, unit) == text  # type: ignore[arg-type]


def test_cells_are_named_by_line_series_and_month() -> None:
    assert cell_key(12, "forecast", date(2024, 3, 1)) == "12.forecast.2024-03"
    assert read_key("12.forecast.2024-03") == (12, "forecast", date(2024, 3, 1))
    assert [read_key(text) for text in ("", "x.plan.2024-03", "1.plan", "1.plan.2024-13", "1.plan.x.y")] == [
        None
    ] * 5
