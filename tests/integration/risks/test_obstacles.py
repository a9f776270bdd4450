"""Obstacles in one line: who raises them, in which language, what they stop; the list, oldest first."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from programme.models import Project
from risks.escalation.services import raise_obstacle
from risks.models import Obstacle
from tests.factories.counties import County, make_county, person

pytestmark = pytest.mark.django_db
ADD = "/p/own/obstacles/add/"


@pytest.fixture
def county() -> County:
    return make_county("own")


def client_of(county: County, role: str) -> Client:
    client = Client()
    client.force_login(person(county, role))
    return client


def send(client: Client, path: str, **data: Any) -> Any:
    form = client.get(path).context["form"]
    hidden = {name: form[name].value() or "" for name in ("token", "was", "measure", "project")}
    return client.post(path, hidden | data)


def test_one_line_from_a_measure_is_enough(county: County) -> None:
    county.measure(code="T-1")
    client = client_of(county, "measure")

    answer = send(client, f"{ADD}?measure=T-1", text="Sopimus odottaa")

    row = Obstacle.objects.get()
    assert (row.name_fi, row.measure.code, row.level, row.state) == (  # type: ignore[union-attr]
        "Sopimus odottaa", "T-1", "theme_owner", "raised",
    )  # fmt: skip
    assert answer.url.endswith("/p/own/measures/T-1/")


def test_from_a_project_it_stops_the_project(county: County) -> None:
    Project.objects.create(programme=county.programme, slug="hanke", name_fi="Hanke")
    client = client_of(county, "director")

    send(client, f"{ADD}?project=hanke", text="Resurssi puuttuu")

    assert Obstacle.objects.get().project.slug == "hanke"  # type: ignore[union-attr]


def test_it_is_written_in_the_writers_language(county: County) -> None:
    client = client_of(county, "pmo")

    send(client, f"/sv{ADD}", text="Avtalet saknas")

    row = Obstacle.objects.get()
    assert (row.name_fi, row.name_sv) == ("", "Avtalet saknas")


@pytest.mark.parametrize("text", ["", "   ", "Hetu 131052-308T", "x" * 1001])
def test_a_refused_line_is_named(county: County, text: str) -> None:
    answer = send(client_of(county, "pmo"), ADD, text=text)

    assert answer.status_code == 422
    assert "text" in answer.context["form"].errors
    assert not Obstacle.objects.exists()


def test_sent_twice_it_is_raised_once(county: County) -> None:
    client = client_of(county, "pmo")
    form = client.get(ADD).context["form"]
    data = {name: form[name].value() or "" for name in ("token", "was")} | {"text": "Este"}

    for _turn in range(2):
        assert client.post(ADD, data).status_code == 302

    assert Obstacle.objects.count() == 1


def test_another_countys_measure_cannot_be_chosen(county: County) -> None:
    foreign = make_county("foreign").measure(code="V-1")
    client = client_of(county, "pmo")

    assert client.get(f"{ADD}?measure=V-1").status_code == 404
    assert send(client, ADD, text="Este", measure=str(foreign.pk)).status_code == 422


def test_who_may_raise(county: County) -> None:
    given = {
        role: client_of(county, role).get(ADD).status_code for role in ("measure", "pmo", "auditor", "board")
    }

    assert given == {"measure": 200, "pmo": 200, "auditor": 403, "board": 403}


def test_a_long_text_goes_on_in_the_description(county: County) -> None:
    row = raise_obstacle(
        programme=county.programme, name="sana " * 100, by=None, on=dt.date(2024, 3, 1), language="fi"
    )

    assert len(row.name_fi) == 200
    assert row.description_fi.startswith("sana sana")
    with pytest.raises(ValidationError):
        raise_obstacle(programme=county.programme, name=" ", by=None, on=dt.date(2024, 3, 1))


def test_the_list_is_oldest_first_and_costs_the_same(county: County) -> None:
    client = client_of(county, "pmo")

    def live(count: int) -> int:
        for turn in range(count):
            Obstacle.objects.create(
                programme=county.programme, measure=county.measure(), name_fi=f"Este {turn}",
                raised_on=dt.date(2024, 1, 1 + turn), raised_by=person(county, "measure"),
            )  # fmt: skip
        with CaptureQueriesContext(connection) as found:
            assert client.get("/p/own/obstacles/").status_code == 200
        return len(found)

    first = live(3)

    assert live(6) == first <= 12
    rows = client.get("/p/own/obstacles/").context["rows"]
    assert [one.row.raised_on for one in rows] == sorted(one.row.raised_on for one in rows)
