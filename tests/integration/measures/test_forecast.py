"""The forecast page, its range and where it is kept: golden example, one figure everywhere, honest about its age."""

import re
from dataclasses import replace
from datetime import date, datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from core.jobs import run_job
from core.models import Job, Setting
from core.money import eur_string
from measures.charts.forecast import fan_chart
from measures.forecasting import results
from measures.forecasting.inputs import read_portfolio
from measures.forecasting.outlook import main_weights
from measures.forecasting.past import past_forecasts
from measures.forecasting.said import unsaid_months
from measures.forecasting.shapes import PastMonth, Range, biases
from measures.models import Confirmation, Measure, SavingsEntry, SavingsLine
from measures.selectors import savings_figures
from measures.services import withdraw_measure
from measures.tasks import figure_probabilities
from programme.models import Target
from tests.factories.counties import Api, County, person
from tests.golden import Golden

PAGE = "/en/p/esimerkki/savings/forecast/"


@pytest.fixture
def controller(golden: Golden):
    return person(County(golden.programme, None, None, golden.sector, None), "controller")  # type: ignore[arg-type]


@pytest.fixture
def client(controller) -> Client:
    found = Client()
    found.force_login(controller)
    return found


def text_of(page: str, row: str) -> str:
    """The words of one table row of a page, tags taken out."""
    inside = re.search(rf"<tr[^>]*{row}[^>]*>(.*?)</tr>", page, re.DOTALL)
    assert inside, row
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", inside[1]))


# --- what is figured ---------------------------------------------------------------------------------------


def test_plain_forecast_is_r4_of_the_golden_example(golden: Golden):
    """-288 000 in 2025; -219 000 in 2024 with the one-off; overlaps off, the withdrawn E4 and E5 in the base out."""
    found = results.figure(golden.programme)
    assert found is not None
    assert found.outlook.main.forecast == -28_800_000
    assert {year: row.forecast for year, row in found.outlook.years.items()} == {
        2024: -21_900_000,
        2025: -28_800_000,
    }
    total = savings_figures(golden.programme).total
    assert found.outlook.main.forecast == total.level_change.forecast
    assert found.outlook.base == -10_800_000 and found.base_is_assessed
    assert (
        sum(found.outlook.months[date(2025, month, 1)].forecast for month in range(1, 13)) == -12 * 28_800_000
    )


def test_a_month_of_which_nobody_said_anything_is_a_gap(golden: Golden):
    found = results.figure(golden.programme)
    assert found is not None
    month = date(2024, 3, 1)
    empty = Range(0, 0, 0, 0, 0)
    shown = replace(found.outlook, months=found.outlook.months | {month: empty, date(2025, 3, 1): empty})
    Confirmation.objects.filter(entry__month=month).delete()
    SavingsEntry.objects.filter(programme=golden.programme, series="claimed", month=month).delete()
    unsaid = unsaid_months(golden.programme)
    assert month in unsaid and date(2025, 3, 1) not in unsaid
    chart = fan_chart(shown, closed=found.closed_through, targets=[], unit="keur", unsaid=unsaid)
    for series in chart.series:
        said = dict(zip(series.x, series.y, strict=True))
        assert (said["2024-03-01"], said["2025-03-01"]) == (None, 0)


def test_a_cumulative_programme_is_drawn_over_its_whole_period(golden: Golden):
    golden.programme.basis = "cumulative"
    golden.programme.save()
    found = results.figure(golden.programme)
    assert found is not None
    assert found.outlook.main.forecast == -50_700_000
    assert found.outlook.main.p10 <= found.outlook.main.p50 <= found.outlook.main.p90


def test_weighted_forecast_by_hand(golden: Golden):
    """Running in July: E1 -20 000 and +5 000, E3 -10 000 + 4 000. In 2025 E1 adds -1 000 and E3 -2 000 a month.

    Each addition counts 0,97 (in delivery) x (0,5 + 0,9 + 1,1) / 3 (confidence not said: medium).
    12 x (-21 000 - 3 000 x 0,97 x 0,8333) = -281 100, to whole thousands.
    """
    found = results.figure(golden.programme)
    assert found is not None and found.outlook.main.weighted == -28_100_000


