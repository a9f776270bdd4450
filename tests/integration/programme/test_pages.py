"""The readable pages show what was loaded, to those who may see it, with a constant number of queries."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import Row, Sourced
from core.text import Named
from kpis.models import Indicator
from programme.models import BaselineFact, Goal, Programme, Project, Statement
from risks.models import Risk
from tests.factories.doubling import READABLE, double
from tests.factories.loaded import ETELA_KARJALA, KYMENLAAKSO, address_of, client_of, load, text_of

pytestmark = pytest.mark.django_db

LISTS = (
    "programme:programme_facts",
    "programme:theme_list",
    "programme:goal_list",
    "programme:sector_list",
    "programme:segment_list",
    "measures:funding",
    "programme:project_list",
    "programme:roadmap",
    "programme:governance",
    "kpis:indicator_list",
    "risks:risk_list",
    "risks:impact_list",
    "risks:promise_list",
    "strategy:vision",
    "strategy:objective_list",
    "strategy:season_list",
)


@pytest.mark.parametrize("slug", [KYMENLAAKSO, ETELA_KARJALA])
def test_every_page_answers_in_three_languages(slug: str) -> None:
    client = client_of(load(slug))
    for name in LISTS:
        for language in ("fi", "sv", "en"):
            text_of(client, name, slug, language=language)


def test_pages_ask_for_sign_in_and_hide_other_counties() -> None:
    own, other = load(KYMENLAAKSO), load(ETELA_KARJALA)
    stranger = client_of(other)
    for name in LISTS:
        address = address_of(name, own.slug)
        assert Client().get(address).status_code == 302, name
        assert stranger.get(address).status_code == 404, name


def test_council_member_sees_programme_and_strategy_only() -> None:
    programme = load(KYMENLAAKSO)
    client = client_of(programme, "council")
    assert client.get(address_of("programme:programme_facts", programme.slug)).status_code == 200
    assert client.get(address_of("strategy:vision", programme.slug)).status_code == 200
    answer = client.get(address_of("risks:risk_list", programme.slug))
    assert answer.status_code == 403
    assert b"<nav" in answer.content  # in the portal's frame, with the way back
    assert b"/risks/" not in client.get(address_of("programme:programme_facts", programme.slug)).content


@pytest.mark.parametrize("slug", [KYMENLAAKSO, ETELA_KARJALA])
def test_queries_stay_when_the_rows_double(slug: str) -> None:
    programme = load(slug)
    client = client_of(programme)

    def counts() -> dict[str, int]:
        found = {}
        for name in LISTS:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address_of(name, slug)).status_code == 200
            # Once a minute a session notes that somebody is there; a slow machine takes longer than that.
            found[name] = sum(not re.search("django_session|SAVEPOINT", query["sql"]) for query in queries)
        return found

    def least() -> dict[str, int]:
        """The page's own queries: a cache that does not answer in time costs one or two more."""
        first, second = counts(), counts()
        return {name: min(first[name], second[name]) for name in first}

    counts()  # the first round fills the caches of content types and settings
    before = least()
    assert double(programme) > 200
    counts()  # answers kept by the state of the data are worked out anew once
    assert least() == before


def test_about_page_shows_all_that_is_said_and_every_fact() -> None:
    programme = load(KYMENLAAKSO)
    page = text_of(client_of(programme), "programme:programme_facts", KYMENLAAKSO)
    for row in Statement.objects.filter(programme=programme):
        assert (row.name_fi or row.name_sv or row.name_en) in page, row.key
    for fact in BaselineFact.objects.filter(programme=programme):
        assert (fact.name_fi or fact.name_en) in page, fact.key
    assert "−78 M€" in page
    assert "937" in page
    assert "Etelä-Karjala" in page


def test_goals_show_exactly_four_numeric_targets() -> None:
    programme = load(KYMENLAAKSO)
    client = client_of(programme)
    answer = client.get(address_of("programme:goal_list", KYMENLAAKSO, language="en")).content.decode()
    assert answer.count("Numeric target") == 4
    page = text_of(client, "programme:goal_list", KYMENLAAKSO, language="en")
    for sentence in (
        "At least 30 % in 2025",
        "Among the 3 best",
        "Rises by about 25–30 %",
        "Falls by about 25–30 %",
    ):
        assert sentence in page
    page = text_of(client, "programme:goal_list", KYMENLAAKSO)
    for goal in Goal.objects.filter(programme=programme):
        assert goal.name_fi in page


