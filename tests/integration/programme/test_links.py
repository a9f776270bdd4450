"""Links between milestones and projects through their pages: added, refused, warned of, told of."""

import datetime as dt
import re
import threading
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from accounts.models import Notification
from accounts.notices import text_of
from programme.models import Dependency, Milestone, Programme, Project
from programme.projects.links.forms import LinkForm
from programme.projects.links.services import add_link
from tests.factories.accounts import make_member, make_person
from tests.factories.projects import make_milestone, make_planning, make_project

pytestmark = pytest.mark.django_db

HIDDEN = re.compile(r'name="(was|token)" value="([^"]*)"')


@pytest.fixture
def programme() -> Programme:
    return make_planning()


@pytest.fixture
def booking(programme: Programme) -> Project:
    return make_project(
        programme, slug="asiointi", name_fi="Asiointi", manager=make_member(programme, "project")
    )


@pytest.fixture
def home_care(programme: Programme) -> Project:
    return make_project(programme, slug="kotihoito", name_fi="Kotihoito", ends_on=dt.date(2024, 6, 30))


@pytest.fixture
def pilot(booking: Project) -> Milestone:
    return make_milestone(booking, key="pilotti", name_fi="Pilotti", baseline_on=dt.date(2024, 5, 1))


@pytest.fixture
def launch(home_care: Project) -> Milestone:
    owner = make_member(home_care.programme, "project")
    return make_milestone(home_care, name_fi="Aloitus", baseline_on=dt.date(2024, 5, 10), owner=owner)


def client_for(programme: Programme, role: str = "pmo", **scope: Any) -> Client:
    client = Client()
    client.force_login(make_member(programme, role, **scope))
    return client


def at(slug: str, path: str = "") -> str:
    return f"/en/p/ohjelma/projects/{slug}/{path}"


def sent(client: Client, address: str, **values: Any) -> Any:
    """Opens the form and sends it."""
    return client.post(address, dict(HIDDEN.findall(client.get(address).content.decode())) | values)


def linked(who: Milestone | Project, what: Milestone | Project, gap: int = 0) -> Dependency:
    def ends(one: Milestone | Project) -> tuple[Project, Milestone | None]:
        return (one.project, one) if isinstance(one, Milestone) else (one, None)

    (project, milestone), (on_project, on_milestone) = ends(who), ends(what)
    return Dependency.objects.create(
        programme=project.programme, project=project, milestone=milestone, on_project=on_project,
        on_milestone=on_milestone, gap_days=gap,
    )  # fmt: skip


def test_a_link_is_added_by_name_and_says_who_is_warned_by_it(pilot: Milestone, launch: Milestone) -> None:
    client, address = client_for(pilot.programme), at("kotihoito", f"links/add/?milestone={launch.pk}")
    page = client.get(address).content.decode()
    assert '<optgroup label="Asiointi">' in page
    assert f'<option value="{launch.pk}" selected>' in page

    answer = sent(
        client,
        address,
        milestone=launch.pk,
        what=f"{pilot.project_id}-{pilot.pk}",
        gap_days=14,
        note="Laitteet",
    )

    row = Dependency.objects.get()
    assert answer["Location"] == at("kotihoito") + "#links"
    assert (row.milestone, row.on_milestone, row.gap_days, row.note) == (launch, pilot, 14, "Laitteet")
    page = client.get(answer["Location"]).content.decode()
    assert 'data-milestone="kayttoonotto" data-standing="on_time" data-late-days="5"' in page
    assert "5 days too early: not possible before 15 May 2024" in page
    assert "Warned down the chain: Aloitus (Kotihoito)" in page


@pytest.mark.parametrize("values", [{"what": ""}, {"what": "1-1"}, {"what": "x"}])
def test_a_link_to_nothing_is_refused_at_its_field(booking: Project, values: dict[str, str]) -> None:
    answer = sent(client_for(booking.programme), at("asiointi", "links/add/"), gap_days=0, **values)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["what"])


def test_nothing_waits_for_itself_and_the_same_link_stands_once(pilot: Milestone, launch: Milestone) -> None:
    linked(launch, pilot)
    client = client_for(pilot.programme)

    again = sent(
        client,
        at("kotihoito", "links/add/"),
        milestone=launch.pk,
        what=f"{pilot.project_id}-{pilot.pk}",
        gap_days=0,
    )
    itself = sent(
        client, at("kotihoito", "links/add/"), milestone="", what=f"{launch.project_id}-0", gap_days=0
    )

    assert (again.status_code, itself.status_code, Dependency.objects.count()) == (422, 422, 1)
    assert "This link is there already." in again.content.decode()
    assert "Nothing waits for itself." in itself.content.decode()


