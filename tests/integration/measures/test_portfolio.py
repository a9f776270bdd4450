"""Illustrative measures: any number, the same for the same seed, inside the target band, gone without trace."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.models import Setting
from measures import selectors
from measures.demo import ledger
from measures.models import Correction, LedgerEntry, Measure, MeasureTotal, SavingsEntry, Stage
from measures.totals import differing
from programme.models import Programme, Project, Segment
from programme.services import load_programme
from tests.factories.measures import make_ground, make_measure

MEUR = 100_000_000
FILE = "programme/data/{}.yaml"


def load(name: str) -> Programme:
    with open(FILE.format(name), "rb") as file:
        return load_programme(data=file.read(), file_name=name).programme


@pytest.fixture
def kymenlaakso(db: None) -> Programme:
    return load("kymenlaakso")


def run(programme: Programme, *args: str) -> str:
    out = StringIO()
    call_command("make_portfolio", "--programme", programme.slug, *args, stdout=out)
    programme.refresh_from_db()
    return out.getvalue()


def months() -> list[tuple]:
    return sorted(
        SavingsEntry.objects.values_list(
            "line__measure__code", "line__cost_type", "series", "month", "amount_eur_cents"
        )
    )


def test_totals_lie_inside_the_band(kymenlaakso: Programme) -> None:
    run(kymenlaakso)
    figures = selectors.savings_figures(kymenlaakso)
    assert (figures.measures, figures.illustrative) == (118, 118)
    assert str(figures.as_of) == "2024-03-31" and str(figures.closed_through) == "2024-02-01"
    level, rate = figures.total.level_change, figures.total.run_rate
    assert -57 * MEUR < level.plan < -55 * MEUR  # type: ignore[operator]
    assert -40 * MEUR < level.forecast < -38 * MEUR  # type: ignore[operator]
    assert -10.5 * MEUR < rate.claimed < -9 * MEUR  # type: ignore[operator]
    assert -3.8 * MEUR < rate.confirmed < -3.4 * MEUR  # type: ignore[operator]
    assert str(figures.total.run_rate_months.confirmed) == "2024-01-01"
    by_key = {row.cost_type.key: row for row in _cost_types(kymenlaakso)}
    assert by_key["henkilostokulut"].level > 0 > by_key["palvelujen-ostot"].level
    withdrawn = Measure.objects.get(programme=kymenlaakso, code="T-041")
    assert withdrawn.stage == Stage.WITHDRAWN
    assert figures.ladder.released == -1.28 * MEUR
    # What the base holds is not assessed yet (R2); a correction of the locked year stands beside.
    assert (figures.total.in_base.plan, figures.total.in_base.confirmed) == (None, None)
    correction = Correction.objects.get(programme=kymenlaakso)
    assert (correction.effect_month, correction.booked_month) == (date(2023, 11, 1), date(2024, 3, 1))
    assert not differing()


class _Row:
    def __init__(self, cost_type, level) -> None:
        self.cost_type, self.level = cost_type, level


def _cost_types(programme: Programme) -> list[_Row]:
    matrix = selectors.matrix(programme)
    return [_Row(row.row, row.achieved.level_change.plan or 0) for row in matrix.cost_types]


def test_second_run_changes_nothing_and_another_seed_replaces(kymenlaakso: Programme) -> None:
    run(kymenlaakso, "--measures", "12", "--seed", "3")
    first = months()
    assert "already" in run(kymenlaakso, "--measures", "12", "--seed", "3")
    assert months() == first
    run(kymenlaakso, "--measures", "12", "--seed", "4")
    assert months() != first
    run(kymenlaakso, "--measures", "12", "--seed", "3")
    assert months() == first
    assert Measure.objects.filter(programme=kymenlaakso).count() == 12


def test_remove_leaves_nothing(kymenlaakso: Programme) -> None:
    run(kymenlaakso, "--measures", "20")
    run(kymenlaakso, "--remove")
    for model in (Measure, SavingsEntry, MeasureTotal, *ledger.TABLES, Project, Segment):
        assert not model.objects.exists(), model
    assert not Setting.objects.filter(key="portfolio").exists()
    assert kymenlaakso.status_date is None


def test_everything_says_that_it_is_illustrative_and_why(kymenlaakso: Programme) -> None:
    run(kymenlaakso, "--measures", "10")
    for model in (Measure, *ledger.TABLES, Project, Segment):
        assert not model.objects.filter(is_illustrative=False).exists(), model
    event = Measure.events.rel.related_model.objects.filter(pgh_label="insert").first()
    assert event.pgh_context.metadata["reason"].startswith("illustrative")


def test_books_show_budgets_drivers_and_something_to_explain(kymenlaakso: Programme) -> None:
    run(kymenlaakso, "--measures", "10")
    kinds = set(LedgerEntry.objects.values_list("kind", "budget__number").distinct())
    assert kinds == {
        ("original_budget", 0), ("amended_budget", 1), ("actual", None), ("year_end_forecast", None)
    }  # fmt: skip
    moved = ledger.BaseTransferRow.objects.values_list("monthly_eur_cents", flat=True)
    assert len(moved) == 4 and sum(moved) == 0
    assert ledger.YearLocked.objects.get().year == 2023
    purchases = LedgerEntry.objects.filter(
        sector__key="tespa", cost_type__key="palvelujen-ostot", kind="actual"
    )
    assert purchases.filter(is_correction=True).exclude(reason="").count() == 1
    jumps = list(purchases.order_by("month").values_list("month", "amount_eur_cents"))
    assert dict(jumps)[date(2023, 12, 1)] - dict(jumps)[date(2023, 10, 1)] > 0.3 * MEUR


@pytest.mark.parametrize("count", [1, 2, 7])
def test_any_number_of_measures(kymenlaakso: Programme, count: int) -> None:
    run(kymenlaakso, "--measures", str(count))
    assert Measure.objects.count() == count
    assert not differing()


def test_dense_fills_every_month_of_three_series(kymenlaakso: Programme) -> None:
    run(kymenlaakso, "--measures", "15", "--dense")
    assert SavingsEntry.objects.count() == 15 * 36 * 3


def test_another_programme_gets_measures_too(db: None) -> None:
    programme = make_ground("kolmas", start_year=2024, end_year=2027).programme
    run(programme, "--measures", "30")
    figures = selectors.savings_figures(programme)
    assert (figures.measures, str(figures.as_of)) == (30, "2025-03-31")
    assert -78 * MEUR < figures.total.level_change.forecast < -30 * MEUR  # type: ignore[operator]
    assert not differing()


def test_programme_without_goals_is_told_so(db: None) -> None:
    with pytest.raises(CommandError, match="no goals"):
        run(load("etela-karjala"))
    assert not Measure.objects.exists()


def test_programmes_with_measures_of_their_own_are_left_alone(db: None) -> None:
    ground = make_ground()
    make_measure(ground, "T-001")
    with pytest.raises(CommandError):
        run(ground.programme, "--measures", "3")
    assert Measure.objects.count() == 1


def test_unknown_programme_is_told(db: None) -> None:
    with pytest.raises(CommandError, match="no programme"):
        call_command("make_portfolio", "--programme", "ei-ole")