def test_another_seed_moves_the_range_and_the_same_one_does_not(golden: Golden):
    first, again = results.figure(golden.programme), results.figure(golden.programme)
    assert first is not None and again is not None and first.outlook == again.outlook
    Setting.objects.create(
        scope="esimerkki", key="probability.seed", value=2, valid_from=date(2024, 1, 1), reason="koe"
    )
    golden.programme.__dict__.pop("_parameters", None)
    other = results.figure(golden.programme)
    assert other is not None and other.seed == 2
    assert other.outlook != first.outlook
    assert other.outlook.main.weighted == first.outlook.main.weighted


def test_chances_have_no_figure_without_a_saving_target(golden: Golden):
    Target.objects.filter(programme=golden.programme).delete()
    found = results.figure(golden.programme)
    assert found is not None
    assert found.outlook.chances == {"cautious": None, "full": None, "stated": None}
    Target.objects.create(
        programme=golden.programme,
        kind="stated",
        column="total",
        value_eur_cents=500,
        valid_from=date(2024, 1, 1),
    )
    found = results.figure(golden.programme)
    assert found is not None and found.outlook.chances["stated"] is None  # a plus target (R16)


def test_a_withdrawal_gives_the_overlap_back(golden: Golden, controller):
    """Without E1 nobody yields: E3 brings -12 000 a month in 2025; E1's earlier months are one-off facts."""
    withdraw_measure(
        measure=golden.measures["E1"], by=controller, on=date(2024, 8, 20), from_month=date(2024, 9, 1), reason="koe",
        version=golden.measures["E1"].version,
    )  # fmt: skip
    portfolio = read_portfolio(golden.programme)
    assert portfolio is not None
    weights = main_weights(portfolio) > 0
    assert portfolio.lines.expected()[weights].sum() == -14_400_000
    fresh = savings_figures(golden.programme).total
    assert fresh.level_change.forecast == -14_400_000


def test_a_measure_without_a_forecast_is_unknown_and_told(golden: Golden, client: Client):
    SavingsEntry.objects.filter(line=golden.lines["E3/OST"], series="forecast").delete()
    found = results.figure(golden.programme)
    assert found is not None
    assert found.unforecast == 2  # E2's months are over and it was never closed; E3 now
    assert "data-unforecast" in client.get(PAGE).content.decode()


def test_nothing_to_figure_from(golden: Golden, client: Client):
    SavingsLine.objects.filter(programme=golden.programme).update(line_class="avoided")
    assert results.figure(golden.programme) is None
    assert client.get(PAGE).status_code == 200


# --- one figure everywhere ---------------------------------------------------------------------------------


def test_page_and_api_say_the_same(golden: Golden, client: Client, controller):
    page = client.get(PAGE, {"unit": "keur"}).content.decode()
    api = Api(controller).get("programmes/esimerkki/summary/").json()["probability"]
    known = results.last_known(golden.programme)
    assert known is not None and known.is_present
    main = known.result.outlook.main
    for key in ("weighted", "p10", "p50", "p90"):
        assert api[f"{key}_eur"] == eur_string(getattr(main, key))
        thousands = f"\u2212{abs(getattr(main, key)) // 100_000}"
        assert thousands in text_of(page, f'data-figure="{key}"')
    assert "\u2212288" in text_of(page, 'data-figure="forecast"')
    assert (
        "<svg" in page and "data-chart-json" in page and "8 draws of 10" in page
    )  # one specification, two writers
    chance = text_of(page, 'data-chance="stated"')
    assert "\u2212500" in chance and "\u2212392" in chance and "under 1" in chance  # 108 of 500 in the base


# --- kept, found again, told its age -----------------------------------------------------------------------


