"""When a value is late, and where a county stands: plain arithmetic."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.charts import wall_spark
from kpis.lateness import expected_by, is_late
from kpis.models import Indicator
from kpis.selectors.ranking import ranks_by_year
from kpis.selectors.series import Observed, counting, lines_of


@pytest.mark.parametrize(
    ("period", "cycle", "lag", "due"),
    [
        ("2024", 12, 12, date(2027, 1, 1)),
        ("2024", 12, None, date(2028, 1, 1)),
        ("2024-T1", 4, 1, date(2024, 10, 1)),
        ("2024-03", 1, 0, date(2024, 5, 1)),
        ("2024", None, 12, None),
        ("", 12, 12, None),
    ],
)
def test_the_next_value_is_due_a_cycle_and_a_lag_after_the_last(
    period: str, cycle: int | None, lag: int | None, due: date | None
) -> None:
    indicator = Indicator(cycle_months=cycle, lag_months=lag)
    assert expected_by(indicator, period) == due
    if due:
        assert is_late(indicator, period, due)
        assert not is_late(Indicator(cycle_months=cycle, lag_months=lag, state="ended"), period, due)


def seen(
    role: str, region: str, value: object, *, year: int = 2024, vintage: int = 1, link: int | None = 1
) -> Observed:
    return Observed(
        year, None, None, role, region, "", Decimal(str(value)), vintage, link, "", None, False, False
    )


def test_equal_values_share_a_rank_and_helsinki_has_none() -> None:
    own = "HYVINVOINTIALUE:10"
    rows = [
        seen("own", "", 5), seen("peer", "HYVINVOINTIALUE:01", 5), seen("peer", "HYVINVOINTIALUE:02", 4),
        seen("peer", "HYVINVOINTIALUE:03", 9), seen("peer", "HYVINVOINTIALUE:90", 1), seen("national", "MAA", 6),
    ]  # fmt: skip
    (year,) = ranks_by_year(rows, own_key=own, better="down")
    ranks = {place.key.partition(":")[2]: place.rank for place in year.places}
    assert ranks == {"90": None, "02": 1, "01": 2, "10": 2, "03": 4}
    assert (year.ranked_count, year.middle, year.national) == (4, 5, 6)
    (turned,) = ranks_by_year(rows, own_key=own, better="up")
    assert turned.own is not None and turned.own.rank == 2
    (none,) = ranks_by_year(rows, own_key=own, better="")
    assert none.own is not None and none.own.rank is None


def test_a_value_of_a_source_goes_before_the_document_and_the_latest_vintage_before_earlier_ones() -> None:
    document, first, second = seen("own", "", 1, link=None), seen("own", "", 2), seen("own", "", 3, vintage=2)
    assert counting([second, document, first]) == [second]
    assert counting([document]) == [document]


def test_a_second_source_is_a_line_of_its_own() -> None:
    lines = lines_of([seen("own", "", 7, link=2), seen("own", "", 5, link=1)], links=[1, 2])
    assert [row.value for row in lines.own.values()] == [5]
    assert [row.value for row in lines.others[2].values()] == [7]


def test_a_small_line_needs_two_points() -> None:
    assert wall_spark([[2024, "1", None]], None) == ""
    drawn = wall_spark([[2023, "1", None], [2024, "2", "3"]], Decimal(4))
    assert drawn.count("<polyline") == 2 and "ch-s-target" in drawn and "<circle" in drawn
