"""Arithmetic and periods of values that are not fetched."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from core.tables.cells import CellError
from kpis.values.derived import reaches
from kpis.values.figures import Unknown, derived, is_rounding_of, needed, part_of, scale_of
from kpis.values.files.mapping import roles_of
from kpis.values.files.reading import figure_of
from kpis.values.periods import Period, PeriodError, parse_period

D = Decimal


def test_a_share_is_never_rounded_up_to_all() -> None:
    assert part_of(D(75), D(300)) == 25
    assert part_of(D(2), D(3)) == D("66.6667")
    assert part_of(D(29_999_999), D(30_000_000)) == D("99.9999")
    assert part_of(D(300), D(300)) == 100
    with pytest.raises(Unknown):
        part_of(D(1), D(0))


@pytest.mark.parametrize(
    ("stated", "exact", "agrees"),
    [("26", "26.4", True), ("26", "26.6", False), ("26.7", "26.6667", True), ("25", "25", True)],
)
def test_a_stated_figure_agrees_when_it_is_the_rounding(stated: str, exact: str, agrees: bool) -> None:
    assert is_rounding_of(D(stated), D(exact)) is agrees


@pytest.mark.parametrize(
    ("formula", "top", "bottom", "before", "value"),
    [
        ("ratio", [3], [4], None, "0.75"),
        ("per_1000", [3], [4000], None, "0.75"),
        ("share", [30, 45], [300], None, "25"),
        ("sum", [1, 2, -4], [], None, "-1"),
        ("change", [5], [], 8, "-3"),
    ],
)
def test_each_formula(
    formula: str, top: list[int], bottom: list[int], before: int | None, value: str
) -> None:
    told = derived(
        formula, [D(n) for n in top], [D(n) for n in bottom], None if before is None else D(before)
    )
    assert told == D(value)


@pytest.mark.parametrize(("formula", "bottom"), [("ratio", []), ("share", [D(0)]), ("change", [])])
def test_what_is_unknown_is_not_zero(formula: str, bottom: list[Decimal]) -> None:
    with pytest.raises(Unknown):
        derived(formula, [D(1)], bottom)


def test_units_that_are_shares_and_how_many_a_share_asks_for() -> None:
    units = ("%", "% of supervisors", "per 1 000", "\u2030", "persons", "")
    assert [scale_of(unit) for unit in units] == [100, 100, 1000, 1000, None, None]
    rates = (
        "/ 1 000 asukasta",
        "/ 1000 as.",
        "/1000",
        "PER1000",
        "per 1,000 inhabitants",
        "1\u00a0000 asukasta kohti",
    )
    assert {scale_of(unit) for unit in rates} == {1000}
    others = ("1 000 €", "1000 €", "1\u00a0000 €", "/ 10 000 as.", "/ 100000 as.", "per 1 000 000", "PER10000",
              "10 000 asukasta kohti", "11 000 asukasta kohti")  # fmt: skip
    assert {scale_of(unit) for unit in others} == {None}
    assert [needed(D(25), D(300)), needed(D(100), D(300)), needed(D(25), D(301))] == [75, 300, 76]


def test_periods_are_read_written_and_follow_each_other() -> None:
    texts = ("2024", "2024-T3", "2024/K1", "2024-03", "12/2024")
    assert [parse_period(text).key for text in texts] == ["2024", "2024-T3", "2024-T1", "2024-03", "2024-12"]
    assert Period(2024, term=3).after == Period(2025, term=1)
    assert Period(2024, month=1).before == Period(2023, month=12)
    assert Period(2024).before == Period(2023)
    for text in ("", "24", "2024-T4", "2024-13", "vuosi"):
        with pytest.raises(PeriodError):
            parse_period(text)


def test_a_circle_is_found_over_many_steps() -> None:
    one: Any = SimpleNamespace(pk=1)
    assert reaches([one], 4, {1: {2, 3}, 3: {4}})
    assert not reaches([one], 5, {1: {2, 3}, 3: {1}})


def test_cells_and_headings_as_people_write_them() -> None:
    written = ("48,3", "48.3 %", "1\u00a0234,5", "\u22129", 12.5, 7, "", None)
    assert [figure_of(cell) for cell in written] == [
        D("48.3"), D("48.3"), D("1234.5"), D(-9), D("12.5"), D(7), None, None,
    ]  # fmt: skip
    with pytest.raises(CellError):
        figure_of("noin 5")
    assert roles_of(["mittari", "2023", "2024", "ryhmä", "muuta"]) == {
        0: "indicator", 1: "y2023", 2: "y2024", 3: "group",
    }  # fmt: skip
