"""Twelve tasks of projects, governance and risks by keyboard alone: from the page's top by the skip link, then Tab,
Shift+Tab, arrows, Space, Enter and typing. One county, one tab, several people who sign in after each other.

After each task the row is in the database, the page says what was done, and the focus goes on from there.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from accounts.models import User
from core.models import Comment
from programme.models import (
    AgendaItem,
    ChangeRequest,
    Decision,
    Dependency,
    DutyOccurrence,
    LightOverride,
    Meeting,
    Milestone,
    Programme,
    Project,
    RoleGrant,
    StatusUpdate,
)
from risks.models import Obstacle, Promise, PromiseCheck, Risk, RiskAssessment
from tests.browser.keyboard import Keyboard
from tests.browser.waiting import wait_settled
from tests.factories.governance import make_body, make_duty, make_meeting
from tests.factories.projects import make_milestone, make_project
from tests.factories.risks import make_promise, make_risk
from tests.golden import build_golden

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

HOME = "/en/p/esimerkki/"
SAVE = "#row-form button[type=submit]"
#: User name, first and last name, role.
PEOPLE = (
    ("paula", "Paula", "Muutos", "pmo"),
    ("diana", "Diana", "Johtaja", "director"),
    ("otto", "Otto", "Omistaja", "owner"),
)
#: Whether the focus is where reading goes on: in the part that the address points to, else at the top of the page.
IN_PLACE = """
() => {
  const here = document.activeElement;
  if (!location.hash) return here.className === "skip-link";
  const part = document.getElementById(location.hash.slice(1));
  const after = part?.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING;
  return document.querySelector("main").contains(here) && Boolean(after);
}
"""


@dataclass
class World:
    """The golden programme with two projects, and what the tasks are about."""

    programme: Programme
    project: Project
    pilot: Milestone
    opening: Milestone
    handing_over: Milestone
    risk: Risk
    promise: Promise
    meeting: Meeting
    matter: AgendaItem
    due: DutyOccurrence
    people: dict[str, User] = field(default_factory=dict)


def build_world() -> World:
    golden = build_golden()
    programme, theme = golden.programme, golden.themes["X"]
    project = make_project(programme, slug="asiointi", theme=theme, state="running")
    archive = make_project(programme, slug="arkisto", name_fi="Arkisto", theme=theme, state="running")
    StatusUpdate.objects.create(
        programme=programme, project=project, month=date(2024, 7, 1), text="Pilotin hankinta etenee."
    )
    body = make_body(programme)
    meeting = make_meeting(body, held_on=date(2024, 8, 26))
    world = World(
        programme,
        project,
        pilot=make_milestone(project, key="pilotti", name_fi="Pilotti", baseline_on=date(2024, 9, 15)),
        opening=make_milestone(project, key="avaus", name_fi="Avaus", baseline_on=date(2024, 12, 1)),
        handing_over=make_milestone(
            archive, key="luovutus", name_fi="Luovutus", baseline_on=date(2024, 10, 1)
        ),
        risk=make_risk(programme),
        promise=make_promise(programme),
        meeting=meeting,
        matter=AgendaItem.objects.create(programme=programme, meeting=meeting, subject="Pilotin laajennus"),
        due=DutyOccurrence.objects.create(
            programme=programme, duty=make_duty(programme), period_key="2024-08", due_on=date(2024, 9, 2)
        ),
    )
    for name, first, last, role in PEOPLE:
        person = User.objects.create_user(name, first_name=first, last_name=last)
        RoleGrant.objects.create(programme=programme, user=person, role=role)
        world.people[name] = person
    return world


class Desk(Keyboard):
    """The keyboard of whoever sits at it."""

    def __init__(self, page: Any, world: World, address: str) -> None:
        super().__init__(page)
        self.world, self.address = world, address

    def sit(self, name: str) -> None:
        """Somebody else signs in."""
        client = Client()
        client.force_login(self.world.people[name])
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.clear_cookies()
        self.page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": self.address}]
        )

    def open(self, path: str) -> None:
        """A page with all its parts, from its top past the menus."""
        answer = self.page.goto(path if path.startswith("/") else f"{HOME}{path}")
        assert answer.status == 200, f"{path} answers {answer.status}"
        wait_settled(self.page)
        self.skip()

    def follow(self, link: str) -> None:
        """To a link, along it, and past the menus of the page that comes."""
        self.to(link)
        self.go()
        wait_settled(self.page)
        self.skip()

    def write(self, name: str, text: str) -> None:
        """Into a field, over what is there."""
        self.to(f"[name='{name}']")
        self.press("Control+a")
        self.type(text)

    def send(self, button: str = SAVE) -> None:
        self.to(button)
        self.go()

    def told(self, words: str) -> None:
        """The page says what was done, in a status that stands first in its content; Tab goes on from the part that
        changed, or from the page's top, and comes back."""
        wait_settled(self.page)
        expect(self.page.locator(".messages[role=status]")).to_contain_text(words)
        expect(self.page.locator("h1")).to_be_visible()
        self.press("Tab")
        first = self.focus()["html"]
        assert self.page.evaluate(IN_PLACE), f"{first} has the focus on {self.page.url}"
        self.press("Tab")
        self.focus()
        self.press("Shift+Tab")
        assert self.focus()["html"] == first, f"Shift+Tab does not come back on {self.page.url}"


