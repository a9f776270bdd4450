"""What follows from the numbers of a metric."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from kpis.models import TargetRule
from strategy.objectives.judging import judged

BELOW = TargetRule(kind="compare", compare="below", value=Decimal("5.5"), unit="%")
GROWS = TargetRule(kind="series_increase")
RISES = TargetRule(kind="direction", direction="up")


@pytest.mark.parametrize(
    ("rule", "numbers", "answer"),
    [
        (BELOW, {2024: "5.4"}, "yes"),
        (BELOW, {2024: "5.5"}, "no"),
        (BELOW, {2024: "5.4999"}, "yes"),
        (BELOW, {2023: "5.4"}, "open"),
        (GROWS, {2022: "900", 2023: "1200", 2024: "1300"}, "yes"),
        (GROWS, {2022: "1300", 2023: "1200", 2024: "1300"}, "no"),
        (GROWS, {2022: "900", 2024: "1300"}, "open"),
        (GROWS, {2024: "1300"}, "open"),
        (RISES, {2023: "60.1", 2024: "60.2"}, "yes"),
        (RISES, {2023: "60.1", 2024: "60.1"}, "no"),
        (RISES, {2024: "60.1"}, "open"),
        (TargetRule(kind="yes_no"), {2024: "1"}, "open"),
    ],
)  # fmt: skip
def test_the_answer_follows_from_the_numbers(rule: Any, numbers: dict[int, str], answer: str) -> None:
    values = {year: Decimal(text) for year, text in numbers.items()}
    assert judged(rule, values, 2024).answer == answer


def test_no_rule_answers_nothing() -> None:
    assert judged(None, {2024: Decimal(1)}, 2024) == judged(SimpleNamespace(kind="qualitative"), {}, 2024)  # type: ignore[arg-type]
