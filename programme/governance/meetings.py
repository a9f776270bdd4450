"""Meetings: agenda in its order, people, what was decided and promised, and what is still open from before."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.notices import forget_asked, notify
from core.attachments import allow
from core.db import retrying
from core.history import own_context
from programme.governance.notices import ACTION, ACTION_LATE
from programme.models import ActionPoint, AgendaItem, Body, Meeting, MeetingParticipant, Membership, Programme

# Papers belong to the meeting or to one of its matters; who sees the meeting sees them.
allow("programme.meeting")
allow("programme.agendaitem", lambda item: item.meeting)
allow("programme.decision")


# --- seats ----------------------------------------------------------------------------------------------------------


def seats(body: Body, day: date) -> tuple[list[Membership], list[Membership]]:
    """Seats held on the day or later, and those that ended before. One statement."""
    rows = list(Membership.objects.filter(body=body).select_related("user"))
    rows.sort(key=lambda row: (Membership.Position.values.index(row.seat), row.pk))
    past = [row for row in rows if row.ends_on is not None and row.ends_on < day]
    return [row for row in rows if row not in past], past


def sitting(body: Body, day: date) -> QuerySet[Membership]:
    """Seats of the body on a day."""
    return Membership.objects.filter(
        Q(starts_on=None) | Q(starts_on__lte=day), Q(ends_on=None) | Q(ends_on__gte=day), body=body
    )


@retrying
def end_seat(*, membership: Membership, on: date, by: Any) -> None:
    """Ends a seat on a day; one that began later ends on the day it began."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        membership.ends_on = max(on, membership.starts_on or on)
        membership.stamp(by)
        membership.full_clean()
        membership.save(update_fields=["ends_on", "updated_by"])


# --- meetings -------------------------------------------------------------------------------------------------------


@retrying
def call_meeting(*, meeting: Meeting, by: Any) -> Meeting:
    """Stores a new meeting and invites who sits in the body on its day."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        meeting.stamp(by)
        meeting.full_clean()
        meeting.save()
        invite_members(meeting=meeting, by=by)
        return meeting


@retrying
def invite_members(*, meeting: Meeting, by: Any) -> int:
    """Puts the body's members of the day on the list of people, each once; how many are new."""
    there = MeetingParticipant.objects.filter(meeting=meeting)
    users: set[int | None] = set(there.values_list("user_id", flat=True))
    names = set(there.filter(user=None).values_list("name", flat=True))
    new = []
    for seat in sitting(meeting.body, meeting.held_on).order_by("id"):
        if seat.user_id in users if seat.user_id else seat.name in names:
            continue
        users.add(seat.user_id)
        names.add(seat.name)
        new.append(
            MeetingParticipant(
                programme_id=meeting.programme_id, meeting=meeting, user_id=seat.user_id,
                name="" if seat.user_id else seat.name, created_by=by, updated_by=by,
            )
        )  # fmt: skip
    with own_context(user=getattr(by, "pk", None), reason=""):
        MeetingParticipant.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


@retrying
def note_presence(*, meeting: Meeting, present: set[int], by: Any) -> int:
    """Notes who of the invited was there and who was not; how many rows changed."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        rows = MeetingParticipant.objects.filter(meeting=meeting).select_for_update(of=("self",))
        came = [row.pk for row in rows if row.pk in present and row.is_present is not True]
        away = [row.pk for row in rows if row.pk not in present and row.is_present is not False]
        for ids, value in ((came, True), (away, False)):
            MeetingParticipant.objects.filter(pk__in=ids).update(is_present=value, updated_by=by)
        return len(came) + len(away)


@retrying
def hold(*, meeting: Meeting, by: Any) -> None:
    """The meeting was held. Raises ValidationError for one that was cancelled or lies in the future."""
    if meeting.state == Meeting.State.CANCELLED:
        raise ValidationError(_("The meeting was cancelled."))
    if meeting.held_on > meeting.programme.today():
        raise ValidationError(_("The meeting lies in the future."))
    _set_state(meeting, Meeting.State.HELD, by)


@retrying
def cancel(*, meeting: Meeting, by: Any) -> None:
    """Cancels a meeting that was not held; what was prepared stays readable."""
    if meeting.state == Meeting.State.HELD or meeting.decisions.exists():
        raise ValidationError(_("A meeting that was held is not cancelled."))
    _set_state(meeting, Meeting.State.CANCELLED, by)


def _set_state(meeting: Meeting, state: str, by: Any) -> None:
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        meeting.state = state
        meeting.stamp(by)
        meeting.save(update_fields=["state", "updated_by"])


# --- agenda ---------------------------------------------------------------------------------------------------------


@retrying
def add_item(*, item: AgendaItem, by: Any) -> AgendaItem:
    """Puts a matter at the end of the agenda."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        list(Meeting.objects.filter(pk=item.meeting_id).select_for_update(of=("self",)).values_list("pk"))
        last = AgendaItem.objects.filter(meeting=item.meeting_id).aggregate(last=Max("position"))["last"]
        item.position = (last or 0) + 1
        item.stamp(by)
        item.full_clean()
        item.save()
        return item