def test_a_result_survives_being_stored(golden: Golden):
    found = results.figure(golden.programme)
    assert found is not None
    job = results.ask(golden.programme)
    assert run_job(job.pk) == "done"
    stored = Job.objects.get(pk=job.pk).result
    again = results.read(stored)
    assert again is not None and again.outlook == found.outlook and again.assumptions == found.assumptions
    assert stored["page"] == ["measures:forecast", "esimerkki"]


def test_the_dashboard_never_figures_and_tells_an_old_range(golden: Golden, client: Client):
    home = "/en/p/esimerkki/"
    assert "data-range" not in client.get(home).content.decode()
    run_job(results.ask(golden.programme).pk)
    cache.clear()
    page = client.get(home).content.decode()
    assert "data-range" in page and "has changed since" not in page
    Measure.objects.filter(pk=golden.measures["E1"].pk).update(municipality="Kouvola")
    page = client.get(home).content.decode()
    assert "data-range" in page and "has changed since" in page


def test_a_large_programme_shows_the_last_result_and_offers_to_figure(
    golden: Golden, client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(results, "AT_ONCE", 1)
    assert "data-figure" not in client.get(PAGE).content.decode()
    answer = client.post(f"{PAGE}figure/")
    assert answer.status_code == 302
    assert client.post(f"{PAGE}figure/").status_code == 302
    job = Job.objects.get(kind=results.JOB_KIND)  # asked twice, once under way
    assert "data-figuring" in client.get(PAGE).content.decode()
    assert run_job(job.pk) == "done"
    page = client.get(PAGE).content.decode()
    assert "data-figure=" in page and "data-stale" not in page
    cache.clear()
    Measure.objects.filter(pk=golden.measures["E1"].pk).update(municipality="Kouvola")
    assert "data-stale" in client.get(PAGE).content.decode()


def test_the_night_figures_what_changed_and_leaves_the_rest(golden: Golden):
    assert figure_probabilities() == 1
    run_job(Job.objects.get(kind=results.JOB_KIND).pk)
    assert figure_probabilities() == 0
    Measure.objects.filter(pk=golden.measures["E1"].pk).update(municipality="Kouvola")
    assert figure_probabilities() == 1


# --- what earlier forecasts said ---------------------------------------------------------------------------


def backdate(days: dict[int, datetime]) -> None:
    """Writes when events of entries happened; the history itself cannot be updated."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE measures_savingsentryevent DISABLE TRIGGER USER")
        for pk, moment in days.items():
            cursor.execute(
                "UPDATE measures_savingsentryevent SET pgh_created_at = %s WHERE pgh_id = %s", [moment, pk]
            )
        cursor.execute("ALTER TABLE measures_savingsentryevent ENABLE TRIGGER USER")


def test_earlier_forecasts_of_closed_months_beside_what_came(golden: Golden, client: Client):
    """July 2024 as said in January (-30 000) and, changed in June, -24 000; realised -15 000 - 6 000 = -21 000."""
    entry = SavingsEntry.objects.create(
        programme=golden.programme, line=golden.lines["E1/OST"], month=date(2024, 7, 1), series="forecast",
        amount_eur_cents=-3_000_000,
    )  # fmt: skip
    entry.amount_eur_cents = -2_400_000
    entry.save()
    first, second = entry.events.order_by("pgh_id").values_list("pgh_id", flat=True)
    zone = timezone.get_current_timezone()
    backdate(
        {first: datetime(2024, 1, 31, 12, tzinfo=zone), second: datetime(2024, 6, 30, 23, 30, tzinfo=zone)}
    )
    portfolio = read_portfolio(golden.programme)
    assert portfolio is not None
    found = past_forecasts(golden.programme, portfolio)
    assert found == [PastMonth(date(2024, 7, 1), -2_100_000, {1: -2_400_000, 3: -3_000_000, 6: -3_000_000})]
    assert biases(found)[3].share == pytest.approx(0.7)
    page = client.get(PAGE).content.decode()
    assert 'data-past="2024-07"' in page and "too hopeful" in page
