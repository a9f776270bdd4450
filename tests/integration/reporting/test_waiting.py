"""Waiting for me: one list over all programmes, what has a day first, the rest by age."""

import datetime as dt

import pytest
from django.test import Client

from core.talk import services
from measures.models import Proposal
from programme.models import RoleGrant
from risks.models import Obstacle
from tests.factories.counties import County, make_county, person

pytestmark = pytest.mark.django_db

FEBRUARY = dt.date(2024, 2, 1)


@pytest.fixture
def county() -> County:
    return make_county("own")


def test_one_list_over_all_programmes_the_most_pressing_first(county: County) -> None:
    other, foreign = make_county("second"), make_county("foreign")
    me = person(county, "pmo")
    RoleGrant.objects.create(programme=other.programme, user=me, role="director")
    measure = county.measure(code="T-1")
    services.comment(
        about=measure, text="Onko?", by=person(county, "director"), mentioned=[me], needs_answer=True
    )
    for place, name, day in ((county, "Vanha", FEBRUARY), (foreign, "Vieras", FEBRUARY)):
        Proposal.objects.create(programme=place.programme, subject=name, proposed_on=day)
    Obstacle.objects.create(
        programme=other.programme, measure=other.measure(), name_fi="Este", raised_on=FEBRUARY,
        level="director", due_on=dt.date(2024, 3, 10),
    )  # fmt: skip
    client = Client()
    client.force_login(me)

    page = client.get("/en/waiting/")

    items = page.context["page"].object_list
    assert [item.task.title for item in items[:2]] == ["Este", "Vanha"]
    assert "T-1 Toimenpide T-1: Onko?" in [item.task.title for item in items]
    assert items[0].is_late and "was due" in page.content.decode()
    assert "Vieras" not in page.content.decode()
    narrowed = client.get("/en/waiting/?kind=proposals").context["page"].object_list
    assert [item.task.title for item in narrowed] == ["Vanha"]


def test_a_long_list_has_a_page_of_its_own(county: County) -> None:
    me = person(county, "pmo")
    for n in range(17):
        Proposal.objects.create(programme=county.programme, subject=f"Ehdotus {n}", proposed_on=FEBRUARY)
    client = Client()
    client.force_login(me)

    home = client.get("/en/")

    assert (len(home.context["waiting"]), home.context["waiting_count"] >= 17) == (15, True)
    assert 'href="/en/waiting/"' in home.content.decode()
