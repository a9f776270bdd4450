"""The roadmap: activities with their days, decisions, projects and the milestones that are marked for it."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from programme.models import Body, Decision, Programme, RoadmapActivity
from tests.factories.accounts import make_member
from tests.factories.programme import make_theme
from tests.factories.projects import make_milestone, make_planning, make_project

pytestmark = pytest.mark.django_db

ROADMAP = "/en/p/ohjelma/roadmap/"
SVG = re.compile(r'<svg[^>]*class="gantt".*?</svg>', re.S)


@pytest.fixture
def programme() -> Programme:
    """Shown for 31.3.2024: an approval on a day, a launch of two months, one decision, one project."""
    programme = make_planning()
    days = {
        "hyvaksynta": (dt.date(2023, 6, 1), dt.date(2023, 6, 30), dt.date(2023, 6, 20)),
        "kaynnistys": (dt.date(2023, 8, 1), dt.date(2023, 9, 30), None),
    }
    for position, (key, (first, last, day)) in enumerate(days.items()):
        RoadmapActivity.objects.create(
            programme=programme, key=key, name_fi=key, position=position, starts_on=first, ends_on=last, on_date=day,
            from_text=f"{first:%Y-%m}", to_text=f"{last:%Y-%m}",
        )  # fmt: skip
    body = Body.objects.create(programme=programme, key="hallitus", name_fi="Aluehallitus")
    Decision.objects.create(
        programme=programme, body=body, decided_on=dt.date(2024, 2, 5), section="12", subject="Palveluverkko"
    )
    project = make_project(programme, starts_on=dt.date(2024, 1, 1), ends_on=dt.date(2024, 12, 31))
    make_milestone(
        project, key="esilla", name_fi="Esillä", is_on_roadmap=True, baseline_on=dt.date(2024, 10, 1)
    )
    make_milestone(project, key="sisainen", name_fi="Sisäinen")
    return programme


def page(programme: Programme, query: str = "", role: str = "pmo", **scope: Any) -> str:
    client = Client()
    client.force_login(make_member(programme, role, **scope))
    answer = client.get(ROADMAP + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def figure(text: str) -> str:
    found = SVG.search(text)
    assert found
    return found[0]


def test_activities_decisions_projects_and_chosen_milestones_stand_on_one_line_of_time(
    programme: Programme,
) -> None:
    text = page(programme)

    for word in ("hyvaksynta", "kaynnistys", "Esillä", "Sähköinen asiointi", "Decisions"):
        assert word in figure(text)
    assert "Sisäinen" not in text
    assert 'data-window="2023-06-01/2024-12-31"' in text
    assert "20.6.2023" in text
    assert re.search(r"<strong>5\.2\.2024</strong> .*Aluehallitus.* § 12: Palveluverkko", text)


@pytest.mark.parametrize(
    ("query", "inside", "outside"),
    [
        ("?zoom=year&at=2023", ["hyvaksynta", "kaynnistys"], ["Esillä", "Decisions"]),
        ("?zoom=quarter&at=2023-3", ["kaynnistys"], ["hyvaksynta", "Esillä", "Decisions"]),
        ("?zoom=quarter&at=2024-4", ["Sähköinen asiointi", "Esillä"], ["hyvaksynta", "Decisions"]),
        ("?zoom=year", ["Decisions", "Esillä"], ["hyvaksynta"]),
    ],
)
def test_a_year_or_quarter_shows_what_falls_into_it(
    programme: Programme, query: str, inside: list[str], outside: list[str]
) -> None:
    drawn = figure(page(programme, query))

    assert [word for word in inside if word not in drawn] == []
    assert [word for word in outside if word in drawn] == []


def test_the_steps_before_and_after_keep_what_was_chosen(programme: Programme) -> None:
    text = page(programme, "?zoom=quarter&at=2024-1")

    assert "zoom=quarter&amp;at=2023-4" in text
    assert "zoom=quarter&amp;at=2024-2" in text


def test_a_theme_shows_its_own_projects_beside_the_activities(programme: Programme) -> None:
    make_theme(programme, key="toinen", number=9)

    drawn = figure(page(programme, "?theme=toinen"))

    assert "hyvaksynta" in drawn
    assert "Sähköinen asiointi" not in drawn
