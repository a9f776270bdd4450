"""What the database keeps of vision, objectives, seasons and balancing."""

import pytest
from django.db import IntegrityError, transaction

from strategy.models import BalancingPrinciple, SeasonCycle, VisionIndicator
from tests.factories.accounts import make_programme
from tests.factories.kpis import make_indicator
from tests.factories.strategy import make_balancing, make_metric, make_objective, make_vision_theme, make_year

pytestmark = pytest.mark.django_db


def refused(constraint, make, *args, **fields):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make(*args, **fields)


def test_keys_are_unique_in_a_programme():
    theme = make_vision_theme()
    programme = theme.programme
    make_vision_theme(make_programme("toinen"))
    objective = make_objective(programme)
    metric = make_metric(objective)
    make_year(metric)
    make_balancing(programme)
    link = {"programme": programme, "theme": theme, "indicator": make_indicator(programme)}
    VisionIndicator.objects.create(**link)

    refused("strategy_visiontheme_key", make_vision_theme, programme)
    refused("strategy_annualobjective_key", make_objective, programme)
    refused("strategy_objectivemetric_key", make_metric, objective)
    refused("strategy_metricyear_once", make_year, metric)
    refused("strategy_balancingprogramme_key", make_balancing, programme)
    refused("strategy_visionindicator_once", VisionIndicator.objects.create, **link)


@pytest.mark.parametrize(
    ("make", "constraint"),
    [
        (make_vision_theme, "strategy_visiontheme_named"),
        (make_objective, "strategy_annualobjective_named"),
        (make_balancing, "strategy_balancingprogramme_named"),
    ],
)
def test_a_row_needs_a_name(make, constraint):
    refused(constraint, make, name_fi="")


def test_a_programme_has_one_season_cycle_of_whole_months():
    programme = make_programme("ohjelma")
    own = {"name_fi": "Sesonki", "length_months": 4, "seasons_per_year": 3}
    SeasonCycle.objects.create(programme=programme, **own)

    refused("strategy_seasoncycle_one", SeasonCycle.objects.create, programme=programme, **own)
    refused(
        "strategy_seasoncycle_year", SeasonCycle.objects.create,
        programme=make_programme("toinen"), **(own | {"length_months": 13}),
    )  # fmt: skip


def test_balancing_has_a_period_and_numbered_principles():
    balancing = make_balancing()
    own = {"programme": balancing.programme, "balancing": balancing, "number": 1, "name_fi": "Periaate"}
    BalancingPrinciple.objects.create(**own)

    refused("strategy_balancingprinciple_number", BalancingPrinciple.objects.create, **own)
    refused("strategy_balancingprogramme_period", make_balancing, make_programme("toinen"), start_year=2027)


def test_an_answer_is_open_until_somebody_gives_it():
    assert make_year(make_metric(make_objective())).answer == "open"
