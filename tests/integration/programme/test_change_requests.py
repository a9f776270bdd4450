"""Change requests of projects: asked for, decided by somebody else, and what they do to the baseline."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from accounts.models import Notification, User
from accounts.notices import latest
from core.waiting import waiting_for
from programme.models import ChangeRequest, Decision, Milestone, Project, ProjectFinance, RoleGrant
from programme.projects.changes.selectors import baselines_of
from programme.projects.changes.services import Wanted, ask, decide, take_back
from programme.projects.parts import part_url
from tests.factories.accounts import make_member
from tests.factories.projects import TODAY, make_milestone, make_planning, make_project
from tests.integration.programme.forms import sent

pytestmark = pytest.mark.django_db

PAGE = "/en/p/ohjelma/projects/sahkoinen-asiointi/"
NEW = dt.date(2030, 5, 31)


@pytest.fixture
def project() -> Project:
    return make_project(make_planning())


@pytest.fixture
def milestone(project: Project) -> Milestone:
    return make_milestone(project)


@pytest.fixture
def manager(project: Project) -> User:
    return make_member(project.programme, "project", project=project)


@pytest.fixture
def owner(project: Project) -> User:
    return make_member(project.programme, "owner")


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def asked(project: Project, by: Any, **more: Any) -> ChangeRequest:
    return ask(project=project, by=by, subject="Myöhemmin", reason="Toimittaja viivästyi", **more)


def test_a_change_is_asked_for_on_a_page_and_decided_by_somebody_else(
    project: Project, milestone: Milestone, manager: User, owner: User,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    before = milestone.baseline_on
    with django_capture_on_commit_callbacks(execute=True):
        answer = sent(
            client_of(manager), f"{PAGE}changes/ask/", subject="Käyttöönotto siirtyy", why="Toimittaja viivästyi",
            **{f"milestone_{milestone.pk}": "31/05/2030"},
        )  # fmt: skip
    assert answer.status_code == 302, answer.context["form"].errors
    row = ChangeRequest.objects.get()
    assert (row.changes_time, row.changes_scope, row.changes_money, row.number) == (True, False, False, 1)
    assert Notification.objects.get(user=owner).code == "change.asked"
    mine = {kind.key: rows for kind, rows in waiting_for(owner, [project.programme])}
    assert [one.text.endswith("Käyttöönotto siirtyy") for one in mine["changes"]] == [True]

    refused = client_of(manager).get(f"{PAGE}changes/1/decide/")
    assert refused.status_code == 403
    with django_capture_on_commit_callbacks(execute=True):
        sent(
            client_of(owner), f"{PAGE}changes/1/decide/", verdict="accept", answer="Sovittu", decided_on="01/06/2023",
            section="12",
        )  # fmt: skip

    row.refresh_from_db()
    milestone.refresh_from_db()
    assert (row.state, row.decided_by, milestone.baseline_on) == ("accepted", owner, NEW)
    assert Decision.objects.get().section == "12"
    assert Notification.objects.get(user=manager).code == "change.decided"
    (item,) = baselines_of(project)
    assert (item.old_on, item.new_on) == (before, NEW)
    shown = client_of(owner).get(f"{PAGE}changes/1/")
    assert shown.status_code == 200
    assert b"12" in shown.content


def test_nothing_changes_without_a_word_of_what(project: Project, manager: User) -> None:
    answer = sent(client_of(manager), f"{PAGE}changes/ask/", subject="Jotain", why="Syystä")

    assert answer.status_code == 422
    assert ChangeRequest.objects.count() == 0


def test_scope_time_and_money_move_together_or_not_at_all(
    project: Project, milestone: Milestone, manager: User, owner: User
) -> None:
    money = ProjectFinance.objects.create(
        programme=project.programme, project=project, year=2023, budget_eur_cents=1_000_00
    )
    row = asked(
        project, manager, is_scope=True,
        wanted=[Wanted(new_on=NEW), Wanted(milestone=milestone, new_on=NEW),
                Wanted(finance=money, new_eur_cents=2_000_00)],
    )  # fmt: skip
    Milestone.objects.filter(pk=milestone.pk).update(baseline_on=dt.date(2029, 1, 1))  # moved meanwhile

    with pytest.raises(ValidationError):
        decide(request=row, accept=True, by=owner, on=TODAY, answer="")
    money.refresh_from_db()
    project.refresh_from_db()
    assert (money.budget_eur_cents, project.ends_on == NEW) == (1_000_00, False)
    assert ChangeRequest.objects.get().state == "asked"

    decide(request=row, accept=False, by=owner, on=TODAY, answer="Pyydä uudelleen")
    second = asked(
        project, manager, wanted=[Wanted(new_on=NEW), Wanted(finance=money, new_eur_cents=2_000_00)]
    )
    decide(request=second, accept=True, by=owner, on=TODAY, answer="")
    money.refresh_from_db()
    project.refresh_from_db()
    assert (money.budget_eur_cents, project.ends_on, project.baseline_ends_on) == (2_000_00, NEW, NEW)
    assert second.number == row.number + 1


def test_nobody_decides_on_their_own_and_a_refusal_has_its_reason(project: Project, owner: User) -> None:
    row = asked(project, owner, is_scope=True)

    with pytest.raises(PermissionDenied):
        decide(request=row, accept=True, by=owner, on=TODAY, answer="")
    assert client_of(owner).get(f"{PAGE}changes/{row.number}/decide/").status_code == 403
    other = make_member(project.programme, "director")
    with pytest.raises(ValidationError):
        decide(request=row, accept=False, by=other, on=TODAY, answer=" ")
    take_back(request=row, by=owner)
    with pytest.raises(ValidationError):
        decide(request=row, accept=True, by=other, on=TODAY, answer="")
    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_a_milestone_whose_day_was_moved_by_a_request_stays(
    project: Project, milestone: Milestone, manager: User, owner: User
) -> None:
    row = asked(project, manager, wanted=[Wanted(milestone=milestone, new_on=NEW)])
    # Told in the transaction of the request: whoever reads it has the notice too.
    assert Notification.objects.filter(code="change.asked", user=owner).exists()
    decide(request=row, accept=True, by=owner, on=TODAY, answer="")

    answer = client_of(owner).get(f"{PAGE}milestones/{milestone.pk}/remove/")
    assert answer.status_code == 403
    pmo = client_of(make_member(project.programme, "pmo"))
    answer = pmo.post(f"{PAGE}milestones/{milestone.pk}/remove/", {"reason": "Turha välitavoite"})

    assert answer.status_code == 422 and "Turha välitavoite" in answer.content.decode()
    assert len(baselines_of(project)) == 1


def test_who_lost_the_right_to_projects_reads_no_more_of_their_notices(
    project: Project, manager: User, owner: User
) -> None:
    asked(project, manager, is_scope=True)
    assert [one.row.code for one in latest(owner)] == ["change.asked"]

    RoleGrant.objects.filter(user=owner).update(role="staff")

    assert latest(User.objects.get(pk=owner.pk)) == []


def test_what_a_ready_plan_promised_moves_by_requests_only(project: Project, milestone: Milestone) -> None:
    Project.objects.filter(pk=project.pk).update(
        plan_ready_on=TODAY, plan_ready_by=make_member(project.programme, "theme")
    )
    before, client = milestone.baseline_on, client_of(make_member(project.programme, "pmo"))

    sent(client, f"{PAGE}milestones/{milestone.pk}/", baseline_on="01/01/2031", forecast_on="02/02/2031")

    milestone.refresh_from_db()
    assert (milestone.baseline_on, milestone.forecast_on) == (before, dt.date(2031, 2, 2))


def test_the_part_and_the_list_show_requests_and_the_history_of_the_baseline(
    project: Project, milestone: Milestone, manager: User, owner: User
) -> None:
    row = asked(project, manager, wanted=[Wanted(milestone=milestone, new_on=NEW)])
    decide(request=row, accept=True, by=owner, on=TODAY, answer="")
    asked(project, manager, is_scope=True)
    client = client_of(make_member(project.programme, "auditor"))

    part = client.get(part_url(project, "changes")).content.decode()
    assert part.count("data-change=") == 2
    assert part.count("data-item=") == 1
    shown = client.get("/en/p/ohjelma/changes/?state=asked").content.decode()
    assert shown.count("data-change=") == 1
