"""Measures made into projects: one in one step, several into one, taken out; and those of linked undertakings."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from measures.models import Measure
from measures.projecting import InAProject, add_to_project, make_project
from measures.selectors import savings_figures
from programme.models import LinkedInitiative, PlanPart, Project, Theme
from tests.factories.counties import County, make_county, person
from tests.integration.programme.forms import sent

pytestmark = pytest.mark.django_db

BASE = "/en/p/own"


@pytest.fixture
def county() -> County:
    county = make_county("own")
    PlanPart.objects.create(programme=county.programme, key="sisalto", position=1, name_fi="sisältö")
    return county


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def project_of(code: str) -> Any:
    return Measure.objects.get(code=code).project


def test_a_measure_becomes_a_project_in_one_step_and_once(county: County) -> None:
    owner = person(county, "measure")
    measure = county.measure(code="T-1", name_fi="Etävastaanotto", owner=owner)
    client = client_of(person(county, "pmo"))
    assert "/measures/T-1/project/" in client.get(f"{BASE}/measures/T-1/").content.decode()

    first, second = (client.post(f"{BASE}/measures/T-1/project/") for _time in range(2))

    project = Project.objects.get(slug="etavastaanotto")
    assert first["Location"] == second["Location"] == f"{BASE}/projects/etavastaanotto/"
    assert (project.name_fi, project.theme, project.manager) == ("Etävastaanotto", measure.goal.theme, owner)
    assert (project_of("T-1"), project.plan_parts.count()) == (project, 1)
    assert f"{BASE}/projects/etavastaanotto/" in client.get(f"{BASE}/measures/T-1/").content.decode()


def test_several_measures_become_one_project_from_the_list(county: County) -> None:
    rows = [county.measure(code=f"T-{at}", name_fi=f"Toimenpide {at}") for at in (1, 2, 3)]
    client = client_of(person(county, "pmo"))
    chosen = "&".join(f"row={row.pk}" for row in rows[:2])
    assert f"{BASE}/measures/project/" in client.get(f"{BASE}/measures/").content.decode()

    answer = sent(client, f"{BASE}/measures/project/?{chosen}", name_fi="Yhteinen hanke")

    project = Project.objects.get(slug="yhteinen-hanke")
    assert answer["Location"] == f"{BASE}/projects/yhteinen-hanke/"
    assert [project_of(f"T-{at}") for at in (1, 2, 3)] == [project, project, None]
    refused = sent(client, f"{BASE}/measures/project/?{chosen}&row={rows[2].pk}", name_fi="Toinen")
    assert refused.status_code == 422 and "T-1, T-2" in refused.content.decode()
    assert Project.objects.filter(name_fi="Toinen").count() == 0
    assert sent(client, f"{BASE}/measures/project/", name_fi="Tyhjä").status_code == 422


def test_measures_are_chosen_on_the_projects_page_and_taken_out(county: County) -> None:
    rows = [county.measure(code=f"T-{at}", name_fi=f"Toimenpide {at}") for at in (1, 2)]
    by = person(county, "pmo")
    project, client = make_project(measures=rows[:1], by=by), client_of(by)
    address = f"{BASE}/projects/{project.slug}/"
    assert f'value="{rows[1].pk}"' in client.get(f"{address}measures/").content.decode()

    assert client.post(f"{address}measures/", {}).status_code == 422
    assert client.post(f"{address}measures/", {"row": [rows[1].pk]}).status_code == 302

    assert 'data-measures="2"' in client.get(f"{address}part/measures/").content.decode()
    other = make_project(measures=[county.measure(code="T-9", name_fi="Muu")], by=by)
    with pytest.raises(InAProject):
        add_to_project(project=other, measures=rows, by=by)
    for _time in range(2):
        assert client.post(f"{address}measures/T-1/out/").status_code == 302
    assert (project_of("T-1"), project_of("T-2")) == (None, project)
    last = Measure.objects.get(code="T-1").events.order_by("-pgh_id").first()
    assert (last.project_id, last.pgh_context.metadata["user"]) == (None, by.pk)


def test_who_may_make_projects(county: County) -> None:
    """The theme's owner in the own theme; whoever owns the measure or another theme may not."""
    measure = county.measure(code="T-1", name_fi="Etävastaanotto")
    measure.owner = person(county, "measure")
    measure.save()
    other = Theme.objects.create(programme=county.programme, key="muu", number=9, name_fi="Muu")

    def answer(user: User) -> int:
        return client_of(user).post(f"{BASE}/measures/T-1/project/").status_code

    assert answer(measure.owner) == 403
    assert answer(person(county, "theme", theme=other)) == 403
    assert answer(person(county, "auditor")) == 403
    assert project_of("T-1") is None
    assert answer(person(county, "theme", theme=measure.goal.theme)) == 302
    assert project_of("T-1").theme == measure.goal.theme


def test_a_measure_carried_out_by_a_linked_undertaking_counts_without_a_project(county: County) -> None:
    """Demand 8: marked through the undertaking's page; its money counts as before, with no project."""
    first = county.measure(code="T-1", name_fi="Etävastaanotto")
    county.entry(first, dt.date(2024, 1, 1), -500_000)
    row = LinkedInitiative.objects.create(programme=county.programme, key="ict", name_fi="ICT-muutoshanke")
    client, address = client_of(person(county, "pmo")), f"{BASE}/undertakings/ict/measures/"
    assert client.post(f"{address}change/", {"measure": "X-9"}).status_code == 422

    assert client.post(f"{address}change/", {"measure": "t-1"}).status_code == 302

    measure = Measure.objects.get(code="T-1")
    assert (measure.linked_initiative, measure.project) == (row, None)
    assert 'data-measure="T-1"' in client.get(address).content.decode()
    assert savings_figures(county.programme).total.period.plan == -500_000
    assert f"{BASE}/undertakings/ict/" in client.get(f"{BASE}/measures/T-1/").content.decode()
    client.post(f"{address}change/", {"measure": "T-1", "out": "1"})
    measure.refresh_from_db()
    assert measure.linked_initiative is None
