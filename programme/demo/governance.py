"""Illustrative seats, meetings, decisions, action points and duties kept or missed.

Nothing here comes from the county: rows are marked so. Written once for a programme with a management group and
illustrative figures; what people change afterwards stays.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db import transaction

from core.history import own_context
from core.workdays import next_workday
from programme.governance import duties, joined, meetings
from programme.governance.register import decide
from programme.models import (
    ActionPoint,
    AgendaItem,
    Body,
    Decision,
    DutyOccurrence,
    Meeting,
    Membership,
    Perspective,
    PerspectiveTask,
    Programme,
    ReportingDuty,
)

REASON = "illustrative governance"
NOTE = "Havainnollistava"
#: Body, demo account or a name, seat.
SEATS = (
    ("johtoryhma", "owner", "chair"), ("johtoryhma", "director", "presenter"), ("johtoryhma", "steering", "member"),
    ("johtoryhma", "sector", "member"), ("johtoryhma", "controller", "member"), ("johtoryhma", "pmo", "secretary"),
    ("johtoryhma", "Entinen Jäsen", "member"), ("aluehallitus", "board", "member"),
    ("aluehallitus", "Pirjo Puheenjohtaja", "chair"), ("aluevaltuusto", "council", "member"),
    ("muutostoimisto", "pmo", "chair"), ("muutostoimisto", "project", "member"),
)  # fmt: skip
#: Duty -> who sees to it.
OWNERS = {
    "rep1": "director", "rep2": "director", "rep3": "owner", "rep4": "pmo", "rep6": "owner", "rep7": "project",
}  # fmt: skip


class Matter(NamedTuple):
    """One matter: its kind, whether it is about a measure, the decision with its section and days to carry it out."""

    subject: str
    kind: str = "inform"
    about: str = ""
    presenter: str = ""
    note: str = ""
    decision: str = ""
    section: str = ""
    days: int | None = None
    is_done: bool = False


class Held(NamedTuple):
    """A meeting: body, days from the programme's day, title, matters, action points (what, who, days, done)."""

    body: str
    days: int
    title: str
    matters: tuple[Matter, ...]
    actions: tuple[tuple[str, str, int, bool], ...] = ()
    minutes: str = ""
    is_cancelled: bool = False


MEETINGS = (
    Held(
        "johtoryhma", -48, "",
        (
            Matter("Ohjelman tilannekuva", presenter="Outi Operatiivi", note="Tilannekuva merkittiin tiedoksi."),
            Matter("Etävastaanoton laajentaminen", "decide", "measure", "Teemu Digi", section="14", days=30,
                   decision="Etävastaanotto laajennetaan kaikille terveysasemille", is_done=True),
            Matter("Etenemisen esteet", "discuss", note="Kaksi estettä ratkaistiin, yksi siirtyi."),
        ),
        (("Etävastaanoton aikataulu toimipisteittäin", "theme", 14, True),
         ("Vuokratyön käytön seuranta sektoreittain", "sector", 35, False)),
        "Havainnollistava muistio: kokous oli päätösvaltainen, esityslista hyväksyttiin.",
    ),
    Held(
        "johtoryhma", -20, "",
        (
            Matter("Ohjelman tilannekuva", presenter="Outi Operatiivi"),
            Matter("Hankintasopimusten kilpailutus", "decide", "measure", "Seija Terveys",
                   decision="Asiantuntijapalvelujen sopimukset kilpailutetaan uudelleen", section="17", days=10),
            Matter("Toimitilojen tiivistäminen", "decide", "project", "Petra Projekti",
                   decision="Tilatiivistyksen suunnitelma hyväksytään jatkovalmisteluun", section="18", days=60),
        ),
        (("Kilpailutuksen aikataulu ja vastuut", "director", 7, False),
         ("Henkilöstön kuuleminen tilatiivistyksestä", "project", 30, False)),
        "Havainnollistava muistio.",
    ),
    Held("johtoryhma", -34, "Ylimääräinen kokous", (Matter("Talousarvion muutos", "discuss"),), is_cancelled=True),
    Held(
        "aluehallitus", -27, "",
        (Matter("Osavuosikatsaus: tuottavuusohjelma", "decide", "", "Olavi Omistaja",
                decision="Aluehallitus merkitsee ohjelman etenemisen tiedoksi", section="112", days=None),),
        minutes="Havainnollistava muistio.",
    ),
    Held(
        "johtoryhma", 8, "",
        (
            Matter("Ohjelman tilannekuva", presenter="Outi Operatiivi"),
            Matter("Avustavan työn uudelleenjärjestely", "decide", "measure", "Seija Terveys"),
            Matter("Riskien vuosikatsaus", "discuss", presenter="Paula Muutos"),
        ),
    ),
    Held("aluevaltuusto", 29, "", (Matter("Poliittinen seuranta: tuottavuusohjelma", "inform"),)),
)  # fmt: skip


def write_governance(programme: Programme, *, by: Any = None) -> int:
    """How many meetings were written; 0 where there are some, or nothing illustrative to govern.

    The demo's programme office writes them down, or `by` where there are no demo accounts.
    """
    bodies = {body.key: body for body in Body.objects.filter(programme=programme)}
    done = Meeting.objects.filter(programme=programme).exists()
    if programme.status_date is None or "johtoryhma" not in bodies or done:
        return 0
    found = get_user_model().objects.filter(is_demo=True, grants__programme=programme)
    people = {person.username: person for person in found.distinct()}
    if by is not None:
        people.setdefault("pmo", by)
    if "pmo" not in people:
        return 0
    with transaction.atomic(), own_context(reason=REASON):
        _seat(programme, bodies, people)
        for held in MEETINGS:
            if held.body in bodies:
                _meet(programme, bodies[held.body], held, people)
        _give_tasks(programme, people)
        _keep_duties(programme, people)
    return Meeting.objects.filter(programme=programme).count()


