"""Rows of the long view that the demo programme has none of and pages speak of."""

from __future__ import annotations

from datetime import date
from typing import Any

from kpis.models import Indicator, TargetRule
from programme.models import Programme, Theme
from strategy.models import (
    AnnualObjective,
    BalancingPrinciple,
    BalancingProgramme,
    MainLine,
    MetricYear,
    ObjectiveMetric,
    VisionIndicator,
    VisionTheme,
)
from strategy.objectives.fixing import fix_year
from strategy.objectives.points import add_year


def bring_objectives(programme: Programme, user: Any) -> None:
    """An annual objective that is answered and fixed, a theme of the vision, and when the council is told."""
    theme, is_new = VisionTheme.objects.get_or_create(
        programme=programme, key="v1", defaults={"number": 1, "name_fi": "Hyvinvoivin väestö"}
    )
    if not is_new:
        return
    indicator = Indicator.objects.filter(programme=programme)[0]
    VisionIndicator.objects.create(programme=programme, theme=theme, indicator=indicator)
    objective = AnnualObjective.objects.create(
        programme=programme,
        key="o1",
        number=1,
        name_fi="Ikäihmiset",
        text_fi="Palvelut ajallaan.",
        owner=user,
    )
    for at, kind in enumerate(("yes_no", "series_increase", "yes_no")):
        rule = TargetRule.objects.create(
            programme=programme, key=f"metric/o1-{at}", kind=kind, valid_from="2023-01-01"
        )
        metric = ObjectiveMetric.objects.create(
            programme=programme, objective=objective, key=f"o1-{at}", position=at, name_fi="Onko tehty", rule=rule,
            text_fi="Onko tehty" if at else "", follows=objective.metrics.first() if at == 2 else None,
        )  # fmt: skip
        years = {2023: "no" if not at else "partly", 2024: "open"}
        for year, answer in years.items():
            MetricYear.objects.create(
                programme=programme,
                metric=metric,
                year=year,
                answer=answer,
                year_stated=bool(at),
                note="Viivästyi",
            )
    fix_year(programme=programme, year=2024, decision={"decided_on": date(2023, 12, 13)}, reason="", by=user)
    add_year(programme=programme, year=2023, by=user)
    spearhead = Theme.objects.filter(programme=programme)[0]
    MainLine.objects.create(programme=programme, number=1, name_fi="Palvelut lähellä", spearhead=spearhead)
    balancing = BalancingProgramme.objects.create(
        programme=programme, key="b1", name_fi="Tasapainotus", start_year=2024, end_year=2026
    )
    BalancingPrinciple.objects.create(
        programme=programme, balancing=balancing, number=1, name_fi="Supistaminen", condition_fi="Viimeisenä"
    )
