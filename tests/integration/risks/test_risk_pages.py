"""Risks, impacts and promises as pages."""

import datetime as dt

import pytest

from risks.models import Risk, RiskAssessment
from tests.factories.loaded import KYMENLAAKSO, client_of, load, text_of

pytestmark = pytest.mark.django_db


def test_risk_without_assessment_is_never_shown_as_good() -> None:
    page = text_of(client_of(load(KYMENLAAKSO)), "risks:risk_list", KYMENLAAKSO, language="en")
    table = page[: page.index("Level = likelihood")]
    assert table.count("◇ not assessed") == 12
    assert "●" not in table


def test_assessed_level_has_shape_and_figure() -> None:
    programme = load(KYMENLAAKSO)
    risk = Risk.objects.get(programme=programme, key="r3")
    RiskAssessment.objects.create(
        programme=programme, risk=risk, assessed_on=dt.date(2024, 3, 31), likelihood_now=4, impact_now=4,
        likelihood_after=3, impact_after=3,
    )  # fmt: skip
    page = text_of(client_of(programme), "risks:risk_detail", KYMENLAAKSO, risk.pk)
    assert "■ 16" in page
    assert "▲ 9" in page


def test_risk_shows_mitigations_it_borrows() -> None:
    programme = load(KYMENLAAKSO)
    risk = Risk.objects.get(programme=programme, key="r6")
    page = text_of(client_of(programme), "risks:risk_detail", KYMENLAAKSO, risk.pk)
    for borrowed in ("etenemisen seuranta", "säännöllinen taloudellinen seuranta", "tunnistetaan keskeiset"):
        assert borrowed in page


def test_impact_areas_say_what_is_not_answered() -> None:
    page = text_of(client_of(load(KYMENLAAKSO)), "risks:impact_list", KYMENLAAKSO, language="en")
    assert page.count("◇ not yet answered") == 7


def test_promises_say_what_is_done_instead() -> None:
    page = text_of(client_of(load(KYMENLAAKSO)), "risks:promise_list", KYMENLAAKSO, language="en")
    assert page.count("Instead:") == 6
    assert "We do not dismiss own staff" in page
