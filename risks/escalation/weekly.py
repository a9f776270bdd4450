"""The weekly list of obstacles for the management group: made on Mondays, frozen, mailed once to each member.

The list of a week is made once, whoever rings first; rung on a later day it is made then, for the same Monday, and
says the day it was made on. Weeks that passed in a standstill get no list of their own: the latest one holds what
waits. A Monday that is a holiday has its list too; only deadlines move.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.notices import is_quiet, site_address
from core.db import retrying
from core.history import own_context
from core.jobs import run_once
from core.models import Outbox
from core.outbox import post_mail
from core.permissions import ACTIONS
from core.workdays import workdays_between
from programme.governance.duties import WEEKLY_LIST, mark_kept
from programme.models import Membership, Programme, RoleGrant
from risks.escalation.clocks import clock_of
from risks.escalation.levels import ladder_of
from risks.escalation.notices import names_of
from risks.escalation.selectors import monday_of, readable
from risks.escalation.services import WAITING
from risks.escalation.ticking import tick_programme
from risks.models import Obstacle, WeeklyList

SCHEMA = "weekly-obstacles/1"
SCHEDULE = "weekly obstacles"
MAIL = "risks/mail/weekly_list"
#: The hour that names the due time of a week's list; when it is really made is told apart.
DUE_AT = time(4, 50)
#: Obstacles that the mail names; the rest are on the page.
NAMED = 12
#: How far back the first list looks for what was decided.
FIRST_DAYS = 7

Document = dict[str, Any]


# --- the document -----------------------------------------------------------------------------------------------


def canonical(document: Document) -> str:
    """The one text of a document: sorted keys, no spaces, characters as they are; texts and whole numbers only."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sha256_of(text: str) -> str:
    """Hash of the UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_list(row: WeeklyList) -> Document:
    """The stored document; there is one schema so far."""
    document: Document = json.loads(row.document)
    if document.get("schema") != SCHEMA:
        raise ValueError(document.get("schema"))
    return document


def build(programme: Programme, monday: date, as_of: date, before: WeeklyList | None) -> Document:
    """What the list of the week says. The obstacles are read by one statement, so it shows one moment."""
    ladder = ladder_of(programme)
    earlier = read_list(before) if before else {"open": [], "settled": []}
    counts = {line["id"]: line["lists"] for line in earlier["open"]}
    told = {(line["id"], line["on"]) for line in earlier["settled"]}
    since = before.as_of if before else as_of - timedelta(days=FIRST_DAYS)
    recent = Q(decided_on__gte=since) | Q(closed_on__gte=since)
    rows = list(readable(programme).filter(Q(state__in=WAITING) | recent))
    waiting = [_open_line(row, as_of, since, counts) for row in rows if row.state in WAITING]
    settled = [line for row in rows if row.state not in WAITING for line in [_settled_line(row)]]
    return {
        "schema": SCHEMA,
        "programme": {"key": programme.slug, "name": names_of(programme)},
        "monday": monday.isoformat(),
        "as_of": as_of.isoformat(),
        "before": before.monday.isoformat() if before else None,
        "levels": [
            {"level": row.level, "name": names_of(row), "working_days": row.working_days}
            for row in ladder.used
        ],
        "open": waiting,
        "settled": [line for line in settled if (line["id"], line["on"]) not in told],
    }


def _about(row: Obstacle) -> Document:
    """What the obstacle stops."""
    if row.measure is not None:
        return {"kind": "measure", "key": row.measure.code, "name": names_of(row.measure)}
    if row.project is not None:
        return {"kind": "project", "key": row.project.slug, "name": names_of(row.project)}
    return {"kind": "programme", "key": "", "name": {}}


def _line(row: Obstacle) -> Document:
    theme = row.measure.goal.theme if row.measure else row.project.theme if row.project else None
    return {
        "id": row.pk,
        "name": names_of(row),
        "about": _about(row),
        "theme": names_of(theme) if theme else {},
        "level": row.level,
        "raised_on": row.raised_on.isoformat(),
        "raised_by": row.raised_by_id,
        "is_illustrative": row.is_illustrative,
    }


def _open_line(row: Obstacle, as_of: date, since: date, counts: Mapping[int, int]) -> Document:
    clock = clock_of(row.due_on, as_of)
    lists = counts.get(row.pk, 0) + 1
    return _line(row) | {
        "owner": row.owner_id,
        "age_days": max(0, (as_of - row.raised_on).days),
        "age_working_days": max(0, workdays_between(row.raised_on, as_of)),
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "days_left": clock.days if clock else None,
        "lists": lists,
        "is_new": lists == 1,
        "has_moved": lists > 1 and row.level_since is not None and row.level_since >= since,
    }


def _settled_line(row: Obstacle) -> Document:
    on = row.closed_on or row.decided_on or row.raised_on
    decided = row.decided_on or on
    return _line(row) | {
        "state": row.state,
        "on": on.isoformat(),
        "answer": row.decision_text,
        "decision": row.decision_id,
        "working_days": max(0, workdays_between(row.raised_on, decided)),
    }


# --- making it ----------------------------------------------------------------------------------------------------


def make_due_lists(*, today: date | None = None) -> list[WeeklyList]:
    """The list of the week for every programme that has begun; those that are there already are left alone."""
    made = []
    for programme in Programme.objects.order_by("pk"):
        day = today or programme.today()
        if day.year < programme.start_year:
            continue
        tick_programme(programme, today=day)  # the list shows levels as they are that morning
        row = make_list(programme, today=day)
        if row is not None:
            made.append(row)
    return made


@retrying
def make_list(programme: Programme, *, today: date, by: Any = None) -> WeeklyList | None:
    """Makes, freezes and mails the list of the week that the day lies in; None when it is there already.

    The due time is claimed in the same transaction: of two at once one waits and then finds it done, and what breaks
    off half-way leaves neither list nor mail nor claim.
    """
    monday = monday_of(today)
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=SCHEDULE):
        if not run_once(f"{SCHEDULE} {programme.pk}", _due(monday)):
            return None
        rows = WeeklyList.objects.filter(programme=programme)
        if rows.filter(monday=monday).exists():
            return None
        before = rows.filter(monday__lt=monday).order_by("-monday").first()
        document = build(programme, monday, today, before)
        text = canonical(document)
        row = WeeklyList(
            programme=programme, monday=monday, as_of=today, schema=SCHEMA, document=text, sha256=sha256_of(text)
        ).stamp(by)  # fmt: skip
        row.save()
        told = _mail(programme, row, document)
        mark_kept(programme, WEEKLY_LIST, today, evidence=row, told=", ".join(told), by=by)
    return row


def _due(monday: date) -> datetime:
    return timezone.make_aware(datetime.combine(monday, DUE_AT))


def members(programme: Programme, on: date) -> list[Any]:
    """Who gets the list: members of the steering body on that day, and who holds the role; each once."""
    seats = Membership.objects.filter(
        Q(starts_on=None) | Q(starts_on__lte=on), Q(ends_on=None) | Q(ends_on__gte=on),
        programme=programme, body__is_steering_group=True, user__isnull=False,
    )  # fmt: skip
    grants = RoleGrant.objects.filter(programme=programme)
    wanted = Q(pk__in=seats.values("user")) | Q(pk__in=grants.filter(role="steering").values("user"))
    # A seat gives no right: obstacles are mailed only to those who may read them in the portal.
    may_read = grants.filter(role__in=ACTIONS[Obstacle.view_action]).values("user")
    people = get_user_model().objects.filter(wanted, pk__in=may_read, is_active=True)
    return list(people.order_by("last_name", "first_name", "pk"))


def _mail(programme: Programme, row: WeeklyList, document: Document) -> list[str]:
    """Puts one mail for each member into the outbox, to leave after the quiet hours; their names."""
    url = reverse("risks:weekly_detail", args=[programme.slug, row.monday.isoformat()])
    people = members(programme, row.as_of)
    for person in people:
        if not person.email:
            continue
        message_id = f"weekly-obstacles-{programme.pk}-{row.monday.isoformat()}-{person.pk}"
        post_mail(
            message_id=message_id, to=[person.email], template=MAIL,
            params=_mail_params(document) | {"url": url, "site": site_address(), "who": person.get_full_name()},
            language=person.language,
        )  # fmt: skip
        Outbox.objects.filter(message_id=message_id).update(not_before=_after_quiet(timezone.now(), person))
    return [person.get_full_name() or person.get_username() for person in people]


def _after_quiet(now: datetime, person: Any) -> datetime:
    """Now, or the end of the person's quiet hours when they want no mail at this time."""
    if not is_quiet(now, person.quiet_from, person.quiet_until):
        return now
    local = timezone.localtime(now)
    day = local.date() + timedelta(days=local.time() >= person.quiet_until)
    return timezone.make_aware(datetime.combine(day, person.quiet_until))


