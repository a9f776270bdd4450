"""Sixty days of the programme by twelve people, played against the management rules written down in small.

Each day beat rings (once, twice, late, not at all, or from two beats at the same moment) and people do by their roles
what the management model says, through the portal's own pages. In the end every duty is kept or flagged as missed,
every obstacle stands where the model has it with the model's steps, each Monday has one list and each person one mail
of it, a cause has one open deviation, those who asked got their answers, and nobody saw what they may not.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Notification
from core.models import Outbox, ScheduledRun
from programme.models import Decision, Deviation, DutyOccurrence
from risks.escalation.weekly import read_list, sha256_of
from risks.models import Obstacle, WeeklyList
from tests.integration.programme.month import model
from tests.integration.programme.month.stage import ROLES, Clock, Stage

#: Two periods of sixty days: Independence Day, Christmas and New Year's Day on Mondays and the change of the year;
#: Easter with its Monday on the day after summer time began, and the First of May.
WINTER = dt.date(2023, 11, 20)
SPRING = dt.date(2024, 3, 4)
DAYS = 60

Page = Callable[[Stage], tuple[str, str, Any]]


def _page(rest: str, action: str, row: str = "") -> Page:
    return lambda stage: (rest, action, getattr(stage, row) if row else None)


def _obstacle(stage: Stage, rest: str, action: str) -> tuple[str, str, Any]:
    row = Obstacle.objects.select_related("measure__goal", "project").filter(programme=stage.programme).last()
    if row is None:
        return "obstacles/", "risk.view", None
    return f"obstacles/{row.pk}/{rest}", action, row


def _decision(stage: Stage) -> tuple[str, str, Any]:
    row = Decision.objects.filter(programme=stage.programme).last()
    # Decisions that quote obstacles and requests are hidden from who may not read the register.
    return (f"decisions/{row.pk}/" if row else "decisions/"), "register.view" if row else "decision.view", row


def _weekly(stage: Stage) -> tuple[str, str, Any]:
    row = WeeklyList.objects.filter(programme=stage.programme).last()
    return (f"obstacles/weekly/{row.monday}/" if row else "obstacles/weekly/"), "risk.view", None


def _deviation(stage: Stage) -> tuple[str, str, Any]:
    row = Deviation.objects.filter(programme=stage.programme).last()
    return (f"deviations/{row.pk}/" if row else "deviations/"), "project.view", None


#: Pages with the action that opens them, and the row that they are about.
PAGES: tuple[Page, ...] = (
    _page("obstacles/", "risk.view"), _page("risks/", "risk.view"), _weekly, _deviation, _decision,
    _page("measures/", "measure.view"), _page("measures/T-0001/", "measure.view"),
    _page("measures/T-0002/edit/", "measure.edit", "others"), _page("measures/T-0001/edit/", "measure.edit", "mine"),
    _page("projects/", "project.view"), _page("projects/hanke-a/", "project.view"),
    _page("projects/hanke-b/edit/", "project.edit", "b"), _page("status/", "project.view"),
    _page("deviations/", "project.view"), _page("governance/duties/", "governance.view"),
    _page("calendar/", "governance.view"), _page("decisions/", "decision.view"),
    _page("meetings/", "register.view"), _page("ideas/", "talk.view"), _page("proposals/", "talk.view"),
    _page("obstacles/add/", "obstacle.raise"), _page("savings/", "savings.view"),
    lambda stage: _obstacle(stage, "", "risk.view"), lambda stage: _obstacle(stage, "decide/", "obstacle.decide"),
)  # fmt: skip


@pytest.fixture
def clock(transactional_db: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Clock]:
    """Now is what the script says. Weekly lists refuse to be deleted, so their table is emptied afterwards."""
    settings.SESSION_COOKIE_AGE = 100 * 24 * 3600
    found = Clock()
    monkeypatch.setattr(timezone, "now", found)
    yield found
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE risks_weeklylist")


# --- the script -----------------------------------------------------------------------------------------------------

RAISERS = (
    ("measure", "mine"), ("project", "a"), ("sector", "others"), ("segment", "b"), ("director", "c"),
    ("pmo", "others"), ("measure", "mine"),
)  # fmt: skip


def _free(stage: Stage, *, waiting: bool) -> list[model.MObstacle]:
    """Obstacles that nobody has touched today."""
    return [
        row for row in stage.obstacles.rows
        if row.is_waiting is waiting and row.touched != stage.day and row.raised_on < stage.day
    ]  # fmt: skip


def act_on_obstacles(stage: Stage) -> None:
    """A day's dealings with obstacles: some are raised, some moved or answered; many are left to the clock."""
    dice = stage.dice
    if dice.random() < 0.3:
        role, about = RAISERS[stage.acts["raised"] % len(RAISERS)]
        stage.raise_obstacle(role, about)
        stage.acts["raised"] += 1
    waiting, settled = _free(stage, waiting=True), _free(stage, waiting=False)
    if waiting and dice.random() < 0.35:
        row = dice.choice(waiting)
        row.touched = stage.day
        _move(stage, row)
    if settled and dice.random() < 0.15:
        row = dice.choice(settled)
        row.touched = stage.day
        if row.state == "decided" and dice.random() < 0.5:
            stage.close(row, row.raiser)
            stage.acts["closed"] += 1
        else:
            stage.reopen(row, "pmo")
            stage.acts["reopened"] += 1