@retrying
def move_item(*, item: AgendaItem, up: bool, by: Any) -> None:
    """Changes places with the matter before or after; at the end of the agenda nothing moves."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        list(Meeting.objects.filter(pk=item.meeting_id).select_for_update(of=("self",)).values_list("pk"))
        rows = list(AgendaItem.objects.filter(meeting=item.meeting_id))
        here = next((place for place, row in enumerate(rows) if row.pk == item.pk), None)
        if here is None:
            return
        there = here - 1 if up else here + 1
        if 0 <= there < len(rows):
            rows[here], rows[there] = rows[there], rows[here]
        for place, row in enumerate(rows, start=1):
            if row.position != place:
                AgendaItem.objects.filter(pk=row.pk).update(position=place, updated_by=by)


@retrying
def drop_item(*, item: AgendaItem, by: Any) -> None:
    """Takes a matter off the agenda; one on which something was decided stays."""
    if item.decisions.exists():
        raise ValidationError(_("Something was decided on this matter: it stays on the agenda."))
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        item.delete()


# --- action points --------------------------------------------------------------------------------------------------


def open_before(meeting: Meeting) -> QuerySet[ActionPoint]:
    """Action points of the body's earlier meetings that are still open: they come to the next meeting by themselves."""
    earlier = Q(meeting__held_on__lt=meeting.held_on) | Q(
        meeting__held_on=meeting.held_on, meeting__lt=meeting.pk
    )
    return (
        ActionPoint.objects.filter(
            earlier,
            programme=meeting.programme_id,
            meeting__body=meeting.body_id,
            state=ActionPoint.State.OPEN,
        )
        .select_related("owner", "meeting__body")
        .order_by(F("due_on").asc(nulls_last=True), "id")
    )


@retrying
def promise(*, action: ActionPoint, by: Any) -> ActionPoint:
    """Stores an action point and tells its owner."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        action.stamp(by)
        action.full_clean()
        action.save()
        tell_owner(action, by=by)
        return action


def tell_owner(action: ActionPoint, *, by: Any) -> None:
    """The owner hears of it once, unless they gave it to themselves."""
    if action.owner is None or action.owner_id == getattr(by, "pk", None):
        return
    notify(
        [action.owner], ACTION,
        params={"what": action.subject, "day": action.due_on.isoformat() if action.due_on else ""},
        url=_action_url(action), dedupe_key=f"action-{action.pk}-{action.owner_id}", programme=action.programme,
    )  # fmt: skip


def _action_url(action: ActionPoint) -> str:
    return f"{reverse('programme:action_list', args=[action.programme.slug])}#action-{action.pk}"


@retrying
def finish(*, action: ActionPoint, on: date, by: Any) -> None:
    """The action is done. Done already it stays as it was."""
    _end(action, ActionPoint.State.DONE, on, by)


@retrying
def drop(*, action: ActionPoint, by: Any) -> None:
    """The action is not needed any more."""
    _end(action, ActionPoint.State.DROPPED, None, by)


@retrying
def take_up(*, action: ActionPoint, by: Any) -> None:
    """An action that was ended is open again."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        ActionPoint.objects.filter(pk=action.pk).exclude(state=ActionPoint.State.OPEN).update(
            state=ActionPoint.State.OPEN, done_on=None, updated_by=by
        )


def _end(action: ActionPoint, state: str, on: date | None, by: Any) -> None:
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        rows = ActionPoint.objects.filter(pk=action.pk, state=ActionPoint.State.OPEN)
        if rows.update(state=state, done_on=on, updated_by=by):
            for key in (f"action-{action.pk}-{action.owner_id}", f"action-late-{action.pk}"):
                forget_asked(key)


def remind_of_late(programme: Programme, *, today: date) -> int:
    """Tells owners once of each action point whose day has passed; how many are told anew."""
    rows = ActionPoint.objects.filter(
        programme=programme, state=ActionPoint.State.OPEN, due_on__lt=today, owner__is_active=True
    ).select_related("owner", "programme")
    told = 0
    for row in rows:
        if row.owner is not None and row.due_on is not None:
            told += notify(
                [row.owner], ACTION_LATE, params={"what": row.subject, "day": row.due_on.isoformat()},
                url=_action_url(row), dedupe_key=f"action-late-{row.pk}", programme=programme,
            )  # fmt: skip
    return told
