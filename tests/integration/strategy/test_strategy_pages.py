"""Vision, annual objectives and seasons as pages."""

import pytest

from strategy.models import ObjectiveMetric
from strategy.objectives.matrix import objective_matrix
from tests.factories.loaded import ETELA_KARJALA, KYMENLAAKSO, client_of, load, text_of

pytestmark = pytest.mark.django_db


def test_matrix_holds_every_answer_once() -> None:
    matrix = objective_matrix(load(ETELA_KARJALA))
    assert (len(matrix.rows), matrix.metric_count, matrix.cell_count, matrix.assumed_count) == (
        11,
        29,
        51,
        15,
    )
    assert matrix.years == [2023, 2024, 2025]
    fifth = matrix.rows[4]
    assert [len(cell.answers) for cell in fifth.cells] == [0, 1, 1]


def test_objectives_page_shows_every_metric_and_marks_assumed_years() -> None:
    programme = load(ETELA_KARJALA)
    page = text_of(client_of(programme), "strategy:objective_list", ETELA_KARJALA, language="en")
    for metric in ObjectiveMetric.objects.filter(programme=programme):
        assert metric.name_en in page
    assert page.count("◇ not yet") == 51
    assert page.count("assumed year") == 15
    assert "Stays below 5.5 %" in page
    assert "no metric" in page


def test_vision_page_shows_themes_principles_and_decisions() -> None:
    page = text_of(client_of(load(ETELA_KARJALA)), "strategy:vision", ETELA_KARJALA)
    for word in (
        "Visio 2030",
        "Hyvinvoivin väestö",
        "Kukaan ei jää",
        "14.6.2023 § 35",
        "toiminnan ja tuotannon",
    ):
        assert word in page


def test_pages_of_a_programme_without_a_vision_say_so() -> None:
    client = client_of(load(KYMENLAAKSO))
    text_of(client, "strategy:objective_list", KYMENLAAKSO)
    text_of(client, "strategy:season_list", KYMENLAAKSO)


def test_season_cycle_is_shown() -> None:
    page = text_of(client_of(load(ETELA_KARJALA)), "strategy:season_list", ETELA_KARJALA, language="en")
    assert "4 months" in page
    assert "3 seasons" in page
