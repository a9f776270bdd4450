"""Risks, obstacles and impact areas for tests."""

import datetime as dt
from typing import Any

from programme.models import Programme
from risks.models import Mitigation, Obstacle, Promise, Risk, RiskAssessment
from tests.factories.accounts import make_programme


def make_risk(programme: Programme | None = None, **fields: Any) -> Risk:
    programme = programme or make_programme("ohjelma")
    return Risk.objects.create(
        programme=programme, **({"key": "r1", "number": 1, "name_fi": "Riski"} | fields)
    )


def make_assessment(risk: Risk, **fields: Any) -> RiskAssessment:
    own = {"assessed_on": dt.date(2024, 1, 31), "likelihood_now": 3, "impact_now": 4} | fields
    return RiskAssessment.objects.create(programme=risk.programme, risk=risk, **own)


def make_mitigation(risk: Risk, **fields: Any) -> Mitigation:
    own = {"key": f"{risk.key}/1", "name_fi": "Varautuminen"} | fields
    return Mitigation.objects.create(programme=risk.programme, risk=risk, **own)


def make_obstacle(programme: Programme | None = None, **fields: Any) -> Obstacle:
    programme = programme or make_programme("ohjelma")
    own = {"name_fi": "Este", "raised_on": dt.date(2024, 3, 4)} | fields
    return Obstacle.objects.create(programme=programme, **own)


def make_promise(programme: Programme | None = None, **fields: Any) -> Promise:
    programme = programme or make_programme("ohjelma")
    own = {"key": "p1", "audience": "clients", "name_fi": "Emme lopeta"} | fields
    return Promise.objects.create(programme=programme, **own)