def test_goal_page_opens_for_goals_and_sub_goals() -> None:
    programme = load(KYMENLAAKSO)
    client = client_of(programme)
    for goal in Goal.objects.filter(programme=programme):
        assert goal.name_fi in text_of(client, "programme:goal_detail", KYMENLAAKSO, goal.pk)


def test_funding_shows_shares_as_they_are_and_says_they_are_not_settled() -> None:
    page = text_of(client_of(load(KYMENLAAKSO)), "measures:funding", KYMENLAAKSO)
    assert "90…110 %" in page
    assert "9,81…11,99" in page
    assert "100 %" in page
    assert "▲" in page


def test_sectors_show_units_and_targets() -> None:
    page = text_of(client_of(load(KYMENLAAKSO)), "programme:sector_list", KYMENLAAKSO)
    for word in ("TESPA", "SOSPA", "PELA", "Konsernipalvelut", "Hoitotyö", "−27…−52 M€", "−0,20…−0,40 M€"):
        assert word in page


def test_roadmap_draws_months_and_the_undivided_year() -> None:
    page = text_of(client_of(load(KYMENLAAKSO)), "programme:roadmap", KYMENLAAKSO)
    for word in ("3/2023", "12/2023", "2024", "20.6.2023"):
        assert word in page
    assert "1/2024" not in page


def test_page_that_is_not_there_says_so_in_the_frame_of_the_portal() -> None:
    programme = load(KYMENLAAKSO)
    answer = client_of(programme).get(f"/p/{KYMENLAAKSO}/nowhere/")
    assert answer.status_code == 404
    assert b'class="site-header"' in answer.content


def test_project_page_opens() -> None:
    programme = load(KYMENLAAKSO)
    Project.objects.create(
        programme=programme, slug="digi-1", name_fi="Digitaalinen sote-keskus", is_illustrative=True
    )
    page = text_of(client_of(programme), "programme:project_detail", KYMENLAAKSO, "digi-1")
    assert "Digitaalinen sote-keskus" in page


def test_detail_pages_of_indicators_and_risks_open() -> None:
    programme = load(KYMENLAAKSO)
    client = client_of(programme)
    for indicator in Indicator.objects.filter(programme=programme):
        assert indicator.name_fi in text_of(client, "kpis:indicator_detail", KYMENLAAKSO, indicator.pk)
    for risk in Risk.objects.filter(programme=programme):
        assert risk.name_fi in text_of(client, "risks:risk_detail", KYMENLAAKSO, risk.pk)


def test_programme_calls_its_levels_by_its_own_words() -> None:
    client = client_of(load(ETELA_KARJALA))
    assert text_of(client, "programme:theme_list", ETELA_KARJALA).startswith("Strategiakärjet")
    assert text_of(client, "programme:theme_list", ETELA_KARJALA, language="en").startswith(
        "Strategic spearheads"
    )


def loaded_rows(programme: Programme) -> Iterator[Any]:
    """The programme and every row of it that the loader made."""
    yield programme
    for label in READABLE:
        for model in apps.get_app_config(label).get_models():
            if issubclass(model, Row):
                yield from model._default_manager.filter(programme=programme)


@pytest.mark.parametrize("slug", [KYMENLAAKSO, ETELA_KARJALA])
def test_every_name_and_source_note_that_was_loaded_stands_on_some_page(slug: str) -> None:
    programme = load(slug)
    client = client_of(programme)
    pages = [text_of(client, name, slug) for name in (*LISTS, "measures:savings_matrix", "risks:level_list")]
    details = (
        (Goal, "programme:goal_detail"),
        (Indicator, "kpis:indicator_detail"),
        (Risk, "risks:risk_detail"),
    )
    for model, name in details:
        pages += [
            text_of(client, name, slug, pk)
            for pk in model.objects.filter(programme=programme).values_list("pk", flat=True)
        ]
    everything = "\n".join(pages)
    missing = []
    for row in loaded_rows(programme):
        texts = [row.name_fi or row.name_sv or row.name_en] if isinstance(row, Named) else []
        texts += [row.confidence, row.source_note] if isinstance(row, Sourced) else []
        missing += [
            f"{type(row).__name__} {row.pk}: {text}"
            for text in texts
            if " ".join(text.split()) not in everything
        ]
    assert missing == []
