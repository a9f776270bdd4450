"""The register: whose risks, filters, risks of projects raised and counted once, reviews, risks that came true."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Notification
from core.waiting import waiting_for
from programme.models import Project
from programme.projects.lights import lights_of
from risks.models import Mitigation, Obstacle, Risk
from risks.register.notices import remind
from risks.register.pictures import summary_of
from risks.register.selectors import counted_threats, register_of
from tests.factories.counties import County, make_county, person
from tests.factories.risks import make_assessment, make_mitigation, make_risk
from tests.integration.risks.test_risk_pages import send

pytestmark = pytest.mark.django_db
RISKS = "/p/own/risks/"


@pytest.fixture
def county() -> County:
    return make_county("own")


@pytest.fixture
def project(county: County) -> Project:
    return Project.objects.create(
        programme=county.programme, slug="hanke", name_fi="Hanke", theme=county.theme
    )


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def numbers(answer: Any) -> list[int]:
    return [line.row.number for line in answer.context["lines"]]


def test_filters_and_cells_narrow_the_register(county: County, project: Project) -> None:
    office = person(county)
    high = make_risk(county.programme, category="talous", owner=office)
    low = make_risk(county.programme, key="r2", number=2, category="henkilöstö")
    make_risk(county.programme, key="r3", number=3, state="closed", closed_on="2024-01-01")
    make_risk(county.programme, key="r4", number=4, project=project)
    make_assessment(high, likelihood_now=4, impact_now=4, likelihood_after=2, impact_after=2)
    make_assessment(low, likelihood_now=2, impact_now=2, assessed_on=dt.date(2022, 1, 31))
    client = client_of(office)

    def asked(query: str) -> list[int]:
        return numbers(client.get(f"{RISKS}?{query}"))

    assert asked("") == [1, 2]
    assert asked("where=all") == [1, 2, 4]
    assert asked(f"where=p{project.pk}") == asked("where=projects") == [4]
    assert asked("state=closed") == [3]
    assert asked("category=talous") == asked(f"owner={office.pk}") == asked("above=1") == [1]
    assert asked("where=all&above=none") == [4]
    assert asked("where=all&due=1") == [2, 4]
    assert asked("cell=4-4") == [1]
    assert asked("moment=after&cell=2-2") == [1]
    assert asked("cell=5-5") == []
    assert asked("owner=nonsense&moment=never&cell=9-9") == [1, 2]


def test_the_line_of_what_is_accepted_is_a_parameter(county: County) -> None:
    make_assessment(make_risk(county.programme), likelihood_now=3, impact_now=3)
    client = client_of(person(county))
    assert numbers(client.get(f"{RISKS}?above=1")) == [1]

    path = "/p/own/settings/parameters/risks.appetite/"
    form = client.get(path).context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {"value": "9", "reason": "Hallitus"}
    assert client.post(path, data).status_code == 302

    answer = client.get(f"{RISKS}?above=1")
    assert numbers(answer) == []
    assert 'data-appetite="9"' in client.get(RISKS).content.decode()


def test_who_adds_and_edits_which_risks(county: County, project: Project) -> None:
    other = Project.objects.create(programme=county.programme, slug="muu", name_fi="Muu")
    lead = client_of(person(county, "project", project=project))
    own = make_risk(county.programme, project=project)
    foreign = make_risk(county.programme, key="r2", number=2, project=other)
    whole = make_risk(county.programme, key="r3", number=3)

    given = [lead.get(f"{RISKS}{risk.pk}/edit/").status_code for risk in (own, foreign, whole)]
    assert given == [200, 403, 403]
    assert lead.get("/p/own/projects/muu/risks/add/").status_code == 403
    assert send(lead, f"{RISKS}add/", name_fi="Ohjelman riski").status_code == 422
    assert send(lead, "/p/own/projects/hanke/risks/add/", name_fi="Toimittaja myöhästyy").status_code == 302
    added = Risk.objects.get(name_fi="Toimittaja myöhästyy")
    assert (added.project, added.number, added.assessment) == (project, 4, None)

    director = client_of(person(county, "director"))
    assert send(director, f"{RISKS}add/", name_fi="Ohjelman riski").status_code == 302
    assert Risk.objects.get(name_fi="Ohjelman riski").project is None
    assert client_of(person(county, "auditor")).get(f"{RISKS}{own.pk}/edit/").status_code == 403


def test_a_projects_risk_is_raised_and_counted_once(county: County, project: Project) -> None:
    whole = make_risk(county.programme)
    part = make_risk(county.programme, key="r2", number=2, project=project)
    alone = make_risk(county.programme, key="r3", number=3, project=project)
    make_risk(county.programme, key="r4", number=4, project=project)
    make_assessment(whole, likelihood_now=2, impact_now=2)
    make_assessment(part, likelihood_now=5, impact_now=5)
    lead = client_of(person(county, "project", project=project))

    assert send(lead, f"{RISKS}{part.pk}/raise/", parent=str(whole.pk)).status_code == 302
    assert send(lead, f"{RISKS}{alone.pk}/raise/").status_code == 302

    summary = summary_of(register_of(county.programme))
    assert {key: summary[key] for key in ("counted", "parts", "projects", "above", "within", "unassessed")} == {
        "counted": 2, "parts": 1, "projects": 1, "above": 0, "within": 1, "unassessed": 1,
    }  # fmt: skip
    answer = lead.get(RISKS)
    assert numbers(answer) == [1, 3]
    assert set(counted_threats(county.programme)) == {whole, alone}
    [shown] = answer.context["lines"][0].parts_above
    assert shown.row == part
    assert [line.row for line in lead.get(f"{RISKS}{whole.pk}/").context["parts"]] == [part]

    # A parent that is closed leaves its part standing alone: nothing is lost.
    Risk.objects.filter(pk=whole.pk).update(state="closed", closed_on="2024-03-01")
    assert numbers(lead.get(RISKS)) == [2, 3]
    assert set(counted_threats(county.programme)) == {part, alone}
    assert lead.post(f"{RISKS}{part.pk}/take-back/").status_code == 302
    assert numbers(lead.get(RISKS)) == [3]


def test_a_closed_risk_has_its_day_and_an_opened_one_none(county: County) -> None:
    risk = make_risk(county.programme)
    client = client_of(person(county))

    assert send(client, f"{RISKS}{risk.pk}/edit/", state="closed").status_code == 302
    risk.refresh_from_db()
    assert risk.closed_on == dt.date(2024, 3, 31)
    assert send(client, f"{RISKS}{risk.pk}/edit/", state="open").status_code == 302
    risk.refresh_from_db()
    assert risk.closed_on is None


def test_a_mitigation_has_owner_and_day_waits_and_is_done_in_one_click(county: County) -> None:
    owner = person(county, "measure")
    risk = make_risk(county.programme)
    other = make_risk(county.programme, key="r2", number=2)
    office = client_of(person(county))
    added = send(
        office, f"{RISKS}{risk.pk}/mitigations/add/", name_fi="Varahenkilöt", owner=str(owner.pk),
        due_on="1.3.2024", refers_to=[str(other.pk)],
    )  # fmt: skip
    assert added.status_code == 302
    row = Mitigation.objects.get()
    assert [one.risk for one in row.references.all()] == [other]

    def waiting() -> list[str]:
        owner.__dict__.pop("_portal_grants", None)
        found = waiting_for(owner, [county.programme])
        return [one.text for kind, rows in found if kind.key == "mitigations" for one in rows]

    assert waiting() == ["Varahenkilöt"]
    assert (
        client_of(person(county, "measure")).post(f"{RISKS}{risk.pk}/mitigations/{row.pk}/done/").status_code
        == 403
    )
    assert client_of(owner).post(f"{RISKS}{risk.pk}/mitigations/{row.pk}/done/").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.done_on) == ("done", dt.date(2024, 3, 31))
    assert waiting() == []


def test_the_yearly_look_is_told_once_and_answered_in_one_click(county: County) -> None:
    owner, office = person(county, "measure"), person(county)
    old = make_risk(county.programme, owner=owner)
    make_assessment(old, assessed_on=dt.date(2023, 3, 1))
    fresh = make_risk(county.programme, key="r2", number=2)
    make_assessment(fresh, assessed_on=dt.date(2024, 2, 1))

    assert remind(county.programme) == 2  # the owner and the office
    assert remind(county.programme) == 0

    assert client_of(owner).post(f"{RISKS}{old.pk}/reviewed/").status_code == 302
    old.refresh_from_db()
    assert old.reviewed_on == dt.date(2024, 3, 31)
    assert not Notification.objects.filter(read_at=None).exists()
    assert remind(county.programme) == 0
    assert office.pk in set(Notification.objects.values_list("user", flat=True))


def test_a_risk_that_came_true_is_an_obstacle_and_keeps_the_link(county: County, project: Project) -> None:
    risk = make_risk(county.programme, project=project)
    lead = client_of(person(county, "project", project=project))

    assert send(lead, f"{RISKS}{risk.pk}/came-true/", text="Toimittaja vetäytyi").status_code == 302

    obstacle = Obstacle.objects.get()
    risk.refresh_from_db()
    assert (obstacle.risk, obstacle.project, obstacle.name_fi) == (risk, project, "Toimittaja vetäytyi")
    assert (risk.state, risk.closed_on) == ("realised", None)
    assert f'data-obstacle="{obstacle.pk}"' in lead.get(f"{RISKS}{risk.pk}/").content.decode()


def test_opportunities_have_a_matrix_of_their_own(county: County) -> None:
    chance = make_risk(county.programme, kind="opportunity")
    make_assessment(chance, likelihood_now=5, impact_now=5)
    answer = client_of(person(county)).get(RISKS)

    threats, chances = answer.context["pictures"]
    assert (threats.marks, [mark.line.row for mark in chances.marks]) == ([], [chance])
    assert chances.appetite is None
    assert not answer.context["lines"][0].is_above


def test_a_projects_light_is_its_worst_open_risk(county: County, project: Project) -> None:
    calm = make_risk(county.programme, project=project)
    make_assessment(calm, likelihood_now=2, impact_now=2)
    closed = make_risk(
        county.programme, key="r2", number=2, project=project, state="closed", closed_on="2024-01-01"
    )
    make_assessment(closed, likelihood_now=5, impact_now=5)
    assert lights_of([project])[project.pk]["risks"].light == "green"

    make_assessment(calm, assessed_on=dt.date(2024, 3, 1), likelihood_now=3, impact_now=3)
    assert lights_of([project])[project.pk]["risks"].light == "yellow"


def test_the_register_costs_the_same_however_many_risks(county: County) -> None:
    client = client_of(person(county))

    def asked(first: int, count: int) -> int:
        for number in range(first, first + count):
            risk = make_risk(county.programme, key=f"r{number}", number=number)
            make_assessment(risk)
            make_mitigation(risk)
        with CaptureQueriesContext(connection) as found:
            assert client.get(RISKS).status_code == 200
        return len(found)

    client.get(RISKS)  # the first page of a person reads more
    few = asked(1, 2)
    assert asked(3, 6) == few <= 14
