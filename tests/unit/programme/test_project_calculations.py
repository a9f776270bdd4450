"""Where milestones stand, and short names out of names."""

import datetime as dt

import pytest

from programme.projects.calculations import (
    RESERVED,
    SHORT_NAME_LENGTH,
    Course,
    Standing,
    short_name,
    standing,
)

TODAY = dt.date(2024, 3, 31)


def day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("baseline", "forecast", "actual", "expected"),
    [
        ("2024-03-31", "", "", Standing(Course.ON_TIME)),  # a day is not late while it lasts
        ("2024-03-30", "", "", Standing(Course.LATE, 1)),
        ("2024-03-01", "2024-03-21", "", Standing(Course.LATE, 10)),  # late against what was expected last
        ("2024-03-01", "2024-04-10", "", Standing(Course.MOVED, 40)),
        ("2024-05-01", "2024-04-10", "", Standing(Course.ON_TIME)),  # earlier than planned
        ("", "2024-04-10", "", Standing(Course.ON_TIME)),
        ("2024-03-01", "2024-03-05", "2024-03-01", Standing(Course.DONE_ON_TIME)),
        ("2024-03-01", "", "2024-03-15", Standing(Course.DONE_LATE, 14)),
        ("", "", "2024-03-15", Standing(Course.DONE)),
        ("", "", "", Standing(Course.ON_TIME)),
    ],
)
def test_standing(baseline: str, forecast: str, actual: str, expected: Standing) -> None:
    found = standing(baseline=day(baseline), forecast=day(forecast), actual=day(actual), today=TODAY)

    assert found == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Etäpalvelut & ajanvaraus", "etapalvelut-ajanvaraus"),
        ("  Åland – ÖVERSIKT 2024 ", "aland-oversikt-2024"),
        ("Яблоко", "project"),
        ("", "project"),
    ],
)
def test_short_name_is_letters_digits_and_hyphens(name: str, expected: str) -> None:
    assert short_name(name) == expected


def test_short_name_is_never_taken_or_a_word_of_an_address() -> None:
    assert short_name("Hanke", taken={"hanke", "hanke-2"}) == "hanke-3"
    assert short_name("Add") == "add-2"
    assert "add" in RESERVED


def test_a_long_name_is_cut_between_words() -> None:
    found = short_name("erittäin pitkä nimi " * 10)

    assert len(found) <= SHORT_NAME_LENGTH
    assert found.endswith(("erittain", "pitka", "nimi"))
    assert short_name("x" * 200) == "x" * SHORT_NAME_LENGTH
