"""Indicators for measuring their pages: every county and the country over ten years, a rule for each, judged."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from core.bulk import bulk_write
from kpis.evaluating import evaluate_programme
from kpis.models import Indicator, Observation, SourceLink, TargetRule
from kpis.regions import COUNTIES, own_key
from measures.demo.rows import insert
from programme.models import Programme

YEARS = range(2015, 2025)
FETCHED = datetime(2026, 11, 3, 8, tzinfo=UTC)


def fill_indicators(programme: Programme, wanted: int) -> int:
    """Fills the programme up to `wanted` indicators with figures; the id of one in the middle."""
    there = Indicator.objects.filter(programme=programme).count()
    made = Indicator.objects.bulk_create(
        Indicator(
            programme=programme, key=f"bench-{number}", name_fi=f"Mittari {number} väestön palveluista", unit="%",
            position=1000 + number, better=("down", "up")[number % 2], decimals=1, cycle_months=12, lag_months=24,
        )
        for number in range(wanted - there)
    )  # fmt: skip
    links = SourceLink.objects.bulk_create(
        SourceLink(
            programme=programme, indicator=one, key="sotkanet", position=1, kind="sotkanet",
            sotkanet_id=100_000 + number,
        )
        for number, one in enumerate(made)
    )  # fmt: skip
    TargetRule.objects.bulk_create(
        TargetRule(
            programme=programme, indicator=one, key=one.key, kind="compare", compare=("below", "above")[number % 2],
            reference="national_average", valid_from=f"{programme.start_year}-01-01",
        )
        for number, one in enumerate(made)
    )  # fmt: skip
    with bulk_write(None, "bench") as writer:
        insert(writer, Observation, list(_observations(programme, links)))
    evaluate_programme(programme)
    return made[len(made) // 2].pk


def _observations(programme: Programme, links: list[SourceLink]) -> Iterator[dict[str, Any]]:
    chance, own = random.Random(1), own_key(programme)
    for link in links:
        for year in YEARS:
            for key in (*(county.key for county in COUNTIES), "MAA"):
                role = "own" if key == own else "national" if key == "MAA" else "peer"
                yield {
                    "programme": programme.pk, "indicator": link.indicator_id, "source_link": link.pk, "year": year,
                    "region_role": role, "region": key, "value": Decimal(chance.randrange(100, 400)) / 10,
                    "fetched_at": FETCHED, "source": "Sotkanet",
                }  # fmt: skip