def _mail_params(document: Document) -> Document:
    waiting = document["open"]
    return {
        "programme": document["programme"]["name"],
        "monday": document["monday"],
        "waiting": len(waiting),
        "new": sum(line["is_new"] for line in waiting),
        "over": sum(1 for line in waiting if (line["days_left"] or 0) < 0),
        "settled": len(document["settled"]),
        "lines": [
            {name: line[name] for name in ("name", "level", "age_days", "days_left")}
            for line in waiting[:NAMED]
        ],
        "more": max(0, len(waiting) - NAMED),
    }


# --- reading ------------------------------------------------------------------------------------------------------


def lists_of(programme: Programme) -> Any:
    """The programme's lists, the latest first, without their documents."""
    return WeeklyList.objects.filter(programme=programme).defer("document").order_by("-monday")


def raised_after(programme: Programme, row: WeeklyList) -> list[Obstacle]:
    """Obstacles raised in the list's week that came after it was made."""
    told = {line["id"] for part in ("open", "settled") for line in read_list(row)[part]}
    days = (row.as_of, row.monday + timedelta(days=6))
    return [one for one in readable(programme).filter(raised_on__range=days) if one.pk not in told]


def mark_handled(*, row: WeeklyList, on: date, by: Any) -> WeeklyList:
    """Notes the day on which the management group went through the list; its content stays as it is."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        WeeklyList.objects.filter(pk=row.pk).update(handled_on=on)
    row.refresh_from_db()
    return row
