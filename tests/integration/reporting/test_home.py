"""My work: what waits for each role, oldest first, in a constant number of statements."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core.models import Draft
from measures.models import Measure, MonthlyUpdate, Series
from programme.models import Milestone, PlanPart, Project
from risks.models import Obstacle
from tests.factories.counties import County, make_county, person
from tests.golden import Golden
from tests.integration.reporting.conftest import sign_in
from tests.integration.reporting.test_pages import text_of

pytestmark = pytest.mark.django_db

JANUARY, FEBRUARY = dt.date(2024, 1, 1), dt.date(2024, 2, 1)


@pytest.fixture
def county() -> County:
    """The day before March ends: February is due."""
    made = make_county("own")
    made.programme.status_date = dt.date(2024, 3, 30)
    made.programme.save()
    return made


def work_of(user: Any) -> Any:
    """What the person's first page holds."""
    client = Client()
    client.force_login(user)
    return client.get("/en/").context["work"]


def groups_of(user: Any) -> dict[str, list[str]]:
    return {group.key: [task.title for task in group.tasks] for group in work_of(user).groups}


# ---------------------------------------------------------------------------- empty pages teach
def test_the_empty_state_teaches(county: County) -> None:
    client = Client()
    client.force_login(person(county, "auditor"))

    text = text_of(client.get("/en/").content)

    assert "own ohjelma" in text
    assert "Nothing waits for you" in text
    assert "its monthly update appears here" in text


@pytest.mark.parametrize("role", ["council", "staff"])
def test_nobody_is_sent_to_a_dashboard_they_may_not_see(county: County, role: str) -> None:
    client = Client()
    client.force_login(person(county, role))

    text = text_of(client.get("/en/").content)

    assert "When something is asked of you, it appears here." in text
    assert "Look at the dashboard" not in text


def test_somebody_without_a_programme_is_told_whom_to_ask(db: None) -> None:
    client = Client()
    client.force_login(User.objects.create_user("uusi"))

    assert "You have no programme yet" in text_of(client.get("/en/").content)


# ---------------------------------------------------------------------------- measures of mine
def test_my_measures_show_the_last_month_claimed_and_the_next_step(golden: Golden) -> None:
    client = sign_in(golden.programme, "measure")
    me = User.objects.get(username="measure-esimerkki")
    Measure.objects.filter(programme=golden.programme).update(owner=me)

    text = text_of(client.get("/en/").content)

    assert "E1 Toimenpide E1" in text
    assert "7/2024" in text
    assert "Enter what was realised from 8/2024 on." in text  # July is claimed, August ends today
    assert "Enter what was realised from 6/2024 on." in text  # E2 was last claimed for May
    assert "E4" not in text  # withdrawn


def test_updates_wait_oldest_first_with_a_link_of_one_tap(county: County) -> None:
    me = person(county, "measure")
    recent, old = (county.measure(code=code, stage="in_delivery", owner=me) for code in ("T-1", "T-2"))
    done, planned = (
        county.measure(code="T-3", stage="decided", owner=me),
        county.measure(code="T-4", owner=me),
    )
    county.entry(recent, JANUARY, -1, Series.CLAIMED)
    county.entry(old, dt.date(2023, 6, 1), -1, Series.CLAIMED)
    MonthlyUpdate.objects.create(
        programme=county.programme, measure=done, month=FEBRUARY, answer="same", given_by=me
    )
    county.measure(code="T-5", stage="in_delivery")

    group = next(one for one in work_of(me).groups if one.key == "updates")

    assert [task.title for task in group.tasks] == ["T-2 Toimenpide T-2", "T-1 Toimenpide T-1"]
    assert group.tasks[0].url.endswith("/p/own/measures/T-2/update/")
    # January was the last one given: February fell due on 1 March, 29 days before 30 March.
    assert (group.tasks[1].age, group.tasks[1].is_old, group.tasks[0].is_old) == (29, False, True)
    assert "2024" in group.hint  # the day by which it is given
    assert planned.code not in " ".join(task.title for task in group.tasks)


def test_what_my_measures_lack_is_named(county: County) -> None:
    me = person(county, "measure")
    lacking = county.measure(code="T-1", owner=me)
    whole = county.measure(code="T-2", owner=me, starts_on=JANUARY, ends_on=dt.date(2024, 12, 31))
    county.entry(whole, JANUARY, -1)

    group = next(one for one in work_of(me).groups if one.key == "missing")

    assert [task.title for task in group.tasks] == [f"T-1 {lacking.name}"]
    assert group.tasks[0].detail == "missing: dates, plan by month"


# ---------------------------------------------------------------------------- obstacles, drafts, projects
def test_obstacles_wait_for_whom_they_reached(county: County) -> None:
    theme_owner = person(county, "theme", theme=county.theme)
    director, raiser = person(county, "director"), person(county, "measure")
    measure = county.measure()
    at_theme, at_director = (
        Obstacle.objects.create(
            programme=county.programme,
            measure=measure,
            name_fi=name,
            raised_on=day,
            raised_by=raiser,
            level=level,
        )
        for name, day, level in (
            ("Teemalle", dt.date(2024, 3, 1), "theme_owner"),
            ("Johtajalle", dt.date(2024, 2, 1), "director"),
        )
    )
    Obstacle.objects.create(
        programme=county.programme, measure=measure, name_fi="Ratkaistu", raised_on=JANUARY, raised_by=raiser,
        state="decided", decided_on=FEBRUARY,
    )  # fmt: skip

    assert groups_of(theme_owner)["answers"] == [at_theme.name]
    assert groups_of(director)["answers"] == [at_director.name]
    assert groups_of(raiser)["raised"] == [at_director.name, at_theme.name]
    assert "answers" not in groups_of(person(county, "sector", sector=county.sector))


