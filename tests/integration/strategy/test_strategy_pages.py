"""Vision, annual objectives and seasons as pages."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from kpis import observing
from kpis.models import Indicator
from programme.models import Programme
from strategy.demo.objectives import write_objectives
from strategy.models import MetricYear, ObjectiveMetric, ReportingPoint
from strategy.objectives.matrix import chains_of, objective_matrix, readable_objectives
from strategy.objectives.points import add_year
from strategy.vision.status import vision_status
from tests.factories.accounts import make_member
from tests.factories.loaded import ETELA_KARJALA, KYMENLAAKSO, address_of, client_of, load, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Programme]:
    """South Karelia, loaded once for the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load(ETELA_KARJALA)
        transaction.set_rollback(True)


@pytest.fixture
def programme(_loaded: Programme, db: None) -> Programme:
    return Programme.objects.get(pk=_loaded.pk)


def test_matrix_holds_every_answer_once(programme: Programme) -> None:
    matrix = objective_matrix(programme)
    assert (len(matrix.rows), matrix.metric_count, matrix.cell_count, matrix.assumed_count) == (
        11,
        29,
        51,
        15,
    )
    assert matrix.years == [2023, 2024, 2025]
    fifth = matrix.rows[4]
    assert [len(cell.answers) for cell in fifth.cells] == [0, 1, 1]


def test_objectives_page_shows_every_metric_and_marks_assumed_years(programme: Programme) -> None:
    page = text_of(client_of(programme), "strategy:objective_list", ETELA_KARJALA, language="en")
    for metric in ObjectiveMetric.objects.filter(programme=programme):
        assert metric.name_en in page
    assert page.count("◇ not yet") == 51
    assert page.count("assumed year") == 15
    assert "Stays below 5.5 %" in page
    assert "no metric" in page


def test_vision_page_shows_themes_principles_and_decisions(programme: Programme) -> None:
    page = text_of(client_of(programme), "strategy:vision", ETELA_KARJALA)
    for word in (
        "Visio 2030",
        "Hyvinvoivin väestö",
        "Kukaan ei jää",
        "14.6.2023 § 35",
        "toiminnan ja tuotannon",
    ):
        assert word in page


def test_vision_page_shows_the_tree_and_main_lines(programme: Programme) -> None:
    client = client_of(programme)
    page = client.get(address_of("strategy:vision", ETELA_KARJALA)).content.decode()
    assert (page.count("data-theme="), page.count("data-sub="), page.count("data-indicator=")) == (3, 5, 20)
    assert page.count("data-principle=") == 6
    assert 'data-lines="0"' in page
    form = client.get(address_of("strategy:line_add", ETELA_KARJALA)).context["form"]
    sent = {"token": form.initial["token"], "number": "1", "name_fi": "Palvelut ajallaan"}
    assert client.post(address_of("strategy:line_add", ETELA_KARJALA), sent).status_code == 302
    assert "15 stated by the strategy, 1 entered" in text_of(
        client, "strategy:vision", ETELA_KARJALA, language="en"
    )


def test_vision_is_followed_beyond_the_programme(programme: Programme) -> None:
    indicator = Indicator.objects.get(programme=programme, key="elamanlaatu-75")
    for year, value in ((2025, 44), (2028, 46)):
        observing.store(
            indicator=indicator,
            link=None,
            readings=[observing.Reading(year, Decimal(value))],
            source="Sotkanet",
        )
    rows = [row for theme in vision_status(programme) for row in theme.all_rows]
    (row,) = [row for row in rows if row.indicator == indicator]
    assert (row.first_year, row.last_year, len(row.values)) == (2022, 2028, 9)
    assert row.values[-3:] == [Decimal(46), None, None]


def test_the_wellbeing_report_draws_on_the_vision(programme: Programme) -> None:
    add_year(programme=programme, year=2024, by=None)
    point = ReportingPoint.objects.get(programme=programme, kind="wellbeing", year=2024)
    page = (
        client_of(programme)
        .get(address_of("strategy:point_detail", ETELA_KARJALA, point.pk))
        .content.decode()
    )
    assert page.count("data-indicator=") == 20


def test_the_source_s_chains_are_read_from_its_years(programme: Programme) -> None:
    found = {
        objective.number: [[step.key for step in chain.steps] for chain in chains_of(objective)]
        for objective in readable_objectives(programme)
    }
    assert found[9] == [["o9-a", "o9-b", "o9-c"]]
    assert found[10] == [["o10-a", "o10-b", "o10-c"]]
    assert {number for number, chains in found.items() if chains} == {1, 5, 9, 10}


def test_the_culture_level_is_worded_and_judged_yearly(programme: Programme) -> None:
    page = text_of(client_of(programme), "strategy:objective_detail", ETELA_KARJALA, "o1")
    assert "kulttuurin tavoitetaso ja seuranta määritelty" in page.lower()
    assert "määritelty tavoitetaso saavutetaan" in page.lower()
    assert list(programme_years(programme, "o1-b")) == [2024, 2025]


def programme_years(programme: Programme, key: str) -> list[int]:
    return sorted(
        MetricYear.objects.filter(programme=programme, metric__key=key).values_list("year", flat=True)
    )


def test_illustrative_rows_are_written_once_and_loading_again_changes_nothing(programme: Programme) -> None:
    make_member(programme, "pmo")
    assert write_objectives(programme) == 26
    assert write_objectives(programme) == 0
    assert ReportingPoint.objects.filter(programme=programme).exclude(kind="statistics").count() == 12
    before = list(
        MetricYear.objects.filter(programme=programme).values_list("pk", "version", "answer").order_by("pk")
    )
    load(ETELA_KARJALA)
    again = (
        MetricYear.objects.filter(programme=programme).values_list("pk", "version", "answer").order_by("pk")
    )
    assert list(again) == before


def test_pages_of_a_programme_without_a_vision_say_so() -> None:
    client = client_of(load(KYMENLAAKSO))
    text_of(client, "strategy:objective_list", KYMENLAAKSO)
    text_of(client, "strategy:season_list", KYMENLAAKSO)


def test_season_cycle_is_shown(programme: Programme) -> None:
    page = text_of(client_of(programme), "strategy:season_list", ETELA_KARJALA, language="en")
    assert "4 months" in page
    assert "3 seasons" in page
