"""What the database keeps of indicators, observations and rules."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from kpis.models import Indicator, MonitoringLevel, Observation, TargetRule
from tests.factories.accounts import make_programme
from tests.factories.kpis import make_indicator, make_observation, make_rule, make_source_link
from tests.factories.programme import make_goal, make_theme

pytestmark = pytest.mark.django_db


def refused(constraint, make, *args, **fields):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make(*args, **fields)


def test_keys_are_unique_in_a_programme():
    indicator = make_indicator()
    make_indicator(make_programme("toinen"))
    MonitoringLevel.objects.create(programme=indicator.programme, number=1, name_fi="Taso")
    make_source_link(indicator)

    refused("kpis_indicator_key", make_indicator, indicator.programme)
    refused("kpis_sourcelink_key", make_source_link, indicator)
    refused(
        "kpis_monitoringlevel_number", MonitoringLevel.objects.create,
        programme=indicator.programme, number=1, name_fi="Toinen",
    )  # fmt: skip


def test_an_indicator_has_a_name():
    refused("kpis_indicator_named", make_indicator, name_fi="")


def test_a_sotkanet_source_has_an_id_and_no_other_has():
    indicator = make_indicator()
    make_source_link(indicator, key="kysely", kind="manual", sotkanet_id=None)

    refused("kpis_sourcelink_sotkanet_id", make_source_link, indicator, key="a", sotkanet_id=None)
    refused("kpis_sourcelink_sotkanet_id", make_source_link, indicator, key="b", kind="manual", sotkanet_id=1)


def test_a_revised_value_is_a_new_vintage():
    indicator = make_indicator()
    make_observation(indicator, value=10)
    make_observation(indicator, value=11, vintage=2)
    make_observation(indicator, region_role="national")

    refused("kpis_observation_once", make_observation, indicator, value=12)
    refused("kpis_observation_month", make_observation, indicator, month=13)
    assert Observation.objects.count() == 3


def test_a_rule_hangs_on_one_thing():
    indicator = make_indicator()
    goal = make_goal(make_theme(indicator.programme))
    make_rule(indicator)
    make_rule(indicator, key="r2", indicator=None, goal=goal)
    make_rule(indicator, key="r3", indicator=None)

    refused("kpis_targetrule_one_owner", make_rule, indicator, key="r4", goal=goal)


def test_a_rule_has_versions_that_begin_on_different_days():
    indicator = make_indicator()
    make_rule(indicator, valid_to=dt.date(2024, 1, 1))
    make_rule(indicator, valid_from=dt.date(2024, 1, 1))

    refused("kpis_targetrule_key", make_rule, indicator)
    refused("kpis_targetrule_dates", make_rule, indicator, key="r2", valid_to=dt.date(2023, 1, 1))
    refused("kpis_targetrule_range", make_rule, indicator, key="r3", low=30, high=25)
    assert TargetRule.objects.count() == 2


def test_observations_have_no_history_of_their_own_and_indicators_do():
    assert hasattr(Indicator, "events")
    assert not hasattr(Observation, "events")
