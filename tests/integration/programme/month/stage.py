"""The portal side of the scripted month: twelve people by role, their pages and forms, and beat with its clock."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

from django.core import mail
from django.db import connection
from django.test import Client
from django.utils.module_loading import import_string

from accounts.models import User
from config.schedule import SCHEDULE
from core.permissions import can, forget_grants, may_somewhere
from measures.models import Measure
from programme.models import (
    Body,
    Decision,
    DutyOccurrence,
    Goal,
    Membership,
    Milestone,
    Programme,
    Project,
    ReportingDuty,
    Segment,
    Theme,
)  # fmt: skip
from risks.models import Obstacle
from tests.factories.counties import make_county, person
from tests.integration.programme.forms import sent
from tests.integration.programme.month import model
from tests.integration.programme.test_project_editing import sent as sent_hidden

ROLES = (
    "pmo", "owner", "director", "controller", "theme", "sector", "segment", "project", "measure", "steering",
    "board", "staff",
)  # fmt: skip
HELSINKI = ZoneInfo("Europe/Helsinki")
#: Words that stand only in rows that not everybody may see: the word, and the action that shows it.
MARKS = (("Estesana", "risk.view"), ("Hankesana", "project.view"), ("777 431", "savings.view"))
FOREIGN = "Vierassana"
#: The jobs of beat in the order in which their hours come.
JOBS = (
    "run the clocks of obstacles", "keep duties", "make weekly lists", "look for deviations", "remind of risks",
    "mail notices",
)  # fmt: skip


class Clock:
    """The moment that the portal takes for now."""

    def __init__(self) -> None:
        self.now = dt.datetime(2023, 1, 1, 12, tzinfo=HELSINKI)

    def at(self, day: dt.date, hour: int, minute: int = 0) -> None:
        local = dt.datetime.combine(day, dt.time(hour, minute), HELSINKI)
        self.now = local.astimezone(dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now


class Stage:
    """A county as the month finds it; acts go through pages, and the model is told what was done."""

    def __init__(self, clock: Clock, first: dt.date, last: dt.date, seed: int, *, neighbour: bool) -> None:
        self.clock, self.first, self.last, self.day = clock, first, last, first
        self.dice = random.Random(seed)
        clock.at(first, 3)
        self.county = make_county("own")
        self.programme = self.county.programme
        Programme.objects.update(status_date=None)
        self.programme.refresh_from_db()
        self._furnish()
        self.stranger = self._neighbour() if neighbour else User.objects.create_user("stranger")
        self.obstacles = model.Obstacles()
        self.duties = self._duties()
        self.deviations = model.Deviations({f"project.{row.pk}": row.slug for row in (self.a, self.b)})
        self.deviations.milestones = [self._milestone(self.a, 10), self._milestone(self.b, 25)]
        self._clients: dict[str, Client] = {}
        self.looks: Counter[int] = Counter()
        self.acts: Counter[str] = Counter()
        self._mailed = 0
        self.mails_of_day: list[tuple[dt.date, str, str]] = []

    # --- what there is ------------------------------------------------------------------------------------------

    def _furnish(self) -> None:
        own = self.county
        self.other_theme = Theme.objects.create(programme=own.programme, key="muu", number=2, name_fi="Muu")
        segment = Segment.objects.create(programme=own.programme, key="ika", name_fi="Ikäihmiset")
        self.a = self._project("hanke-a", own.theme, state="running")
        self.b = self._project("hanke-b", self.other_theme, state="running")
        self.c = self._project("hanke-c", None)
        scopes = {"theme": {"theme": own.theme}, "sector": {"sector": own.sector}, "segment": {"segment": segment},
                  "project": {"project": self.a}}  # fmt: skip
        self.people = {role: person(own, role, **scopes.get(role, {})) for role in ROLES}
        for role, user in self.people.items():
            User.objects.filter(pk=user.pk).update(
                email=f"{role}@example.fi", first_name=role, last_name="Henkilö"
            )
            user.refresh_from_db()
        self.a.manager = self.people["project"]
        self.a.save()
        self.mine = own.measure(code="T-0001", name_fi="Oma toimi", owner=self.people["measure"])
        goal = Goal.objects.create(
            programme=own.programme, theme=self.other_theme, key="g2", number=2, name_fi="Muu tavoite"
        )
        self.others = own.measure(code="T-0002", name_fi="Muun toimi")
        Measure.objects.filter(pk=self.others.pk).update(goal=goal)
        self.others = Measure.objects.get(pk=self.others.pk)
        own.entry(self.mine, dt.date(2024, 1, 1), -77_743_100)
        body = Body.objects.create(
            programme=own.programme, key="jory", name_fi="Johtoryhmä", is_steering_group=True,
            kind=Body.Kind.MANAGEMENT_GROUP,
        )  # fmt: skip
        for role in ("owner", "director", "staff"):
            Membership.objects.create(programme=own.programme, body=body, user=self.people[role])

    def _project(self, slug: str, theme: Theme | None, **fields: Any) -> Project:
        return Project.objects.create(
            programme=self.programme, slug=slug, theme=theme, name_fi=f"Hankesana {slug}", **fields
        )

    def _neighbour(self) -> User:
        """Another county for which the jobs work too; whoever leads it knows nothing of this one."""
        other = make_county("naapuri")
        Programme.objects.update(status_date=None)
        row = other.measure(name_fi=FOREIGN)
        Obstacle.objects.create(
            programme=other.programme, measure=row, name_fi=FOREIGN, raised_on=self.first,
            level="theme_owner", level_since=self.first,
        )  # fmt: skip
        return person(other)

    def _milestone(self, project: Project, days: int) -> model.MMilestone:
        day = self.first + dt.timedelta(days=days)
        row = Milestone.objects.create(
            programme=self.programme,
            project=project,
            key=f"m-{days}",
            name_fi=f"Etappi {days}",
            baseline_on=day,
        )
        return model.MMilestone(f"milestone.{row.pk}", day)

    def _duties(self) -> dict[str, model.MDuty]:
        kinds: dict[str, tuple[dict[str, Any], list[dt.date]]] = {
            "lista": ({"frequency": "weekly", "due_day": 1, "kept_by_code": "weekly_list"},
                      model.weekly_days(self.first, self.last)),
            "kuva": ({"frequency": "monthly", "due_day": 1, "owner": self.people["director"]},
                     model.monthly_days(self.first, self.last, 1)),
            "viesti": ({"frequency": "monthly", "due_day": 15},
                       model.monthly_days(self.first, self.last, 15)),
            "hankkeet": ({"frequency": "monthly", "due_day": 10, "kept_by_code": "project_status"},
                         model.monthly_days(self.first, self.last, 10)),
        }  # fmt: skip
        for key, (fields, _days) in kinds.items():
            ReportingDuty.objects.create(
                programme=self.programme,
                key=key,
                what_fi=f"Velvoite {key}",
                followed_from=self.first,
                **fields,
            )
        told = frozenset({"pmo", "steering"})
        return {
            key: model.MDuty(key, told | ({"director"} if "owner" in fields else set()), dict.fromkeys(days, "due"))
            for key, (fields, days) in kinds.items()
        }  # fmt: skip

    # --- asking and sending -------------------------------------------------------------------------------------

    def client(self, role: str) -> Client:
        """Signed in once: sessions live for the whole period."""
        if role not in self._clients:
            self._clients[role] = Client()
            self._clients[role].force_login(self.people.get(role, self.stranger))
        return self._clients[role]

    def path(self, rest: str) -> str:
        return f"/en/p/own/{rest}"

    def send(self, role: str, rest: str, **changes: Any) -> Any:
        """A form opened and sent; it must be taken."""
        answer = sent(self.client(role), self.path(rest), **changes)
        assert answer.status_code == 302, (role, rest, answer.status_code, _errors(answer))
        return answer

    def post(self, role: str, rest: str, **data: Any) -> Any:
        answer = self.client(role).post(self.path(rest), data)
        assert "/login" not in answer.get("Location", ""), (role, rest)
        return answer

    # --- obstacles ------------------------------------------------------------------------------------------------

    def pk_of(self, row: model.MObstacle) -> int:
        return Obstacle.objects.get(name_en=row.name).pk

    def raise_obstacle(self, role: str, about: str) -> None:
        name = f"Estesana {len(self.obstacles.rows) + 1}"
        where = {
            "mine": f"measure={self.mine.code}", "others": f"measure={self.others.code}", "a": "project=hanke-a",
            "b": "project=hanke-b", "c": "project=hanke-c",
        }[about]  # fmt: skip
        self.send(role, f"obstacles/add/?{where}", text=name)
        owner = {"mine": {"measure"}, "a": {"project"}}.get(about, set())
        self.obstacles.raise_(
            model.MObstacle(
                name, role, frozenset({role} | owner), "theme" if about in ("mine", "a") else None,
                "director" if about == "c" else "theme_owner", self.day,
            )
        )  # fmt: skip

    def take_up(self, row: model.MObstacle, role: str) -> None:
        pk = self.pk_of(row)
        for _turn in range(2):  # pressed twice
            assert self.post(role, f"obstacles/{pk}/up/", **{"from": row.level}).status_code == 302
        self.obstacles.move(row, 1, self.day, role)

    def send_back(self, row: model.MObstacle, role: str) -> None:
        self.send(role, f"obstacles/{self.pk_of(row)}/back/", note="Selvittäkää ensin")
        self.obstacles.move(row, -1, self.day, role)

    def decide(self, row: model.MObstacle, role: str) -> None:
        self.send(role, f"obstacles/{self.pk_of(row)}/decide/", answer=f"Tehdään näin {row.name[-2:]}")
        self.obstacles.settle(row, "decided", self.day, role)

    def refused_to_decide(self, row: model.MObstacle, role: str) -> None:
        """Who does not answer on the level is refused, and nothing changes."""
        form = {"answer": "Minun vastaukseni", "decided_on": self.day.strftime("%d.%m.%Y")}
        before = Obstacle.objects.get(name_en=row.name).version
        answer = self.post(role, f"obstacles/{self.pk_of(row)}/decide/", **form)
        assert answer.status_code in (403, 422), (role, row, answer.status_code)
        assert Obstacle.objects.get(name_en=row.name).version == before
        assert "Minun vastaukseni" not in Obstacle.objects.get(name_en=row.name).decision_text

    def close(self, row: model.MObstacle, role: str) -> None:
        self.send(role, f"obstacles/{self.pk_of(row)}/close/", note="Asia on kunnossa")
        self.obstacles.settle(row, "closed", self.day, role)

    def reopen(self, row: model.MObstacle, role: str) -> None:
        self.send(role, f"obstacles/{self.pk_of(row)}/reopen/", note="Este palasi")
        self.obstacles.reopen(row, self.day, role)

    # --- duties, updates, milestones, deviations --------------------------------------------------------------------

    def keep_duty(self, role: str, key: str, due: dt.date) -> None:
        row = DutyOccurrence.objects.filter(programme=self.programme, duty__key=key, due_on=due).first()
        if row is None:  # the job has not opened it yet
            return
        self.send(
            role, f"governance/duties/{row.pk}/keep/", kept_on=self.day.strftime("%d.%m.%Y"), told="Kaikki"
        )
        self.duties[key].keep(due, self.day)

    def give_update(self, role: str, project: Project) -> None:
        month = model.ended(self.day)
        address = self.path(f"projects/{project.slug}/status/{month:%Y-%m}/")
        answer = sent_hidden(self.client(role), address, text="Etenee", next_steps="Jatkuu")
        assert answer.status_code == 302, (role, address, answer.status_code, _errors(answer))
        given = self.deviations.updates
        is_new = (f"project.{project.pk}", month) not in given
        given.add((f"project.{project.pk}", month))
        if is_new and all((key, month) in given for key in self.deviations.projects):
            # Updates of a month are due on the 10th of the next, whenever they were given.
            following = (month + dt.timedelta(days=32)).replace(day=10)
            due = model.open_day_from(following)
            if due in self.duties["hankkeet"].states:
                self.duties["hankkeet"].keep(due, self.day)

    def forecast(self, role: str, milestone: model.MMilestone, days: int) -> None:
        row = Milestone.objects.select_related("project").get(pk=int(milestone.key.partition(".")[2]))
        milestone.forecast = milestone.baseline + dt.timedelta(days=days)
        self.send(
            role, f"projects/{row.project.slug}/milestones/{row.pk}/",
            forecast_on=milestone.forecast.strftime("%d.%m.%Y"),
        )  # fmt: skip

    def finish(self, role: str, milestone: model.MMilestone) -> None:
        row = Milestone.objects.select_related("project").get(pk=int(milestone.key.partition(".")[2]))
        answer = self.post(role, f"projects/{row.project.slug}/milestones/{row.pk}/done/")
        assert answer.status_code == 302
        milestone.done = True

    def close_deviation(self, role: str, pk: int, row: model.MDeviation) -> None:
        """Closed when its cause is gone, refused while it stands; either way it is looked for once more."""
        answer = self.post(role, f"deviations/{pk}/close/", explanation="Hoidettu")
        self.deviations.look(self.day, (row.kind,))
        if row.gone is not None:
            assert answer.status_code == 302, (row, answer.status_code, _errors(answer))
            row.closed = self.day
        else:
            assert answer.status_code == 422, (row, answer.status_code)

    # --- beat -----------------------------------------------------------------------------------------------------

    def ring(self, *, hour: int | None = None, times: int = 1, beats: int = 1) -> None:
        """The jobs of a day in their order, each so often, at their hours or all late; `beats` ring at once."""
        for name in JOBS:
            entry = SCHEDULE[name]
            at = entry["schedule"]
            early = 7 if name == "mail notices" else min(at.hour)
            self.clock.at(self.day, hour or early, min(at.minute))
            task = import_string(entry["task"])
            for _turn in range(times):
                at_once(task, beats) if beats > 1 else task()
        import_string(SCHEDULE["send outbox"]["task"])()
        self.obstacles.tick(self.day)
        for duty in self.duties.values():
            duty.judge(self.day)
        if self.obstacles.make_list(self.day):
            for due in self.duties["lista"].states:
                if due.isocalendar()[:2] == self.day.isocalendar()[:2]:
                    self.duties["lista"].keep(due, self.day)
        self.deviations.look(self.day)
        self.deviations.remind(self.day)
        for letter in mail.outbox[self._mailed :]:
            self.mails_of_day.append((self.day, letter.to[0], letter.subject))
        self._mailed = len(mail.outbox)

    # --- looking --------------------------------------------------------------------------------------------------

    def look(self, role: str, page: Callable[[Stage], tuple[str, str, Any]]) -> None:
        """One page asked by one actor: the status fits the table of rights, and no word is shown that is not theirs."""
        rest, action, row = page(self)
        answer = self.client(role).get(self.path(rest))
        if role not in self.people:
            assert answer.status_code == 404, (role, rest, answer.status_code)
            self.looks[404] += 1
            return
        user = self.people[role]
        forget_grants(user)
        # A page opens to who may do it somewhere; one of a row only to who may do it there.
        may = can(user, action, row) if row is not None else may_somewhere(user, action, self.programme)
        refused = 404 if isinstance(row, Decision) else 403  # the decision itself is hidden
        assert answer.status_code == (200 if may else refused), (role, rest, action, answer.status_code)
        self.looks[answer.status_code] += 1
        self.check_words(role, rest, answer.content.decode())

    def check_words(self, role: str, where: str, page: str) -> None:
        text = re.sub(r"&nbsp;|[\u00a0\u202f\u2009]", " ", page)
        assert FOREIGN not in text, (role, where)
        for word, action in MARKS:
            if not may_somewhere(self.people[role], action, self.programme):
                assert word not in text and word.replace(" ", "") not in text, (role, where, word)

    def look_at_own(self, role: str) -> None:
        """First page and notices, which everybody has."""
        for path in ("/en/", "/en/notices/"):
            answer = self.client(role).get(path, follow=True)
            assert answer.status_code == 200, (role, path, answer.status_code)
            self.check_words(role, path, answer.content.decode())

    def forbidden_edit(self, role: str) -> None:
        """A measure of another theme is edited by nobody who leads elsewhere."""
        before = Measure.objects.values("version", "name_fi").get(pk=self.others.pk)
        answer = self.post(role, f"measures/{self.others.code}/edit/", name_fi="Kaapattu")
        assert answer.status_code == 403, (role, answer.status_code)
        assert Measure.objects.values("version", "name_fi").get(pk=self.others.pk) == before


def at_once(task: Callable[[], Any], beats: int) -> None:
    """The job rung by so many beats at the same moment."""
    start = Barrier(beats)

    def ring(_turn: int) -> None:
        try:
            start.wait(timeout=30)
            task()
        finally:
            connection.close()

    with ThreadPoolExecutor(beats) as pool:
        list(pool.map(ring, range(beats)))


def _errors(answer: Any) -> Any:
    form = (answer.context or {}).get("form") if answer.context else None
    return dict(form.errors) if form is not None else ""
