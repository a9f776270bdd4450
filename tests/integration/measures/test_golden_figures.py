"""The golden example to the cent: every figure of its outputs, from the rows in the database."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from measures import selectors
from measures.calculations import LEVELS, Figures, Levels, share_of_target
from measures.models import Measure
from measures.workbooks.export import write_workbook
from tests.golden import CLOSED_THROUGH, STATUS_DATE, Golden, eur

NEW_2024_LASTING = {
    "plan": -192_000, "plan_approved": -224_000, "forecast": -174_000, "claimed": -87_000,
    "confirmed": -58_000, "undecided": -21_000, "refused": -8_000,
}  # fmt: skip
NEW_2024_ONE_OFF = {
    "plan": -60_000, "plan_approved": -60_000, "forecast": -45_000, "claimed": -60_000,
    "confirmed": -45_000, "undecided": 0, "refused": -15_000,
}  # fmt: skip
NEW_2024_EFFECT = {
    "plan": -252_000, "plan_approved": -284_000, "forecast": -219_000, "claimed": -147_000,
    "confirmed": -103_000, "undecided": -21_000, "refused": -23_000,
}  # fmt: skip
NEW_2025_LEVEL = {"plan": -252_000, "plan_approved": -348_000, "forecast": -288_000}
NEW_PERIOD = {
    "plan": -504_000, "plan_approved": -632_000, "forecast": -507_000, "claimed": -147_000,
    "confirmed": -103_000, "undecided": -21_000, "refused": -23_000,
}  # fmt: skip


def euros(levels: Levels) -> dict[str, int]:
    """The known levels in whole euros; fails on odd cents."""
    known = {name: getattr(levels, name) for name in LEVELS if getattr(levels, name) is not None}
    assert all(cents % 100 == 0 for cents in known.values())
    return {name: cents // 100 for name, cents in known.items()}


@pytest.fixture
def total(golden: Golden) -> Figures:
    return selectors.savings_figures(golden.programme).total


def test_status_date_and_closed_books(golden: Golden) -> None:
    figures = selectors.savings_figures(golden.programme)
    assert (figures.as_of, figures.closed_through) == (STATUS_DATE, CLOSED_THROUGH)


def test_new_measures_in_2024(total: Figures) -> None:
    year = total.years[2024]
    assert euros(year.lasting) == NEW_2024_LASTING
    assert euros(year.one_off) == NEW_2024_ONE_OFF
    assert euros(year.effect) == NEW_2024_EFFECT


def test_level_change_of_the_final_year(total: Figures) -> None:
    assert euros(total.level_change) == NEW_2025_LEVEL
    assert total.years[2025].lasting == total.level_change


def test_period(total: Figures) -> None:
    assert euros(total.period) == NEW_PERIOD


def test_cumulative_to_date_ends_with_the_status_month(total: Figures) -> None:
    # 3-8/2024: plan E1 -15 000 x 6, E3 -6 000 x 3, E2 -60 000; approved the same (E4 starts in September).
    # Forecast: closed months -58 000 - 21 000 - 45 000, August -13 000 + -6 000.
    assert euros(total.cumulative) == {
        "plan": -168_000, "plan_approved": -168_000, "forecast": -143_000, "claimed": -147_000,
        "confirmed": -103_000, "undecided": -21_000, "refused": -23_000,
    }  # fmt: skip


def test_in_base_stands_apart(total: Figures) -> None:
    assert euros(total.in_base) == {
        "plan": -120_000, "plan_approved": -120_000, "forecast": -108_000, "claimed": -63_000,
        "confirmed": -48_000, "undecided": -9_000, "refused": -6_000,
    }  # fmt: skip
    assert euros(total.in_base_years[2024].lasting)["forecast"] == -102_000
    assert euros(total.in_base_years[2024].lasting)["plan"] == -120_000


def test_against_the_stated_target(total: Figures) -> None:
    against = total.with_base
    assert (against.plan, against.forecast) == (eur(-372_000), eur(-396_000))
    assert share_of_target(against.forecast, eur(-500_000)) == Decimal("0.792")


def test_run_rates(total: Figures) -> None:
    months = total.run_rate_months
    assert (months.plan, months.forecast) == (date(2024, 12, 1), date(2024, 12, 1))
    assert (months.claimed, months.confirmed) == (date(2024, 7, 1), date(2024, 6, 1))
    assert total.run_rate.plan == eur(-252_000)
    assert total.run_rate.forecast == eur(-228_000)
    assert total.run_rate.claimed == eur(-252_000)
    assert total.run_rate.confirmed == eur(-228_000)
    assert total.carry_over.forecast == eur(-54_000)


def test_forecast_level_by_line_and_measure(golden: Golden) -> None:
    figures = selectors.savings_figures(golden.programme)
    by_cost_type = {
        key: figures.by_cost_type[row.pk].level_change.forecast for key, row in golden.cost_types.items()
    }
    assert by_cost_type == {"OST": eur(-348_000), "HEN": eur(60_000), "VUO": None}
    measures = selectors.measure_figures([row.pk for row in golden.measures.values()], golden.programme)
    by_measure = {code: measures[row.pk].level_change.forecast for code, row in golden.measures.items()}
    assert by_measure == {"E1": eur(-192_000), "E2": None, "E3": eur(-96_000), "E4": None, "E5": None}
    card = selectors.measure_card(golden.measures["E1"])
    lines = {row.line.pk: row.figures for row in card.lines}
    assert lines[golden.lines["E1/OST"].pk].level_change.forecast == eur(-252_000)
    assert lines[golden.lines["E1/HEN"].pk].level_change.forecast == eur(60_000)
    # The goals' themes: all of the forecast is X's.
    assert figures.by_theme[golden.themes["X"].pk].level_change.forecast == eur(-288_000)
    assert figures.by_theme[golden.themes["Y"].pk].years[2024].one_off.confirmed == eur(-45_000)


def test_ladder(golden: Golden) -> None:
    ladder = selectors.savings_figures(golden.programme).ladder
    assert ladder.stated == eur(-500_000)
    assert (ladder.in_base, ladder.active) == (eur(-120_000), eur(-252_000))
    assert (ladder.released, ladder.never_allocated) == (eur(-96_000), eur(-32_000))
    assert ladder.unallocated == eur(-128_000)


def test_reconciliation(golden: Golden) -> None:
    found = selectors.reconciliation(
        golden.programme, golden.sector, golden.cost_types["OST"],
        first=date(2024, 1, 1), last=date(2024, 7, 1),
    )  # fmt: skip
    assert (found.base, found.transfers, found.drivers) == (eur(3_500_000), 0, eur(60_000))
    assert (found.planned_in_base, found.confirmed_in_base) == (eur(-70_000), eur(-48_000))
    assert found.in_base_shortfall == eur(22_000)
    assert (found.confirmed_lasting, found.confirmed_one_off) == (eur(-78_000), eur(-45_000))
    assert found.confirmed_new == eur(-123_000)
    assert found.expected == eur(3_459_000)
    assert (found.ledger, found.unexplained) == (eur(3_463_000), eur(4_000))


def test_reconciliation_waits_for_the_books(golden: Golden) -> None:
    found = selectors.reconciliation(
        golden.programme, golden.sector, golden.cost_types["OST"],
        first=date(2024, 7, 1), last=date(2024, 8, 1),
    )  # fmt: skip
    assert (found.ledger, found.unexplained) == (None, None)
    assert found.waiting == {date(2024, 8, 1)}


def test_claims_are_confirmed_undecided_or_refused(golden: Golden) -> None:
    figures = selectors.savings_figures(golden.programme)
    slices = [figures.total, *figures.by_theme.values(), *figures.by_cost_type.values()]
    levels = [levels for row in slices for levels in (row.cumulative, row.period, row.in_base)]
    levels += [part for row in slices for year in row.years.values() for part in (year.lasting, year.one_off)]
    known = [row for row in levels if row.claimed is not None]
    assert known
    assert all(row.claimed == row.confirmed + row.undecided + row.refused for row in known)


def test_every_breakdown_foots(golden: Golden) -> None:
    figures = selectors.savings_figures(golden.programme)
    measures = selectors.measure_figures([row.pk for row in golden.measures.values()], golden.programme)
    for slices in (figures.by_theme, figures.by_sector, figures.by_cost_type, figures.by_goal, measures):
        for part in ("level_change", "cumulative", "period", "run_rate", "in_base"):
            for level in LEVELS:
                whole = getattr(getattr(figures.total, part), level)
                parts = [getattr(getattr(row, part), level) for row in slices.values()]
                assert sum(cents or 0 for cents in parts) == (whole or 0), (part, level)


def test_monthly_curve_sums_to_the_year(golden: Golden) -> None:
    figures = selectors.savings_figures(golden.programme)
    for level, expected in NEW_2024_LASTING.items():
        points = [point for point in figures.months[level] if point.month.year == 2024]
        assert sum(point.lasting or 0 for point in points) == eur(expected)
        assert sum(point.one_off or 0 for point in points) == eur(NEW_2024_ONE_OFF[level])
    assert figures.months["claimed"][0].lasting is None  # nothing was claimed in January 2024


def test_stages_count_measures_and_euros(golden: Golden) -> None:
    figures = selectors.savings_figures(golden.programme)
    assert (figures.stages["in_delivery"].count, figures.stages["withdrawn"].count) == (4, 1)
    assert figures.stages["in_delivery"].forecast == eur(-288_000)
    assert figures.stages["withdrawn"].plan is None
    assert figures.stage_counts_by_theme[golden.themes["Y"].pk] == {"in_delivery": 1, "withdrawn": 1}


def test_card_shows_months_as_booked_with_the_overlap_beside(golden: Golden) -> None:
    (row,) = selectors.measure_card(golden.measures["E3"]).lines
    june = next(cell for cell in row.months if cell.month == date(2024, 6, 1))
    assert euros(june.levels) == {
        "plan": -10_000, "plan_approved": -10_000, "claimed": -10_000, "confirmed": -6_000, "refused": -4_000,
    }  # fmt: skip
    assert (june.overlap, june.is_closed) == (eur(4_000), True)
    assert row.figures.years[2024].lasting.refused == 0
    (withdrawn,) = selectors.measure_card(golden.measures["E4"]).lines
    assert [cell.is_withdrawn for cell in withdrawn.months if cell.month.year == 2024] == [False] * 7 + [
        True
    ] * 5


def test_the_workbook_holds_the_months_of_the_example(golden: Golden, tmp_path: Path) -> None:
    """As entered: the sums of its months by series are those of the inputs."""
    path = tmp_path / "measures.xlsx"
    write_workbook(path, golden.programme, Measure.objects.all(), language="fi")
    book = CalamineWorkbook.from_path(str(path))
    months = [name for name in book.sheet_names if name != "_portal"][2]

    keys, _people, *rows = book.get_sheet_by_name(months).to_python()

    sums: dict[tuple[str, int], int] = {}
    for at, row in enumerate(row for row in rows if row[0]):
        series = ("plan", "forecast", "claimed")[at % 3]
        for key, euros_ in zip(keys, row, strict=True):
            if key[:2] == "20" and euros_ != "":
                sums[series, int(key[:4])] = sums.get((series, int(key[:4])), 0) + round(euros_ * 100)
    # Before overlaps, with the part in the base and with the withdrawn measure.
    assert sums == {
        ("plan", 2024): eur(-200_000 + 50_000 - 60_000 - 70_000 - 32_000 - 120_000),
        ("plan", 2025): eur(-240_000 + 60_000 - 120_000 - 96_000 - 120_000),
        ("claimed", 2024): eur(-100_000 + 25_000 - 60_000 - 20_000 - 63_000),
        ("forecast", 2024): eur(-90_000 + 25_000 - 50_000 - 45_000),
        ("forecast", 2025): eur(-252_000 + 60_000 - 144_000 - 108_000),
    }
