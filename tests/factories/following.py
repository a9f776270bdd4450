"""A little of everything that is followed: indicators with values and rules, objectives, a season."""

import datetime as dt

from kpis.models import IndicatorSummary
from programme.models import Body, Decision, Programme
from strategy.models import KeyResult, Objective, Season, Unit
from tests.factories.kpis import make_indicator, make_observation, make_rule, make_source_link
from tests.factories.risks import make_assessment, make_mitigation, make_risk
from tests.factories.strategy import make_metric, make_objective, make_year


def make_following(programme: Programme, number: int = 1) -> None:
    """One of each kind, with keys that end in `number`."""
    indicator = make_indicator(programme, key=f"i{number}", name_fi="Mittari", unit="%", better="down")
    link = make_source_link(indicator)
    make_observation(indicator, source_link=link, value="16.80", year=2021)
    make_rule(indicator, key=f"r{number}", value="15", compare="below")
    IndicatorSummary.objects.create(
        programme=programme, indicator=indicator, outcome="not_met", latest_period="2021", latest_year=2021,
        own="16.80", national="15.40", national_year=2021,
    )  # fmt: skip
    objective = make_objective(programme, key=f"o{number}", number=number)
    make_year(make_metric(objective, key=f"o{number}-a"), answer="yes", note="Tehty")
    unit = Unit.objects.create(programme=programme, key=f"u{number}", level="team", name_fi="Tiimi")
    season = Season.objects.create(
        programme=programme, year=2000 + number, number=1, starts_on=dt.date(2000 + number, 1, 1),
        ends_on=dt.date(2000 + number, 4, 30),
    )  # fmt: skip
    goal = Objective.objects.create(
        programme=programme, season=season, unit=unit, annual_objective=objective, name_fi="Sujuvuus"
    )
    KeyResult.objects.create(
        programme=programme, objective=goal, name_fi="Jono lyhenee", start_value=30, target_value=20
    )
    risk = make_risk(programme, key=f"riski{number}", number=number)
    make_assessment(risk, counts={"projects": 2})
    make_mitigation(risk)
    board = Body.objects.create(
        programme=programme, key=f"hallitus{number}", kind="county_board", name_fi="Aluehallitus"
    )
    Decision.objects.create(
        programme=programme, body=board, decided_on=dt.date(2024, 3, 1), section="35", subject="Päätös"
    )
