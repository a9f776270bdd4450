"""How the figures and answers of an indicator are shown beside each other."""

from decimal import Decimal

import pytest
from django.utils import translation

from kpis.cards import change_of, decimals_of
from kpis.models import Evaluation, Indicator, IndicatorSummary
from kpis.sentences import explanation


@pytest.mark.parametrize(
    ("own_decimals", "values", "expected"),
    [
        (None, ["14.0000", "14.3000"], 1),
        (None, ["14.0000", "15.0000"], 0),
        (None, ["14.0000", "14.1234"], 2),
        (None, [None], 0),
        (0, ["14.3"], 0),
        (3, ["14"], 3),
    ],
)
def test_a_series_is_shown_with_the_decimals_its_values_need(own_decimals, values, expected) -> None:
    numbers = [None if value is None else Decimal(value) for value in values]
    assert decimals_of(Indicator(decimals=own_decimals), numbers) == expected


def test_a_whole_value_keeps_the_decimals_of_its_series() -> None:
    indicator = Indicator(better="down")
    indicator.shown = IndicatorSummary(own=Decimal("14.3"), before=Decimal(14), series=[[2023, "14", None]])
    with translation.override("en"):
        assert "before 14.0" in change_of(indicator)


def test_beside_its_light_an_answer_does_not_repeat_the_verdict() -> None:
    params = {"own": ["14.3", "2024"], "limit": "10", "compare": "at_most", "who": "E-K"}
    row = Evaluation(outcome="not_met", code="limit", params=params)
    with translation.override("en"):
        said = explanation(row).replace("\u00a0", " ")
    assert said.startswith("14.3 (E-K 2024)") and said.endswith(".")


def test_a_sentence_shows_a_given_figure_as_the_page_does() -> None:
    params = {"own": ["3.25", "2024"], "limit": "20", "compare": "at_least", "who": "E-K"}
    with translation.override("en"):
        said = explanation(Evaluation(outcome="not_met", code="limit", params=params))
    assert said.startswith("3.25 (E-K 2024)")
