"""Risks, obstacles and impact areas for tests."""

import datetime as dt
from typing import Any

from programme.models import Programme
from risks.escalation.weekly import SCHEMA, build, canonical, sha256_of
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


def empty_list(programme: Programme) -> dict[str, Any]:
    """Fields of a weekly list on which nothing waits, beside its Monday."""
    text = canonical(build(programme, dt.date(2000, 1, 3), dt.date(2000, 1, 3), None))
    return {"as_of": dt.date(2024, 3, 18), "schema": SCHEMA, "document": text, "sha256": sha256_of(text)}


def make_promise(programme: Programme | None = None, **fields: Any) -> Promise:
    programme = programme or make_programme("ohjelma")
    own = {"key": "p1", "audience": "clients", "name_fi": "Emme lopeta"} | fields
    return Promise.objects.create(programme=programme, **own)