def _move(stage: Stage, row: model.MObstacle) -> None:
    dice, answerers = stage.dice, sorted(row.answerers())
    kind = dice.choices(("decide", "up", "back", "close", "refused"), (4, 2, 2, 1, 2))[0]
    if kind == "decide" and answerers:
        stage.decide(row, answerers[0])
    elif kind == "back" and answerers and row.level != row.first:
        stage.send_back(row, answerers[0])
    elif kind == "up" and row.level != model.LEVELS[-1]:
        stage.take_up(row, dice.choice(("pmo", row.raiser)))
    elif kind == "close":
        stage.close(row, "pmo")
    else:
        kind = "refused"
        stage.refused_to_decide(row, "owner")
        stage.refused_to_decide(row, "staff")
    stage.acts[kind] += 1


def act_on_duties(stage: Stage, skipped: set[tuple[str, dt.date]]) -> None:
    """The office and the director keep what persons keep: in time, late, or (as drawn beforehand) never."""
    for key, role in (("kuva", "director"), ("viesti", "pmo")):
        for due, state in stage.duties[key].states.items():
            if (key, due) in skipped or state not in ("due", "missed"):
                continue
            if stage.day >= due - dt.timedelta(days=2) and stage.dice.random() < 0.35:
                stage.keep_duty(role, key, due)
                stage.acts["kept"] += 1


def look_around(stage: Stage, role: str) -> None:
    """Everything that is there is asked for by one of them."""
    for page in PAGES:
        stage.look(role, page)


def act_on_updates(stage: Stage) -> None:
    """Everybody gives the first month's update on its very last day; the later ones come when they come, or never."""
    month = model.ended(stage.day)
    is_last_day = stage.day.month != (stage.day + model.DAY).month
    is_first_month = month == model.month_of(stage.first)
    for role, project in (("project", stage.a), ("pmo", stage.b)):
        is_given = (f"project.{project.pk}", month) in stage.deviations.updates
        if is_given or not (is_last_day and is_first_month or stage.dice.random() < 0.05):
            continue
        stage.give_update(role, project)
        stage.acts["updates"] += 1


def act_on_deviations(stage: Stage, number: int) -> None:
    """Milestone of A slips, is brought back and slips again; that of B is forgotten until it is done late."""
    a, b = stage.deviations.milestones
    for day, days in ((8, 40), (20, 5), (27, 33), (34, 2)):
        if number == day:
            stage.forecast("project", a, days)
    if number == 40:
        stage.finish("project", a)
    if number == 57:
        stage.finish("pmo", b)
    if number % 4 == 3:
        standing = [row for row in stage.deviations.rows if row.closed is None]
        rows = Deviation.objects.filter(programme=stage.programme, closed_on=None)
        for row in standing[:1]:
            stage.close_deviation("pmo", rows.get(kind=row.kind, cause_key=row.key).pk, row)
            stage.acts["deviation looked at"] += 1


