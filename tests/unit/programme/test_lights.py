"""Each light at the edges of its thresholds: the first value beyond is the worse light."""

import datetime as dt
from decimal import Decimal

import pytest

from programme.projects.lights.calculations import (
    Computed,
    Followed,
    OpenRisk,
    PeopleLimits,
    PersonNow,
    Planned,
    Pushed,
    ScheduleLimits,
    YearMoney,
    is_worse,
    kpis_light,
    money_light,
    people_light,
    risks_light,
    savings_light,
    schedule_light,
    worse_of,
)

TODAY = dt.date(2024, 3, 31)
LIMITS = ScheduleLimits(slip_yellow=15, slip_red=60, overdue_yellow=1, overdue_red=15)
NAMES = {"fi": "Käyttöönotto"}


def days(count: int) -> dt.timedelta:
    return dt.timedelta(days=count)


def moved(by: int) -> Planned:
    """Planned for later than today, expected so many days after that."""
    baseline = TODAY + days(10)
    return Planned(NAMES, baseline, baseline + days(by))


@pytest.mark.parametrize(
    ("slip", "light", "code"),
    [
        (-5, "green", "schedule_green"),
        (14, "green", "schedule_green"),
        (15, "yellow", "schedule_moved"),
        (59, "yellow", "schedule_moved"),
        (60, "red", "schedule_moved"),
    ],
)
def test_schedule_by_how_far_a_milestone_moved(slip: int, light: str, code: str) -> None:
    found = schedule_light([moved(0), moved(slip)], TODAY, LIMITS)
    assert (found.light, found.code) == (light, code)


@pytest.mark.parametrize(("late", "light"), [(0, "green"), (1, "yellow"), (14, "yellow"), (15, "red")])
def test_schedule_by_days_past_the_expected_day(late: int, light: str) -> None:
    row = Planned(NAMES, TODAY - days(late), None)
    assert schedule_light([row], TODAY, LIMITS).light == light


def test_schedule_says_the_worse_of_late_and_moved() -> None:
    late, far = Planned(NAMES, TODAY - days(2), None), moved(60)
    assert schedule_light([late, far], TODAY, LIMITS) == Computed(
        "red", "schedule_moved", {"days": 60, "names": NAMES, "on": "2024-06-09"}
    )


def test_schedule_without_milestones_has_no_data_and_done_ones_are_green() -> None:
    done = Planned(NAMES, TODAY - days(50), None, actual=TODAY)
    assert schedule_light([], TODAY, LIMITS).light == "no_data"
    assert schedule_light([done], TODAY, LIMITS).light == "green"


def test_a_push_by_a_link_is_yellow_at_most_and_yields_to_what_is_worse() -> None:
    assert schedule_light([moved(0)], TODAY, LIMITS, Pushed(14, NAMES)).light == "green"
    assert schedule_light([moved(0)], TODAY, LIMITS, Pushed(400, NAMES)).code == "schedule_pushed"
    assert schedule_light([moved(0)], TODAY, LIMITS, Pushed(400, NAMES)).light == "yellow"
    assert schedule_light([moved(60)], TODAY, LIMITS, Pushed(400, NAMES)).light == "red"


@pytest.mark.parametrize(
    ("forecast", "light"), [(90, "green"), (104, "green"), (105, "yellow"), (109, "yellow"), (110, "red")]
)
def test_money_by_per_cent_above_the_budget(forecast: int, light: str) -> None:
    found = money_light([YearMoney(100, forecast)], yellow_percent=Decimal(5), red_percent=Decimal(10))
    assert found.light == light


@pytest.mark.parametrize(
    ("rows", "light", "code"),
    [
        ([], "no_data", "money_none"),
        ([YearMoney(100, None, 50)], "no_data", "money_unforecast"),
        (
            [YearMoney(100, None, 150)],
            "red",
            "money_over",
        ),  # spent beyond the budget, whatever nobody forecast
        ([YearMoney(0, 10)], "red", "money_unbudgeted"),
        ([YearMoney(0, 0)], "green", "money_within"),
        ([YearMoney(100, 90), YearMoney(100, 110)], "green", "money_within"),
    ],
)
def test_money_of_unknowns(rows: list[YearMoney], light: str, code: str) -> None:
    found = money_light(rows, yellow_percent=Decimal(5), red_percent=Decimal(10))
    assert (found.light, found.code) == (light, code)


