"""Projects with a plan to write and milestones."""

import datetime as dt
from typing import Any

from programme.models import Milestone, PlanPart, Programme, Project, ProjectPlanPart, Theme
from tests.factories.accounts import make_programme
from tests.factories.programme import make_theme

#: The six parts of a plan, as Kymenlaakso's programme names them.
PARTS = ("vaikutukset", "sisalto", "aikataulu", "johto", "yhteydet", "muutosvaikutukset")
TODAY = dt.date(2024, 3, 31)


def make_planning(slug: str = "ohjelma") -> Programme:
    """A programme shown for 31.3.2024 whose project plans have six parts."""
    programme = make_programme(slug, status_date=TODAY)
    for position, key in enumerate(PARTS, 1):
        PlanPart.objects.create(programme=programme, key=key, position=position, name_fi=key)
    return programme


def make_project(programme: Programme | None = None, **fields: Any) -> Project:
    """A project in a theme of its own unless one is given."""
    programme = programme or make_planning()
    if "theme" not in fields:
        fields["theme"] = Theme.objects.filter(programme=programme).first() or make_theme(programme)
    own = {"slug": "sahkoinen-asiointi", "name_fi": "Sähköinen asiointi"}
    return Project.objects.create(programme=programme, **(own | fields))


def write_part(project: Project, key: str, text: str = "Teksti", **fields: Any) -> ProjectPlanPart:
    part = PlanPart.objects.get(programme=project.programme, key=key)
    return ProjectPlanPart.objects.create(
        programme=project.programme,
        project=project,
        part=part,
        text_fi=text,
        **({"written_on": TODAY} | fields),
    )


def make_milestone(project: Project, **fields: Any) -> Milestone:
    own = {"key": "kayttoonotto", "name_fi": "Käyttöönotto", "baseline_on": dt.date(2024, 3, 1)}
    return Milestone.objects.create(programme=project.programme, project=project, **(own | fields))
