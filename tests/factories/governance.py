"""Rows of governance: one of each noun for a side of a furnished county (tests/factories/places.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from core.attachments import attach
from programme.models import (
    ActionPoint,
    AgendaItem,
    Body,
    Decision,
    DecisionLink,
    DutyOccurrence,
    Meeting,
    MeetingParticipant,
    Membership,
    Perspective,
    PerspectiveTask,
    Programme,
    ReportingDuty,
)


def make_body(programme: Programme, key: str = "johtoryhma", **fields: Any) -> Body:
    return Body.objects.create(
        programme=programme, key=key, **({"name_fi": "Johtoryhmä", "kind": "management_group"} | fields)
    )


def make_duty(programme: Programme, key: str = "rep1", **fields: Any) -> ReportingDuty:
    """A monthly report due on the first, followed from the beginning of 2024."""
    own = {
        "what_fi": "Tilannekuva", "kind": "report", "frequency": "monthly", "due_day": 1,
        "followed_from": date(2024, 1, 1),
    }  # fmt: skip
    return ReportingDuty.objects.create(programme=programme, key=key, **(own | fields))


def make_meeting(body: Body, **fields: Any) -> Meeting:
    return Meeting.objects.create(
        programme=body.programme, body=body, **({"held_on": date(2024, 3, 18)} | fields)
    )


def _body(side: Any) -> Body:
    """A body in use: the side's other one has nothing, so that it can be deleted."""
    return Body.objects.filter(programme=side.programme, key=f"ryhma-{side.name}").first() or make_body(
        side.programme, f"ryhma-{side.name}"
    )


def _task(side: Any) -> PerspectiveTask:
    perspective = Perspective.objects.create(
        programme=side.programme, key=f"sivu-{side.name}", name_fi="Sisältö"
    )
    return PerspectiveTask.objects.create(
        programme=side.programme, perspective=perspective, key=f"t-{side.name}", name_fi="Tehtävä"
    )


def _decision(side: Any) -> Decision:
    body = make_body(side.programme, f"hallitus-{side.name}", kind="county_board", name_fi="Aluehallitus")
    return Decision.objects.create(
        programme=side.programme, body=body, decided_on=date(2024, 3, 1), section="35", subject="Suunnitelma"
    )


#: Noun -> how one is made for a side.
GOVERNANCE: dict[str, Callable[[Any], Any]] = {
    "seat": lambda side: Membership.objects.create(
        programme=side.programme, body=_body(side), name="Anna Virtanen"
    ),
    "perspective_task": _task,
    "due_time": lambda side: DutyOccurrence.objects.create(
        programme=side.programme, duty=make_duty(side.programme, f"rep-{side.name}", owner=side.owner),
        period_key="2024-04", due_on=date(2024, 4, 2),
    ),
    "meeting": lambda side: make_meeting(_body(side)),
    "participant": lambda side: MeetingParticipant.objects.create(
        programme=side.programme, meeting=side.things["meeting"], name="Anna Virtanen"
    ),
    "agenda_item": lambda side: AgendaItem.objects.create(
        programme=side.programme, meeting=side.things["meeting"], subject="Tilannekuva"
    ),
    "meeting_paper": lambda side: attach(
        about=side.things["meeting"], upload=SimpleUploadedFile("esitys.txt", b"Esitys 1"), by=None
    ),
    "decision": _decision,
    "decision_link": lambda side: DecisionLink.objects.create(
        programme=side.programme, decision=side.things["decision"], about=side.project
    ),
    "action_point": lambda side: ActionPoint.objects.create(
        programme=side.programme, subject="Selvitetään", owner=side.owner, due_on=date(2024, 4, 15)
    ),
}  # fmt: skip
