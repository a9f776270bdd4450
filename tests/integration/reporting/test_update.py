"""The monthly update: one tap or one amount, spread over lines, closed and decided months, double submit, drafts."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import Draft
from measures.models import BooksClosed, Confirmation, Measure, MonthlyUpdate, SavingsEntry, Series
from programme.models import CostType
from risks.models import Obstacle
from tests.factories.counties import County, make_county, person

pytestmark = pytest.mark.django_db

JANUARY, FEBRUARY, MARCH = (dt.date(2024, month, 1) for month in (1, 2, 3))


@pytest.fixture
def county() -> County:
    """The day before March ends: February is due."""
    made = make_county("own")
    made.programme.status_date = dt.date(2024, 3, 30)
    made.programme.save()
    return made


@pytest.fixture
def owner(county: County) -> Any:
    return person(county, "measure")


@pytest.fixture
def client(owner: Any) -> Client:
    browser = Client()
    browser.force_login(owner)
    return browser


@pytest.fixture
def measure(county: County, owner: Any) -> Measure:
    """A measure of mine that saved 1 000 euros in January; February is due."""
    row = county.measure(code="T-1", stage="in_delivery", owner=owner)
    county.entry(row, JANUARY, -100_000, Series.CLAIMED)
    return row


def url(measure: Measure) -> str:
    return f"/p/own/measures/{measure.code}/update/"


def send(client: Client, measure: Measure, **data: Any) -> Any:
    """Opens the page and sends it as a browser would: with its token and what it had seen."""
    form = client.get(url(measure)).context["form"]
    hidden = {name: form[name].value() or "" for name in ("token", "seen", "was")}
    facts = {
        name: form[name].value() or "" for name in ("confidence_of_owner", "starts_on", "ends_on", "note")
    }
    return client.post(url(measure), hidden | facts | data)


def claimed(measure: Measure, month: dt.date = FEBRUARY) -> list[int]:
    rows = SavingsEntry.objects.filter(line__measure=measure, month=month, series=Series.CLAIMED)
    return list(rows.order_by("line_id").values_list("amount_eur_cents", flat=True))


# ---------------------------------------------------------------------------- the three questions
def test_one_tap_keeps_last_months_figure(client: Client, measure: Measure, owner: Any) -> None:
    answer = send(client, measure, answer="same")

    given = MonthlyUpdate.objects.get(measure=measure)
    assert answer.status_code == 302
    assert claimed(measure) == [-100_000]
    assert (given.month, given.answer, given.given_by) == (FEBRUARY, "same", owner)


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1 234,50", -123_450),
        ("1\u202f234,5", -123_450),
        ("−1234,50", -123_450),
        ("+200", 20_000),
        ("2 t€", -200_000),
        ("0", 0),
    ],
)
def test_an_amount_is_read_as_finns_write_it_and_is_a_saving(
    client: Client, measure: Measure, typed: str, cents: int
) -> None:
    answer = send(client, measure, answer="changed", amount=typed)

    assert answer.status_code == 302
    assert claimed(measure) == [cents]


def test_a_measure_that_costs_takes_a_bare_number_for_a_cost(
    client: Client, county: County, owner: Any
) -> None:
    row = county.measure(code="T-2", stage="decided", owner=owner)
    county.entry(row, JANUARY, 50_000, Series.CLAIMED)

    send(client, row, answer="changed", amount="700")

    assert claimed(row) == [70_000]


def test_one_amount_is_spread_over_lines_by_last_months_shares(
    client: Client, county: County, measure: Measure
) -> None:
    rent = CostType.objects.create(programme=county.programme, key="vuokrat", name_fi="Vuokrat")
    second = county.line(measure, cost_type=rent)
    SavingsEntry.objects.create(
        programme=county.programme,
        line=second,
        month=JANUARY,
        series=Series.CLAIMED,
        amount_eur_cents=-300_000,
    )
    page = client.get(f"/en{url(measure)}").content.decode()

    send(client, measure, answer="changed", amount="100,01")

    assert "spread over 2 savings lines" in page
    assert claimed(measure) == [-2_500, -7_501]


def test_lines_may_be_given_apart(client: Client, county: County, measure: Measure) -> None:
    rent = CostType.objects.create(programme=county.programme, key="vuokrat", name_fi="Vuokrat")
    second = county.line(measure, cost_type=rent)
    first = measure.lines.order_by("pk").first()

    send(client, measure, answer="changed", **{f"line_{first.pk}": "10", f"line_{second.pk}": "20"})

    assert claimed(measure) == [-1_000, -2_000]


def test_a_new_forecast_fills_the_months_that_are_left(client: Client, measure: Measure) -> None:
    send(client, measure, answer="changed", amount="900", forecast="800")

    rows = SavingsEntry.objects.filter(line__measure=measure, series=Series.FORECAST).order_by("month")
    assert [rows[0].month, rows[len(rows) - 1].month, len(rows)] == [MARCH, dt.date(2025, 12, 1), 22]
    assert {row.amount_eur_cents for row in rows} == {-80_000}


def test_what_stops_is_raised_as_an_obstacle(client: Client, measure: Measure, owner: Any) -> None:
    send(client, measure, answer="same", obstacle="Sopimus odottaa allekirjoitusta")

    row = Obstacle.objects.get()
    assert (row.name_fi, row.measure, row.raised_by) == ("Sopimus odottaa allekirjoitusta", measure, owner)
    assert (row.level, row.state, row.raised_on) == ("theme_owner", "raised", dt.date(2024, 3, 30))


def test_the_rest_is_written_when_asked_for(client: Client, measure: Measure) -> None:
    send(
        client, measure, answer="same", confidence_of_owner="low", starts_on="1.2.2024", ends_on="31.12.2024",
        note="Kesä on hiljainen.",
    )  # fmt: skip

    measure.refresh_from_db()
    assert (measure.confidence_of_owner, measure.starts_on) == ("low", dt.date(2024, 2, 1))
    assert MonthlyUpdate.objects.get().note == "Kesä on hiljainen."


def test_a_measure_without_lines_is_answered_with_one_tap(client: Client, county: County, owner: Any) -> None:
    row = county.measure(code="T-3", stage="decided", owner=owner)
    row.lines.all().delete()

    answer = send(client, row, answer="same")

    assert answer.status_code == 302
    assert MonthlyUpdate.objects.get(measure=row).answer == "same"


# ---------------------------------------------------------------------------- what refuses
@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"answer": "changed"}, "amount"),
        ({"answer": "changed", "amount": "12e3"}, "amount"),
        ({"answer": "changed", "amount": "kymppi"}, "amount"),
        ({"answer": "changed", "amount": "1", "starts_on": "32.1.2024"}, "starts_on"),
        ({"answer": "changed", "amount": "1", "obstacle": "Hetu 131052-308T"}, "obstacle"),
        ({}, "__all__"),
    ],
)
def test_a_refused_answer_comes_back_with_the_field_named(
    client: Client, measure: Measure, data: dict[str, str], field: str
) -> None:
    answer = send(client, measure, **data)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert claimed(measure) == []
    assert not MonthlyUpdate.objects.exists()


def test_dates_that_break_a_rule_write_nothing(client: Client, measure: Measure) -> None:
    answer = send(client, measure, answer="same", starts_on="1.2.2024", ends_on="1.1.2024", obstacle="Este")

    assert answer.status_code == 422
    assert claimed(measure) == []
    assert not Obstacle.objects.exists()


def test_a_closed_month_asks_its_reason_and_only_then(
    client: Client, county: County, measure: Measure
) -> None:
    assert "reason" not in client.get(url(measure)).context["form"].fields
    for month in range(1, 13):
        BooksClosed.objects.create(
            programme=county.programme, month=dt.date(2023, month, 1), closed_on=dt.date(2024, 3, 1)
        )
    for month in (JANUARY, FEBRUARY):
        BooksClosed.objects.create(programme=county.programme, month=month, closed_on=dt.date(2024, 3, 1))

    refused = send(client, measure, answer="same")
    given = send(client, measure, answer="same", reason="Lasku tuli myöhässä")

    assert (refused.status_code, given.status_code) == (422, 302)
    assert "reason" in refused.context["form"].errors
    assert claimed(measure) == [-100_000]


def test_a_decided_claim_is_refused_in_words(client: Client, county: County, measure: Measure) -> None:
    entry = county.entry(measure, FEBRUARY, -50_000, Series.CLAIMED)
    Confirmation.objects.create(
        programme=county.programme, entry=entry, part_eur_cents=-50_000, decided_on=dt.date(2024, 3, 20)
    )

    answer = send(client, measure, answer="changed", amount="700")

    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()
    assert claimed(measure) == [-50_000]


def test_figures_of_somebody_faster_are_not_written_over(
    client: Client, county: County, measure: Measure
) -> None:
    form = client.get(url(measure)).context["form"]
    hidden = {name: form[name].value() for name in ("token", "seen", "was")}
    county.entry(measure, FEBRUARY, -50_000, Series.CLAIMED)

    answer = client.post(url(measure), hidden | {"answer": "changed", "amount": "700"})
    assert answer.status_code == 409
    assert claimed(measure) == [-50_000]

    seen = answer.context["form"]["seen"].value()
    again = client.post(url(measure), hidden | {"answer": "changed", "amount": "700", "seen": seen})
    assert again.status_code == 302
    assert claimed(measure) == [-70_000]


def opened(client: Client, measure: Measure) -> dict[str, Any]:
    """What a browser holds of the page that is open: hidden words and facts as shown."""
    form = client.get(url(measure)).context["form"]
    names = ("token", "seen", "was", "amount", "confidence_of_owner", "starts_on", "ends_on", "note")
    return {name: form[name].value() or "" for name in names}


def test_a_fact_that_somebody_else_changed_meanwhile_stays(client: Client, measure: Measure) -> None:
    page = opened(client, measure)
    Measure.objects.filter(pk=measure.pk).update(ends_on=dt.date(2025, 6, 30), confidence_of_owner="high")

    answer = client.post(url(measure), page | {"answer": "same"})

    measure.refresh_from_db()
    assert answer.status_code == 302
    assert (measure.ends_on, measure.confidence_of_owner) == (dt.date(2025, 6, 30), "high")


def test_a_fact_that_both_changed_is_asked_about(client: Client, measure: Measure) -> None:
    page = opened(client, measure) | {"answer": "same", "ends_on": "31.12.2025"}
    Measure.objects.filter(pk=measure.pk).update(ends_on=dt.date(2025, 6, 30), starts_on=dt.date(2024, 1, 1))

    answer = client.post(url(measure), page)
    measure.refresh_from_db()
    assert answer.status_code == 409
    assert "30.6.2025" in answer.context["form"].errors["ends_on"][0]
    assert (measure.ends_on, claimed(measure)) == (dt.date(2025, 6, 30), [])

    form = answer.context["form"]
    again = client.post(
        url(measure),
        {name: form[name].value() or "" for name in page if name != "answer"} | {"answer": "same"},
    )
    measure.refresh_from_db()
    assert again.status_code == 302
    assert (measure.starts_on, measure.ends_on) == (dt.date(2024, 1, 1), dt.date(2025, 12, 31))


def test_the_same_means_the_figure_that_was_shown(client: Client, measure: Measure) -> None:
    page = opened(client, measure)
    SavingsEntry.objects.filter(line__measure=measure, month=JANUARY).update(amount_eur_cents=-900_000)

    answer = client.post(url(measure), page | {"answer": "same"})

    assert answer.status_code == 409
    assert claimed(measure) == []


def test_a_note_of_somebody_faster_is_not_written_over(
    client: Client, county: County, measure: Measure
) -> None:
    page = opened(client, measure)
    other = Client()
    other.force_login(person(county, "pmo"))
    send(other, measure, answer="same", note="Sovittu")

    answer = client.post(url(measure), page | {"answer": "same", "note": "Oma"})

    assert answer.status_code == 409
    assert MonthlyUpdate.objects.get(measure=measure).note == "Sovittu"


def test_the_month_that_stood_on_the_page_is_answered(
    client: Client, county: County, measure: Measure
) -> None:
    page = opened(client, measure)
    county.programme.status_date = dt.date(2024, 3, 31)
    county.programme.save()

    client.post(url(measure), page | {"answer": "changed", "amount": "700"})

    assert (claimed(measure, FEBRUARY), claimed(measure, MARCH)) == ([-70_000], [])


def test_a_draft_of_another_month_is_sent_for_the_month_that_is_due(
    client: Client, county: County, measure: Measure, owner: Any
) -> None:
    typed = opened(client, measure) | {"amount": "700"}
    values = {name: [text] for name, text in typed.items() if name != "token"}
    Draft.objects.create(user=owner, key=url(measure), title="x", values=values)
    county.programme.status_date = dt.date(2024, 3, 31)
    county.programme.save()

    page = opened(client, measure)
    answer = client.post(url(measure), page | {"answer": "changed"})

    assert (answer.status_code, page["amount"]) == (302, "700")
    assert (claimed(measure, FEBRUARY), claimed(measure, MARCH)) == ([], [-70_000])


def test_a_cost_in_a_measure_that_saves_stays_a_cost_when_it_is_sent_again(
    client: Client, measure: Measure
) -> None:
    send(client, measure, answer="changed", amount="+200")
    page = opened(client, measure)

    answer = client.post(url(measure), page | {"answer": "changed", "note": "Ei muuta"})

    assert (answer.status_code, page["amount"]) == (302, "+200")
    assert claimed(measure) == [20_000]


def test_lines_that_come_to_another_sum_than_the_amount_are_asked_about(
    client: Client, county: County, measure: Measure
) -> None:
    other = CostType.objects.create(programme=county.programme, key="toinen", name_fi="Toinen")
    second = county.line(measure, cost_type=other)
    first = measure.lines.exclude(pk=second.pk).get()
    both = {f"line_{first.pk}": "400", f"line_{second.pk}": "500"}

    refused = send(client, measure, answer="changed", amount="1000", **both)
    assert (refused.status_code, claimed(measure)) == (422, [])

    assert send(client, measure, answer="changed", amount="900", **both).status_code == 302
    assert sorted(claimed(measure)) == [-50_000, -40_000]


def test_a_line_that_was_added_meanwhile_is_not_written_over(
    client: Client, county: County, measure: Measure
) -> None:
    page = opened(client, measure)
    other = CostType.objects.create(programme=county.programme, key="toinen", name_fi="Toinen")
    line = county.line(measure, cost_type=other)
    SavingsEntry.objects.create(
        programme=county.programme, line=line, month=FEBRUARY, series="claimed", amount_eur_cents=-30_000
    )

    answer = client.post(url(measure), page | {"answer": "changed", "amount": "700"})

    assert (answer.status_code, claimed(measure)) == (409, [-30_000])


APRIL = dt.date(2024, 4, 1)


def forecasts(measure: Measure) -> dict[dt.date, int]:
    rows = SavingsEntry.objects.filter(line__measure=measure, series=Series.FORECAST)
    return dict(rows.values_list("month", "amount_eur_cents"))


@pytest.mark.parametrize("how", ["changed", "added", "taken away", "taken away and added"])
def test_a_forecast_that_was_typed_meanwhile_is_not_written_over(
    client: Client, county: County, measure: Measure, how: str
) -> None:
    county.entry(measure, MARCH, -10_000, Series.FORECAST)
    held = county.entry(measure, APRIL, -20_000, Series.FORECAST) if how != "added" else None
    page = opened(client, measure) | {"answer": "changed", "amount": "900", "forecast": "800"}

    if how == "changed":
        SavingsEntry.objects.filter(pk=held.pk).update(amount_eur_cents=-77_700)
    if how.startswith("taken away"):
        held.delete()
    if how.endswith("added"):
        county.entry(measure, APRIL, -77_700, Series.FORECAST)
    before = forecasts(measure)
    refused = client.post(url(measure), page)

    assert refused.status_code == 409
    assert list(refused.context["form"].errors) == ["forecast"]
    (told,) = refused.context["form"].errors["forecast"]
    assert "4/2024" in told and "3/2024" not in told
    assert ("777" in told) is (how != "taken away")
    assert (forecasts(measure), claimed(measure)) == (before, [])

    again = {name: refused.context["form"][name].value() for name in ("seen", "was")}
    assert client.post(url(measure), page | again).status_code == 302
    assert set(forecasts(measure).values()) == {-80_000}


def test_a_forecast_that_was_typed_meanwhile_stays_when_none_is_given(
    client: Client, county: County, measure: Measure
) -> None:
    page = opened(client, measure) | {"answer": "changed", "amount": "900"}
    county.entry(measure, APRIL, -77_700, Series.FORECAST)

    assert client.post(url(measure), page).status_code == 302
    assert forecasts(measure) == {APRIL: -77_700}


def test_a_form_that_nobody_of_ours_signed_is_refused(client: Client, measure: Measure) -> None:
    page = opened(client, measure) | {"was": "x", "answer": "changed", "amount": "700"}

    assert client.post(url(measure), page).status_code == 422
    assert claimed(measure) == []


def test_sent_twice_it_is_done_once(client: Client, measure: Measure) -> None:
    form = client.get(url(measure)).context["form"]
    data = {name: form[name].value() for name in ("token", "seen", "was")} | {
        "answer": "same",
        "obstacle": "Este",
    }

    first, second = client.post(url(measure), data), client.post(url(measure), data)

    assert (first.status_code, second.status_code) == (302, 302)
    assert (Obstacle.objects.count(), MonthlyUpdate.objects.count()) == (1, 1)
    assert first.url == second.url


def test_an_answer_may_be_given_again(client: Client, measure: Measure) -> None:
    send(client, measure, answer="same")
    send(client, measure, answer="changed", amount="800")

    assert claimed(measure) == [-80_000]
    assert [(row.answer, row.version) for row in MonthlyUpdate.objects.all()] == [("changed", 2)]


# ---------------------------------------------------------------------------- where it leads, who may
def test_it_goes_straight_on_to_my_next_measure(
    client: Client, county: County, measure: Measure, owner: Any
) -> None:
    county.measure(code="T-0", stage="decided", owner=owner)
    county.measure(code="T-2", stage="planned", owner=owner)
    county.measure(code="T-3", stage="in_delivery", owner=owner)
    county.measure(code="T-2B", stage="in_delivery")

    first = send(client, measure, answer="same")
    second = send(client, Measure.objects.get(code="T-3"), answer="changed", amount="5")
    third = send(client, Measure.objects.get(code="T-0"), answer="changed", amount="5")

    assert first.url.endswith("/measures/T-3/update/")
    assert second.url.endswith("/measures/T-0/update/")
    assert third.url == "/"


def test_who_may_give_it(county: County, measure: Measure) -> None:
    def status(role: str, **scope: Any) -> int:
        browser = Client()
        browser.force_login(person(county, role, **scope))
        return browser.get(url(measure)).status_code

    assert [status(role) for role in ("pmo", "measure", "controller", "council")] == [200, 403, 403, 403]
    assert status("theme", theme=county.theme) == 200


def test_another_countys_measure_is_not_there(client: Client) -> None:
    foreign = make_county("foreign").measure(code="V-1", stage="decided")

    assert client.get(f"/p/foreign/measures/{foreign.code}/update/").status_code == 404
    assert client.get("/p/own/measures/V-1/update/").status_code == 404


def test_a_draft_is_shown_and_goes_when_the_answer_is_given(
    client: Client, measure: Measure, owner: Any
) -> None:
    Draft.objects.create(
        user=owner, key=url(measure), title="x", values={"amount": ["123"], "obstacle": ["Kesken"]}
    )

    page = client.get(url(measure))
    assert page.context["form"]["obstacle"].value() == "Kesken"
    assert not page.context["form"].errors
    send(client, measure, answer="same")
    assert not Draft.objects.exists()


def test_the_page_is_one_small_answer(client: Client, county: County, measure: Measure) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(url(measure)).status_code == 200
        return len(found)

    first = asked()
    for number in range(4):
        cost_type = CostType.objects.create(
            programme=county.programme, key=f"k{number}", name_fi=f"Kulu {number}"
        )
        line = county.line(measure, cost_type=cost_type)
        for month in (JANUARY, FEBRUARY):
            SavingsEntry.objects.create(
                programme=county.programme, line=line, month=month, series="plan", amount_eur_cents=-1
            )

    assert asked() == first
    assert first <= 14
