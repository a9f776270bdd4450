"""What-if: the effect at once, by address and by htmx, and never a row touched. Scenarios belong to who made them."""

import re

import pytest
from django.db import connection
from django.test import Client

from core.versions import data_state
from measures.forecasting import whatif
from measures.forecasting.inputs import Portfolio, read_portfolio
from measures.forecasting.outlook import main_weights
from measures.forecasting.trying import tried
from measures.models import Scenario
from tests.factories.counties import County, person
from tests.golden import Golden

PAGE = "/en/p/esimerkki/savings/forecast/what-if/"
CODES = ("E1", "E2", "E3", "E4")


@pytest.fixture
def county(golden: Golden) -> County:
    return County(golden.programme, None, None, golden.sector, None)  # type: ignore[arg-type]


@pytest.fixture
def client(county: County) -> Client:
    found = Client()
    found.force_login(person(county, "pmo"))
    return found


@pytest.fixture
def portfolio(golden: Golden) -> Portfolio:
    found = read_portfolio(golden.programme)
    assert found is not None
    return found


def level(found: Portfolio) -> int:
    """The plain forecast of the level change, euros."""
    return int(found.lines.expected()[main_weights(found) > 0].sum()) // 100


def text_of(page: str, row: str) -> str:
    inside = re.search(rf"<tr[^>]*{row}[^>]*>(.*?)</tr>", page, re.DOTALL)
    assert inside, row
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", inside[1]))


# --- arithmetic --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "euros"),
    [
        # E1 -192 000, E3 -96 000 (12 000 less 4 000 of the overlap with E1).
        ("E3.withdraw", -192_000),
        # Without E1 nobody takes the overlap: E3 has all of its -144 000.
        ("E1.withdraw", -144_000),
        ("E3.scale.50", -240_000),
        ("E3.scale.0", -192_000),
        # E3's step of 2 000 in January 2025 comes in May: -288 000 + 4 x 2 000.
        ("E3.delay.4", -280_000),
        ("E3.confidence.low", -288_000),
    ],
)
def test_each_act_on_the_golden_example(portfolio: Portfolio, text: str, euros: int):
    before = portfolio.lines.months.copy()
    assert level(tried(portfolio, whatif.parsed([text], CODES))) == euros
    assert (portfolio.lines.months == before).all()


def test_acts_together_and_facts_stay(portfolio: Portfolio):
    after = tried(portfolio, whatif.parsed(["E1.withdraw", "E3.scale.50"], CODES))
    assert level(after) == -72_000
    closed = portfolio.lines.closed
    assert (after.lines.months[:, :closed] == portfolio.lines.months[:, :closed]).all()


def test_words_of_an_address():
    texts = [
        "E1.delay.3",
        "E1.delay.6",
        "E9.withdraw",
        "E2.delay.0",
        "E2.scale.999",
        "E2.jump.1",
        "x",
        "E2.withdraw",
    ]
    assert [str(one) for one in whatif.parsed(texts, CODES)] == ["E1.delay.6", "E2.withdraw"]
    assert [str(one) for one in whatif.parsed(["A.1.scale.80", "A.1.withdraw"], ["A.1"])] == [
        "A.1.scale.80",
        "A.1.withdraw",
    ]
    for code, act, value, wrong in (
        ("E9", "withdraw", "", "measure"), ("E1", "delay", "x", "delay"), ("E1", "scale", "-5", "scale"),
        ("E1", "confidence", "sure", "confidence"), ("E1", "sell", "1", "act"),
    ):  # fmt: skip
        with pytest.raises(whatif.BadChange) as bad:
            whatif.checked(code, act, value, CODES)
        assert bad.value.code == wrong
    rows = whatif.as_rows(whatif.parsed(["E1.delay.6", "E2.withdraw"], CODES), {"E1": 7, "E2": 8})
    assert rows == [{"measure": 7, "act": "delay", "value": "6"}, {"measure": 8, "act": "withdraw"}]
    assert [
        str(one) for one in whatif.from_rows([*rows, {"measure": 99, "act": "withdraw"}], {7: "UUSI"})
    ] == ["UUSI.delay.6"]


# --- the page ----------------------------------------------------------------------------------------------


