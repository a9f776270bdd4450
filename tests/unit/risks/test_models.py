"""What the database keeps of risks, obstacles, impact areas and promises."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from risks.models import (
    ImpactArea,
    ImpactStatement,
    LevelFactor,
    Mitigation,
    MitigationReference,
    RiskExample,
)
from tests.factories.accounts import make_programme
from tests.factories.risks import make_assessment, make_mitigation, make_obstacle, make_promise, make_risk

pytestmark = pytest.mark.django_db

DAY = dt.date(2024, 3, 4)


def refused(constraint, make, *args, **fields):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make(*args, **fields)


def test_keys_are_unique_in_a_programme():
    risk = make_risk()
    make_risk(make_programme("toinen"))
    make_mitigation(risk)
    make_promise(risk.programme)
    own = {"programme": risk.programme, "key": "a", "name_fi": "Nimi"}
    area = ImpactArea.objects.create(**own)
    ImpactStatement.objects.create(area=area, **own)
    RiskExample.objects.create(risk=risk, **own)
    LevelFactor.objects.create(risk=risk, **own)

    refused("risks_risk_key", make_risk, risk.programme)
    refused("risks_mitigation_key", make_mitigation, risk)
    refused("risks_promise_key", make_promise, risk.programme)
    refused("risks_impactarea_key", ImpactArea.objects.create, **own)
    refused("risks_impactstatement_key", ImpactStatement.objects.create, area=area, **own)
    refused("risks_riskexample_key", RiskExample.objects.create, risk=risk, **own)
    refused("risks_levelfactor_key", LevelFactor.objects.create, risk=risk, **own)


@pytest.mark.parametrize(
    ("make", "constraint"),
    [
        (make_risk, "risks_risk_named"),
        (make_obstacle, "risks_obstacle_named"),
        (make_promise, "risks_promise_named"),
    ],
)
def test_a_row_needs_a_name(make, constraint):
    refused(constraint, make, name_fi="")


def test_a_level_is_from_one_to_five_and_may_be_unknown():
    risk = make_risk()
    make_assessment(risk, likelihood_after=None, impact_target=5)

    refused("risks_riskassessment_one_to_five", make_assessment, risk, assessed_on=DAY, impact_now=6)
    refused("risks_riskassessment_one_to_five", make_assessment, risk, assessed_on=DAY, likelihood_target=0)
    refused("risks_riskassessment_once_a_day", make_assessment, risk)


def test_the_latest_assessment_is_the_level_of_the_risk():
    risk = make_risk()
    assert risk.assessment is None
    make_assessment(risk, assessed_on=dt.date(2024, 2, 29), likelihood_now=2, impact_now=5)
    make_assessment(risk, assessed_on=dt.date(2024, 1, 31))

    assert risk.assessment.level_now == 10
    assert risk.assessment.level_after is None


def test_a_mitigation_serves_the_risks_that_refer_to_it():
    first = make_risk()
    second = make_risk(first.programme, key="r2", number=2)
    third = make_risk(first.programme, key="r3", number=3)
    make_mitigation(first)
    reference = make_mitigation(second, name_fi="riskin 1 toimet")
    MitigationReference.objects.create(programme=first.programme, mitigation=reference, risk=first)

    assert {row.key for row in Mitigation.objects.serving(second)} == {"r1/1", "r2/1"}
    assert {row.key for row in Mitigation.objects.serving(first)} == {"r1/1"}
    assert not Mitigation.objects.serving(third).exists()
    refused(
        "risks_mitigationreference_once", MitigationReference.objects.create,
        programme=first.programme, mitigation=reference, risk=first,
    )  # fmt: skip


def test_an_obstacle_ends_after_it_begins():
    make_obstacle(state="closed", decided_on=DAY, closed_on=DAY)

    before = DAY - dt.timedelta(days=1)
    other = make_programme("toinen")
    refused("risks_obstacle_dates", make_obstacle, other, decided_on=before)
    refused("risks_obstacle_dates", make_obstacle, other, state="closed", closed_on=before)
    refused("risks_obstacle_closed", make_obstacle, other, state="closed")
    refused("risks_obstacle_closed", make_obstacle, other, closed_on=DAY)