@pytest.fixture
def desk(context: Any, live_server: Any) -> Desk:
    return Desk(context.new_page(), build_world(), live_server.url)


def raise_an_obstacle_from_the_card_of_a_measure(desk: Desk) -> None:
    desk.sit("paula")
    desk.open("measures/E1/")
    desk.to("#obstacle-line")
    desk.type("Rekrytointi ei onnistu")
    desk.go()

    desk.told("The obstacle was raised")
    row = Obstacle.objects.get(measure__code="E1")
    assert (row.name, row.state) == ("Rekrytointi ei onnistu", "raised")


def take_an_obstacle_up_and_answer_it(desk: Desk) -> None:
    row = Obstacle.objects.get()
    desk.sit("diana")
    desk.open("obstacles/")
    desk.follow(f"main a[href$='/obstacles/{row.pk}/']")
    desk.send("form[action$='/up/'] button")
    desk.skip()
    desk.follow("a[href$='/decide/']")
    desk.write("answer", "Palkataan kaksi sijaista")
    desk.send()

    desk.told("The answer is kept as a decision")
    row.refresh_from_db()
    assert (row.state, row.decision_text) == ("decided", "Palkataan kaksi sijaista")


def give_the_update_of_a_project_with_no_change(desk: Desk) -> None:
    desk.sit("paula")
    desk.open("projects/asiointi/")
    desk.follow("a[href$='/status/2024-08/']")
    desk.send("button[name=same]")

    desk.told("is up to date")
    row = StatusUpdate.objects.get(project=desk.world.project, month="2024-08-01")
    assert (row.text, row.given_by) == ("Pilotin hankinta etenee.", desk.world.people["paula"])


def state_a_light_otherwise(desk: Desk) -> None:
    desk.open("projects/asiointi/")
    desk.follow("[data-dimension=schedule] a[href*='/lights/schedule/']")
    desk.to("[name=light]")
    desk.press("ArrowDown")
    chosen = desk.page.evaluate("document.activeElement.value")
    desk.write("reason", "Toimittaja on varoittanut")
    desk.send()

    desk.told("Added.")
    row = LightOverride.objects.get(project=desk.world.project)
    assert (row.dimension, row.light, row.reason) == ("schedule", chosen, "Toimittaja on varoittanut")
    expect(desk.page.locator("[data-dimension=schedule][data-stated]")).to_have_count(1)


def say_what_a_milestone_waits_for(desk: Desk) -> None:
    desk.open("projects/asiointi/")
    desk.follow("a[href*='/links/add/']")
    desk.to("[name=milestone]")
    desk.choose("Avaus")
    desk.to("[name=what]")
    desk.choose("Luovutus")
    desk.write("gap_days", "14")
    desk.send()

    desk.told("Added.")
    row = Dependency.objects.get()
    assert (row.milestone, row.on_milestone, row.gap_days) == (
        desk.world.opening, desk.world.handing_over, 14,
    )  # fmt: skip


def move_a_milestone_on_the_time_line(desk: Desk) -> None:
    pilot = desk.world.pilot
    desk.open("gantt/")
    desk.to(f"[name^='d-{pilot.pk}-']")
    desk.press("Control+a")
    desk.type("22.9.2024")
    desk.go()

    desk.told("1 milestone moved")
    pilot.refresh_from_db()
    assert (pilot.baseline_on, pilot.forecast_on) == (date(2024, 9, 15), date(2024, 9, 22))


def ask_for_a_change_of_a_project(desk: Desk) -> None:
    desk.open("projects/asiointi/")
    desk.follow("a[href$='/changes/ask/']")
    desk.write("subject", "Pilotti siirtyy")
    desk.write("why", "Toimittaja myohastyy")
    desk.write(f"milestone_{desk.world.pilot.pk}", "1.10.2024")
    desk.send()

    desk.told("The change was asked for")
    row = ChangeRequest.objects.get()
    assert (row.state, row.items.get().new_on) == ("asked", date(2024, 10, 1))