def _seat(programme: Programme, bodies: dict[str, Body], people: dict[str, Any]) -> None:
    today = programme.today()
    Membership.objects.bulk_create(
        Membership(
            programme=programme, body=bodies[key], user=people.get(who), name="" if who in people else who, seat=seat,
            starts_on=date(programme.start_year, 8, 1), is_illustrative=True,
            ends_on=today - timedelta(days=120) if who.startswith("Entinen") else None,
        )
        for key, who, seat in SEATS
        if key in bodies and (who in people or " " in who)
    )  # fmt: skip


def _meet(programme: Programme, body: Body, held: Held, people: dict[str, Any]) -> None:
    by, today = people["pmo"], programme.today()
    day = next_workday(today + timedelta(days=held.days))
    meeting = meetings.call_meeting(
        meeting=Meeting(
            programme=programme, body=body, title=held.title, held_on=day, starts_at=time(9), ends_at=time(11),
            place="Kouvola, Teams", minutes=held.minutes, is_illustrative=True,
        ),
        by=by,
    )  # fmt: skip
    for matter in held.matters:
        _take_up(meeting, matter, by)
    for subject, who, days, is_done in held.actions:
        action = ActionPoint(
            programme=programme, meeting=meeting, subject=subject, owner=people.get(who),
            due_on=next_workday(day + timedelta(days=days)), is_illustrative=True,
        )  # fmt: skip
        meetings.promise(action=action, by=by)
        if is_done:
            meetings.finish(action=action, on=next_workday(day + timedelta(days=days - 3)), by=by)
    if held.is_cancelled:
        meetings.cancel(meeting=meeting, by=by)
    elif day <= today:
        everybody = set(meeting.participants.values_list("pk", flat=True))
        meetings.note_presence(meeting=meeting, present=everybody, by=by)
        meetings.hold(meeting=meeting, by=by)


def _take_up(meeting: Meeting, matter: Matter, by: Any) -> None:
    item = AgendaItem(
        programme_id=meeting.programme_id, meeting=meeting, subject=matter.subject, kind=matter.kind,
        presenter=matter.presenter, note=matter.note, about=_about(meeting, matter, by),
    )  # fmt: skip
    meetings.add_item(item=item, by=by)
    if matter.decision:
        due = None if matter.days is None else meeting.held_on + timedelta(days=matter.days)
        done = due - timedelta(days=5) if due is not None and matter.is_done else None
        decision = Decision(
            subject=matter.decision, section=matter.section, reason=NOTE, carried_out_by=due, carried_out_on=done,
            decided_on=meeting.held_on, case_number=f"HAVAINTO/{matter.section}/{meeting.held_on.year}",
            is_illustrative=True,
        )  # fmt: skip
        decide(item=item, decision=decision, by=by)


def _about(meeting: Meeting, matter: Matter, by: Any) -> Any:
    """One of the rows that matters may be about, each time another one; None where there are none."""
    label = {"measure": "measures.measure", "project": "programme.project"}.get(matter.about)
    rows = [
        value
        for _title, group in joined.choices(meeting.programme, by)
        for value, _words in group
        if label and value.startswith(f"{label}:")
    ]
    if not rows:
        return None
    return joined.chosen(meeting.programme, by, rows[sum(map(ord, matter.subject)) % len(rows)])


def _give_tasks(programme: Programme, people: dict[str, Any]) -> None:
    """Two of the four sides have their owner and tasks given; the others show that nobody is named."""
    for key, who in (("strategia", "owner"), ("hankehallinta", "director")):
        if who in people:
            Perspective.objects.filter(programme=programme, key=key, owner=None).update(owner=people[who])
            tasks = PerspectiveTask.objects.filter(programme=programme, perspective__key=key, assignee=None)
            tasks.update(assignee=people[who])


def _keep_duties(programme: Programme, people: dict[str, Any]) -> None:
    """Duties followed for two months: most kept in time, one late, one missed."""
    today = programme.today()
    since = (today.replace(day=1) - timedelta(days=40)).replace(day=1)
    for duty in ReportingDuty.objects.filter(programme=programme).exclude(due_day=None):
        duty.followed_from, duty.owner = since, people.get(OWNERS.get(duty.key, ""))
        duty.save(update_fields=["followed_from", "owner"])
    DutyOccurrence.objects.filter(programme=programme, state=DutyOccurrence.State.DUE).delete()
    duties.open_occurrences(programme, today=today)
    past = DutyOccurrence.objects.filter(programme=programme, due_on__lt=today).select_related("duty__owner")
    for place, row in enumerate(past.order_by("due_on", "duty__position")):
        if place % 9 == 7:
            continue
        on = row.due_on + timedelta(days=3 if place % 5 == 3 else 0)
        duties.keep(
            occurrence=row, on=min(on, today), told="Johtoryhmä" if row.duty.key != "rep4" else "Henkilöstö",
            note=NOTE, by=row.duty.owner,
        )  # fmt: skip
    duties.judge_missed(programme, today=today)
