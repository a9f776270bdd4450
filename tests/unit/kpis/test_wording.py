"""Target rules as sentences: each kind of the two programmes says what it means."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from kpis.models import TargetRule
from kpis.wording import rule_in_words


def rule(**fields: Any) -> TargetRule:
    """A rule that is not stored; `parts` are given as a list."""
    parts = fields.pop("parts", [])
    row = TargetRule(pk=1, **{name: Decimal(str(v)) if name in NUMBERS else v for name, v in fields.items()})
    row._prefetched_objects_cache = {"parts": parts}
    return row


NUMBERS = {"value", "low", "high", "versus_value"}


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"kind": "share", "compare": "at_least", "value": 30, "unit": "%", "year": 2025},
            "At least 30 % in 2025",
        ),
        (
            {"kind": "rank", "compare": "at_most", "value": 3, "population": "wellbeing_services_counties"},
            "Among the 3 best wellbeing services counties",
        ),
        (
            {"kind": "relative_change_range", "direction": "down", "low": 25, "high": 30, "unit": "%"},
            "Falls by 25–30 % from the current level",
        ),
        (
            {
                "kind": "absolute_change",
                "direction": "down",
                "value": 20,
                "unit": "M€",
                "is_approximate": True,
            },
            "Falls by about 20 M€",
        ),
        ({"kind": "compare", "compare": "below", "value": "0.9", "unit": "%"}, "Below 0.9 %"),
        (
            {
                "kind": "compare",
                "compare": "above",
                "reference": "national_average",
                "reference_at": "same_year",
            },
            "Above the national average of the same year",
        ),
        (
            {"kind": "direction", "direction": "up", "magnitude": "significant", "versus": "start_of_term"},
            "Rises significantly from the start of the council term",
        ),
        (
            {"kind": "ratio_to_baseline", "compare": "at_most", "value": "0.5", "baseline_date": "2023-01"},
            "Falls to half of the level of 1/2023",
        ),
        (
            {"kind": "compare", "compare": "below", "value": "5.5", "unit": "%", "rule_text": "stays_below"},
            "Stays below 5.5 %",
        ),
        (
            {"kind": "level", "compare": "at_least", "value": 20, "unit": "eNPS points"},
            "At least 20 eNPS points",
        ),
        (
            {"kind": "compare", "compare": "below", "reference": "national_average", "applies_to": "each_id"},
            "Below the national average of the same year, each source separately",
        ),
        ({"kind": "yes_no", "answer": "kyllä"}, "Answered yes"),
        ({"kind": "to_be_specified"}, "Still to be specified"),
    ],
)
def test_rule_reads_as_a_sentence(fields: dict[str, Any], sentence: str) -> None:
    assert rule_in_words(rule(**fields)).replace("\u00a0", " ") == sentence


def test_combined_rule_joins_its_parts() -> None:
    parts = [
        rule(kind="direction", direction="down", versus_value="16.8", versus_year=2021, unit="%"),
        rule(kind="compare", compare="below", reference="national_average"),
    ]
    text = rule_in_words(rule(kind="all_of", parts=parts)).replace("\u00a0", " ")
    assert text == "Falls from 16.8 % of 2021 and below the national average of the same year"


def test_suggested_part_is_not_the_rule() -> None:
    parts = [rule(kind="compare", compare="above", value=50, unit="%", is_suggestion=True)]
    text = rule_in_words(rule(kind="qualitative", word_in_source="valtaosin", parts=parts))
    assert "50" not in text
    assert "valtaosin" in text


def test_every_kind_has_a_writer() -> None:
    from kpis.wording import _WRITERS

    assert set(_WRITERS) == set(TargetRule.Kind.values)