def limits(nobody: str = "red") -> PeopleLimits:
    return PeopleLimits(1, 3, Decimal(1), Decimal("1.2"), nobody)


def person(load: str = "0.5", *, lacks: bool = False) -> PersonNow:
    return PersonNow("Aino", lacks, Decimal(load))


@pytest.mark.parametrize(
    ("people", "light", "code"),
    [
        ([person("1")], "green", "resources_green"),
        ([person("1.01")], "yellow", "resources_load"),
        ([person("1.2")], "yellow", "resources_load"),
        ([person("1.201")], "red", "resources_load"),
        ([person(lacks=True)], "yellow", "resources_substitutes"),
        ([person(lacks=True)] * 2, "yellow", "resources_substitutes"),
        ([person(lacks=True)] * 3, "red", "resources_substitutes"),
        ([person("1.1"), *[person(lacks=True)] * 3], "red", "resources_substitutes"),
    ],
)
def test_people_by_substitutes_and_load(people: list[PersonNow], light: str, code: str) -> None:
    found = people_light(people, limits())
    assert (found.light, found.code) == (light, code)


@pytest.mark.parametrize("nobody", ["red", "yellow", "no_data"])
def test_nobody_is_as_the_programme_has_stated(nobody: str) -> None:
    assert people_light([], limits(nobody)) == Computed(nobody, "resources_none")


@pytest.mark.parametrize(
    ("rows", "light", "code"),
    [
        ([(-100, -95)], "green", "savings_reached"),
        ([(-100, -94)], "yellow", "savings_short"),
        ([(-100, -80)], "yellow", "savings_short"),
        ([(-100, -79)], "red", "savings_short"),
        ([(-100, 10)], "red", "savings_short"),
        ([(-100, -50), (-100, -150)], "green", "savings_reached"),
        ([(-100, None)], "no_data", "savings_unforecast"),
        ([(-100, -100), (-100, None)], "green", "savings_reached"),
        ([(None, -5), (50, 50)], "no_data", "savings_none"),
        ([], "no_data", "savings_none"),
    ],
)
def test_savings_by_the_share_of_the_plan(
    rows: list[tuple[int | None, int | None]], light: str, code: str
) -> None:
    found = savings_light(rows, yellow_below=Decimal("0.95"), red_below=Decimal("0.8"))
    assert (found.light, found.code) == (light, code)


def test_savings_count_the_measures_without_a_forecast() -> None:
    found = savings_light([(-100, -100), (-70, None)], yellow_below=Decimal("0.95"), red_below=Decimal("0.8"))
    assert found.params == {"plan": -100, "forecast": -100, "unknown": 1}


@pytest.mark.parametrize(
    ("found", "light"),
    [
        (Followed(reached=2), "green"),
        (Followed(reached=2, partly=1), "yellow"),
        (Followed(reached=2, missed=1), "yellow"),
        (Followed(reached=1, missed=1), "red"),
        (Followed(missed=1), "red"),
        (Followed(waiting=3), "no_data"),  # a lagging one is not red
        (Followed(reached=1, waiting=3), "green"),
        (Followed(unjudged=2), "no_data"),
    ],
)
def test_indicators_by_the_share_that_misses(found: Followed, light: str) -> None:
    assert kpis_light(found, red_share=Decimal("0.5")).light == light


@pytest.mark.parametrize(
    ("levels", "light"),
    [
        ([8, None], "green"),
        ([9, 2], "yellow"),
        ([14], "yellow"),
        ([15, 1], "red"),
        ([None], "no_data"),
        ([], "no_data"),
    ],
)
def test_risks_by_the_worst_open_one(levels: list[int | None], light: str) -> None:
    rows = [OpenRisk(level, NAMES) for level in levels]
    assert risks_light(rows, appetite=8, red_from=15).light == light


def test_no_data_is_in_no_order_with_the_others() -> None:
    assert is_worse("red", "yellow")
    assert not is_worse("yellow", "yellow")
    assert not is_worse("no_data", "green") and not is_worse("red", "no_data") and not is_worse("red", None)
    assert worse_of("green", "red") == "red" == worse_of("red", None)
    assert worse_of("no_data", "green") == "green" and worse_of("no_data", None) == "no_data"
