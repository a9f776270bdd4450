"""Indicators, observations and rules for tests."""

import datetime as dt
from typing import Any

from kpis.models import Indicator, Observation, SourceLink, TargetRule
from programme.models import Programme
from tests.factories.accounts import make_programme


def make_indicator(programme: Programme | None = None, **fields: Any) -> Indicator:
    programme = programme or make_programme("ohjelma")
    return Indicator.objects.create(programme=programme, **({"key": "i1", "name_fi": "Mittari"} | fields))


def make_source_link(indicator: Indicator, **fields: Any) -> SourceLink:
    own = {"key": "sotkanet-181", "kind": "sotkanet", "sotkanet_id": 181} | fields
    return SourceLink.objects.create(programme=indicator.programme, indicator=indicator, **own)


def make_observation(indicator: Indicator, **fields: Any) -> Observation:
    own = {"year": 2023, "value": 10} | fields
    return Observation.objects.create(programme=indicator.programme, indicator=indicator, **own)


def make_rule(indicator: Indicator, /, **fields: Any) -> TargetRule:
    own = {"indicator": indicator, "key": "r1", "kind": "level", "valid_from": dt.date(2023, 1, 1)} | fields
    return TargetRule.objects.create(programme=indicator.programme, **own)
