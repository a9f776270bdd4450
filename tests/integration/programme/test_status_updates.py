"""The monthly update of a project: one form for all, no change in one click, once a month, lights frozen with it."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Notification
from core.models import Draft
from programme.models import (
    Milestone,
    Programme,
    Project,
    ReportQuestion,
    StatusAnswer,
    StatusUpdate,
)
from programme.updates import kept
from programme.updates.reminding import remind
from programme.updates.selectors import month_of_all
from tests.factories.accounts import make_member
from tests.factories.governance import make_duty
from tests.factories.projects import TODAY, make_milestone, make_planning, make_project
from tests.integration.programme.test_project_editing import HIDDEN, opened, sent

pytestmark = pytest.mark.django_db

MARCH, APRIL = dt.date(2024, 3, 1), dt.date(2024, 4, 1)


@pytest.fixture
def programme() -> Programme:
    return make_planning()


@pytest.fixture
def project(programme: Programme) -> Project:
    row = make_project(programme, state="running")
    make_milestone(row, baseline_on=TODAY, forecast_on=TODAY + dt.timedelta(days=20))
    return row


def asking(programme: Programme, **fields: Any) -> ReportQuestion:
    return ReportQuestion.objects.create(
        programme=programme, **({"key": "asiakas", "name_fi": "Mitä asiakas huomasi?"} | fields)
    )


def at(month: str = "2024-03", slug: str = "sahkoinen-asiointi") -> str:
    return f"/en/p/ohjelma/projects/{slug}/status/{month}/"


def signed_in(programme: Programme, role: str = "pmo", **scope: Any) -> Client:
    client = Client()
    client.force_login(make_member(programme, role, **scope))
    return client


def test_the_update_holds_words_answers_and_the_lights_as_they_stood(
    programme: Programme, project: Project
) -> None:
    question = asking(programme)
    client = signed_in(programme, "project", project=project)

    answer = sent(
        client,
        at(),
        text="Pilotti alkoi",
        next_steps="Koulutus",
        **{f"question_{question.pk}": "Jono lyheni"},
    )

    assert answer["Location"] == "/en/p/ohjelma/projects/sahkoinen-asiointi/"
    update = StatusUpdate.objects.get()
    assert (update.month, update.text, update.next_steps) == (MARCH, "Pilotti alkoi", "Koulutus")
    assert (
        update.lights["schedule"]["computed"] == "yellow"
        and update.lights["schedule"]["params"]["days"] == 20
    )
    assert StatusAnswer.objects.get().text == "Jono lyheni"

    Milestone.objects.update(forecast_on=TODAY)  # what was given stays as it stood
    update.refresh_from_db()
    assert update.lights["schedule"]["computed"] == "yellow"
    page = client.get("/en/p/ohjelma/projects/sahkoinen-asiointi/part/lights/").content.decode()
    assert 'data-update="2024-03"' in page and "Jono lyheni" in page and 'data-light="green"' in page


def test_it_is_changed_until_the_month_closes_and_stays_one_row(
    programme: Programme, project: Project
) -> None:
    client = signed_in(programme)
    sent(client, at(), text="Ensin")
    sent(client, at(), text="Sitten")
    assert StatusUpdate.objects.get().text == "Sitten"

    form = opened(client, at()) | {"text": "Myöhässä"}
    Programme.objects.update(status_date=dt.date(2024, 4, 29))  # the last day before April falls due
    assert client.post(at(), form).status_code == 302
    form = opened(client, at()) | {"text": "Liian myöhään"}
    Programme.objects.update(status_date=dt.date(2024, 4, 30))
    assert client.post(at(), form).status_code == 422
    assert StatusUpdate.objects.get().text == "Myöhässä"
    assert client.get(at("2024-05")).status_code == 404


def test_no_change_is_one_click(programme: Programme, project: Project) -> None:
    question = asking(programme)
    client = signed_in(programme)
    sent(client, at(), text="Pilotti", next_steps="Koulutus", **{f"question_{question.pk}": "Jono lyheni"})
    Programme.objects.update(status_date=dt.date(2024, 4, 30))

    page = client.get(at("2024-04")).content.decode()
    assert "Pilotti" in page and 'name="same"' in page
    client.post(at("2024-04"), {"same": "1"})
    client.post(at("2024-04"), {"same": "1"})

    update = StatusUpdate.objects.get(month=APRIL)
    assert (update.text, update.next_steps) == ("Pilotti", "Koulutus")
    assert update.answers.get().text == "Jono lyheni"
    assert update.lights["schedule"]["code"] == "schedule_late"  # the lights are those of the day
    assert update.given_by is not None


def test_no_change_is_not_enough_for_a_new_question_that_must_be_answered(
    programme: Programme, project: Project
) -> None:
    client = signed_in(programme)
    sent(client, at(), text="Pilotti")
    asking(programme, is_required=True)
    Programme.objects.update(status_date=dt.date(2024, 4, 30))

    assert 'name="same"' not in client.get(at("2024-04")).content.decode()
    client.post(at("2024-04"), {"same": "1"})
    assert not StatusUpdate.objects.filter(month=APRIL).exists()
    assert sent(client, at("2024-04"), text="Yhä pilotti").status_code == 422  # the question is named


def test_two_who_give_it_at_once_lose_nothing(programme: Programme, project: Project) -> None:
    question = asking(programme)
    first, second = signed_in(programme), signed_in(programme)
    mine = opened(first, at()) | {"text": "Minun", f"question_{question.pk}": "Jono lyheni"}
    theirs = opened(second, at()) | {
        "text": "Minun",
        "next_steps": "Koulutus",
        f"question_{question.pk}": "Jono piteni",
    }

    assert first.post(at(), mine).status_code == 302
    refused = second.post(at(), theirs)

    page = refused.content.decode()
    assert refused.status_code == 409 and "Jono lyheni" in page
    update = StatusUpdate.objects.get()
    assert (update.next_steps, update.answers.get().text) == ("", "Jono lyheni")
    again = theirs | dict(HIDDEN.findall(page))
    assert second.post(at(), again).status_code == 302  # having seen it, it is meant
    update.refresh_from_db()
    assert (update.next_steps, update.answers.get().text) == ("Koulutus", "Jono piteni")


def test_what_was_typed_is_kept_as_a_draft(programme: Programme, project: Project) -> None:
    client = signed_in(programme)
    client.post(reverse("core:draft_keep"), {"draft_key": at(), "text": "Kesken"})
    assert Draft.objects.count() == 1
    assert "Kesken" in client.get(at()).content.decode()


def test_all_projects_use_one_form_that_the_office_edits_in_one_place(
    programme: Programme, project: Project
) -> None:
    """Demand 59."""
    make_project(programme, slug="toinen", state="running")
    office = signed_in(programme)
    rows = "/en/p/ohjelma/settings/report-questions/"

    sent(office, f"{rows}add/", name_fi="Mitä asiakas huomasi?", guidance_fi="Yhdellä lauseella")
    for slug in ("sahkoinen-asiointi", "toinen"):
        page = office.get(at(slug=slug)).content.decode()
        assert "Mitä asiakas huomasi?" in page and "Yhdellä lauseella" in page
    question = ReportQuestion.objects.get()
    sent(office, f"{rows}{question.pk}/", name_fi="Mikä muuttui asiakkaalle?", is_closed="on")
    for slug in ("sahkoinen-asiointi", "toinen"):
        assert "asiakkaalle" not in office.get(at(slug=slug)).content.decode()
    assert signed_in(programme, "project", project=project).get(rows).status_code == 403


def test_the_months_list_says_who_is_missing_and_reminds_once(programme: Programme, project: Project) -> None:
    manager = make_member(programme, "project", project=project)
    office = make_member(programme)
    Project.objects.update(manager=manager)
    make_project(programme, slug="toinen", state="running")
    make_project(programme, slug="tuleva", state="running", starts_on=dt.date(2024, 4, 2))
    make_project(programme, slug="suunnitteilla", state="planned")
    client = Client()
    client.force_login(office)
    sent(client, at(slug="toinen"), text="Kunnossa")

    found = month_of_all(programme)
    assert [line.project.slug for line in found.missing] == ["sahkoinen-asiointi"]
    assert [line.project.slug for line in found.given] == ["toinen"] and not found.is_late
    assert remind(programme) == 0  # until the last day nobody is chased

    Programme.objects.update(status_date=dt.date(2024, 4, 11))
    programme = Programme.objects.get()
    assert (remind(programme), remind(programme)) == (2, 0)
    assert set(Notification.objects.values_list("user", "code")) == {
        (manager.pk, "status.missing"), (office.pk, "status.chase"),
    }  # fmt: skip
    page = client.get("/en/p/ohjelma/status/").content.decode()
    assert 'data-project="sahkoinen-asiointi" data-given="no"' in page and "late" in page
    assert 'data-project="toinen" data-given="yes"' in page


def test_after_mine_comes_the_next_of_mine(programme: Programme, project: Project) -> None:
    manager = make_member(programme)
    make_project(programme, slug="toinen", state="running")
    Project.objects.update(manager=manager)
    client = Client()
    client.force_login(manager)

    assert sent(client, at(), text="Kunnossa")["Location"] == at(slug="toinen")
    assert sent(client, at(slug="toinen"), text="Tämäkin")["Location"].endswith("/projects/toinen/")


@pytest.mark.django_db(transaction=True)
def test_the_last_two_updates_given_at_once_keep_the_duty() -> None:
    programme = make_planning()
    projects = [make_project(programme, slug=slug, state="running") for slug in ("yksi", "kaksi")]
    duty = make_duty(programme, due_day=10, kept_by_code="project_status", followed_from=MARCH)
    people = [make_member(programme, "pmo") for _project in projects]
    meet = threading.Barrier(2)

    def work(project: Project, by: Any) -> None:
        try:
            with transaction.atomic():
                StatusUpdate(programme=programme, project=project, month=MARCH, given_by=by).stamp(by).save()
                meet.wait(20)  # neither sees the other's yet
                kept.look(programme, MARCH, by=by)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in zip(projects, people, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert list(duty.occurrences.values_list("period_key", "state")) == [("2024-04", "kept")]
