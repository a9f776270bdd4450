"""The time lines: what is drawn and said beside it, and days moved by their form."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.gantt import fill_gantt
from programme.models import Dependency, Milestone, Programme, Project
from tests.factories.accounts import make_member
from tests.factories.programme import make_theme
from tests.factories.projects import make_milestone, make_planning, make_project

pytestmark = pytest.mark.django_db

GANTT = "/en/p/ohjelma/gantt/"
MOVE = f"{GANTT}move/"
FIELD = re.compile(r'name="(d-\d+-[\d-]*)" value="([^"]*)"')


@pytest.fixture
def project() -> Project:
    """Running from January to September 2024, with three milestones: done, late to come, and waiting for that one."""
    row = make_project(
        make_planning(), slug="asiointi", name_fi="Asiointi & ajanvaraus", state="running",
        starts_on=dt.date(2024, 1, 1), ends_on=dt.date(2024, 9, 30),
    )  # fmt: skip
    make_milestone(
        row, key="a", name_fi="Selvitys", baseline_on=dt.date(2024, 2, 1), actual_on=dt.date(2024, 2, 9)
    )
    make_milestone(
        row, key="b", name_fi="Hankinta", baseline_on=dt.date(2024, 4, 1), forecast_on=dt.date(2024, 5, 20)
    )
    make_milestone(row, key="c", name_fi="Koulutus", baseline_on=dt.date(2024, 5, 6))
    link(row.milestones.get(key="c"), row.milestones.get(key="b"))
    return row


def link(who: Milestone, what: Milestone) -> Dependency:
    return Dependency.objects.create(
        programme=who.programme,
        project=who.project,
        milestone=who,
        on_project=what.project,
        on_milestone=what,
    )


def client_for(programme: Programme, role: str = "pmo", **scope: Any) -> Client:
    client = Client()
    client.force_login(make_member(programme, role, **scope))
    return client


def fields(client: Client, address: str = GANTT) -> dict[str, str]:
    """The fields of days as a browser would send them."""
    return dict(FIELD.findall(client.get(address).content.decode()))


def name_of(found: dict[str, str], row: Milestone) -> str:
    return next(name for name in found if name.startswith(f"d-{row.pk}-"))


def test_shapes_and_words_tell_what_the_figure_shows(project: Project) -> None:
    page = client_for(project.programme).get(GANTT).content.decode()
    svg, table = (
        re.search(r'<svg[^>]*class="gantt".*?</svg>', page, re.S),
        re.search(r'<tbody data-project="asiointi">.*?</tbody>', page, re.S),
    )
    assert svg and table

    assert 'data-arrows="1"' in svg[0]
    assert 'data-today="2024-03-31"' in svg[0]
    assert "not before 20 May 2024" in svg[0]
    assert "Asiointi &amp; ajanvaraus" in svg[0]
    assert not re.search(r'style=|<script|on\w+="', svg[0])
    assert table[0].count("<tr") == 4
    assert "14 days too early: not before 20.5.2024" in table[0]
    assert 'data-warned="1"' in page


def test_a_stretch_shows_what_has_a_day_in_it(project: Project) -> None:
    client = client_for(project.programme)

    page = client.get(f"{GANTT}?zoom=quarter").content.decode()

    assert 'data-window="2024-01-01/2024-03-31"' in page
    assert re.findall(r'data-node="m\d+" data-standing="(\w+)"', page) == ["done_late"]
    assert "at=2024-2" in page
    assert 'data-window="2023-01-01/2023-12-31"' in client.get(f"{GANTT}?zoom=year&at=2023").content.decode()
    assert client.get(f"{GANTT}?zoom=year&at=wrong").status_code == 200


def test_the_page_of_one_project_shows_what_it_is_linked_to_and_no_more(project: Project) -> None:
    programme = project.programme
    near, far = (make_project(programme, slug=slug, name_fi=slug) for slug in ("lahella", "kaukana"))
    asked, unasked = (make_milestone(near, key=key, name_fi=key) for key in ("kysytty", "muu"))
    make_milestone(far, key="etaalla", name_fi="etaalla")
    link(project.milestones.get(key="b"), asked)

    page = client_for(programme).get("/en/p/ohjelma/projects/asiointi/gantt/").content.decode()

    assert re.findall(r'<tbody data-project="([\w-]+)"', page) == ["asiointi", "lahella"]
    assert f'data-node="m{asked.pk}"' in page
    assert f'data-node="m{unasked.pk}"' not in page


def test_a_theme_narrows_and_an_unknown_one_is_not_there(project: Project) -> None:
    theme = make_theme(project.programme, key="toinen", number=9)
    make_project(project.programme, slug="toisen", name_fi="Toisen teeman", theme=theme)
    client = client_for(project.programme)

    page = client.get(f"{GANTT}?theme=toinen").content.decode()

    assert re.findall(r'<tbody data-project="([\w-]+)"', page) == ["toisen"]
    assert client.get(f"{GANTT}?theme=muu").status_code == 404


def test_days_are_moved_by_the_form_and_by_a_week(project: Project) -> None:
    client = client_for(project.programme)
    bought, trained = (project.milestones.get(key=key) for key in "bc")
    found = fields(client)
    assert len(found) == 2
    found[name_of(found, trained)] = "3.6.2024"

    answer = client.post(MOVE, found | {"week": f"{bought.pk}:7", "zoom": "year", "at": "2024"})
    again = client.post(MOVE, found | {"week": f"{bought.pk}:7"})

    bought.refresh_from_db()
    trained.refresh_from_db()
    assert answer["Location"] == f"{GANTT}?zoom=year&at=2024"
    assert (bought.forecast_on, trained.forecast_on) == (dt.date(2024, 5, 27), dt.date(2024, 6, 3))
    assert (bought.version, again.status_code) == (2, 302)
    assert trained.events.latest("pgh_id").pgh_context.metadata["user"] == trained.updated_by_id


def test_a_move_says_who_is_warned_by_it(project: Project) -> None:
    client = client_for(project.programme)
    found = fields(client)
    found[name_of(found, project.milestones.get(key="b"))] = "1.11.2024"

    page = client.post(MOVE, found, follow=True).content.decode()

    assert "2 are warned down the chain: Koulutus (Asiointi &amp; ajanvaraus)" in page
    assert 'data-warned="2"' in page


def test_a_day_that_somebody_moved_meanwhile_is_not_written_over(project: Project) -> None:
    client, bought = client_for(project.programme), project.milestones.get(key="b")
    found = fields(client)
    found[name_of(found, bought)] = "1.7.2024"
    found[name_of(found, project.milestones.get(key="c"))] = "1.8.2024"
    Milestone.objects.filter(pk=bought.pk).update(forecast_on=dt.date(2024, 6, 15))

    answer = client.post(MOVE, found)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "now 15.6.2024" in page
    assert 'value="1.7.2024"' in page
    assert project.milestones.get(key="c").forecast_on is None
    sent_again = dict(FIELD.findall(page))
    assert client.post(MOVE, sent_again).status_code == 302
    bought.refresh_from_db()
    assert bought.forecast_on == dt.date(2024, 7, 1)


def test_a_day_that_cannot_be_read_comes_back_named_and_nothing_is_stored(project: Project) -> None:
    client, bought = client_for(project.programme), project.milestones.get(key="b")
    found = fields(client)
    found[name_of(found, bought)] = "joskus"
    found[name_of(found, project.milestones.get(key="c"))] = "1.8.2024"

    answer = client.post(MOVE, found | {"project": "asiointi"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'aria-describedby="e{bought.pk}"' in page
    assert {"joskus", "1.8.2024"} <= set(dict(FIELD.findall(page)).values())
    assert project.milestones.get(key="c").forecast_on is None


def test_days_are_moved_by_those_who_may_edit_the_project(project: Project) -> None:
    programme = project.programme
    other = make_project(programme, slug="muu", name_fi="Muu")
    client = client_for(programme, "project", project=other)
    own = make_milestone(other)
    foreign = project.milestones.get(key="b")

    found = fields(client)

    assert list(found) == [f"d-{own.pk}-"]
    assert client.post(MOVE, {f"d-{foreign.pk}-2024-05-20": "1.7.2024"}).status_code == 403
    assert client.post(MOVE, found | {f"d-{own.pk}-": "1.4.2024"}).status_code == 302
    assert client_for(programme, "auditor").post(MOVE, {}).status_code == 403


def test_statements_stay_when_milestones_and_links_are_many(project: Project) -> None:
    client, counts = client_for(project.programme), []
    client.get(GANTT)
    for number in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(GANTT)
        counts.append(len(asked))
        for step in range(8):
            extra = make_project(project.programme, slug=f"p{number}-{step}", name_fi="Lisä")
            link(make_milestone(extra, key="x"), project.milestones.get(key="a"))

    assert counts[0] == counts[1] <= 10


def test_two_hundred_milestones_with_four_hundred_links_stand_on_one_page(project: Project) -> None:
    """As the bench fills and measures it (row `gantt`)."""
    Milestone.objects.all().delete()
    client = client_for(project.programme)

    assert fill_gantt(project.programme) == (200, 400)
    client.get(GANTT)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(GANTT).content.decode()

    drawn = re.search(r'<svg[^>]*class="gantt".*?</svg>', page, re.S)
    assert drawn and 'data-arrows="400"' in drawn[0]
    assert page.count('data-node="m') == 200
    assert len(asked) <= 10
