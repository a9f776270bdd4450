"""Deviations: found once for each cause, owned, and closed by a person when the cause is gone (demand 57)."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Notification
from core.models import Setting
from measures.models import MonthlyUpdate, SavingsEntry
from programme.deviations import find
from programme.deviations.nightly import look_everywhere
from programme.models import Deviation, LightOverride, Milestone, Programme, Project, StatusUpdate
from programme.tasks import look_for_deviations
from tests.factories.accounts import make_member
from tests.factories.measures import make_entry, make_ground, make_line, make_measure
from tests.factories.projects import TODAY, make_milestone, make_planning, make_project
from tests.integration.programme.test_project_editing import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return make_planning()


@pytest.fixture
def project(programme: Programme) -> Project:
    return make_project(programme, state="planned")


def later(count: int) -> dt.date:
    return TODAY + dt.timedelta(days=count)


def slip(project: Project, days: int, **fields: Any) -> Milestone:
    return make_milestone(project, baseline_on=later(5), forecast_on=later(5 + days), **fields)


def look(programme: Programme, **more: Any) -> Any:
    programme = Programme.objects.get(pk=programme.pk)
    return find(programme, programme.today(), **more)


def signed_in(programme: Programme, role: str = "pmo", **scope: Any) -> Client:
    client = Client()
    client.force_login(make_member(programme, role, **scope))
    return client


AT = "/en/p/ohjelma/deviations/"


# --- what is found ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "count"), [(29, 0), (30, 1)])
def test_a_milestone_that_slips_far_enough_has_owner_action_day_and_state(
    programme: Programme, project: Project, days: int, count: int
) -> None:
    office = make_member(programme)
    slip(project, days)

    assert look(programme).opened == count
    if not count:
        return
    row = Deviation.objects.get()
    assert (row.kind, row.state, row.owner, row.found_on) == ("milestone_slipped", "open", office, TODAY)
    assert row.due_on == dt.date(2024, 4, 15)  # ten working days after Easter Monday
    assert Notification.objects.get(user=office).code == "deviation.found"
    page = signed_in(programme).get(f"{AT}{row.pk}/").content.decode()
    assert "was planned for 5 April 2024 and is now expected on 5 May 2024, 30 days later." in page


def test_the_threshold_is_data(programme: Programme, project: Project) -> None:
    slip(project, 10)
    Setting.objects.create(
        scope=programme.slug, key="lights.deviation_milestone_days", value=10, valid_from=TODAY
    )
    assert look(programme).opened == 1


def test_the_owner_is_the_nearest_who_is_named(programme: Programme, project: Project) -> None:
    office = make_member(programme)
    leader, manager, mine = (make_member(programme, role) for role in ("theme", "project", "measure"))
    project.theme.owner = leader
    project.theme.save()
    row = slip(project, 40)

    def owner() -> Any:
        Deviation.objects.all().delete()
        look(programme)
        return Deviation.objects.get().owner

    assert owner() == leader
    Project.objects.update(manager=manager)
    assert owner() == manager
    Milestone.objects.filter(pk=row.pk).update(owner=mine)
    assert owner() == mine
    for person in (leader, manager, mine):
        person.is_active = False
        person.save()
    assert owner() == office


def test_a_forecast_that_misses_its_plan_by_share_and_amount() -> None:
    ground = make_ground(status_date=TODAY)
    programme = ground.programme
    measure = make_measure(ground, "K-1", project=make_project(programme), stage="in_delivery")
    line = make_line(measure, ground)

    def months(series: str, cents: int) -> None:
        SavingsEntry.objects.filter(line=line, series=series).delete()
        for month in range(1, 13):
            make_entry(line, dt.date(2025, month, 1), cents, series)

    months("plan", -100_000_00)
    months("forecast", -80_000_00)  # 80 % is enough
    assert look(programme).opened == 0
    months("forecast", -79_000_00)
    assert look(programme).opened == 1
    row = Deviation.objects.get()
    assert (row.kind, row.about, row.amount_eur_cents) == ("forecast_missed", measure, 12 * 21_000_00)
    card = signed_in(programme).get("/en/p/koe/measures/K-1/more/deviations/")
    assert 'data-deviation="forecast_missed"' in card.content.decode()

    months("forecast", -100_000_00)
    assert look(programme).gone == 1


def test_a_light_that_turns_red_or_gets_worse_since_the_last_update(programme: Programme) -> None:
    project = make_project(programme, state="running")
    row = make_milestone(project, baseline_on=later(5))
    StatusUpdate.objects.create(
        programme=programme, project=project, month=dt.date(2024, 2, 1), text="Kunnossa",
        lights={"schedule": {"computed": "green", "code": "schedule_green", "params": {"count": 1}, "stated": None}},
    )  # fmt: skip
    assert look(programme, kinds=["light_turned"]).opened == 0

    Milestone.objects.filter(pk=row.pk).update(forecast_on=later(25))  # yellow
    assert look(programme, kinds=["light_turned"]).opened == 1
    found = Deviation.objects.get()
    assert (found.params["dimension"], found.params["before"], found.params["light"]) == (
        "schedule",
        "green",
        "yellow",
    )
    page = signed_in(programme).get(AT).content.decode()
    assert (
        "Schedule: from “on course” to “needs attention”. Käyttöönotto is now expected on 25 April 2024"
        in page
    )
    # Stating it otherwise hides nothing.
    LightOverride.objects.create(
        programme=programme, project=project, dimension="schedule", light="green", reason="Sovittu",
        given_on=TODAY, holds_until=later(5),
    )  # fmt: skip
    assert look(programme, kinds=["light_turned"]).gone == 0


def test_updates_of_projects_and_measures_are_missed_after_the_last_day() -> None:
    ground = make_ground()
    programme = ground.programme
    project, measure = make_project(programme, state="running"), make_measure(ground, stage="in_delivery")
    kinds = ["update_missing"]
    Programme.objects.update(status_date=dt.date(2024, 4, 10))
    assert look(programme, kinds=kinds).opened == 0

    Programme.objects.update(status_date=dt.date(2024, 4, 11))
    assert look(programme, kinds=kinds).opened == 2
    assert {row.about for row in Deviation.objects.all()} == {project, measure}

    StatusUpdate.objects.create(programme=programme, project=project, month=dt.date(2024, 3, 1), text="Nyt")
    MonthlyUpdate.objects.create(
        programme=programme, measure=measure, month=dt.date(2024, 3, 1), answer="same"
    )
    assert look(programme, kinds=kinds).gone == 2


# --- once for each cause ----------------------------------------------------------------------------------------------


def test_looked_for_again_nothing_is_opened_written_or_told_twice(
    programme: Programme, project: Project
) -> None:
    make_member(programme)
    slip(project, 40)
    look_everywhere()
    version = Deviation.objects.get().version

    assert look_everywhere() == {"opened": 0, "told": 0}
    assert Deviation.objects.get().version == version
    assert Notification.objects.count() == 1


def test_two_beats_on_a_night_work_once(programme: Programme, project: Project) -> None:
    slip(project, 40)
    assert look_for_deviations()["opened"] == 1
    assert look_for_deviations() == {}


@pytest.mark.django_db(transaction=True)
def test_two_who_look_at_once_leave_one_row_and_one_notice() -> None:
    programme = make_planning()
    make_member(programme)
    slip(make_project(programme, state="planned"), 40)
    at_once = threading.Barrier(2)

    def work() -> None:
        try:
            at_once.wait()
            look(programme)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Deviation.objects.count() == 1
    assert Notification.objects.count() == 1


# --- gone, back, closed -----------------------------------------------------------------------------------------------


def test_it_is_closed_when_the_cause_is_gone_and_a_person_agrees(
    programme: Programme, project: Project
) -> None:
    milestone = slip(project, 40)
    look(programme)
    row = Deviation.objects.get()
    client = signed_in(programme)

    refused = client.post(f"{AT}{row.pk}/close/", {"explanation": "Toimittaja vaihtui"})
    assert refused.status_code == 422 and "The cause is still there" in refused.content.decode()

    Milestone.objects.filter(pk=milestone.pk).update(forecast_on=later(6))
    assert look(programme).gone == 1
    row.refresh_from_db()
    assert (row.cause_gone_on, row.closed_on) == (TODAY, None)  # nobody has agreed yet
    assert "data-gone" in client.get(AT).content.decode()

    Milestone.objects.filter(pk=milestone.pk).update(forecast_on=later(46))
    assert look(programme).returned == 1
    row.refresh_from_db()
    assert row.cause_gone_on is None

    Milestone.objects.filter(pk=milestone.pk).update(forecast_on=later(6))
    nothing = client.post(f"{AT}{row.pk}/close/", {"explanation": " "})
    assert nothing.status_code == 422
    client.post(
        f"{AT}{row.pk}/close/", {"explanation": "Toimittaja vaihtui"}
    )  # looked at once more on closing
    row.refresh_from_db()
    assert (row.state, row.closed_on, row.explanation) == ("closed", TODAY, "Toimittaja vaihtui")

    Milestone.objects.filter(pk=milestone.pk).update(forecast_on=later(46))
    assert look(programme).opened == 1  # the same cause again is a row of its own
    assert Deviation.objects.filter(cause_key=row.cause_key).count() == 2


def test_who_owns_it_writes_the_action_and_others_only_read(programme: Programme, project: Project) -> None:
    manager = make_member(programme, "project", project=project)
    Project.objects.update(manager=manager)
    slip(project, 40)
    look(programme)
    row = Deviation.objects.get()
    client = Client()
    client.force_login(manager)

    answer = sent(
        client, f"{AT}{row.pk}/edit/", owner=str(manager.pk), due_on="30.4.2024", state="in_progress",
        action="Toinen toimittaja hoitaa koulutuksen",
    )  # fmt: skip

    assert answer["Location"] == f"{AT}{row.pk}/"
    row.refresh_from_db()
    assert (row.state, row.due_on) == ("in_progress", dt.date(2024, 4, 30))
    part = client.get(f"/en/p/ohjelma/projects/{project.slug}/part/deviations/").content.decode()
    assert "Toinen toimittaja hoitaa koulutuksen" in part
    other = signed_in(programme, "project", project=make_project(programme, slug="toinen"))
    assert other.get(f"{AT}{row.pk}/").status_code == 200
    assert other.post(f"{AT}{row.pk}/close/", {"explanation": "x"}).status_code == 403
    assert signed_in(programme, "auditor").post(f"{AT}find/").status_code == 403


def test_the_list_is_narrowed_and_holds_findings_of_the_books_too(
    programme: Programme, project: Project
) -> None:
    slip(project, 40)
    look(programme)
    Deviation.objects.create(
        programme=programme, kind="difference", cause_key="composition", found_on=TODAY, due_on=later(-1),
        amount_eur_cents=5_00,
    )  # fmt: skip
    client = signed_in(programme)

    def kinds(query: str) -> set[str]:
        page = client.get(f"{AT}{query}").content.decode()
        return {name for name in ("milestone_slipped", "difference") if f'data-deviation="{name}"' in page}

    assert kinds("") == {"milestone_slipped", "difference"}
    assert kinds("?kind=difference") == kinds("?overdue=1") == {"difference"}
    assert kinds(f"?theme={project.theme_id}") == {"milestone_slipped"}
    assert kinds("?owner=none") == {"milestone_slipped", "difference"}
    assert kinds("?state=closed") == set()
    found = Deviation.objects.get(kind="difference")
    assert client.get(f"{AT}{found.pk}/")["Location"] == "/en/p/ohjelma/savings/crossfooting/"


def test_the_button_looks_at_once(programme: Programme, project: Project) -> None:
    slip(project, 40)
    assert signed_in(programme, "director").post(f"{AT}find/").status_code == 302
    assert Deviation.objects.count() == 1