def row_counts() -> dict[str, int]:
    """Rows of every table of the programme's apps."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            " AND (table_name LIKE 'measures%%' OR table_name LIKE 'programme%%' OR table_name LIKE 'core_job')"
        )
        found = {}
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            found[name] = cursor.fetchone()[0]
        return found


def test_trying_touches_nothing(golden: Golden, client: Client):
    client.get(PAGE)
    rows, state = row_counts(), data_state(golden.programme.pk)
    for query in (
        {"change": ["E1.withdraw", "E3.delay.6"]},
        {"change": "E1.scale.10", "code": "E3", "act": "confidence", "value": "", "level": "low"},
        {"code": "E1", "act": "delay", "value": "x"},
    ):
        assert client.get(PAGE, query, headers={"HX-Request": "true"}).status_code in (200, 422)
    assert row_counts() == rows
    assert data_state(golden.programme.pk) == state


def test_effect_beside_the_present(golden: Golden, client: Client):
    page = client.get(PAGE, {"change": "E1.withdraw", "unit": "keur"}).content.decode()
    forecast = text_of(page, 'data-figure="forecast"')
    assert (
        "\u2212288" in forecast
        and "\u2212144" in forecast
        and "+144" in forecast
        and "less saved" in forecast
    )
    assert 'data-change="E1.withdraw"' in page
    assert "\u2212144" not in text_of(
        client.get(PAGE, {"unit": "keur"}).content.decode(), 'data-figure="forecast"'
    )


def test_without_scripts_a_new_change_goes_into_the_address(golden: Golden, client: Client):
    asked = {
        "change": "E1.withdraw",
        "code": "E3 Toimenpide E3",
        "act": "delay",
        "value": "6",
        "unit": "keur",
    }
    answer = client.get(PAGE, asked)
    assert answer.status_code == 302
    assert answer.url == f"{PAGE}?change=E1.withdraw&change=E3.delay.6&unit=keur"


def test_with_htmx_the_part_and_its_address_come_at_once(golden: Golden, client: Client):
    answer = client.get(PAGE, {"code": "E3", "act": "scale", "value": "80 %"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and answer["HX-Push-Url"] == f"{PAGE}?change=E3.scale.80"
    assert "<html" not in answer.content.decode() and 'data-change="E3.scale.80"' in answer.content.decode()


def test_a_change_that_cannot_be_is_refused_at_its_field(golden: Golden, client: Client):
    for field, asked in {
        "code": {"code": "E9", "act": "withdraw"},
        "value": {"code": "E1", "act": "delay", "value": "soon"},
    }.items():
        answer = client.get(PAGE, asked)
        assert answer.status_code == 422
        assert f'id="id_{field}_error"' in answer.content.decode()


# --- scenarios ---------------------------------------------------------------------------------------------


def test_a_scenario_is_kept_shared_and_removed_by_its_owner_only(
    golden: Golden, county: County, client: Client
):
    add = "/en/p/esimerkki/savings/forecast/scenarios/add/?change=E1.withdraw&change=E3.delay.6"
    form = client.get(add)
    token = re.search(r'name="token" value="([^"]+)"', form.content.decode())
    assert token
    sent = {"name": "Hidas syksy", "is_shared": "on", "token": token[1]}
    assert client.post(add, sent).status_code == 302
    assert client.post(add, sent).status_code == 302  # pressed twice
    scenario = Scenario.objects.get()
    e1, e3 = (golden.measures[code].pk for code in ("E1", "E3"))
    assert scenario.changes == [
        {"measure": e1, "act": "withdraw"},
        {"measure": e3, "act": "delay", "value": "6"},
    ]
    other = Client()
    other.force_login(person(county, "director"))
    page = other.get(PAGE).content.decode()
    assert "Hidas syksy" in page and "change=E1.withdraw&amp;change=E3.delay.6" in page
    address = f"/en/p/esimerkki/savings/forecast/scenarios/{scenario.pk}/"
    assert other.get(address).status_code == 404
    assert other.post(f"{address}remove/").status_code == 404
    assert client.get(address).status_code == 200
    assert client.post(f"{address}remove/").status_code == 302
    assert not Scenario.objects.exists()


def test_a_private_scenario_is_shown_to_nobody_else(golden: Golden, county: County, client: Client):
    director = person(county, "director")
    Scenario.objects.create(programme=golden.programme, owner=director, name="Oma", changes=[])
    assert "Oma<" not in client.get(PAGE).content.decode()
    office = Client()
    office.force_login(person(county, "pmo"))
    scenario = Scenario.objects.get()
    feed = office.get("/en/p/esimerkki/history/")
    assert feed.status_code == 200
    assert "measures.scenario" not in feed.content.decode() and "Oma" not in feed.content.decode()
    assert office.get(f"/en/p/esimerkki/history/measures.scenario/{scenario.pk}/").status_code == 404
