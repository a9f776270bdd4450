"""Lights of projects out of the database: each dimension, what is stated against it, and the number of statements."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from core.models import Setting
from programme.models import (
    Dependency,
    LightOverride,
    Milestone,
    Programme,
    Project,
    ProjectFinance,
    ProjectPerson,
)
from programme.projects.lights import lights_of
from risks.models import Risk, RiskAssessment
from tests.factories.accounts import make_member, make_person
from tests.factories.programme import make_theme
from tests.factories.projects import TODAY, make_milestone, make_planning, make_project
from tests.integration.programme.test_project_editing import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return make_planning()


def later(count: int) -> dt.date:
    return TODAY + dt.timedelta(days=count)


def furnish(project: Project) -> None:
    """A milestone that moved 20 days, money 8 % over, one person at 130 %, and a risk of level 9."""
    programme = project.programme
    Milestone.objects.create(
        programme=programme, project=project, key="m", name_fi="Etappi", baseline_on=later(1), forecast_on=later(21)
    )  # fmt: skip
    ProjectFinance.objects.create(
        programme=programme, project=project, year=2024, budget_eur_cents=100_00, forecast_eur_cents=108_00
    )
    ProjectPerson.objects.create(
        programme=programme,
        project=project,
        name="Aino",
        task="Johto",
        share=Decimal("0.5"),
        substitute_name="Esa",
    )
    risk = Risk.objects.create(
        programme=programme, project=project, key=f"r{project.pk}", number=project.pk, name_fi="Riski"
    )
    RiskAssessment.objects.create(
        programme=programme, risk=risk, assessed_on=TODAY, likelihood_now=3, impact_now=3
    )


def test_each_dimension_is_computed_and_says_why(programme: Programme) -> None:
    project = make_project(programme)
    furnish(project)

    found = lights_of([project])[project.pk]

    assert {name: shown.light for name, shown in found.items()} == {
        "schedule": "yellow", "savings": "no_data", "money": "yellow", "resources": "green", "kpis": "no_data",
        "risks": "yellow",
    }  # fmt: skip
    with override("en"):
        assert (
            found["schedule"].why == "Etappi is now expected on 21 April 2024, 20 days after the first plan."
        )
        assert "108€ is expected, more than the budget of 100€" in found["money"].why.replace("\xa0", "")
        assert found["risks"].why == "Riski: level 9, more than the accepted 8."
        assert found["savings"].word == "no data"


def test_the_load_of_a_person_counts_over_all_projects_under_way(programme: Programme) -> None:
    person = make_person(first_name="Aino", last_name="Aalto")
    first, second = make_project(programme), make_project(programme, slug="toinen")
    stopped = make_project(programme, slug="kolmas", state="stopped")
    for project in (first, second, stopped):
        ProjectPerson.objects.create(
            programme=programme, project=project, user=person, task="Työ", share=Decimal("0.6"),
            needs_substitute=False,
        )  # fmt: skip

    assert lights_of([first])[first.pk]["resources"].params["percent"] == 120
    ProjectPerson.objects.filter(project=second).update(ends_on=later(-1))
    assert lights_of([first])[first.pk]["resources"].light == "green"


def test_what_a_project_waits_for_warns_its_schedule(programme: Programme) -> None:
    late, waiting = make_project(programme, slug="hankinta"), make_project(programme)
    first = make_milestone(late, name_fi="Hankinta", baseline_on=later(5), forecast_on=later(45))
    second = make_milestone(waiting, baseline_on=later(10))
    Dependency.objects.create(
        programme=programme, project=waiting, milestone=second, on_project=late, on_milestone=first
    )

    found = lights_of([waiting])[waiting.pk]["schedule"]

    assert (found.light, found.code, found.params["days"]) == ("yellow", "schedule_pushed", 35)
    assert found.params["names"] == {"fi": "Hankinta"}


def test_thresholds_are_data(programme: Programme) -> None:
    project = make_project(programme)
    furnish(project)
    Setting.objects.create(scope=programme.slug, key="lights.slip_yellow", value=21, valid_from=TODAY)

    assert lights_of([project], programme=Programme.objects.get())[project.pk]["schedule"].light == "green"


def test_sixty_projects_take_as_many_statements_as_one(programme: Programme) -> None:
    theme = make_theme(programme)
    projects = [make_project(programme, slug=f"p{n}", theme=theme, state="running") for n in range(60)]
    for project in projects:
        furnish(project)
    programme = Programme.objects.get()
    lights_of(projects[:1], programme=programme)

    counts = []
    for rows in (projects[:1], projects):
        with CaptureQueriesContext(connection) as queries:
            found = lights_of(rows, programme=programme)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 17
    assert len(found) == 60 and found[projects[59].pk]["money"].light == "yellow"


# --- stated against it ------------------------------------------------------------------------------------------------


def test_a_light_is_stated_with_a_reason_for_a_time_and_then_the_computed_one_counts(
    programme: Programme,
) -> None:
    project = make_project(programme)
    furnish(project)
    client = Client()
    client.force_login(user := make_member(programme, "project", project=project))
    address = f"/en/p/ohjelma/projects/{project.slug}/lights/schedule/"

    refused = sent(client, address, light="green", holds_until="10.4.2024")
    assert refused.status_code == 422 and not LightOverride.objects.exists()  # the reason is missing
    far = sent(client, address, light="green", reason="Sovittu", holds_until="31.12.2024")
    assert far.status_code == 422
    sent(client, address, light="green", reason="Toimittaja lupasi", holds_until="10.4.2024")

    shown = lights_of([project])[project.pk]["schedule"]
    assert (shown.light, shown.computed, shown.stated) == ("green", "yellow", "green")
    assert (shown.reason, shown.until, shown.who) == (
        "Toimittaja lupasi",
        dt.date(2024, 4, 10),
        user.username,
    )
    page = client.get(f"/en/p/ohjelma/projects/{project.slug}/part/lights/").content.decode()
    assert 'data-stated="green"' in page and "Toimittaja lupasi" in page and user.username in page

    Programme.objects.update(status_date=dt.date(2024, 4, 10))
    project = Project.objects.select_related("programme").get()
    assert lights_of([project])[project.pk]["schedule"].stated == "green"
    Programme.objects.update(status_date=dt.date(2024, 4, 11))
    project = Project.objects.select_related("programme").get()
    expired = lights_of([project])[project.pk]["schedule"]
    assert (expired.light, expired.stated) == ("yellow", None)
    assert LightOverride.objects.count() == 1  # both are kept


def test_what_was_stated_is_taken_back(programme: Programme) -> None:
    project = make_project(programme)
    LightOverride.objects.create(
        programme=programme, project=project, dimension="money", light="red", reason="Lasku", given_on=TODAY,
        holds_until=later(3),
    )  # fmt: skip
    client = Client()
    client.force_login(make_member(programme))

    client.post(f"/en/p/ohjelma/projects/{project.slug}/lights/money/back/")

    assert lights_of([project])[project.pk]["money"].light == "no_data"


def test_the_list_of_projects_shows_lights_by_shape_and_word(programme: Programme) -> None:
    furnish(make_project(programme))
    client = Client()
    client.force_login(make_member(programme))

    page = client.get("/en/p/ohjelma/projects/").content.decode()

    assert 'data-light="yellow"' in page and "needs attention</span>: schedule, project money, risks" in page
