"""Lights of a theme: stated thresholds, and unknown is never good."""

from decimal import Decimal

import pytest

from reporting.lights import Attention, obstacle_light, savings_light, savings_share, schedule_light

LIMITS = {"good_from": Decimal("0.95"), "watch_from": Decimal("0.80")}


@pytest.mark.parametrize(
    ("plan", "forecast", "share"),
    [(-100, -95, Decimal("0.95")), (-100, 20, Decimal("-0.2")), (-100, None, None), (None, -5, None),
     (0, -5, None), (50, 40, None)],
)  # fmt: skip
def test_share_of_a_planned_saving_only(plan, forecast, share):
    assert savings_share(plan, forecast) == share


@pytest.mark.parametrize(
    ("share", "tone"),
    [("1.20", "ok"), ("0.95", "ok"), ("0.949", "warn"), ("0.80", "warn"), ("0.799", "bad"), ("-0.2", "bad")],
)
def test_savings_change_at_the_thresholds(share, tone):
    assert savings_light(Decimal(share), **LIMITS) == tone


def test_no_planned_saving_is_no_data():
    assert savings_light(None, **LIMITS) == "none"


@pytest.mark.parametrize(
    ("found", "tone"),
    [
        (Attention(), "none"),
        (Attention(milestones=3), "ok"),
        (Attention(milestones=3, moved=1), "warn"),
        (Attention(milestones=3, moved=1, late=1), "bad"),
    ],
)
def test_schedule_is_judged_by_milestones(found, tone):
    assert schedule_light(found) == tone


@pytest.mark.parametrize(
    ("found", "tone"),
    [(Attention(), "ok"), (Attention(obstacles=2), "warn"), (Attention(obstacles=2, overdue=1), "bad")],
)
def test_obstacles_are_at_risk_when_one_is_past_its_time(found, tone):
    assert obstacle_light(found) == tone
