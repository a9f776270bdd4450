"""The ways of obstacles: who may move them, what the clock does, what comes back to whoever asked."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.models import Notification
from measures.models import Measure
from programme.models import Body, Decision, Programme, Project
from risks.escalation import services
from risks.escalation.levels import ladder_of, make_levels
from risks.escalation.rules import may_decide
from risks.escalation.selectors import for_person
from risks.escalation.ticking import tick_programme
from risks.models import EscalationLevel, Obstacle, ObstacleStep
from tests.factories.counties import County, make_county, person

pytestmark = pytest.mark.django_db
#: A Monday; the Monday after it is a public holiday (Easter).
MONDAY = dt.date(2024, 3, 25)


@pytest.fixture
def county() -> County:
    found = make_county("own")
    Programme.objects.filter(pk=found.programme.pk).update(status_date=MONDAY)
    found.programme.refresh_from_db()
    return found


@pytest.fixture
def owner(county: County) -> Any:
    return person(county, "measure")


@pytest.fixture
def measure(county: County, owner: Any) -> Measure:
    return county.measure(code="T-1", owner=owner)


@pytest.fixture
def obstacle(measure: Measure, owner: Any) -> Obstacle:
    return services.raise_obstacle(
        measure=measure, name="Sopimus odottaa", by=owner, on=MONDAY, language="fi"
    )


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(client: Client, path: str, **data: Any) -> Any:
    form = client.get(path).context["form"]
    hidden = {name: form[name].value() or "" for name in ("token", "was")}
    return client.post(path, hidden | data)


def way(obstacle: Obstacle) -> list[tuple[str, str, str, bool]]:
    return [
        (step.kind, step.to_level, step.happened_on.isoformat(), step.is_by_clock)
        for step in obstacle.steps.order_by("id")
    ]


def told(user: Any) -> list[str]:
    return list(
        Notification.objects.filter(user=user, read_at=None).order_by("id").values_list("code", flat=True)
    )


# ---------------------------------------------------------------------------- raising
def test_raised_it_waits_for_the_theme_owner_five_working_days(
    county: County, owner: Any, measure: Measure
) -> None:
    theme = person(county, "theme", theme=county.theme)

    row = services.raise_obstacle(measure=measure, name="Sopimus odottaa", by=owner, on=MONDAY)

    assert (row.level, row.state, row.due_on) == ("theme_owner", "raised", dt.date(2024, 4, 3))
    assert way(row) == [("raised", "theme_owner", "2024-03-25", False)]
    assert told(theme) == ["obstacle.asked"]
    assert told(owner) == []


def test_what_lies_under_no_theme_begins_with_the_director(county: County, owner: Any) -> None:
    project = Project.objects.create(programme=county.programme, slug="hanke", name_fi="Hanke")

    assert services.raise_obstacle(project=project, name="Este", by=owner).level == "director"


def test_one_field_on_the_card_is_enough(county: County, owner: Any, measure: Measure) -> None:
    client = client_of(owner)
    part = client.get("/en/p/own/measures/T-1/more/obstacles/")
    token = part.context["token"]

    for _turn in range(2):  # pressed twice
        answer = client.post(
            "/en/p/own/obstacles/add/?measure=T-1",
            {"token": token, "measure": measure.pk, "text": "Lupa puuttuu"},
        )
        assert answer.url == "/en/p/own/measures/T-1/"

    assert Obstacle.objects.get().measure == measure
    assert b"Lupa puuttuu" in client.get("/en/p/own/measures/T-1/more/obstacles/").content


# ---------------------------------------------------------------------------- the clock
def test_the_clock_takes_it_up_after_a_standstill_on_the_right_days(
    obstacle: Obstacle, county: County
) -> None:
    """Rung late, twice and again: Easter Monday is no working day, and no step is made twice."""
    director = person(county, "director")
    for day in ("2024-04-03", "2024-04-19", "2024-04-19"):
        tick_programme(county.programme, today=dt.date.fromisoformat(day))

    obstacle.refresh_from_db()
    assert way(obstacle)[1:] == [
        ("went_up", "director", "2024-04-04", True),
        ("went_up", "management_group", "2024-04-12", True),
    ]
    assert (obstacle.level, obstacle.level_since, obstacle.due_on, obstacle.state) == (
        "management_group", dt.date(2024, 4, 12), dt.date(2024, 4, 19), "escalated",
    )  # fmt: skip
    assert told(director) == []  # it had gone on when the clock was looked at


def test_reminded_once_before_the_time_runs_out(obstacle: Obstacle, county: County) -> None:
    theme = person(county, "theme", theme=county.theme)
    for day in (2, 2, 3):
        tick_programme(county.programme, today=dt.date(2024, 4, day))
    assert told(theme) == ["obstacle.reminder"]

    tick_programme(county.programme, today=dt.date(2024, 4, 4))
    assert told(theme) == []  # nobody has to answer on that level any more


def test_a_level_turned_off_is_skipped(obstacle: Obstacle, county: County) -> None:
    make_levels(county.programme)
    EscalationLevel.objects.filter(level="director").update(is_used=False)

    tick_programme(county.programme, today=dt.date(2024, 4, 4))

    obstacle.refresh_from_db()
    assert obstacle.level == "management_group"


def test_levels_and_clocks_are_data(county: County, owner: Any, measure: Measure) -> None:
    client = client_of(person(county, "pmo"))
    path = "/en/p/own/obstacles/levels/theme_owner/"
    form = client.get(path).context["form"]
    values = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    assert client.post(path, values | {"working_days": "2"}).status_code == 302

    row = services.raise_obstacle(measure=measure, name="Este", by=owner, on=MONDAY)

    assert EscalationLevel.objects.filter(programme=county.programme).count() == 4
    assert row.due_on == dt.date(2024, 3, 27)
    assert client_of(owner).get(path).status_code == 403


# ---------------------------------------------------------------------------- who may
def test_who_answers_on_which_level(obstacle: Obstacle, county: County) -> None:
    """A theme owner answers in the own theme and never for the management group."""
    theme = person(county, "theme", theme=county.theme)
    roles = {
        role: person(county, role) for role in ("pmo", "director", "steering", "board", "owner", "auditor")
    }
    roles |= {"theme": theme, "stranger": person(county, "theme")}
    ladder = ladder_of(county.programme)
    found = {}
    for level in Obstacle.Level.values:
        obstacle.level = level
        found[level] = sorted(role for role, user in roles.items() if may_decide(user, obstacle, ladder))

    assert found == {
        "theme_owner": ["theme"], "director": ["director"], "management_group": ["steering"], "board": ["board"],
    }  # fmt: skip


def test_whose_it_is_not_is_told_whose_it_is(obstacle: Obstacle, county: County) -> None:
    steering = person(county, "steering")
    client = client_of(steering)
    answer = client.get(f"/en/p/own/obstacles/{obstacle.pk}/decide/")
    assert b"On this level the answer is given by: theme owner." in answer.content
    form = answer.context["form"]
    data = {"token": form["token"].value(), "answer": "Kyllä", "decided_on": "26.3.2024"}

    assert client.post(f"/en/p/own/obstacles/{obstacle.pk}/decide/", data).status_code == 403
    with pytest.raises(PermissionDenied):
        services.decide(obstacle=obstacle, body=None, answer="Kyllä", by=steering)
    assert not Decision.objects.exists()
    assert for_person(steering, county.programme, ladder_of(county.programme)) == []


# ---------------------------------------------------------------------------- the answer
def test_the_answer_is_a_decision_that_goes_back(obstacle: Obstacle, county: County, owner: Any) -> None:
    theme = person(county, "theme", theme=county.theme)
    body = Body.objects.create(programme=county.programme, key="teema", name_fi="Teemaryhmä")
    assert [row.pk for row in for_person(theme, county.programme, ladder_of(county.programme))] == [
        obstacle.pk
    ]

    answer = sent(
        client_of(theme), f"/en/p/own/obstacles/{obstacle.pk}/decide/",
        answer="Sopimus tehdään.", body=str(body.pk), decided_on="27.3.2024", section="12", case_number="",
    )  # fmt: skip

    assert answer.url.endswith(f"/obstacles/{obstacle.pk}/")
    obstacle.refresh_from_db()
    decision = Decision.objects.get()
    assert (obstacle.state, obstacle.decision, obstacle.decided_on) == (
        "decided",
        decision,
        dt.date(2024, 3, 27),
    )
    assert (decision.subject, decision.body, decision.section) == ("Sopimus tehdään.", body, "12")
    assert {link.about for link in decision.links.all()} == {obstacle, obstacle.measure}
    assert told(owner) == ["obstacle.decided"]
    assert (
        b"Sopimus tehd\xc3\xa4\xc3\xa4n."
        in client_of(owner).get(f"/en/p/own/obstacles/{obstacle.pk}/").content
    )
    with pytest.raises(ValidationError):
        services.decide(obstacle=obstacle, body=None, answer="Toisin", by=theme)


def test_taken_up_sent_back_closed_and_opened_again(obstacle: Obstacle, county: County, owner: Any) -> None:
    director, page = person(county, "director"), f"/en/p/own/obstacles/{obstacle.pk}/"
    client = client_of(owner)
    for _turn in range(2):  # pressed twice: the second press names a level that it has left
        assert client.post(f"{page}up/", {"from": "theme_owner"}).status_code == 302
    assert sent(client_of(director), f"{page}back/", note="").status_code == 422
    assert sent(client_of(director), f"{page}back/", note="Laskelma puuttuu").status_code == 302
    assert sent(client, f"{page}close/", note="").status_code == 422
    assert sent(client, f"{page}close/", note="Poistui itsestään").status_code == 302
    assert sent(client, f"{page}reopen/", note="Tuli takaisin").status_code == 302

    obstacle.refresh_from_db()
    assert [step[:2] for step in way(obstacle)] == [
        ("raised", "theme_owner"), ("went_up", "director"), ("sent_back", "theme_owner"),
        ("closed", "theme_owner"), ("reopened", "theme_owner"),
    ]  # fmt: skip
    assert (obstacle.state, obstacle.closed_on, obstacle.due_on) == ("raised", None, dt.date(2024, 4, 3))
    with pytest.raises(ValidationError):
        services.reopen(obstacle=obstacle, by=owner, note="Uudestaan")


def test_another_theme_and_a_bystander_may_not_move_it(obstacle: Obstacle, county: County) -> None:
    bystander = person(county, "measure")

    assert client_of(bystander).get(f"/en/p/own/obstacles/{obstacle.pk}/edit/").status_code == 403
    for act in (services.take_up, services.close):
        with pytest.raises(PermissionDenied):
            act(obstacle=obstacle, by=bystander, note="x")


def test_a_step_is_never_changed(obstacle: Obstacle) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        ObstacleStep.objects.update(note="toisin")


# ---------------------------------------------------------------------------- the list
def test_the_list_is_narrowed_and_tells_how_long_answers_took(obstacle: Obstacle, county: County) -> None:
    theme = person(county, "theme", theme=county.theme)
    services.decide(obstacle=obstacle, body=None, answer="Tehdään", by=theme, on=dt.date(2024, 3, 27))
    late = services.raise_obstacle(
        measure=county.measure(), name="Myöhässä", by=theme, on=dt.date(2024, 3, 1)
    )
    client = client_of(theme)

    def shown(query: str) -> list[int]:
        return [one.row.pk for one in client.get(f"/en/p/own/obstacles/?{query}").context["rows"]]

    assert shown("") == shown("show=over") == shown("level=theme_owner") == [late.pk]
    assert shown("show=settled") == [obstacle.pk]
    assert shown("level=board") == []
    assert shown(f"theme={county.theme.pk}") == [late.pk]
    page = client.get("/en/p/own/obstacles/")
    (month, points) = page.context["table"][0]
    assert (month, points[0].median_days, points[0].in_time, points[0].ended) == (
        dt.date(2024, 3, 1),
        2,
        1,
        1,
    )
    assert b"overdue by 11 working days" in page.content
