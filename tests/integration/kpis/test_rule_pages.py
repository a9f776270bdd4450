"""Pages of target rules: choosing a kind, a new version, a suggestion taken up, an end; without scripts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client

from kpis.evaluating import evaluate
from kpis.models import Indicator, TargetRule
from tests.factories.accounts import make_programme
from tests.factories.kpis import make_indicator, make_observation, make_rule
from tests.factories.loaded import address_of, client_of, text_of
from tests.factories.programme import make_goal, make_theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def indicator() -> Indicator:
    row = make_indicator(make_programme("oma", start_year=2023, end_year=2025), unit="%", better="up")
    make_observation(row, year=2024, value=Decimal("48.3"))
    make_rule(row, kind="compare", compare="above", value=40, reason="Ohjelman mukaan")
    evaluate([row], today=dt.date(2026, 11, 22))
    return row


@pytest.fixture
def client(indicator: Indicator) -> Client:
    return client_of(indicator.programme)


def of(name: str, indicator: Indicator, pk: int | None = None) -> str:
    return address_of(f"kpis:{name}", indicator.programme.slug, pk or indicator.pk, language="en")


def test_the_list_shows_versions_reasons_and_what_each_year_got(client: Client, indicator: Indicator) -> None:
    page = text_of(client, "kpis:rule_list", "oma", indicator.pk, language="en")
    assert "Above 40" in page and "Ohjelman mukaan" in page
    assert "● Met 48.3 % (own county 2024) is above the target 40 %" in page


def test_no_rule_no_light(client: Client, indicator: Indicator) -> None:
    other = make_indicator(indicator.programme, key="i2")
    page = text_of(client, "kpis:rule_list", "oma", other.pk, language="en")
    assert "Without a rule there is no light" in page


def test_the_kind_is_chosen_first_and_goes_into_the_address(client: Client, indicator: Indicator) -> None:
    address = of("rule_add", indicator)
    answer = client.post(address, {"kind": "relative_change_range"})
    assert answer.status_code == 302 and answer["Location"].endswith("?kind=relative_change_range")
    page = client.get(answer["Location"]).content.decode()
    for name in ("low", "high", "direction"):
        assert f'name="{name}"' in page
    assert 'name="population"' not in page
    assert (
        "beyond it the good way counts as reached" in page
    )  # what exceeding a range means is said on the page
    combined = client.post(address, {"kind": "all_of", "part1": "direction"})
    assert combined.status_code == 422
    combined = client.post(address, {"kind": "all_of", "part1": "direction", "part2": "compare"})
    assert combined["Location"].endswith("?kind=all_of&part=direction&part=compare")


def test_a_combined_rule_is_added(client: Client, indicator: Indicator) -> None:
    sent = {
        "part1_direction": "up", "part1_magnitude": "any", "part2_compare": "above", "part2_value": "50,5",
        "valid_from": "1.1.2025", "reason": "Valtuusto päätti",
    }  # fmt: skip
    address = of("rule_add", indicator) + "?kind=all_of&part=direction&part=compare"
    answer = client.post(address, sent)
    assert answer.status_code == 302, answer.content.decode()
    made = TargetRule.objects.get(kind="all_of")
    assert [(part.kind, part.value) for part in made.parts.all()] == [
        ("direction", None),
        ("compare", Decimal("50.5")),
    ]
    assert (made.reason, made.valid_from, made.created_by is not None) == (
        "Valtuusto päätti",
        dt.date(2025, 1, 1),
        True,
    )


@pytest.mark.parametrize(
    ("kind", "sent", "field"),
    [
        ("compare", {"compare": "above"}, "value"),
        ("compare", {"compare": "above", "reference": "national_average", "value": "5"}, "value"),
        ("relative_change_range", {"direction": "up", "low": "30", "high": "25"}, "high"),
        ("absolute_change", {"direction": "down", "value": "-20"}, "value"),
        (
            "ratio_to_baseline",
            {"compare": "at_most", "value": "0,5", "baseline_date": "tammikuu"},
            "baseline_date",
        ),
        ("level", {"compare": "at_least", "value": "20", "reason": ""}, "reason"),
    ],
)
def test_a_refused_rule_names_its_field(
    client: Client, indicator: Indicator, kind: str, sent: dict[str, str], field: str
) -> None:
    filled = {"valid_from": "1.1.2025", "reason": "Muutos"} | sent
    answer = client.post(of("rule_add", indicator) + f"?kind={kind}", filled)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}


def test_a_new_version_keeps_the_old_one(client: Client, indicator: Indicator) -> None:
    rule = indicator.rules.get()
    address = of("rule_change", indicator, rule.pk)
    assert 'value="40"' in client.get(address).content.decode()
    sent = {"compare": "above", "value": "50", "valid_from": "1.1.2026", "reason": "Tavoite nousi",
            "decision_reference": "Aluevaltuusto 15.12.2025 § 90"}  # fmt: skip
    assert client.post(address, sent).status_code == 302
    page = text_of(client, "kpis:rule_list", "oma", indicator.pk, language="en")
    for words in (
        "Above 50",
        "Above 40",
        "Tavoite nousi",
        "Aluevaltuusto 15.12.2025 § 90",
        "What the version of",
    ):
        assert words in page
    again = client.post(address, {**sent, "value": "55"})
    assert again.status_code == 422 and set(again.context["form"].errors) == {"valid_from"}


def test_a_suggestion_is_taken_up_on_its_page(client: Client, indicator: Indicator) -> None:
    other = make_indicator(indicator.programme, key="i2", unit="%")
    rule = make_rule(other, key="r2", kind="qualitative")
    suggestion = make_rule(
        other,
        key="r2/s",
        indicator=None,
        parent=rule,
        is_suggestion=True,
        kind="compare",
        compare="above",
        value=50,
    )
    assert "Use the suggested rule" in text_of(client, "kpis:rule_list", "oma", other.pk, language="en")
    address = of("rule_take_up", indicator, suggestion.pk)
    assert client.post(address, {"valid_from": "1.1.2025"}).status_code == 422  # why?
    assert (
        client.post(address, {"valid_from": "1.1.2025", "reason": "Johtoryhmä hyväksyi"}).status_code == 302
    )
    assert other.rules.get(valid_to=None).value == 50


def test_a_rule_is_ended_with_a_reason(client: Client, indicator: Indicator) -> None:
    rule = indicator.rules.get()
    address = of("rule_end", indicator, rule.pk)
    early = client.post(address, {"on": "1.1.2020", "reason": "Virhe"})
    assert early.status_code == 422 and set(early.context["form"].errors) == {"on"}
    assert client.post(address, {"on": "1.1.2026", "reason": "Mittarista luovuttiin"}).status_code == 302
    rule.refresh_from_db()
    assert rule.valid_to == dt.date(2026, 1, 1)


def test_rules_of_goals_have_the_same_pages(client: Client, indicator: Indicator) -> None:
    goal = make_goal(make_theme(indicator.programme))
    address = address_of("kpis:goal_rule_add", "oma", goal.pk, language="en") + "?kind=share"
    sent = {
        "compare": "at_least",
        "value": "30",
        "unit": "%",
        "year": "2025",
        "valid_from": "1.1.2024",
        "reason": "Uusi",
    }
    assert client.post(address, sent).status_code == 302
    page = text_of(client, "kpis:goal_rule_list", "oma", goal.pk, language="en")
    assert "At least 30 % in 2025" in page


def test_an_auditor_reads_and_does_not_change(indicator: Indicator) -> None:
    auditor = client_of(indicator.programme, "auditor")
    assert auditor.get(of("rule_list", indicator)).status_code == 200
    assert auditor.get(of("rule_add", indicator)).status_code == 403