def play(stage: Stage, *, looks: int, every: int = 1) -> None:
    """The days of the period; `looks` pages are asked on every so manieth day, after its acts, by actors in turn."""
    dice, askers = stage.dice, (*ROLES, "stranger")
    persons_duties = [(key, due) for key in ("kuva", "viesti") for due in stage.duties[key].states]
    skipped = set(dice.sample(persons_duties, 2))
    modes = [
        dice.choices(("once", "twice", "late", "none", "beats"), (8, 3, 2, 2, 1))[0] for _ in range(DAYS)
    ]
    modes[-1], modes[7], modes[14], modes[21], modes[35] = "once", "beats", "none", "late", "beats"
    asked = dice.randrange(1000)
    for number in range(DAYS):
        stage.day = stage.first + dt.timedelta(days=number)
        mode = modes[number]
        if mode in ("once", "twice", "beats"):
            stage.ring(times=2 if mode == "twice" else 1, beats=2 if mode == "beats" else 1)
        if stage.day.isoweekday() < 6:
            stage.clock.at(stage.day, 10)
            act_on_obstacles(stage)
            act_on_duties(stage, skipped)
        stage.clock.at(stage.day, 11)
        act_on_updates(stage)
        act_on_deviations(stage, number)
        for _look in range(looks if number % every == 0 else 0):
            # 13 askers and 24 pages have no common divisor: everybody comes to every page.
            stage.look(askers[asked % len(askers)], PAGES[asked % len(PAGES)])
            asked += 1
        if number % 10 == 9:
            stage.forbidden_edit(
                ("theme", "segment", "measure", "staff", "board", "controller")[number // 10]
            )
        if mode == "late":
            stage.ring(hour=13)
        if number % 15 == 14 and every == 1 or number == DAYS - 1:
            for role in ROLES[number // 15 :: 4]:
                stage.look_at_own(role)
    look_around(stage, "staff")


# --- what must stand at the end -------------------------------------------------------------------------------------


def check_obstacles(stage: Stage) -> None:
    rows = {row.name_en: row for row in Obstacle.objects.filter(programme=stage.programme)}
    assert rows.keys() == {row.name for row in stage.obstacles.rows}
    for wanted in stage.obstacles.rows:
        row = rows[wanted.name]
        steps = [
            (one.kind, one.to_level, one.happened_on, one.is_by_clock) for one in row.steps.order_by("id")
        ]
        assert steps == wanted.steps, wanted.name
        assert (row.level, row.state, row.level_since) == (wanted.level, wanted.state, wanted.since), (
            wanted.name
        )
        if wanted.is_waiting:
            assert row.due_on == wanted.due, wanted.name
        assert (row.closed_on or row.decided_on) == wanted.settled_on, wanted.name
    told = Counter(
        (row.user.first_name, row.code, row.params["name"]["en"])
        for row in Notification.objects.filter(code__startswith="obstacle.", programme=stage.programme)
        .select_related("user")
    )  # fmt: skip
    assert told == stage.obstacles.told
    decisions = Decision.objects.filter(programme=stage.programme).count()
    assert decisions == sum(step[0] == "decided" for row in stage.obstacles.rows for step in row.steps)


def check_lists(stage: Stage) -> None:
    rows = list(WeeklyList.objects.filter(programme=stage.programme).order_by("monday"))
    wanted = stage.obstacles.lists
    assert [row.monday for row in rows] == [one["monday"] for one in wanted]
    assert [row.monday for row in rows] == list(model.mondays(stage.first, stage.last))
    for row, one in zip(rows, wanted, strict=True):
        document = read_list(row)
        lines = {
            line["name"]["en"]: (
                line["level"], dt.date.fromisoformat(line["due_on"]), line["age_days"], line["lists"],
            )
            for line in document["open"]
        }  # fmt: skip
        assert (row.as_of, lines) == (one["made"], one["open"])
        assert {line["name"]["en"] for line in document["settled"]} == one["settled"], row.monday
        assert row.sha256 == sha256_of(row.document)
    # One mail of each list for each who is to get it; a seat without the right to read gives none.
    sent_to = Counter(
        row.payload["to"][0]
        for row in Outbox.objects.filter(message_id__startswith=f"weekly-obstacles-{stage.programme.pk}-")
    )
    assert sent_to == {f"{role}@example.fi": len(rows) for role in ("owner", "director", "steering")}
    assert not Outbox.objects.filter(sent_at=None).exists()
    assert len(stage.mails_of_day) == Outbox.objects.count()
    assert max(Counter(stage.mails_of_day).values()) == 1  # nobody gets the same letter twice a day


def check_duties(stage: Stage) -> None:
    for key, duty in stage.duties.items():
        rows = DutyOccurrence.objects.filter(programme=stage.programme, duty__key=key, due_on__lte=stage.last)
        assert dict(rows.values_list("due_on", "state")) == duty.states, key
        kept = rows.exclude(kept_on=None)
        assert dict(kept.values_list("due_on", "kept_on")) == duty.kept_on, key
        # Kept, kept late or flagged; what is still due is due today.
        assert {day for day, state in duty.states.items() if state == "due"} <= {stage.last}
        told = Counter(
            (row.user.first_name, row.params["day"])
            for row in Notification.objects.filter(
                code="duty.missed", programme=stage.programme, params__what__fi=f"Velvoite {key}"
            ).select_related("user")
        )
        wanted = {(who, day.isoformat()): 1 for who in duty.told_of_missed for day in duty.missed}
        assert told == wanted, key
    assert any(duty.missed for duty in stage.duties.values())


def check_deviations(stage: Stage) -> None:
    kinds = ("milestone_slipped", "update_missing")
    rows = Deviation.objects.filter(programme=stage.programme, kind__in=kinds)
    found = sorted(rows.values_list("kind", "cause_key", "found_on", "cause_gone_on", "closed_on"), key=str)
    wanted = sorted(
        ((row.kind, row.key, row.found, row.gone, row.closed) for row in stage.deviations.rows), key=str
    )
    assert found == wanted
    standing = Counter(
        Deviation.objects.filter(programme=stage.programme, closed_on=None).values_list("kind", "cause_key")
    )
    assert not standing or max(standing.values()) == 1
    reminded = Counter(
        (row.params["names"]["fi"].split()[-1], row.params["month"])
        for row in Notification.objects.filter(code="status.missing", programme=stage.programme)
    )
    # Only A has a manager; the office hears of all together.
    assert reminded == {
        (slug, f"{month:%Y-%m}"): 1
        for key, month in stage.deviations.reminded
        if (slug := stage.deviations.projects[key]) == "hanke-a"
    }
    chased = Counter(
        row.params["month"]
        for row in Notification.objects.filter(code="status.chase", programme=stage.programme)
    )
    assert chased == {f"{month:%Y-%m}": 1 for _key, month in stage.deviations.reminded}


def check_told_once(stage: Stage) -> None:
    """No notice twice, none to somebody of another county, and no job claimed twice."""
    rows = Notification.objects.values_list("user", "dedupe_key")
    assert len(rows) == len(set(rows))
    assert not Notification.objects.filter(programme=stage.programme, user=stage.stranger).exists()
    assert not Notification.objects.filter(user=stage.people["staff"]).exists()
    runs = ScheduledRun.objects.values_list("schedule", "due_at")
    assert len(runs) == len(set(runs))


def check_all(stage: Stage) -> None:
    check_obstacles(stage)
    check_lists(stage)
    check_duties(stage)
    check_deviations(stage)
    check_told_once(stage)
    # The script did what it is for.
    by_clock = sum(step[3] for row in stage.obstacles.rows for step in row.steps)
    assert by_clock >= 3 and stage.acts["raised"] >= 6 and stage.acts["decide"] >= 2
    assert stage.looks[200] and stage.looks[403] and stage.looks[404]


def period(clock: Clock, first: dt.date, seed: int, *, neighbour: bool = True) -> Stage:
    return Stage(clock, first, first + dt.timedelta(days=DAYS - 1), seed, neighbour=neighbour)


def test_sixty_days_of_the_programme(clock: Clock) -> None:
    """Christmas and New Year on Mondays, the change of the year; a page is looked at every second day."""
    stage = period(clock, WINTER, seed=1, neighbour=False)
    play(stage, looks=1, every=2)
    check_all(stage)


@pytest.mark.nightly
@pytest.mark.timeout(900)
@pytest.mark.parametrize("first", [WINTER, SPRING], ids=["winter", "spring"])
@pytest.mark.parametrize("seed", range(2, 7))
def test_many_such_months_with_every_actor_looking(clock: Clock, first: dt.date, seed: int) -> None:
    stage = period(clock, first, seed)
    play(stage, looks=8)
    check_all(stage)
