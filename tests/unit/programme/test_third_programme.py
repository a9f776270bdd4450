"""A programme of another county, written from the documented format, loads like the real ones."""

import datetime as dt

import pytest
from django.urls import reverse

from kpis.models import Observation, TargetRule
from measures.selectors import savings_figures
from programme.models import Allocation, CostType, OrganisationUnit, Programme, Segment, Target, Theme
from programme.services import load_programme
from programme.words import stages, word
from tests.factories.accounts import make_member
from tests.factories.programme import file_of, load

MEUR = 100_000_000


@pytest.fixture
def programme(db) -> Programme:
    return load("third-programme").programme


def test_it_loads_beside_the_others_and_twice_without_change(programme):
    load("kymenlaakso")

    assert load("third-programme").nothing_happened
    assert Theme.objects.filter(programme=programme).count() == 2
    assert Theme.objects.count() == 6


def test_its_own_words_and_stages(programme):
    assert word(programme, "theme", language="fi") == "kokonaisuus"
    assert word(programme, "themes", language="fi") == "kokonaisuudet"
    assert word(programme, "goals", language="sv") == "päämäärät"  # no Swedish word given: the Finnish one
    assert word(programme, "sector", language="en") == "sector"
    assert word(programme, "stage.closed", language="fi") == "vakiinnutettu"
    assert stages(programme) == ["identified", "planned", "decided", "in_delivery", "closed", "withdrawn"]


def test_single_values_in_thousands_of_euros(programme):
    total = Target.objects.get(programme=programme, kind="total", column="total")
    bought = Target.objects.get(programme=programme, cost_type__key="ostot", column="total")

    assert (total.value_eur_cents, total.cautious_eur_cents, total.full_eur_cents) == (
        -4_250_000_000,
        None,
        None,
    )
    assert bought.value_eur_cents == -2_330_050_000
    assert not Target.objects.filter(cost_type__key="ict", column="base").exists()
    assert total.valid_from == dt.date(2024, 2, 19)


def test_income_stands_apart_from_the_cost_target(programme):
    assert CostType.objects.get(programme=programme, key="maksut").kind == "income"


def test_summary_figures(programme):
    target = savings_figures(programme, on=dt.date(2024, 6, 30)).target

    assert target.stated == -4_250_000_000
    assert target.cautious == target.full == -4_250_000_000
    assert target.in_base == -420_000_000


def test_the_api_tells_the_same(programme, client):
    client.force_login(make_member(programme, "pmo"))

    summary = client.get(f"/api/v1/programmes/{programme.slug}/summary/").json()

    assert summary["programme"] == "jarviseutu"
    assert summary["target"] == {
        "stated_eur": "-42500000.00", "cautious_eur": "-42500000.00", "full_eur": "-42500000.00",
        "in_base_eur": "-4200000.00",
    }  # fmt: skip


def test_without_a_printed_total_the_cost_types_are_summed_end_by_end(programme):
    text = file_of("third-programme").read_text()
    text = text.replace("  total: {base: -4200, later: -38300, total: -42500}\n", "")

    result = load_programme(data=text.encode(), file_name="uusi.yaml")

    assert result.nothing_happened  # income is not among them


def test_other_sections(programme):
    rule = TargetRule.objects.get(programme=programme, indicator__key="sairauspoissaolot")
    before = Observation.objects.get(programme=programme)

    assert Allocation.objects.get(programme=programme, key="arki").low_eur_cents == 144_000_000
    assert OrganisationUnit.objects.get(programme=programme, key="koti").sector.key == "arki"
    assert Segment.objects.filter(programme=programme).count() == 2
    assert (rule.kind, rule.direction, rule.value) == ("relative_change", "down", 15)
    assert (before.year, before.month, str(before.value)) == (2023, None, "17.4000")


PAGES = [
    "reporting:dashboard", "programme:theme_list", "programme:goal_list", "programme:sector_list",
    "programme:segment_list", "programme:project_list", "programme:roadmap", "programme:governance",
    "programme:programme_facts", "measures:funding", "measures:measure_list", "measures:savings_matrix",
    "kpis:indicator_list", "risks:risk_list", "risks:impact_list", "risks:promise_list", "strategy:vision",
    "strategy:objective_list", "strategy:season_list", "reporting:bigroom_list",
]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens(programme, client, name):
    client.force_login(make_member(programme, "pmo"))

    response = client.get(reverse(name, args=[programme.slug]))

    assert response.status_code == 200


def test_pages_use_the_programmes_own_words(programme, client):
    client.force_login(make_member(programme, "pmo"))

    page = client.get(reverse("programme:theme_list", args=[programme.slug])).content.decode()

    assert "okonaisuudet" in page
