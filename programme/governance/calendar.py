"""The programme's calendar: days told by every app, with the right that each needs.

    register_events(function, kinds={"milestone": _("milestone")}, action="project.view")

in `AppConfig.ready()`. `function(programme, first, last)` answers `Event`s between the days, both included, in a number
of statements that does not grow with them. Its titles are said in the active language. Events of an action that the
reader may not do are not asked for at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.permissions import can
from core.templatetags.ui import plain_text
from programme.governance import duties
from programme.models import ActionPoint, Decision, DutyOccurrence, Meeting, Programme

#: Shape of an event's state (core.templatetags.ui.status): ok, warn, bad, info, none.
Shape = str


@dataclass(frozen=True)
class Event:
    """One entry. `state` is a shape and `word` its word; `uid` names the thing for other calendars, stable in time."""

    day: date
    kind: str
    title: str
    url: str = ""
    state: str = "none"
    word: str | Promise = ""
    begins: time | None = None
    ends: time | None = None
    place: str = ""
    uid: str = ""
    is_cancelled: bool = False
    is_illustrative: bool = False


Teller = Callable[[Programme, date, date], list[Event]]


@dataclass(frozen=True)
class Source:
    tell: Teller
    kinds: Mapping[str, str | Promise]
    action: str


_SOURCES: list[Source] = []


def register_events(
    function: Teller, *, kinds: Mapping[str, str | Promise] | None = None, action: str = "governance.view"
) -> None:
    """Adds a source of days; `kinds` names in words the kinds that it tells of."""
    if all(source.tell is not function for source in _SOURCES):
        _SOURCES.append(Source(function, kinds or {}, action))


def kinds_for(user: Any, programme: Programme) -> dict[str, str | Promise]:
    """Kinds of days that the person may see, with their words."""
    return {
        kind: word
        for source in _SOURCES
        if user is None or can(user, source.action, programme)
        for kind, word in source.kinds.items()
    }


def events(programme: Programme, first: date, last: date, *, user: Any = None) -> list[Event]:
    """Days between `first` and `last`, both included, in order; with a `user` only what that person may see."""
    found = [
        event
        for source in _SOURCES
        if user is None or can(user, source.action, programme)
        for event in source.tell(programme, first, last)
    ]
    return sorted(found, key=lambda one: (one.day, one.begins or time.min, one.kind, one.title))


# --- what governance itself tells -----------------------------------------------------------------------------------

DUTY_SHAPES = {"due": "info", "kept": "ok", "kept_late": "warn", "missed": "bad", "not_needed": "none"}
MEETING_SHAPES = {"planned": "info", "held": "ok", "cancelled": "none"}


def _duties(programme: Programme, first: date, last: date) -> list[Event]:
    url = reverse("programme:duty_list", args=[programme.slug])
    rows = DutyOccurrence.objects.filter(programme=programme, due_on__range=(first, last)).select_related(
        "duty"
    )
    told = [
        Event(
            row.due_on, "duty", plain_text(row.duty, "what"), f"{url}#duty-{row.duty_id}", DUTY_SHAPES[row.state],
            row.get_state_display(), uid=f"duty-{row.duty_id}-{row.period_key}",
        )
        for row in rows
    ]  # fmt: skip
    return told + [
        Event(
            one.due_on, "duty", plain_text(one.duty, "what"), f"{url}#duty-{one.duty.pk}", "none", _("to come"),
            uid=f"duty-{one.duty.pk}-{one.period_key}",
        )
        for one in duties.planned(programme, first, last)
    ]  # fmt: skip


def _meetings(programme: Programme, first: date, last: date) -> list[Event]:
    rows = Meeting.objects.filter(programme=programme, held_on__range=(first, last)).select_related("body")
    return [
        Event(
            row.held_on, "meeting", row.title or plain_text(row.body),
            reverse("programme:meeting_detail", args=[programme.slug, row.pk]), MEETING_SHAPES[row.state],
            row.get_state_display(), row.starts_at, row.ends_at, row.place, f"meeting-{row.pk}",
            row.state == Meeting.State.CANCELLED, row.is_illustrative,
        )
        for row in rows
    ]  # fmt: skip


def _actions(programme: Programme, first: date, last: date) -> list[Event]:
    rows = ActionPoint.objects.filter(
        programme=programme, due_on__range=(first, last), state=ActionPoint.State.OPEN
    )
    today, url = programme.today(), reverse("programme:action_list", args=[programme.slug])
    return [
        Event(
            row.due_on, "action", row.subject, f"{url}#action-{row.pk}", "bad" if row.due_on < today else "info",
            _("late") if row.due_on < today else _("open"), uid=f"action-{row.pk}",
            is_illustrative=row.is_illustrative,
        )
        for row in rows
        if row.due_on is not None
    ]  # fmt: skip


def _decisions(programme: Programme, first: date, last: date) -> list[Event]:
    rows = Decision.objects.filter(
        programme=programme, carried_out_by__range=(first, last), carried_out_on=None
    )
    today = programme.today()
    return [
        Event(
            row.carried_out_by, "decision", row.subject,
            reverse("programme:decision_detail", args=[programme.slug, row.pk]),
            "bad" if row.carried_out_by < today else "info",
            _("not carried out") if row.carried_out_by < today else _("to be carried out"),
            uid=f"decision-{row.pk}", is_illustrative=row.is_illustrative,
        )
        for row in rows
        if row.carried_out_by is not None
    ]  # fmt: skip


register_events(_meetings, kinds={"meeting": _("meeting")}, action="register.view")
register_events(_duties, kinds={"duty": _("duty")})
register_events(_actions, kinds={"action": _("action point")}, action="register.view")
register_events(_decisions, kinds={"decision": _("decision to be carried out")}, action="register.view")
