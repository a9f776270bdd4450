"""Milestones and links for measuring the time line of projects: filled up to so many, whatever was there."""

from __future__ import annotations

import random
from datetime import date, timedelta

from programme.models import Dependency, Milestone, Programme, Project

MILESTONES, LINKS, EACH = 200, 400, 10
FIRST = date(2024, 1, 15)


def fill_gantt(programme: Programme) -> tuple[int, int]:
    """Fills the programme up to 200 milestones and 400 links that go round nowhere; how many there are."""
    chance = random.Random(1)
    there = Milestone.objects.filter(programme=programme).count()
    wanted = max(0, MILESTONES - there)
    projects = Project.objects.bulk_create(
        Project(
            programme=programme, slug=f"bench-{at}", name_fi=f"Hanke {at}: palvelujen yhteensovitus",
            starts_on=FIRST, ends_on=FIRST + timedelta(days=1100), state="running",
        )
        for at in range(-(-wanted // EACH))
    )  # fmt: skip
    Milestone.objects.bulk_create(
        Milestone(
            programme=programme, project=projects[at // EACH], key=f"bench-{at}",
            name_fi=f"Etappi {at} valmis käyttöön", baseline_on=(day := FIRST + timedelta(days=chance.randrange(1000))),
            forecast_on=day + timedelta(days=chance.choice((0, 0, 14, 60))),
        )
        for at in range(wanted)
    )  # fmt: skip
    rows = sorted(Milestone.objects.filter(programme=programme), key=lambda row: (row.baseline_on, row.pk))
    pairs: dict[tuple[int, int], None] = {}
    while len(pairs) < LINKS:
        what, who = sorted(chance.sample(range(len(rows)), 2))
        pairs[who, what] = None
    Dependency.objects.bulk_create(
        Dependency(
            programme=programme, project=rows[who].project, milestone=rows[who], on_project=rows[what].project,
            on_milestone=rows[what], gap_days=at % 5,
        )
        for at, (who, what) in enumerate(pairs)
    )  # fmt: skip
    return len(rows), len(pairs)
