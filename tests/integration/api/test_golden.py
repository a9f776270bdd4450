"""The golden example over the API, to the cent."""

import pytest

from measures.models import SavingsEntry
from tests.factories.counties import Api, County, person
from tests.golden import Golden


@pytest.fixture
def golden_api(golden: Golden) -> Api:
    """The controller of the golden programme."""
    found = golden
    county = County(found.programme, None, None, found.sector, None)  # type: ignore[arg-type]
    return Api(person(county, "controller"))


@pytest.fixture
def summary(golden_api: Api):
    answer = golden_api.get("programmes/esimerkki/summary/")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_dates_and_basis_stand_together(summary):
    assert summary["programme"] == "esimerkki"
    assert summary["as_of"] == "2024-08-31"
    assert summary["books_closed_through"] == "2024-07"
    assert (summary["basis"], summary["final_year"]) == ("level_change", 2025)


def test_target_and_ladder(summary):
    assert summary["target"]["stated_eur"] == "-500000.00"
    assert summary["target"]["in_base_eur"] == "-120000.00"
    assert summary["ladder"] == {
        "in_base_eur": "-120000.00",
        "active_measures_eur": "-252000.00",
        "released_eur": "-96000.00",
        "never_allocated_eur": "-32000.00",
    }


def test_level_change_of_the_final_year(summary):
    assert summary["level_change"] == {
        "plan_eur": "-252000.00",
        "plan_approved_eur": "-348000.00",
        "forecast_eur": "-288000.00",
        "claimed_eur": None,
        "confirmed_eur": None,
        "undecided_eur": None,
        "refused_eur": None,
    }


def test_cumulative_to_date(summary):
    assert summary["cumulative"] == {
        "plan_eur": "-168000.00",
        "forecast_eur": "-143000.00",
        "claimed_eur": "-147000.00",
        "confirmed_eur": "-103000.00",
    }


def test_run_rate_and_the_month_of_the_confirmed_one(summary):
    assert summary["run_rate"] == {
        "plan_eur": "-252000.00",
        "forecast_eur": "-228000.00",
        "claimed_eur": "-252000.00",
        "confirmed_eur": "-228000.00",
        "confirmed_month": "2024-06",
    }


def test_in_base_stands_apart(summary):
    assert summary["in_base"] == {
        "plan_eur": "-120000.00", "claimed_eur": "-63000.00", "confirmed_eur": "-48000.00",
    }  # fmt: skip


def test_probability_stands_beside_the_forecast(summary):
    found = summary["probability"]
    assert float(found["p10_eur"]) < float(found["p50_eur"]) < float(found["p90_eur"]) < 0
    assert float(found["p10_eur"]) < float(found["weighted_eur"]) < 0
    assert (found["chance_of_full"], found["chance_of_stated"]) == (0.0, 0.0)


def test_keys_of_the_contract_in_their_order(summary):
    assert list(summary) == [
        "programme", "as_of", "books_closed_through", "basis", "final_year", "target", "ladder", "by_cost_type",
        "by_sector", "differences", "level_change", "cumulative", "run_rate", "in_base", "probability",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "forecast"), [("E1", "-192000.00"), ("E3", "-96000.00"), ("E4", None), ("E5", None)]
)
def test_forecast_level_by_measure(golden, golden_api, code, forecast):
    answer = golden_api.get(f"measures/{golden.measures[code].pk}/").json()

    assert answer["figures"]["level_change"]["forecast_eur"] in {
        forecast,
        None if forecast == "0.00" else forecast,
    }


def test_measures_carry_their_targets(golden_api):
    rows = {row["code"]: row["target_eur"] for row in golden_api.rows("measures/?programme=esimerkki")}

    assert rows == {"E1": "-180000.00", "E2": None, "E3": "-72000.00", "E4": "-96000.00", "E5": None}


def test_every_entered_month_is_a_row(golden_api, golden):
    count, path = 0, "/api/v1/savings/?programme=esimerkki"
    while path:
        page = golden_api.client.get(path).json()
        count, path = count + len(page["results"]), page["next"]

    assert count == SavingsEntry.objects.filter(programme=golden.programme).count()


def test_confirmed_of_the_claims_adds_up(golden_api):
    rows = golden_api.rows("savings/?programme=esimerkki&series=claimed&in_base=false&page_size=1000")

    cents = sum(round(float(row["confirmed_eur"]) * 100) for row in rows if row["confirmed_eur"] is not None)

    assert cents == -10_300_000
