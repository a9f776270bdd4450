"""People and money of projects, through their pages."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import User
from programme.models import Programme, Project, ProjectFinance, ProjectPerson
from tests.factories.accounts import make_member
from tests.factories.projects import make_planning, make_project
from tests.integration.programme.forms import sent

pytestmark = pytest.mark.django_db

BASE = "/en/p/ohjelma"
PAGE = f"{BASE}/projects/sahkoinen-asiointi/"


@pytest.fixture
def project() -> Project:
    return make_project(make_planning())


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def pmo(programme: Programme) -> Client:
    return client_of(make_member(programme, "pmo"))


def test_somebody_is_named_with_a_share_and_a_substitute(project: Project) -> None:
    client, worker = pmo(project.programme), make_member(project.programme, "project")
    at = f"{PAGE}people/add/"
    fields = {"user": worker.pk, "task": "Projektipäällikkö", "share": "80", "needs_substitute": "on"}

    sent(client, at, **fields)

    row = ProjectPerson.objects.get()
    assert (row.share, row.user, row.project) == (Decimal("0.8"), worker, project)
    refused = sent(client, at, **fields | {"share": "120"})
    assert refused.status_code == 422
    assert "share" in refused.context["form"].errors
    same = sent(client, at, **fields | {"substitute": worker.pk})
    assert same.status_code == 422
    assert ProjectPerson.objects.count() == 1


def test_a_missing_substitute_and_an_overload_are_shown(project: Project) -> None:
    worker = make_member(project.programme, "project")
    other = Project.objects.create(
        programme=project.programme, slug="toinen", name_fi="Toinen", state="running"
    )
    for where, share in ((project, "0.7"), (other, "0.6")):
        ProjectPerson.objects.create(
            programme=project.programme, project=where, user=worker, task="Työ", share=share
        )
    client = pmo(project.programme)

    shown = client.get(f"{BASE}/load/")
    assert shown.context["overloaded"] == 1
    (line,) = shown.context["lines"]
    assert {one.load for one in line.months} == {Decimal("1.3")}
    assert 'data-overloaded="1"' in shown.content.decode()

    other.state = "done"  # work that is over loads nobody
    other.closed_on = dt.date(2026, 1, 1)
    other.save()
    assert client.get(f"{BASE}/load/").context["overloaded"] == 0


def test_the_project_shows_budget_actual_and_forecast(project: Project) -> None:
    client, at = pmo(project.programme), f"{PAGE}money/add/"
    fields = {"year": "2026", "budget_eur_cents": "120,000", "forecast_eur_cents": "130,000.50"}

    lacking = sent(client, at, **fields | {"actual_eur_cents": "60,000"})
    assert lacking.status_code == 422
    assert "actual_through" in lacking.context["form"].errors
    kept = sent(client, at, **fields | {"actual_eur_cents": "60,000", "actual_through": "6/2026"})
    assert kept.status_code == 302, kept.context["form"].errors

    row = ProjectFinance.objects.get()
    assert (row.budget_eur_cents, row.actual_eur_cents, row.forecast_eur_cents) == (
        12_000_000, 6_000_000, 13_000_050,
    )  # fmt: skip
    total = client.get(f"{BASE}/project-money/").context["total"]
    assert (total.budget, total.difference) == (12_000_000, 1_000_050)


def test_the_budget_of_a_ready_plan_moves_by_a_change_request_only(project: Project) -> None:
    row = ProjectFinance.objects.create(
        programme=project.programme, project=project, year=2026, budget_eur_cents=100_00
    )
    client = pmo(project.programme)
    Project.objects.filter(pk=project.pk).update(
        plan_ready_on=dt.date(2026, 1, 1), plan_ready_by=make_member(project.programme, "theme")
    )
    at = f"{PAGE}money/{row.pk}/"

    sent(client, at, budget_eur_cents="999", forecast_eur_cents="110")

    row.refresh_from_db()
    assert (row.budget_eur_cents, row.forecast_eur_cents) == (100_00, 110_00)
    assert client.post(f"{at}remove/").status_code == 422  # away and back with another budget
    sent(client, f"{PAGE}money/add/", year="2027", budget_eur_cents="999")
    assert dict(ProjectFinance.objects.values_list("year", "budget_eur_cents")) == {2026: 100_00, 2027: 0}


def test_another_projects_manager_may_not(project: Project) -> None:
    stranger = make_member(project.programme, "project")
    client = client_of(stranger)

    assert client.get(f"{PAGE}people/add/").status_code == 403
    assert client.get(f"{BASE}/load/").status_code == 200