def decide_on_a_change(desk: Desk) -> None:
    desk.sit("otto")
    desk.open("changes/")
    desk.follow("main a[href$='/changes/1/']")
    desk.follow("a[href$='/decide/']")
    desk.to("[name=verdict]")
    desk.press("Space")
    desk.send()

    desk.told("The decision was stored")
    row, pilot = ChangeRequest.objects.get(), desk.world.pilot
    pilot.refresh_from_db()
    assert (row.state, row.decided_by, pilot.baseline_on) == (
        "accepted", desk.world.people["otto"], date(2024, 10, 1),
    )  # fmt: skip


def assess_a_risk(desk: Desk) -> None:
    desk.sit("paula")
    desk.open(f"risks/{desk.world.risk.pk}/")
    desk.follow("a[href$='/assess/']")
    desk.to("[name=likelihood_now]")
    desk.choose("4")
    desk.to("[name=impact_now]")
    desk.choose("5")
    desk.write("note", "Kaksi avainhenkiloa lahti")
    desk.send()

    desk.told("Added.")
    row = RiskAssessment.objects.get(risk=desk.world.risk)
    assert (row.likelihood_now, row.impact_now, row.level_now) == (4, 5, 20)


def ask_in_a_comment_and_answer_as_the_other(desk: Desk) -> None:
    desk.open(f"risks/{desk.world.risk.pk}/")
    desk.follow("a[href*='/talk/'][href$='/add/']")
    desk.write("text", "@Otto Omistaja kuka sijaistaa?")
    desk.to("[name=needs_answer]")
    desk.press("Space")
    desk.send()
    desk.told("The comment was added")
    asked = Comment.objects.get()
    assert asked.needs_answer
    assert asked.mentions.get().user == desk.world.people["otto"]

    desk.sit("otto")
    desk.open("/en/waiting/")
    desk.follow(f"main a[href*='/risks/{desk.world.risk.pk}/']")
    desk.follow(f"a[href$='/comments/{asked.pk}/answer/']")
    desk.write("text", "Mina sijaistan")
    desk.send()

    desk.told("The comment was added")
    asked.refresh_from_db()
    assert asked.answered_at is not None
    assert asked.replies.get().text == "Mina sijaistan"


def record_a_decision_of_a_meeting(desk: Desk) -> None:
    desk.sit("paula")
    desk.open(f"meetings/{desk.world.meeting.pk}/")
    desk.follow(f"#item-{desk.world.matter.pk} a[href$='/decide/']")
    desk.write("reason", "Tulokset ovat hyvia")
    desk.write("section", "12")
    desk.send()

    desk.told("Added.")
    row = Decision.objects.get(section="12")
    assert (row.subject, row.decided_on) == ("Pilotin laajennus", date(2024, 8, 26))
    expect(desk.page.locator(f"#item-{desk.world.matter.pk} [data-decisions] li")).to_have_count(1)


def answer_a_promise_and_keep_a_duty(desk: Desk) -> None:
    desk.open("measures/E1/checks/")
    desk.follow("a[href$='/checks/promises/']")
    desk.to(f"[name=answer-{desk.world.promise.pk}]")
    desk.press("ArrowDown")
    desk.send("main form button[type=submit]")
    desk.told("1 answer saved")
    assert PromiseCheck.objects.get().answer == "ok"

    desk.open("governance/duties/")
    desk.follow(f"a[href$='/duties/{desk.world.due.pk}/keep/']")
    desk.write("kept_on", "30.8.2024")
    desk.write("told", "Johtoryhma")
    desk.send()

    desk.told("Saved.")
    desk.world.due.refresh_from_db()
    assert (desk.world.due.state, desk.world.due.kept_on) == ("kept", date(2024, 8, 30))


TASKS: tuple[Callable[[Desk], None], ...] = (
    raise_an_obstacle_from_the_card_of_a_measure,
    take_an_obstacle_up_and_answer_it,
    give_the_update_of_a_project_with_no_change,
    state_a_light_otherwise,
    say_what_a_milestone_waits_for,
    move_a_milestone_on_the_time_line,
    ask_for_a_change_of_a_project,
    decide_on_a_change,
    assess_a_risk,
    ask_in_a_comment_and_answer_as_the_other,
    record_a_decision_of_a_meeting,
    answer_a_promise_and_keep_a_duty,
)


def test_twelve_tasks_by_keyboard_alone(desk: Desk, subtests: Any) -> None:
    """One after the other; the second and the eighth go on from the ones before."""
    for task in TASKS:
        with subtests.test(task.__name__):
            task(desk)
    assert len(TASKS) == 12
