"""The bench's arithmetic and verdicts, by hand."""

import pytest

from bench.figures import Case, Result, as_json, misses, percentile, result_of, table, typical, usual

CASE = Case("dashboard", "/p/x/", "aggregate", ratio=1.0, sql=15, growth=1.6, is_required=True)


def result(**changes: float) -> Result:
    """A page that keeps every budget of CASE, changed as asked."""
    base = {
        "seconds": 0.05, "floor": "aggregate", "floor_seconds": 0.1, "ratio": 0.5, "sql": 9, "sql_small": 9,
        "growth": 1.1, "p95": 0.06,
    }  # fmt: skip
    return Result(**(base | changes))  # type: ignore[arg-type]


def test_typical_is_the_median_of_the_medians_of_the_passes():
    assert typical([[1, 2, 9], [3, 3, 3], [100, 4, 5]]) == 3


def test_percentile_of_few_samples_is_the_largest():
    assert percentile([3, 1, 2], 0.95) == 3
    assert percentile(range(100), 0.95) == 95


def test_result_compares_the_page_with_its_floor_and_its_small_twin():
    found = result_of(CASE, [[0.2, 0.2], [0.2, 0.4]], [[0.1], [0.1]], [[0.16], [0.16]], 9, 9)

    assert found.seconds == pytest.approx(0.25)
    assert found.ratio == pytest.approx(2.5)
    assert found.growth == pytest.approx(0.25 / 0.16)
    assert found.p95 == 0.4


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, []),
        ({"ratio": 1.0, "sql": 15, "sql_small": 15, "growth": 1.6}, []),
        ({"ratio": 1.01}, ["ratio 1.01 > 1.0"]),
        ({"sql": 16, "sql_small": 16}, ["SQL 16 > 15"]),
        ({"growth": 1.7}, ["growth 1.70 > 1.6"]),
        ({"sql": 10}, ["SQL grows: 9 -> 10"]),
    ],
)
def test_a_page_misses_a_budget_only_beyond_it(changes, words):
    assert misses(CASE, result(**changes)) == words


def test_a_page_without_budgets_is_shown_and_not_judged():
    case = Case("status_view", "/p/x/bigroom/2024-03/", "render")

    assert misses(case, result(ratio=50, sql=90)) == []
    assert table([case], {"status_view": result()}).splitlines()[1].endswith("60.0")


def test_table_names_what_holds_and_what_does_not():
    other = Case("savings_matrix", "/p/x/savings/", "aggregate", 1.0, 15, 1.6)

    lines = table([CASE, other], {"dashboard": result(), "savings_matrix": result(ratio=2)}).splitlines()

    assert lines[1].startswith("dashboard ") and lines[1].endswith("holds")
    assert lines[2].endswith("ratio 2.00 > 1.0")


def test_json_has_the_keys_of_the_contract():
    written = as_json({"dashboard": result()})["dashboard"]

    assert {"seconds", "floor", "floor_seconds", "ratio", "sql", "growth", "p95"} <= set(written)
    assert written["ratio"] == 0.5


def test_a_statement_asked_now_and_then_does_not_count() -> None:
    assert usual([11, 11, 12, 11]) == 11