def test_a_circle_is_refused_and_named_even_through_a_whole_project(
    pilot: Milestone, launch: Milestone
) -> None:
    linked(launch, pilot.project)

    answer = sent(
        client_for(pilot.programme), at("asiointi", "links/add/"), milestone=pilot.pk,
        what=f"{launch.project_id}-{launch.pk}", gap_days=0,
    )  # fmt: skip

    assert (answer.status_code, Dependency.objects.count()) == (422, 1)
    assert (
        "This would make a circle: Pilotti (Asiointi) → Aloitus (Kotihoito) → Asiointi → Pilotti (Asiointi)."
        in answer.content.decode()
    )


def test_a_delay_in_one_project_shows_in_the_other_and_is_told_once(
    pilot: Milestone, launch: Milestone
) -> None:
    linked(launch, pilot)
    third = make_project(pilot.programme, slug="laakinta", name_fi="Lääkintä", ends_on=dt.date(2024, 7, 1))
    linked(third, launch.project)
    client = client_for(pilot.programme)
    assert "data-late-days" not in client.get(at("kotihoito")).content.decode()
    days = {"name_fi": "Pilotti", "baseline_on": "1.5.2024", "actual_on": ""}

    for forecast in ("24.7.2024", "26.7.2024"):
        answer = sent(client, at("asiointi", f"milestones/{pilot.pk}/"), **days, forecast_on=forecast)
        page = client.get(answer["Location"]).content.decode()
        assert "3 are warned down the chain: Aloitus (Kotihoito) (" in page

    assert page.count("data-beyond") == 3
    assert "Lääkintä" in page
    other = client.get(at("kotihoito")).content.decode()
    assert 'data-late-days="77"' in other
    assert "because of Pilotti (Asiointi)" in other
    assert 'data-warned="project"' in other
    assert (
        "because of Kotihoito → Aloitus (Kotihoito) → Pilotti (Asiointi)"
        in client.get(at("laakinta")).content.decode()
    )
    (told,) = Notification.objects.filter(user=launch.owner)
    assert (told.code, told.url) == ("schedule.warned", "/p/ohjelma/projects/kotihoito/#links")
    assert "Pilotti (Asiointi)" in text_of(told.code, told.params, pilot.programme)
    assert not Notification.objects.filter(user=pilot.project.manager).exists()


def test_a_link_is_edited_and_removed_with_its_history_kept(pilot: Milestone, launch: Milestone) -> None:
    row = linked(launch, pilot)
    client = client_for(pilot.programme)

    assert sent(client, at("kotihoito", f"links/{row.pk}/"), gap_days=10, note="Koulutus").status_code == 302
    row.refresh_from_db()
    assert (row.gap_days, row.note, row.on_milestone) == (10, "Koulutus", pilot)
    assert (
        "1 link goes with it."
        in client.get(at("asiointi", f"milestones/{pilot.pk}/remove/")).content.decode()
    )
    address = at("kotihoito", f"links/{row.pk}/remove/")
    assert "Pilotti (Asiointi)" in client.get(address).content.decode()
    assert client.post(address, {"reason": "131052-308T"}).status_code == 422

    client.post(address, {"reason": "Hankinta siirtyi"})

    last = row.events.model.objects.filter(pgh_obj_id=row.pk).select_related("pgh_context").latest("pgh_id")
    assert not Dependency.objects.exists()
    assert (last.pgh_label, last.pgh_context.metadata["reason"]) == ("delete", "Hankinta siirtyi")


def test_links_are_for_those_who_may_edit_the_project_that_waits(pilot: Milestone, launch: Milestone) -> None:
    row = linked(launch, pilot)
    client = client_for(pilot.programme, "project", project=pilot.project)

    assert client.get(at("asiointi", "links/add/")).status_code == 200
    assert client.get(at("kotihoito", "links/add/")).status_code == 403
    assert client.post(at("kotihoito", f"links/{row.pk}/remove/")).status_code == 403
    page = client.get(at("kotihoito")).content.decode()
    assert "links/add/" not in page
    assert f'data-link="{row.pk}"' in page


@pytest.mark.django_db(transaction=True)
def test_two_people_adding_at_once_make_no_circle_together(pilot: Milestone, launch: Milestone) -> None:
    programme, people = pilot.programme, [make_person("a"), make_person("b")]
    meet = threading.Barrier(2)
    outcomes: list[str] = []

    def add(who: Milestone, what: Milestone, by: Any) -> None:
        try:
            form = LinkForm(
                {"milestone": who.pk, "what": f"{what.project_id}-{what.pk}", "gap_days": 0},
                instance=Dependency(programme=programme, project=who.project), programme=programme, user=by,
            )  # fmt: skip
            assert form.is_valid(), form.errors
            meet.wait(20)
            add_link(form, by)
            outcomes.append("added")
        except ValidationError as refused:
            outcomes.append(refused.error_dict["what"][0].code or "")
        finally:
            connection.close()

    pairs = ((pilot, launch, people[0]), (launch, pilot, people[1]))
    threads = [threading.Thread(target=add, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(outcomes) == ["added", "circle"]
    assert Dependency.objects.count() == 1