def test_my_drafts_are_my_own(county: County) -> None:
    me, other = person(county, "pmo"), person(county, "pmo")
    Draft.objects.create(user=me, key="/p/own/measures/T-1/edit/", title="T-1 Toimenpide", values={})
    Draft.objects.create(user=other, key="/p/own/measures/T-2/edit/", title="Toisen", values={})

    group = next(one for one in work_of(me).groups if one.key == "drafts")

    assert [(task.title, task.url) for task in group.tasks] == [
        ("T-1 Toimenpide", "/p/own/measures/T-1/edit/")
    ]


def test_projects_of_mine_tell_what_they_lack(county: County) -> None:
    me = person(county, "project")
    programme = county.programme
    project = Project.objects.create(programme=programme, slug="hanke", name_fi="Hanke", manager=me)
    Project.objects.create(programme=programme, slug="toinen", name_fi="Toinen")
    for key in ("tavoite", "resurssit"):
        PlanPart.objects.create(programme=programme, key=key, name_fi=key)
    PlanPart.objects.create(programme=programme, key="vanha", name_fi="Ei kysytä", is_closed=True)
    for key, day, actual in (
        ("a", FEBRUARY, None),
        ("b", JANUARY, FEBRUARY),
        ("c", dt.date(2024, 6, 1), None),
    ):
        Milestone.objects.create(
            programme=programme, project=project, key=key, name_fi=key, baseline_on=day, actual_on=actual
        )

    group = next(one for one in work_of(me).groups if one.key == "projects")

    assert [task.title for task in group.tasks] == ["Hanke"]
    assert group.tasks[0].detail == "2 parts of the plan are missing, 1 milestone is late"
    assert group.tasks[0].age == 58  # from 1 February to 30 March


# ---------------------------------------------------------------------------- roles
def test_the_office_sees_who_has_not_updated_and_their_addresses(county: County) -> None:
    office, owner = person(county, "pmo"), person(county, "measure")
    owner.email, owner.first_name, owner.last_name = "olli@example.org", "Olli", "Omistaja"
    owner.save()
    for _turn in range(2):
        county.measure(stage="in_delivery", owner=owner)
    county.measure(stage="decided")

    (found,) = work_of(office).offices

    assert (found.month, found.count, found.emails) == ("2/2024", 3, "olli@example.org")
    assert [(one.name, one.count) for one in found.owing] == [("Olli Omistaja", 2), ("owner missing", 1)]
    assert found.owing[0].url.endswith(f"?owner={owner.pk}")
    assert work_of(owner).offices == []


def test_the_controller_sees_claims_that_wait(county: County) -> None:
    measure = county.measure(stage="in_delivery")
    for month in (JANUARY, FEBRUARY):
        county.entry(measure, month, -1, Series.CLAIMED)

    group = next(one for one in work_of(person(county, "controller")).groups if one.key == "claims")

    assert [task.title for task in group.tasks] == ["2 claims wait for confirmation"]
    assert group.tasks[0].url.endswith("/savings/confirmation/")


def test_leads_see_theirs_and_nobody_elses(county: County) -> None:
    measure = county.measure(code="T-1", stage="in_delivery")
    theme = person(county, "theme", theme=county.theme)
    sector = person(county, "sector", sector=county.sector)

    assert groups_of(theme)["lead"] == [f"T-1 {measure.name}"]
    assert groups_of(sector)["lead"] == [f"T-1 {measure.name}"]
    assert "lead" not in groups_of(person(county, "segment"))
    assert "lead" not in groups_of(person(make_county("foreign"), "theme"))


# ---------------------------------------------------------------------------- what it costs
@pytest.mark.parametrize("role", ["measure", "pmo", "controller", "theme", "project", "director"])
def test_queries_of_my_work_do_not_grow(county: County, role: str) -> None:
    me = person(county, role, **({"theme": county.theme} if role == "theme" else {}))
    client = Client()
    client.force_login(me)

    def grow(count: int) -> None:
        for _turn in range(count):
            measure = county.measure(stage="in_delivery", owner=me)
            county.measure(stage="in_delivery")
            county.entry(measure, JANUARY, -1, Series.CLAIMED)
            Obstacle.objects.create(
                programme=county.programme, measure=measure, name_fi="Este", raised_on=JANUARY, raised_by=me
            )
            Project.objects.create(
                programme=county.programme, slug=f"p{measure.pk}", name_fi="Hanke", manager=me
            )
            Draft.objects.create(user=me, key=f"/p/own/{measure.pk}/", values={})
        PlanPart.objects.create(programme=county.programme, key=f"k{count}", name_fi="Osa")

    def asked() -> int:
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/").status_code == 200
        return len(queries)

    grow(2)
    first = asked()
    grow(4)

    assert asked() <= first  # the session may note the hour once
    assert first <= 26  # one for each kind of thing that waits
